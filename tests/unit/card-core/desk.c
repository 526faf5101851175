#include "tests/unit/card-core/desk.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const uint8_t desk_serial[CARD_SERIAL_LEN] = {
        0x48, 0x46, 0, 0, 0, 0, 0, 0, 0, 0x01};
const uint8_t desk_transport_master[CARD_KEY_LEN] = {0x10, 0x11, 0x12, 0x13,
        0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F};

void desk_cmac(
        const uint8_t key[16], const void *data, size_t len, uint8_t ret[16])
{
	size_t n;
	assert_non_null(EVP_Q_mac(NULL, "CMAC", NULL, "AES-128-CBC", NULL, key,
	        16, data, len, ret, 16, &n));
	assert_int_equal(n, 16);
}

void desk_sha256(const void *data, size_t len, uint8_t ret[32])
{
	assert_int_equal(
	        EVP_Digest(data, len, ret, NULL, EVP_sha256(), NULL), 1);
}

static void cbc(const uint8_t *key, const uint8_t *iv, bool encrypt,
        uint8_t *data, size_t len)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;
	assert_int_equal(
	        EVP_CipherInit_ex(c, EVP_aes_128_cbc(), NULL, key, iv, encrypt),
	        1);
	EVP_CIPHER_CTX_set_padding(c, 0);
	assert_int_equal(EVP_CipherUpdate(c, data, &n, data, (int)len), 1);
	assert_int_equal(n, len);
	EVP_CIPHER_CTX_free(c);
}

void desk_init(struct desk *d)
{
	memset(d, 0, sizeof *d);
	assert_int_equal(sim_new_blank(NULL, desk_serial, desk_transport_master,
	                         &d->sim),
	        HUFU_OK);
	assert_int_equal(sim_power_on(d->sim), HUFU_OK);
}

void desk_done(struct desk *d)
{
	sim_free(d->sim);
}

void desk_transport_keys(struct desk_keys *ret)
{
	for (uint8_t kk = 1; kk <= 3; kk++) {
		uint8_t in[16] = {1, 0, 0, 0, kk, 0};
		memcpy(in + 6, desk_serial, CARD_SERIAL_LEN);
		desk_cmac(
		        desk_transport_master, in, sizeof in, ret->key[kk - 1]);
	}
}

void desk_issuer_keys(struct desk_keys *ret)
{
	for (size_t i = 0; i < 48; i++)
		ret->key[i / 16][i % 16] = (uint8_t)(0xA0 ^ (7 * i));
}

uint16_t desk_raw(struct desk *d, const void *apdu, size_t len)
{
	uint8_t answer[CARD_ANSWER_MAX];
	size_t n = sim_transmit(d->sim, span_of(apdu, len), answer);
	d->len = 0;
	d->sw = 0;
	if (n == 0)
		return 0;
	assert_in_range(n, 2, sizeof answer);
	d->len = n - 2;
	memcpy(d->data, answer, d->len);
	d->sw = (uint16_t)(answer[n - 2] << 8 | answer[n - 1]);
	return d->sw;
}

static size_t encode(const struct desk_command *c, const uint8_t *data,
        size_t len, uint8_t *ret)
{
	size_t n = 4;
	bool extended = c->extended || len > 255;
	ret[0] = c->cla;
	ret[1] = c->ins;
	ret[2] = c->p1;
	ret[3] = c->p2;
	if (extended && (len || c->le))
		ret[n++] = 0;
	if (len) {
		if (extended)
			ret[n++] = (uint8_t)(len >> 8);
		ret[n++] = (uint8_t)len;
		memcpy(ret + n, data, len);
		n += len;
	}
	if (c->le) {
		ret[n++] = 0;
		if (extended)
			ret[n++] = 0;
	}
	return n;
}

uint16_t desk_plain(struct desk *d, const struct desk_command *c)
{
	uint8_t apdu[CARD_APDU_MAX + 64];
	return desk_raw(d, apdu, encode(c, c->data, c->len, apdu));
}

