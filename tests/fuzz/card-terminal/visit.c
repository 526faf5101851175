#include "visit.h"

#include <string.h>

#include "card/terminal/perso.h"
#include "card/terminal/reading.h"
#include "crypto/core/sha256.h"
#include "crypto/openssl/aes.h"
#include "crypto/openssl/random.h"

/* Challenges that a recorded card has answered before. */
int random_fill(void *ret, size_t len)
{
	memset(ret, 0x42, len);
	return 0;
}

static int provide(
        void *arg, const struct scp03_request *q, struct scp03_keys *ret)
{
	static const uint8_t master[CARD_KEY_LEN];
	uint8_t enc[16], mac[16];
	uint8_t context[16] = {0};
	struct span both = span_of(context, sizeof context);
	(void)arg;
	memcpy(context, q->host_challenge, 8);
	memcpy(context + 8, q->card_challenge, 8);
	int rc = aes_derive_card_key(master, 1, q->kdd, enc);
	if (rc == 0)
		rc = aes_derive_card_key(master, 2, q->kdd, mac);
	if (rc == 0)
		rc = scp03_derive(enc, 4, both, 128, ret->enc);
	if (rc == 0)
		rc = scp03_derive(mac, 6, both, 128, ret->mac);
	if (rc == 0)
		rc = scp03_derive(mac, 7, both, 128, ret->rmac);
	if (rc == 0)
		rc = scp03_derive(ret->mac, 1, both, 64, ret->host_cryptogram);
	return rc;
}

/* The new keys are of the same master, under another version. */
static int put_keys(struct terminal *t, const uint8_t *serial)
{
	static const uint8_t master[CARD_KEY_LEN], zero_iv[16];
	uint8_t block[70], dek[16], key[16], check[16], ones[16];
	struct writer w;
	memset(ones, 1, sizeof ones);
	writer_init(&w, block, sizeof block);
	writer_put_u8(&w, CARD_KVN_ISSUER);
	int rc = aes_derive_card_key(master, 3, serial, dek);
	for (uint8_t i = 1; rc == 0 && i <= 3; i++) {
		rc = aes_derive_card_key(master, i, serial, key);
		if (rc == 0)
			rc = aes_encrypt_block(key, ones, check);
		if (rc == 0)
			rc = aes_cbc_encrypt(
			        dek, zero_iv, span_of(key, sizeof key), key);
		writer_put(&w, "\x88\x11\x10", 3);
		writer_put(&w, key, sizeof key);
		writer_put_u8(&w, 3);
		writer_put(&w, check, 3);
	}
	return rc ? rc : perso_put_keys(t, CARD_KVN_TRANSPORT, writer_span(&w));
}

static void personalise(struct terminal *t, const uint8_t *serial)
{
	static const uint8_t job[CARD_JOB_ID_LEN] = {7};
	uint8_t point[CARD_POINT_LEN], hash[SHA256_LEN], space[900];
	static const uint8_t bytes[300] = {0xD8, 0x18};
	struct writer w;
	writer_init(&w, space, sizeof space);
	perso_put_dgi(&w, CARD_EF_SO, span_of(bytes, sizeof bytes));
	perso_put_dgi(&w, CARD_EF_CARD_NUMBER, span_of(bytes, 20));
	perso_put_dgi(&w, CARD_EF_NAME, span_of(bytes, 260));
	perso_put_dgi(&w, CARD_DGI_CAN, span_of("123456", 6));
	sha256_of(writer_span(&w), hash);
	int rc = put_keys(t, serial);
	rc |= perso_open_job(t, job, 1, CARD_SUITE_INTL);
	rc |= perso_generate_key(t, point);
	rc |= perso_store(t, writer_span(&w), NULL);
	rc |= perso_activate(t, hash);
	(void)rc; /* any answer is right but a crash */
}

static void read_card(struct terminal *t)
{
	static const uint16_t files[] = {CARD_EF_CARD_NUMBER, CARD_EF_NAME};
	static uint8_t space[READING_FILE_MAX];
	struct reading_card card;
	reading_card_init(&card, space, sizeof space);
	int rc = reading_get_card(t, files, 2, &card);
	(void)rc; /* any answer is right but a crash */
}

void visit_card(struct transport *transport, unsigned parts)
{
	struct terminal t;
	struct perso_progress progress;
	uint8_t serial[CARD_SERIAL_LEN] = {0};
	terminal_init(&t, transport);
	int rc = terminal_connect(&t);
	if (rc == 0) {
		rc = perso_identify(&t, serial);
		rc |= perso_get_progress(&t, &progress);
		if (parts & VISIT_CHANNEL)
			rc |= perso_open_channel(&t, provide, NULL);
		if (parts & VISIT_PERSONALISE)
			personalise(&t, serial);
		read_card(&t);
	}
	(void)rc; /* any answer is right but a crash */
	terminal_done(&t);
}
