#include "tests/unit/card-core/person.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void put_dgi(struct writer *w, uint16_t id, size_t len)
{
	writer_put_u16(w, id);
	if (len >= 0xFF) {
		writer_put_u8(w, 0xFF);
		writer_put_u16(w, (uint16_t)len);
	} else {
		writer_put_u8(w, (uint8_t)len);
	}
	/* another run of bytes for every file, so that none is in another */
	uint32_t x = id * 2654435761u;
	for (size_t i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		writer_put_u8(w, (uint8_t)(x >> 24));
	}
}

void person_init(struct person *p, enum card_suite suite, size_t portrait_len)
{
	static const uint16_t small[] = {CARD_EF_CARD_NUMBER, CARD_EF_CARD_KIND,
	        CARD_EF_BENEFIT_CLASSES, CARD_EF_VALID_FROM, CARD_EF_VALID_TO,
	        CARD_EF_AUTHORITY, CARD_EF_STATUS_REFERENCE, CARD_EF_NAME,
	        CARD_EF_SEX, CARD_EF_IDENTITY_CLASSES, CARD_EF_SERVICE_FACTS};
	struct writer w;
	memset(p, 0, sizeof *p);
	p->suite = suite;
	p->job = 0x4A;
	p->fencing = 7;
	p->block_len = CARD_PLAIN_MAX;
	writer_init(&w, p->stream, sizeof p->stream);
	put_dgi(&w, CARD_EF_SO, 600);
	for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
		put_dgi(&w, small[i], 40 + i);
	put_dgi(&w, CARD_EF_PORTRAIT, portrait_len);
	writer_put_u16(&w, CARD_DGI_CAN);
	writer_put_u8(&w, CARD_CAN_LEN);
	writer_put_text(&w, "135790");
	assert_int_equal(w.error, HUFU_OK);
	p->stream_len = w.len;
	desk_sha256(p->stream, p->stream_len, p->hash);
}

struct span person_file(const struct person *p, uint16_t id)
{
	struct reader r;
	reader_init(&r, span_of(p->stream, p->stream_len));
	while (reader_left(&r) > 0) {
		uint16_t found = reader_get_u16(&r);
		size_t len = reader_get_u8(&r);
		if (len == 0xFF)
			len = reader_get_u16(&r);
		struct span value = reader_get_span(&r, len);
		if (found == id)
			return value;
	}
	return span_of(NULL, 0);
}

/* Block 0 has its head before the bytes of the stream. */
static size_t first_len(const struct person *p)
{
	size_t room = p->block_len - CARD_BLOCK0_HEAD_LEN;
	return p->stream_len < room ? p->stream_len : room;
}

size_t person_blocks(const struct person *p)
{
	size_t rest = p->stream_len - first_len(p);
	return 1 + (rest + p->block_len - 1) / p->block_len;
}

uint16_t person_store(struct desk *d, const struct person *p, size_t n)
{
	uint8_t data[CARD_COMMAND_MAX];
	struct writer w;
	size_t from = n ? first_len(p) + (n - 1) * p->block_len : 0;
	size_t len = n ? p->block_len : first_len(p);
	if (len > p->stream_len - from)
		len = p->stream_len - from;
	writer_init(&w, data, sizeof data);
	if (n == 0) {
		writer_put_u32(&w, (uint32_t)p->stream_len);
		writer_put(&w, p->hash, sizeof p->hash);
	}
	writer_put(&w, p->stream + from, len);
	assert_int_equal(w.error, HUFU_OK);
	return desk_secure(
	        d, &(struct desk_command){.cla = 0x80,
	                   .ins = CARD_INS_STORE_DATA,
	                   .p1 = n + 1 == person_blocks(p) ? 0x80 : 0,
	                   .p2 = (uint8_t)n,
	                   .data = data,
	                   .len = w.len});
}

uint16_t person_generate(struct desk *d, struct person *p)
{
	desk_secure(d, &(struct desk_command){
	                       .cla = 0x80, .ins = CARD_INS_GENERATE_KEY_PAIR});
	if (d->sw != CARD_SW_OK)
		return d->sw;
	assert_int_equal(d->len, 5 + CARD_POINT_LEN);
	assert_memory_equal(d->data, "\x7F\x49\x43\x86\x41\x04", 6);
	memcpy(p->point, d->data + 5, CARD_POINT_LEN);
	return d->sw;
}

uint16_t person_activate(struct desk *d, const struct person *p)
{
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_ACTIVATE,
	                              .data = p->hash,
	                              .len = 32});
}

static uint16_t replace_keys(struct desk *d, const struct person *p)
{
	struct desk_keys transport, issuer;
	desk_transport_keys(&transport);
	desk_issuer_keys(&issuer);
	if (desk_open(d, &transport) != CARD_SW_OK ||
	        desk_open_job(d, p->job, p->fencing, p->suite) != CARD_SW_OK)
		return d->sw;
	return desk_put_key(d, &transport, &issuer, true);
}

uint16_t person_go_on(struct desk *d, struct person *p)
{
	uint8_t progress[CARD_PROGRESS_LEN];
	struct desk_keys issuer;
	desk_issuer_keys(&issuer);
	if (desk_select(d) != CARD_SW_OK)
		return d->sw;
	desk_progress(d, progress);
	if (progress[0] == CARD_OP_READY && replace_keys(d, p) != CARD_SW_OK)
		return d->sw;
	if (desk_open(d, &issuer) != CARD_SW_OK ||
	        desk_open_job(d, p->job, p->fencing, p->suite) != CARD_SW_OK)
		return d->sw;
	if (progress[0] == CARD_SECURED)
		return d->sw;
	size_t next = (size_t)progress[26] << 8 | progress[27];
	if (person_generate(d, p) != CARD_SW_OK)
		return d->sw;
	for (; next < person_blocks(p); next++)
		if (person_store(d, p, next) != CARD_SW_OK)
			return d->sw;
	return person_activate(d, p);
}