static void counter_iv(struct desk *d, uint8_t mark, uint8_t iv[16])
{
	static const uint8_t zero[16];
	memset(iv, 0, 16);
	iv[0] = mark;
	iv[12] = (uint8_t)(d->counter >> 24);
	iv[13] = (uint8_t)(d->counter >> 16);
	iv[14] = (uint8_t)(d->counter >> 8);
	iv[15] = (uint8_t)d->counter;
	cbc(d->s_enc, zero, true, iv, 16);
}

/* MAC over chaining value, header with the full length, data. */
static size_t append_mac(
        struct desk *d, const struct desk_command *c, uint8_t *data, size_t len)
{
	uint8_t in[CARD_APDU_MAX + 64];
	size_t n = 0, total = len + 8;
	memcpy(in, d->chaining, 16);
	n = 16;
	in[n++] = c->cla;
	in[n++] = c->ins;
	in[n++] = c->p1;
	in[n++] = c->p2;
	if (c->extended || total > 255) {
		in[n++] = 0;
		in[n++] = (uint8_t)(total >> 8);
	}
	in[n++] = (uint8_t)total;
	memcpy(in + n, data, len);
	desk_cmac(d->s_mac, in, n + len, d->chaining);
	memcpy(data + len, d->chaining, 8);
	return total;
}

size_t desk_wrap(struct desk *d, const struct desk_command *c, uint8_t *ret)
{
	uint8_t data[CARD_APDU_MAX + 32], iv[16];
	struct desk_command secure = *c;
	size_t len = c->len;
	d->counter++;
	if (len) {
		memcpy(data, c->data, len);
		data[len++] = 0x80;
		while (len % 16)
			data[len++] = 0;
		counter_iv(d, 0, iv);
		cbc(d->s_enc, iv, true, data, len);
	}
	secure.cla |= 0x04;
	secure.le = true;
	len = append_mac(d, &secure, data, len);
	return encode(&secure, data, len, ret);
}

static void unwrap(struct desk *d)
{
	uint8_t in[CARD_ANSWER_MAX + 32], mac[16], iv[16];
	assert_in_range(d->len, 8, sizeof d->data);
	size_t len = d->len - 8;
	memcpy(in, d->chaining, 16);
	memcpy(in + 16, d->data, len);
	in[16 + len] = (uint8_t)(d->sw >> 8);
	in[17 + len] = (uint8_t)d->sw;
	desk_cmac(d->s_rmac, in, 18 + len, mac);
	assert_memory_equal(mac, d->data + len, 8);
	d->len = len;
	if (len == 0)
		return;
	assert_int_equal(len % 16, 0);
	counter_iv(d, 0x80, iv);
	cbc(d->s_enc, iv, false, d->data, len);
	while (len > 0 && d->data[len - 1] == 0)
		len--;
	assert_true(len > 0 && d->data[len - 1] == 0x80);
	d->len = len - 1;
}

uint16_t desk_secure(struct desk *d, const struct desk_command *c)
{
	uint8_t apdu[CARD_APDU_MAX + 64];
	desk_raw(d, apdu, desk_wrap(d, c, apdu));
	if (d->sw == 0x9000 || d->sw >> 8 == 0x62 || d->sw >> 8 == 0x63)
		unwrap(d);
	else
		assert_int_equal(d->len, 0);
	return d->sw;
}

static void derive(const uint8_t *key, uint8_t constant, uint16_t bits,
        const struct desk *d, uint8_t *ret)
{
	uint8_t in[32] = {0}, out[16];
	in[11] = constant;
	in[13] = (uint8_t)(bits >> 8);
	in[14] = (uint8_t)bits;
	in[15] = 1;
	memcpy(in + 16, d->host_challenge, 8);
	memcpy(in + 24, d->card_challenge, 8);
	desk_cmac(key, in, sizeof in, out);
	memcpy(ret, out, bits / 8u);
}

