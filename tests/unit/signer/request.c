#include "tests/unit/signer/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/include/card_abi.h"
#include "card/terminal/scp03.h"
#include "crypto/core/cbor.h"
#include "crypto/core/sha256.h"
#include "crypto/issuer/chip_build.h"
#include "crypto/issuer/compact_build.h"
#include "crypto/issuer/credential_build.h"
#include "crypto/issuer/signing_key.h"
#include "crypto/issuer/status_build.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/sigs.h"

#define NOW_S   INT64_C(1785542400) /* 2026-08-01 */
#define UNTIL_S INT64_C(2101161600) /* 2036-08-01 */

static enum cose_curve curve_of(int alg)
{
	return alg == SIGCHECK_SM2 ? COSE_CURVE_SM2 : COSE_CURVE_P256;
}

static void key_of(const struct hall *h, enum signer_purpose purpose, int alg,
        struct cose_key *ret)
{
	const struct signer_key *key = hall_key(h, purpose, alg);

	assert_int_equal(cose_key_from_public(curve_of(alg),
	                         span_of(key->point, SIGNER_POINT_LEN), ret),
	        HUFU_OK);
}

static void make_qr(struct made_card *c, const struct cose_key *issuer,
        const struct cose_key *chip, uint32_t status_index)
{
	uint8_t thumb[COSE_KEY_THUMBPRINT_LEN];
	struct writer w;
	struct credential cred = {
	        .present = CREDENTIAL_OWN,
	        .iss = span_of_text(HALL_ISS),
	        .exp_s = UNTIL_S,
	        .iat_s = NOW_S,
	        .card_number = span_of_text("32010012600000017"),
	        .name = span_of_text("生成样本"),
	        .kind = 1,
	        .benefit_classes = 3,
	        .status_list = 7,
	        .status_index = status_index,
	};

	cose_key_thumbprint(chip, thumb);
	memcpy(cred.chip_hash, thumb, sizeof(cred.chip_hash));
	writer_init(&w, c->qr_space, sizeof(c->qr_space));
	assert_int_equal(credential_build_tbs(&cred, issuer, &w), HUFU_OK);
	c->qr = writer_span(&w);
}

static void make_chip(struct made_card *c, const struct cose_key *issuer,
        const struct cose_key *chip)
{
	uint8_t value[4], files[256];
	struct span file;
	struct chip_element element = {.identifier = MSO_CARD_KIND};
	struct chip_plan plan = {.chip_key = *chip,
	        .signed_s = NOW_S,
	        .valid_from_s = NOW_S,
	        .valid_until_s = UNTIL_S,
	        .elements = &element,
	        .element_count = 1};
	struct writer v, f, w;

	writer_init(&v, value, sizeof(value));
	cbor_put_uint(&v, 1);
	element.value = writer_span(&v);
	writer_init(&f, files, sizeof(files));
	writer_init(&w, c->chip_space, sizeof(c->chip_space));
	assert_int_equal(chip_build(&plan, issuer, &f, &file, &w), HUFU_OK);
	c->chip = writer_span(&w);
}

void made_card_init(struct made_card *c, const struct hall *h, int alg,
        uint32_t status_index)
{
	struct signing_key *chip = NULL;
	struct cose_key issuer;

	key_of(h, SIGNER_CARD, alg, &issuer);
	assert_int_equal(signing_key_generate(curve_of(alg), KEY_DEVICE, &chip),
	        HUFU_OK);
	assert_int_equal(random_fill(c->salt, sizeof(c->salt)), HUFU_OK);
	make_qr(c, &issuer, signing_key_public(chip), status_index);
	make_chip(c, &issuer, signing_key_public(chip));
	signing_key_free(chip);
}

int sign_tree(struct hall *h, const struct tree *t, size_t size,
        struct signer_checkpoint *ret)
{
	struct signer_checkpoint last = {0};
	struct merkle_proof proof = {0};
	uint8_t root[32];
	int rc = signer_last_checkpoint(h->signer, &last);

	assert_true(rc == HUFU_OK || rc == HUFU_ERR_NOT_FOUND);
	tree_root(t, size, root);
	if (last.size < size)
		tree_extend(t, (size_t)last.size, size, &proof);
	return signer_sign_checkpoint(h->signer, size, root, &proof, ret);
}

void made_proof_init(struct made_proof *p, struct hall *h, const struct tree *t,
        size_t index)
{
	*p = (struct made_proof){0};
	assert_int_equal(sign_tree(h, t, t->size, &p->checkpoint), HUFU_OK);
	tree_include(t, index, t->size, &p->path);
	p->logged = (struct signer_proof){
	        index, tree_entry(t, index), &p->path, p->checkpoint.note};
}

static size_t put_bound(struct tree *t, enum log_type type,
        const uint8_t binding[LOG_HASH_LEN], uint64_t number)
{
	struct log_entry e = {.type = type,
	        .time_s = NOW_S,
	        .present = LOG_HAS(LOG_AREA) | LOG_HAS(LOG_BINDING),
	        .area = "320100",
	        .number = number};

	if (number)
		e.present |= LOG_HAS(LOG_NUMBER);
	memcpy(e.binding, binding, LOG_HASH_LEN);
	return tree_put(t, &e);
}

size_t put_signed(struct tree *t, const struct made_card *c)
{
	uint8_t binding[LOG_HASH_LEN];

	log_bind_signed(c->salt, c->qr, c->chip, binding);
	return put_bound(t, LOG_SIGNED, binding, 0);
}

size_t put_reserved(struct tree *t, const uint8_t salt[LOG_SALT_LEN],
        const uint8_t serial[10])
{
	uint8_t binding[LOG_HASH_LEN];

	log_bind_reserved(salt, span_of(serial, 10), binding);
	return put_bound(t, LOG_RESERVED, binding, 0);
}

