#include "tests/unit/crypto-issuer/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "crypto/core/cose.h"
#include "crypto/issuer/chip_build.h"
#include "crypto/issuer/credential_build.h"
#include "crypto/issuer/status_build.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/sigs.h"

static struct signing_key *generate(
        enum cose_curve curve, enum key_purpose purpose)
{
	struct signing_key *key = NULL;
	assert_int_equal(signing_key_generate(curve, purpose, &key), HUFU_OK);
	return key;
}

static void set_issuer(struct trust_issuer *i, const struct signing_key *key,
        enum trust_purpose purpose)
{
	trust_build_set_key(i, signing_key_public(key));
	i->valid_from_s = SAMPLE_NOW_S - 86400;
	i->valid_to_s = SAMPLE_UNTIL_S + 365 * 86400;
	i->purpose = purpose;
	i->iss = span_of_text(SAMPLE_ISS);
	i->display_name = span_of_text("生成的样本市（测试）");
	i->area_prefix = span_of_text("3201");
}

void sample_fill_trust(const struct sample *s, struct trust_list *ret)
{
	*ret = (struct trust_list){
	        .sequence = 1,
	        .issued_s = SAMPLE_NOW_S,
	        .expires_s = SAMPLE_UNTIL_S + 365 * 86400,
	        .issuer_count = 2,
	};
	set_issuer(&ret->issuers[0], s->card, TRUST_CARD);
	set_issuer(&ret->issuers[1], s->list, TRUST_STATUS_LIST);
	ret->issuers[1].address_count = 1;
	ret->issuers[1].addresses[0] = span_of_text(SAMPLE_ISS "/status/3");
}

static void make_trust(struct sample *s)
{
	struct writer w;
	struct trust_list *t = calloc(1, sizeof *t);
	assert_non_null(t);
	sample_fill_trust(s, t);
	writer_init(&w, s->trust_space, sizeof s->trust_space);
	assert_int_equal(trust_build_file(t, s->root, &w), HUFU_OK);
	s->trust = writer_span(&w);
	free(t);
}

void sample_sign_status(struct sample *s, uint64_t sequence, int64_t issued_s)
{
	struct status_list t = {
	        .address = span_of_text(SAMPLE_ISS "/status/3"),
	        .number = SAMPLE_LIST,
	        .sequence = sequence,
	        .issued_s = issued_s,
	        .expires_s = issued_s + 7 * 86400,
	        .ttl_s = 3600,
	        .map = span_of(s->map, sizeof s->map),
	};
	uint8_t *tbs, sig[SIGNING_KEY_SIG_LEN];
	size_t len;
	free(s->status_space);
	assert_int_equal(
	        status_build_tbs(&t, signing_key_public(s->list), &tbs, &len),
	        HUFU_OK);
	assert_int_equal(
	        signing_key_sign(s->list, span_of(tbs, len), sig), HUFU_OK);
	assert_int_equal(
	        status_build_file(span_of(tbs, len), span_of(sig, sizeof sig),
	                &s->status_space, &s->status.len),
	        HUFU_OK);
	s->status.data = s->status_space;
	free(tbs);
}

static void make_credential(struct sample *s)
{
	struct credential *c = &s->credential;
	uint8_t thumbprint[COSE_KEY_THUMBPRINT_LEN], sig[SIGNING_KEY_SIG_LEN];
	struct writer w;
	cose_key_thumbprint(&s->chip_key, thumbprint);
	*c = (struct credential){
	        .present = CREDENTIAL_OWN,
	        .iss = span_of_text(SAMPLE_ISS),
	        .exp_s = SAMPLE_UNTIL_S,
	        .iat_s = SAMPLE_NOW_S + 5, /* cut to the day when built */
	        .card_number = span_of_text(SAMPLE_NUMBER),
	        .name = span_of_text(SAMPLE_NAME),
	        .kind = 1,
	        .benefit_classes = 0x2f,
	        .status_list = SAMPLE_LIST,
	        .status_index = SAMPLE_INDEX,
	};
	memcpy(c->chip_hash, thumbprint, sizeof c->chip_hash);
	writer_init(&w, s->qr_tbs_space, sizeof s->qr_tbs_space);
	assert_int_equal(
	        credential_build_tbs(c, signing_key_public(s->card), &w),
	        HUFU_OK);
	s->qr_tbs = writer_span(&w);
	assert_int_equal(signing_key_sign(s->card, s->qr_tbs, sig), HUFU_OK);
	writer_init(&w, s->text_space, sizeof s->text_space - 1);
	assert_int_equal(
	        credential_build_text(s->qr_tbs, span_of(sig, sizeof sig), &w),
	        HUFU_OK);
	s->text = writer_span(&w);
}