static void select_file(struct desk *d, uint16_t id)
{
	uint8_t raw[2] = {(uint8_t)(id >> 8), (uint8_t)id};
	desk_plain(d, &(struct desk_command){.ins = CARD_INS_SELECT,
	                      .p1 = 2,
	                      .p2 = 0x0C,
	                      .data = raw,
	                      .len = 2});
	assert_int_equal(d->sw, CARD_SW_OK);
}

static void check_file(struct desk *d, uint16_t id, struct span expected)
{
	size_t at = 0;
	select_file(d, id);
	while (desk_plain(d, &(struct desk_command){.ins = CARD_INS_READ_BINARY,
	                             .p1 = (uint8_t)(at >> 8),
	                             .p2 = (uint8_t)at,
	                             .le = true}) == CARD_SW_OK) {
		assert_in_range(d->len, 1, expected.len - at);
		assert_memory_equal(d->data, expected.data + at, d->len);
		at += d->len;
	}
	assert_int_equal(d->sw, CARD_SW_PAST_END);
	assert_int_equal(at, expected.len);
}

static EVP_PKEY *public_key(const struct person *p)
{
	EVP_PKEY *pkey = NULL;
	bool sm = p->suite == CARD_SUITE_SM;
	char group[] = "prime256v1", sm2[] = "SM2";
	uint8_t point[CARD_POINT_LEN];
	memcpy(point, p->point, sizeof point);
	OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_utf8_string(
	                OSSL_PKEY_PARAM_GROUP_NAME, sm ? sm2 : group, 0),
	        OSSL_PARAM_construct_octet_string(
	                OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
	        OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx =
	        EVP_PKEY_CTX_new_from_name(NULL, sm ? "SM2" : "EC", NULL);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(
	        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params), 1);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static bool signature_fits(const struct person *p, const uint8_t *message,
        size_t len, const uint8_t rs[64])
{
	uint8_t der[80], *end = der;
	bool sm = p->suite == CARD_SUITE_SM;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	assert_int_equal(ECDSA_SIG_set0(sig, BN_bin2bn(rs, 32, NULL),
	                         BN_bin2bn(rs + 32, 32, NULL)),
	        1);
	int der_len = i2d_ECDSA_SIG(sig, &end);
	EVP_PKEY *pkey = public_key(p);
	char id[] = "1234567812345678";
	OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_octet_string(
	                OSSL_PKEY_PARAM_DIST_ID, id, 16),
	        OSSL_PARAM_construct_end(),
	};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	assert_int_equal(
	        EVP_DigestVerifyInit_ex(ctx, NULL, sm ? "SM3" : "SHA256", NULL,
	                NULL, pkey, sm ? params : NULL),
	        1);
	int rc = EVP_DigestVerify(ctx, der, (size_t)der_len, message, len);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	ECDSA_SIG_free(sig);
	return rc == 1;
}

bool person_chip_signs(struct desk *d, const struct person *p)
{
	uint8_t challenge[CARD_CHALLENGE_LEN], message[128];
	struct span object = person_file(p, CARD_EF_SO);
	unsigned n;
	memset(challenge, 0xC5, sizeof challenge);
	assert_int_equal(desk_plain(d,
	                         &(struct desk_command){
	                                 .ins = CARD_INS_INTERNAL_AUTHENTICATE,
	                                 .data = challenge,
	                                 .len = sizeof challenge,
	                                 .le = true}),
	        CARD_SW_OK);
	assert_int_equal(d->len, CARD_NONCE_LEN + CARD_SIGNATURE_LEN);
	memcpy(message, "hufu-ia-1", 9);
	message[9] = (uint8_t)p->suite;
	assert_int_equal(
	        EVP_Digest(object.data, object.len, message + 10, &n,
	                EVP_get_digestbyname(
	                        p->suite == CARD_SUITE_SM ? "SM3" : "SHA256"),
	                NULL),
	        1);
	memcpy(message + 42, challenge, 32);
	memcpy(message + 74, d->data, 16);
	return signature_fits(p, message, 90, d->data + 16);
}

void person_check(struct desk *d, const struct person *p)
{
	static const uint16_t open[] = {CARD_EF_SO, CARD_EF_CARD_NUMBER,
	        CARD_EF_CARD_KIND, CARD_EF_BENEFIT_CLASSES, CARD_EF_VALID_FROM,
	        CARD_EF_VALID_TO, CARD_EF_AUTHORITY, CARD_EF_STATUS_REFERENCE};
	static const uint16_t closed[] = {CARD_EF_NAME, CARD_EF_SEX,
	        CARD_EF_PORTRAIT, CARD_EF_IDENTITY_CLASSES,
	        CARD_EF_SERVICE_FACTS};
	uint8_t progress[CARD_PROGRESS_LEN];
	sim_reset(d->sim);
	assert_int_equal(desk_select(d), CARD_SW_OK);
	desk_progress(d, progress);
	assert_int_equal(progress[0], CARD_SECURED);
	assert_memory_equal(progress + 28, p->hash, 32);
	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
		check_file(d, open[i], person_file(p, open[i]));
	for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
		select_file(d, closed[i]);
		desk_plain(d, &(struct desk_command){
		                      .ins = CARD_INS_READ_BINARY, .le = true});
		assert_int_equal(d->sw, CARD_SW_SECURITY_STATUS);
		assert_int_equal(d->len, 0);
	}
	assert_true(person_chip_signs(d, p));
}