static void make_token(const struct hall *h, const struct edition_plan *p,
        struct made_edition *e)
{
	size_t len = p->full ? STATUS_LIST_MAP_MAX : 64;
	uint8_t *map = calloc(1, len);
	struct cose_key key;
	struct span *tbs = &e->files.tbs[SIGNER_TOKEN_LIST];
	struct status_list t = {.address = span_of_text(HALL_ISS "/status"),
	        .number = p->list,
	        .sequence = p->sequence,
	        .issued_s = NOW_S + p->later_s,
	        .expires_s = NOW_S + p->later_s + 86400,
	        .ttl_s = 3600,
	        .map = span_of(map, len)};

	assert_non_null(map);
	if (p->full)
		assert_int_equal(random_fill(map, len), HUFU_OK);
	key_of(h, SIGNER_LIST, p->alg, &key);
	assert_int_equal(
	        status_build_tbs(&t, &key, &e->token, &tbs->len), HUFU_OK);
	tbs->data = e->token;
	free(map);
}

void make_compact(const struct hall *h, const struct edition_plan *p,
        uint64_t base, struct writer *ret)
{
	uint8_t map[64] = {0x11};
	const struct compact_change change = {7, STATUS_INVALID};
	struct cose_key key;
	struct compact_list t = {
	        .suite = p->alg == SIGCHECK_SM2 ? SUITE_SM : SUITE_INTL,
	        .iss = span_of_text(p->iss ? p->iss : HALL_ISS),
	        .number = p->list,
	        .entries = 256,
	        .base = base,
	        .sequence = p->sequence,
	        .issued_s = NOW_S + p->later_s,
	        .expires_s = NOW_S + 86400};
	uint8_t *body = NULL;

	key_of(h, SIGNER_LIST, p->alg, &key);
	assert_int_equal(base ? compact_build_delta(&t, &change, 1, &body)
	                      : compact_build_snapshot(
	                                &t, span_of(map, sizeof(map)), &body),
	        HUFU_OK);
	free(body);
	assert_int_equal(compact_build_tbs(&t, &key, ret), HUFU_OK);
}

static void put_compact(const struct hall *h, const struct edition_plan *p,
        struct made_edition *e, enum signer_file file, uint64_t base)
{
	struct writer w;

	writer_init(&w, e->space[file], sizeof(e->space[file]));
	make_compact(h, p, base, &w);
	e->files.tbs[file] = writer_span(&w);
}

void made_edition_init(struct made_edition *e, const struct hall *h,
        const struct edition_plan *p)
{
	*e = (struct made_edition){0};
	make_token(h, p, e);
	put_compact(h, p, e, SIGNER_TODAY, p->base);
	if (p->snapshot)
		put_compact(h, p, e, SIGNER_SNAPSHOT, 0);
	if (p->closes)
		put_compact(h, p, e, SIGNER_CLOSED, p->closes);
}

void made_edition_done(struct made_edition *e)
{
	free(e->token);
}

size_t put_edition(
        struct tree *t, const struct made_edition *e, uint64_t number)
{
	uint8_t hashes[SIGNER_FILES][LOG_HASH_LEN], binding[LOG_HASH_LEN];
	size_t count = 0;

	for (unsigned i = 0; i < SIGNER_FILES; i++)
		if (e->files.tbs[i].len)
			sha256_of(e->files.tbs[i], hashes[count++]);
	log_bind_edition(span_of(hashes, count * LOG_HASH_LEN), binding);
	return put_bound(t, LOG_STATUS_LIST, binding, number);
}

void log_edition(
        struct made_edition *e, struct hall *h, struct tree *t, uint64_t number)
{
	made_proof_init(&e->proof, h, t, put_edition(t, e, number));
	e->files.logged = e->proof.logged;
}

size_t put_other(struct tree *t)
{
	struct log_entry e = {
	        .type = LOG_APPLIED, .time_s = NOW_S + (int64_t)t->size};

	return tree_put(t, &e);
}

int check_signature(const struct signer_key *key, struct span tbs,
        const uint8_t sig[SIGNER_SIGNATURE_LEN])
{
	const struct sigcheck *sigs = sigs_openssl();

	return sigs->verify(sigs->ctx, key->alg,
	        span_of(key->point, SIGNER_POINT_LEN), tbs,
	        span_of(sig, SIGNER_SIGNATURE_LEN));
}

static void card_key(const uint8_t master[16], uint8_t which,
        const uint8_t serial[10], uint8_t ret[16])
{
	uint8_t data[16] = {1, 0, 0, 0, which, 0};

	memcpy(data + 6, serial, 10);
	assert_int_equal(
	        scp03_cmac(master, span_of(data, sizeof(data)), ret), HUFU_OK);
}

void make_session(struct signer_session_request *r, const uint8_t master[16],
        uint8_t key_version, const uint8_t serial[10])
{
	uint8_t mac[16], s_mac[16], context[16];

	memcpy(r->serial, serial, 10);
	r->key_version = key_version;
	assert_int_equal(random_fill(r->host_challenge, 8), HUFU_OK);
	assert_int_equal(random_fill(r->card_challenge, 8), HUFU_OK);
	memset(r->sequence, 0, sizeof(r->sequence));
	memcpy(context, r->host_challenge, 8);
	memcpy(context + 8, r->card_challenge, 8);
	card_key(master, 2, serial, mac);
	assert_int_equal(
	        scp03_derive(mac, 0x06, span_of(context, 16), 128, s_mac),
	        HUFU_OK);
	assert_int_equal(scp03_derive(s_mac, 0x00, span_of(context, 16), 64,
	                         r->card_cryptogram),
	        HUFU_OK);
}