static struct span put_values(
        struct writer *w, struct chip_element e[SAMPLE_ELEMENTS])
{
	static const char *const texts[][2] = {
	        {MSO_CARD_NUMBER, SAMPLE_NUMBER},
	        {MSO_VALID_FROM, "2026-08-01"},
	        {MSO_VALID_TO, "2036-07-31"},
	        {MSO_AUTHORITY, "生成的样本局"},
	        {MSO_NAME, SAMPLE_NAME},
	};
	size_t n = 0, from;
	for (; n < 5; n++) {
		from = w->len;
		cbor_put_text(w, span_of_text(texts[n][1]));
		e[n].identifier = texts[n][0];
		e[n].value = span_of(w->data + from, w->len - from);
	}
	from = w->len;
	cbor_put_uint(w, 1);
	e[n].identifier = MSO_CARD_KIND;
	e[n++].value = span_of(w->data + from, w->len - from);
	from = w->len;
	cbor_put_uint(w, 0x2f);
	e[n].identifier = MSO_BENEFIT_CLASSES;
	e[n++].value = span_of(w->data + from, w->len - from);
	from = w->len;
	cbor_put_array(w, 2);
	cbor_put_uint(w, SAMPLE_LIST);
	cbor_put_uint(w, SAMPLE_INDEX);
	e[n].identifier = MSO_STATUS_REFERENCE;
	e[n++].value = span_of(w->data + from, w->len - from);
	assert_int_equal(n, SAMPLE_ELEMENTS);
	assert_int_equal(w->error, HUFU_OK);
	return writer_span(w);
}

static void make_chip(struct sample *s)
{
	uint8_t values[256], tbs_space[MSO_MAX], sig[SIGNING_KEY_SIG_LEN];
	struct chip_element elements[SAMPLE_ELEMENTS];
	struct writer w, files, tbs;
	struct chip_plan plan = {
	        .chip_key = s->chip_key,
	        .signed_s = SAMPLE_NOW_S,
	        .valid_from_s = SAMPLE_NOW_S,
	        .valid_until_s = SAMPLE_UNTIL_S,
	        .elements = elements,
	        .element_count = SAMPLE_ELEMENTS,
	};
	writer_init(&w, values, sizeof values);
	(void)put_values(&w, elements);
	writer_init(&files, s->files_space, sizeof s->files_space);
	writer_init(&tbs, tbs_space, sizeof tbs_space);
	assert_int_equal(chip_build(&plan, signing_key_public(s->card), &files,
	                         s->files, &tbs),
	        HUFU_OK);
	assert_int_equal(
	        signing_key_sign(s->card, writer_span(&tbs), sig), HUFU_OK);
	writer_init(&w, s->object_space, sizeof s->object_space);
	assert_int_equal(chip_build_object(writer_span(&tbs),
	                         span_of(sig, sizeof sig), &w),
	        HUFU_OK);
	s->object = writer_span(&w);
}

static struct sample *make(struct sample *s, enum suite suite)
{
	enum cose_curve curve =
	        suite == SUITE_SM ? COSE_CURVE_SM2 : COSE_CURVE_P256;
	s->suite = suite;
	s->root = generate(curve, KEY_ROOT);
	s->card = generate(curve, KEY_CARD);
	s->list = generate(curve, KEY_LIST);
	s->checkpoint = generate(COSE_CURVE_ED25519, KEY_CHECKPOINT);
	make_trust(s);
	sample_sign_status(s, 1, SAMPLE_NOW_S);
	make_credential(s);
	make_chip(s);
	return s;
}

struct sample *sample_new(enum suite suite)
{
	struct sample *s = calloc(1, sizeof *s);
	assert_non_null(s);
	s->chip = generate(suite == SUITE_SM ? COSE_CURVE_SM2 : COSE_CURVE_P256,
	        KEY_DEVICE);
	s->chip_key = *signing_key_public(s->chip);
	return make(s, suite);
}

struct sample *sample_new_for_chip(const struct cose_key *chip_key)
{
	struct sample *s = calloc(1, sizeof *s);
	assert_non_null(s);
	s->chip_key = *chip_key;
	return make(s, cose_key_suite(chip_key));
}

void sample_free(struct sample *s)
{
	signing_key_free(s->root);
	signing_key_free(s->card);
	signing_key_free(s->list);
	signing_key_free(s->checkpoint);
	signing_key_free(s->chip);
	free(s->status_space);
	free(s);
}

void sample_answer(const struct sample *s, const uint8_t challenge[32],
        uint8_t ret[MSO_ANSWER_LEN])
{
	uint8_t tbs[MSO_IA_TBS_LEN];
	struct writer w;
	assert_int_equal(random_fill(ret, MSO_NONCE_LEN), HUFU_OK);
	writer_init(&w, tbs, sizeof tbs);
	mso_encode_ia_tbs(&w, s->suite, s->object, span_of(challenge, 32),
	        span_of(ret, MSO_NONCE_LEN));
	assert_int_equal(
	        signing_key_sign(s->chip, writer_span(&w), ret + MSO_NONCE_LEN),
	        HUFU_OK);
}

struct sample_verifier *sample_verifier_new(const struct sample *s)
{
	struct sample_verifier *v = calloc(1, sizeof *v);
	uint8_t space[8192];
	struct writer w;
	assert_non_null(v);
	writer_init(&w, space, sizeof space);
	assert_int_equal(trust_list_open(s->trust, signing_key_public(s->root),
	                         sigs_openssl(), &w, &v->trust),
	        HUFU_OK);
	writer_init(&w, space, sizeof space);
	assert_int_equal(status_list_open(s->status, &v->trust, sigs_openssl(),
	                         &w, &v->status),
	        HUFU_OK);
	assert_int_equal(
	        status_list_expand(&v->status, v->map, sizeof v->map), HUFU_OK);
	hufu_verifier_init(&v->v, sigs_openssl(), &v->trust);
	v->v.lists = &v->status;
	v->v.list_count = 1;
	return v;
}