uint16_t desk_offer(
        struct desk *d, const struct desk_keys *keys, uint8_t version)
{
	assert_int_equal(RAND_bytes(d->host_challenge, 8), 1);
	desk_plain(d, &(struct desk_command){.cla = 0x80,
	                      .ins = CARD_INS_INITIALIZE_UPDATE,
	                      .p1 = version,
	                      .data = d->host_challenge,
	                      .len = 8,
	                      .le = true});
	if (d->sw != CARD_SW_OK)
		return d->sw;
	assert_int_equal(d->len, 32);
	assert_memory_equal(d->data, desk_serial, CARD_SERIAL_LEN);
	assert_int_equal(d->data[11], 0x03);
	assert_int_equal(d->data[12], 0x70);
	memcpy(d->card_challenge, d->data + 13, 8);
	memcpy(d->card_cryptogram, d->data + 21, 8);
	derive(keys->key[0], 0x04, 128, d, d->s_enc);
	derive(keys->key[1], 0x06, 128, d, d->s_mac);
	derive(keys->key[1], 0x07, 128, d, d->s_rmac);
	memset(d->chaining, 0, sizeof d->chaining);
	d->counter = 0;
	return d->sw;
}

uint16_t desk_accept(struct desk *d, uint8_t level)
{
	struct desk_command c = {.cla = 0x84,
	        .ins = CARD_INS_EXTERNAL_AUTHENTICATE,
	        .p1 = level};
	uint8_t data[16];
	derive(d->s_mac, 0x01, 64, d, data);
	c.len = append_mac(d, &c, data, 8);
	c.data = data;
	return desk_plain(d, &c);
}

uint16_t desk_open(struct desk *d, const struct desk_keys *keys)
{
	uint8_t expected[8];
	if (desk_offer(d, keys, 0) != CARD_SW_OK)
		return d->sw;
	derive(d->s_mac, 0x00, 64, d, expected);
	assert_memory_equal(expected, d->card_cryptogram, 8);
	return desk_accept(d, CARD_SCP03_LEVEL);
}

uint16_t desk_select(struct desk *d)
{
	static const uint8_t aid[] = CARD_AID;
	return desk_plain(d, &(struct desk_command){.ins = CARD_INS_SELECT,
	                             .p1 = 4,
	                             .data = aid,
	                             .len = sizeof aid,
	                             .le = true});
}

uint16_t desk_put_key(struct desk *d, const struct desk_keys *old,
        const struct desk_keys *new, bool long_form)
{
	static const uint8_t zero[16];
	uint8_t data[1 + 3 * 23];
	size_t n = 0;
	data[n++] = CARD_KVN_ISSUER;
	for (size_t i = 0; i < 3; i++) {
		uint8_t check[16];
		data[n++] = 0x88;
		if (long_form)
			data[n++] = 0x11;
		data[n++] = 0x10;
		memcpy(data + n, new->key[i], 16);
		cbc(old->key[2], zero, true, data + n, 16);
		n += 16;
		memset(check, 1, sizeof check);
		cbc(new->key[i], zero, true, check, 16);
		data[n++] = 3;
		memcpy(data + n, check, 3);
		n += 3;
	}
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_PUT_KEY,
	                              .p1 = CARD_KVN_TRANSPORT,
	                              .p2 = 0x81,
	                              .data = data,
	                              .len = n});
}

uint16_t desk_open_job(
        struct desk *d, uint8_t job, uint64_t fencing, enum card_suite suite)
{
	uint8_t data[CARD_OPEN_JOB_LEN];
	memset(data, job, CARD_JOB_ID_LEN);
	for (unsigned i = 0; i < 8; i++)
		data[16 + i] = (uint8_t)(fencing >> (56 - 8 * i));
	data[24] = (uint8_t)suite;
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_OPEN_JOB,
	                              .data = data,
	                              .len = sizeof data});
}

void desk_progress(struct desk *d, uint8_t ret[CARD_PROGRESS_LEN])
{
	assert_int_equal(
	        desk_plain(d, &(struct desk_command){.ins = CARD_INS_GET_DATA,
	                              .p1 = 0xDF,
	                              .p2 = 0x21,
	                              .le = true}),
	        CARD_SW_OK);
	assert_int_equal(d->len, 3 + CARD_PROGRESS_LEN);
	assert_memory_equal(d->data, "\xDF\x21\x3C", 3);
	memcpy(ret, d->data + 3, CARD_PROGRESS_LEN);
}
