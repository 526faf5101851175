/* Log and signer: proofs are compared with the entries, keys are real. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "card/terminal/scp03.h"
#include "crypto/core/mso.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/aes.h"
#include "host/base/clock.h"
#include "host/log/log.h"
#include "world.h"
#include "world_trust.h"

static struct signing_key *card_key;
static struct trust_list trust;

const struct trust_list *world_trust(int suite)
{
	struct trust_issuer *i = &trust.issuers[0];
	signing_key_free(card_key);
	assert_int_equal(
	        signing_key_generate(
	                suite == SUITE_SM ? COSE_CURVE_SM2 : COSE_CURVE_P256,
	                KEY_CARD, &card_key),
	        0);
	memset(&trust, 0, sizeof trust);
	trust.sequence = 1;
	trust.issued_s = 1;
	trust.expires_s = 4102416000;
	trust.issuer_count = 1;
	trust_build_set_key(i, signing_key_public(card_key));
	i->key = *signing_key_public(card_key);
	/* as the ceremony gives it, and cards are made on its first day */
	i->valid_from_s = clock_start_of(clock_today());
	i->valid_to_s = 4102416000;
	i->purpose = TRUST_CARD;
	i->iss = span_of_text(WORLD_ISSUER);
	i->display_name = span_of_text("测试区");
	i->area_prefix = span_of_text("3201");
	return &trust;
}

void world_trust_done(void)
{
	signing_key_free(card_key);
	card_key = NULL;
}

int log_wait(struct log *log, uint64_t index, struct log_checkpoint *ret,
        struct problem *ret_problem)
{
	(void)log;
	(void)ret_problem;
	if (world->log_answer)
		return world->log_answer;
	assert_true(index < world->entry_count);
	memset(ret, 0, sizeof *ret);
	ret->size = world->entry_count;
	memcpy(ret->note, "signed", 7);
	return 0;
}

int log_prove(struct log *log, uint64_t index, uint64_t size,
        struct merkle_proof *ret_proof, struct writer *ret_entry)
{
	(void)log;
	assert_true(index < size && size <= world->entry_count);
	ret_proof->count = 0;
	writer_put(ret_entry, world->entries[index].bytes,
	        world->entries[index].len);
	return ret_entry->error;
}

/* The entry stands in the log and binds what the caller shows. */
static int check_proof(const struct signer_proof *p, enum log_type type,
        const uint8_t binding[LOG_HASH_LEN])
{
	struct log_entry entry;
	const struct world_entry *e = &world->entries[p->index];
	if (strcmp(p->note, "signed") != 0 || p->index >= world->entry_count ||
	        !span_equal(p->entry, span_of(e->bytes, e->len)))
		return HUFU_ERR_PROOF;
	assert_int_equal(log_entry_decode(p->entry, &entry), 0);
	return entry.type == type && memcmp(entry.binding, binding, 32) == 0
	               ? 0
	               : HUFU_ERR_PROOF;
}

static void make_put_key(
        const uint8_t serial[CARD_SERIAL_LEN], struct signer_session *ret)
{
	static const uint8_t zero_iv[16];
	uint8_t dek[16], key[16], check[16], ones[16];
	struct writer w;
	memset(ones, 1, sizeof ones);
	assert_int_equal(
	        aes_derive_card_key(world->transport_master, 3, serial, dek),
	        0);
	writer_init(&w, ret->put_key, sizeof ret->put_key);
	writer_put_u8(&w, CARD_KVN_ISSUER);
	for (uint8_t i = 1; i <= 3; i++) {
		assert_int_equal(aes_derive_card_key(
		                         world->issuer_master, i, serial, key),
		        0);
		assert_int_equal(aes_encrypt_block(key, ones, check), 0);
		assert_int_equal(
		        aes_cbc_encrypt(dek, zero_iv, span_of(key, 16), key),
		        0);
		writer_put(&w, "\x88\x11\x10", 3);
		writer_put(&w, key, 16);
		writer_put_u8(&w, 3);
		writer_put(&w, check, 3);
	}
	ret->put_key_len = w.len;
}

static int derive_session(
        const struct signer_session_request *q, struct signer_session *ret)
{
	const uint8_t *master = q->key_version == CARD_KVN_ISSUER
	                                ? world->issuer_master
	                                : world->transport_master;
	uint8_t enc[16], mac[16], context[16] = {0}, cryptogram[8] = {0};
	struct span both = span_of(context, sizeof context);
	int rc = aes_derive_card_key(master, 1, q->serial, enc);
	if (rc == 0)
		rc = aes_derive_card_key(master, 2, q->serial, mac);
	memcpy(context, q->host_challenge, 8);
	memcpy(context + 8, q->card_challenge, 8);
	if (rc == 0)
		rc = scp03_derive(enc, 4, both, 128, ret->s_enc);
	if (rc == 0)
		rc = scp03_derive(mac, 6, both, 128, ret->s_mac);
	if (rc == 0)
		rc = scp03_derive(mac, 7, both, 128, ret->s_rmac);
	if (rc == 0)
		rc = scp03_derive(ret->s_mac, 0, both, 64, cryptogram);
	if (rc == 0)
		rc = scp03_derive(
		        ret->s_mac, 1, both, 64, ret->host_cryptogram);
	assert_int_equal(rc, 0);
	return memcmp(cryptogram, q->card_cryptogram, 8) ? HUFU_ERR_SIGNATURE
	                                                 : 0;
}

int signer_open_session(struct signer *signer,
        const struct signer_session_request *request,
        struct signer_session *ret)
{
	uint8_t binding[LOG_HASH_LEN];
	(void)signer;
	world->sessions++;
	if (world->session_answer)
		return world->session_answer;
	if (memcmp(world->quarantined, request->serial, CARD_SERIAL_LEN) == 0)
		return HUFU_ERR_DENIED;
	log_bind_reserved(request->salt,
	        span_of(request->serial, CARD_SERIAL_LEN), binding);
	int rc = check_proof(&request->logged, LOG_RESERVED, binding);
	memset(ret, 0, sizeof *ret);
	if (rc == 0)
		rc = derive_session(request, ret);
	if (rc == HUFU_ERR_SIGNATURE)
		memcpy(world->quarantined, request->serial, CARD_SERIAL_LEN);
	if (rc == 0 && request->key_version == CARD_KVN_TRANSPORT)
		make_put_key(request->serial, ret);
	return rc;
}

int signer_sign_card(struct signer *signer, const struct signer_card *card,
        struct signer_signatures *ret)
{
	uint8_t binding[LOG_HASH_LEN];
	(void)signer;
	if (world->sign_answer)
		return world->sign_answer;
	assert_true(world->published);
	log_bind_signed(card->salt, card->qr_tbs, card->chip_tbs, binding);
	int rc = check_proof(&card->logged, LOG_SIGNED, binding);
	if (rc == 0 && !world->signed_once) {
		assert_int_equal(signing_key_sign(card_key, card->qr_tbs,
		                         world->signatures.qr),
		        0);
		assert_int_equal(signing_key_sign(card_key, card->chip_tbs,
		                         world->signatures.chip),
		        0);
		world->signed_once = true;
		if (world->forged_signature)
			world->signatures.chip[7] ^= 1;
	}
	if (rc == 0)
		*ret = world->signatures;
	return rc;
}

int signer_health(struct signer *signer, struct signer_health *ret)
{
	(void)signer;
	memset(ret, 0, sizeof *ret);
	return world->session_answer;
}
