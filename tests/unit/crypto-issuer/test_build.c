#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "crypto/core/base45.h"
#include "crypto/core/cbor.h"
#include "crypto/core/inflate.h"
#include "crypto/issuer/chip_build.h"
#include "crypto/issuer/credential_build.h"
#include "crypto/issuer/status_build.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/issuer/zlib_literal.h"
#include "crypto/openssl/sigs.h"
#include "tests/unit/crypto-issuer/sample.h"

static const enum suite suites[] = {SUITE_INTL, SUITE_SM};

static struct hufu_result verify_text(
        struct sample_verifier *v, struct span text, int64_t now_s)
{
	struct hufu_text t = {(const char *)text.data, text.len};
	struct hufu_result r;
	assert_int_equal(hufu_verify_qr(&v->v, t, now_s, &r), HUFU_OK);
	return r;
}

static bool text_is(struct hufu_text t, const char *want)
{
	return t.len == strlen(want) && memcmp(t.data, want, t.len) == 0;
}

static void credential_is_valid_in_both_suites(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct sample *s = sample_new(suites[i]);
		struct sample_verifier *v = sample_verifier_new(s);
		struct hufu_result r =
		        verify_text(v, s->text, SAMPLE_NOW_S + 60);
		assert_int_equal(r.verdict, HUFU_VALID);
		assert_false(r.status_stale);
		assert_true(text_is(r.card_number, SAMPLE_NUMBER));
		assert_true(text_is(r.name, SAMPLE_NAME));
		assert_int_equal(r.kind, 1);
		assert_int_equal(r.benefit_classes, 0x2f);
		/* 00:00 in China */
		assert_int_equal(r.issued_s, SAMPLE_NOW_S - 8 * 3600);
		assert_int_equal(r.expires_s, SAMPLE_UNTIL_S);
		assert_memory_equal(r.chip_hash, s->credential.chip_hash, 16);
		/* fits QR versions 11 to 15 at level M: 600 characters */
		assert_in_range(s->text.len, 250, 400);
		r = verify_text(v, s->text, SAMPLE_UNTIL_S + 1000);
		assert_int_equal(r.verdict, HUFU_EXPIRED);
		free(v);
		sample_free(s);
	}
}

static void status_list_decides(void **state)
{
	(void)state;
	static const struct {
		enum status_value value;
		enum hufu_verdict want;
	} cases[] = {
	        {STATUS_SUSPENDED, HUFU_SUSPENDED},
	        {STATUS_INVALID, HUFU_REVOKED},
	        {STATUS_VALID, HUFU_VALID},
	};
	struct sample *s = sample_new(SUITE_SM);
	for (size_t i = 0; i < 3; i++) {
		status_list_put(s->map, SAMPLE_INDEX, cases[i].value);
		sample_sign_status(s, 2 + i, SAMPLE_NOW_S + (int64_t)i);
		struct sample_verifier *v = sample_verifier_new(s);
		struct hufu_result r =
		        verify_text(v, s->text, SAMPLE_NOW_S + 60);
		assert_int_equal(r.verdict, cases[i].want);
		assert_int_equal(v->status.sequence, 2 + i);
		free(v);
	}
	sample_free(s);
}

static void claims_of_our_own_cards_are_all_needed(void **state)
{
	(void)state;
	struct sample *s = sample_new(SUITE_INTL);
	const struct cose_key *issuer = signing_key_public(s->card);
	uint8_t space[1024];
	struct writer w;
	writer_init(&w, space, sizeof space);
	for (unsigned bit = 0; bit < 10; bit++) {
		struct credential c = s->credential;
		if (!(CREDENTIAL_OWN >> bit & 1))
			continue;
		c.present &= ~(1u << bit);
		assert_int_equal(credential_build_tbs(&c, issuer, &w),
		        HUFU_ERR_ARGUMENT);
	}
	assert_int_equal(w.len, 0);
	struct credential c = s->credential;
	static const char long_name[CREDENTIAL_NAME_MAX + 1] = "x";
	c.name = span_of(long_name, sizeof long_name);
	assert_int_equal(
	        credential_build_tbs(&c, issuer, &w), HUFU_ERR_ARGUMENT);
	writer_init(&w, space, 20);
	assert_int_equal(credential_build_tbs(&s->credential, issuer, &w),
	        HUFU_ERR_SPACE);
	sample_free(s);
}

static size_t unpack(struct span packed, uint8_t *ret, size_t cap)
{
	uLongf peer_len = cap;
	uint8_t peer[1024];
	size_t len;
	assert_int_equal(inflate_zlib(packed, ret, cap, &len), HUFU_OK);
	assert_int_equal(
	        uncompress(peer, &peer_len, packed.data, packed.len), Z_OK);
	assert_int_equal(peer_len, len);
	assert_memory_equal(peer, ret, len);
	return len;
}

static void literals_come_back_from_both_inflaters(void **state)
{
	uint8_t in[600], packed[ZLIB_LITERAL_MAX(sizeof in)], out[1024];
	struct writer w;
	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 181 + i / 256);
	for (size_t len = 0; len <= sizeof in; len++) {
		writer_init(&w, packed, ZLIB_LITERAL_MAX(len));
		zlib_literal_encode(&w, span_of(in, len));
		assert_int_equal(w.error, HUFU_OK);
		assert_int_equal(unpack(writer_span(&w), out, sizeof out), len);
		assert_memory_equal(out, in, len);
		assert_false(zlib_literal_is_due(writer_span(&w)));
	}
	memset(in, 0xff, sizeof in); /* nine bits each */
	writer_init(&w, packed, sizeof packed);
	zlib_literal_encode(&w, span_of(in, sizeof in));
	assert_int_equal(w.error, HUFU_OK);
}

/* Readers in the field fail on stored blocks. */
static void no_credential_is_stored(void **state)
{
	uint8_t space[1024], packed[1024], out[1024], sig[64];
	char text[CREDENTIAL_QR_TEXT_MAX];
	struct writer w, bytes;
	(void)state;
	for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
		struct sample *s = sample_new(suites[i]);
		for (size_t len = 1; len <= CREDENTIAL_NAME_MAX; len += 11) {
			char name[CREDENTIAL_NAME_MAX];
			struct credential c = s->credential;
			for (size_t n = 0; n < len; n++)
				name[n] = (char)('A' + n * n % 57);
			c.name = span_of(name, len);
			writer_init(&w, space, sizeof space);
			assert_int_equal(
			        credential_build_tbs(
			                &c, signing_key_public(s->card), &w),
			        HUFU_OK);
			assert_int_equal(
			        signing_key_sign(s->card, writer_span(&w), sig),
			        HUFU_OK);
			struct span tbs = writer_span(&w);
			writer_init(&w, text, sizeof text);
			assert_int_equal(credential_build_text(tbs,
			                         span_of(sig, sizeof sig), &w),
			        HUFU_OK);
			writer_init(&bytes, packed, sizeof packed);
			assert_int_equal(base45_decode(writer_span(&w), &bytes),
			        HUFU_OK);
			assert_false(zlib_literal_is_due(writer_span(&bytes)));
			assert_true(unpack(writer_span(&bytes), out,
			                    sizeof out) > len);
		}
		sample_free(s);
	}
}

static void flipped_text_is_never_valid(void **state)
{
	(void)state;
	struct sample *s = sample_new(SUITE_SM);
	struct sample_verifier *v = sample_verifier_new(s);
	static const char alphabet[] =
	        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	for (size_t i = 0; i < s->text.len; i++) {
		char was = s->text_space[i];
		const char *at = strchr(alphabet, was);
		s->text_space[i] = at[1] ? at[1] : alphabet[0];
		struct hufu_result r =
		        verify_text(v, s->text, SAMPLE_NOW_S + 60);
		assert_int_not_equal(r.verdict, HUFU_VALID);
		assert_int_not_equal(r.verdict, HUFU_VERDICT_NONE);
		s->text_space[i] = was;
	}
	free(v);
	sample_free(s);
}

static struct hufu_result verify_chip(const struct sample *s,
        const struct hufu_bytes *files, size_t count, const uint8_t *challenge,
        const uint8_t *answer)
{
	struct sample_verifier *v = sample_verifier_new(s);
	struct hufu_result r;
	struct hufu_chip chip = {
	        .signed_object = {s->object.data, s->object.len},
	        .elements = files,
	        .element_count = count,
	};
	if (challenge) {
		chip.challenge = (struct hufu_bytes){challenge, 32};
		chip.answer = (struct hufu_bytes){answer, MSO_ANSWER_LEN};
	}
	assert_int_equal(
	        hufu_verify_chip(&v->v, &chip, SAMPLE_NOW_S + 60, &r), HUFU_OK);
	free(v);
	return r;
}

static void chip_is_valid_and_genuine_in_both_suites(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct sample *s = sample_new(suites[i]);
		struct hufu_bytes files[SAMPLE_ELEMENTS];
		uint8_t challenge[32] = {9}, answer[MSO_ANSWER_LEN];
		for (size_t n = 0; n < SAMPLE_ELEMENTS; n++)
			files[n] = (struct hufu_bytes){
			        s->files[n].data, s->files[n].len};
		sample_answer(s, challenge, answer);
		struct hufu_result r = verify_chip(
		        s, files, SAMPLE_ELEMENTS, challenge, answer);
		assert_int_equal(r.verdict, HUFU_VALID);
		assert_true(r.chip_genuine);
		assert_int_equal(r.benefit_classes, 0x2f);
		assert_memory_equal(r.chip_hash, s->credential.chip_hash, 16);
		challenge[0] ^= 1; /* an answer to another question */
		r = verify_chip(s, files, SAMPLE_ELEMENTS, challenge, answer);
		assert_int_equal(r.verdict, HUFU_WRONG_SIGNATURE);
		assert_false(r.chip_genuine);
		sample_free(s);
	}
}

static void every_bit_of_an_element_counts(void **state)
{
	(void)state;
	struct sample *s = sample_new(SUITE_INTL);
	struct mso m;
	struct cose_sign1 c;
	struct mso_item item;
	assert_int_equal(cose_decode_sign1(s->object, &c), HUFU_OK);
	assert_int_equal(mso_decode(c.payload, &m), HUFU_OK);
	uint8_t copy[512];
	assert_true(s->files[0].len < sizeof copy);
	for (size_t bit = 0; bit < s->files[0].len * 8; bit++) {
		memcpy(copy, s->files[0].data, s->files[0].len);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(
		        mso_check_item(
		                &m, span_of(copy, s->files[0].len), &item),
		        HUFU_OK);
	}
	sample_free(s);
}

static void digest_numbers_and_salts_are_new_each_time(void **state)
{
	(void)state;
	struct sample *a = sample_new(SUITE_INTL);
	struct sample *b = sample_new(SUITE_INTL);
	for (size_t i = 0; i < SAMPLE_ELEMENTS; i++) {
		struct mso_item x, y;
		assert_int_equal(mso_decode_item(a->files[i], &x), HUFU_OK);
		assert_int_equal(mso_decode_item(b->files[i], &y), HUFU_OK);
		assert_int_not_equal(x.digest_id, y.digest_id);
		assert_int_equal(x.random.len, MSO_RANDOM_LEN);
		assert_false(span_equal(x.random, y.random));
		assert_true(span_equal(x.identifier, y.identifier));
		assert_true(span_equal(x.value, y.value));
	}
	sample_free(a);
	sample_free(b);
}

static void chip_key_must_be_of_the_issuers_suite(void **state)
{
	(void)state;
	struct sample *a = sample_new(SUITE_INTL);
	struct sample *b = sample_new(SUITE_SM);
	uint8_t value = 1, files_space[256], tbs_space[1024];
	struct writer files, tbs;
	struct span file = {0};
	struct chip_element e = {MSO_CARD_KIND, {&value, 1}};
	struct chip_plan plan = {
	        .chip_key = *signing_key_public(b->chip),
	        .signed_s = SAMPLE_NOW_S,
	        .valid_from_s = SAMPLE_NOW_S,
	        .valid_until_s = SAMPLE_UNTIL_S,
	        .elements = &e,
	        .element_count = 1,
	};
	writer_init(&files, files_space, sizeof files_space);
	writer_init(&tbs, tbs_space, sizeof tbs_space);
	assert_int_equal(chip_build(&plan, signing_key_public(a->card), &files,
	                         &file, &tbs),
	        HUFU_ERR_ARGUMENT);
	plan.element_count = 0;
	assert_int_equal(chip_build(&plan, signing_key_public(b->card), &files,
	                         &file, &tbs),
	        HUFU_ERR_ARGUMENT);
	plan.element_count = 1;
	writer_init(&tbs, tbs_space, 30);
	assert_int_equal(chip_build(&plan, signing_key_public(b->card), &files,
	                         &file, &tbs),
	        HUFU_ERR_SPACE);
	assert_null(file.data);
	sample_free(a);
	sample_free(b);
}

static void trust_list_takes_whole_issuers_only(void **state)
{
	(void)state;
	struct sample *s = sample_new(SUITE_INTL);
	struct sample_verifier *v = sample_verifier_new(s);
	struct trust_list t = v->trust;
	uint8_t space[4096];
	struct writer w;
	writer_init(&w, space, sizeof space);
	assert_int_equal(trust_build_file(&t, s->card, &w), HUFU_ERR_ARGUMENT);
	t.issuers[1] = t.issuers[0]; /* one key, twice */
	assert_int_equal(trust_build_file(&t, s->root, &w), HUFU_ERR_ARGUMENT);
	t = v->trust;
	t.issuers[0].kid[0] ^= 1;
	assert_int_equal(trust_build_file(&t, s->root, &w), HUFU_ERR_ARGUMENT);
	t = v->trust;
	t.issuers[0].valid_to_s = t.issuers[0].valid_from_s;
	assert_int_equal(trust_build_file(&t, s->root, &w), HUFU_ERR_ARGUMENT);
	t = v->trust;
	t.issuer_count = 0;
	assert_int_equal(trust_build_file(&t, s->root, &w), HUFU_ERR_ARGUMENT);
	assert_int_equal(w.len, 0);
	assert_int_equal(trust_build_file(&v->trust, s->root, &w), HUFU_OK);
	free(v);
	sample_free(s);
}

static void full_status_list_is_built_and_read(void **state)
{
	(void)state;
	struct sample *s = sample_new(SUITE_INTL);
	size_t cap = STATUS_LIST_MAP_MAX;
	uint8_t *map = calloc(1, cap), *again = malloc(cap), *tbs;
	size_t len;
	struct tbs parts;
	struct status_list got;
	assert_non_null(map);
	assert_non_null(again);
	for (uint32_t i = 0; i < 2000; i++)
		status_list_put(map, i * 33331u % STATUS_LIST_ENTRIES_MAX,
		        i % 3 ? STATUS_INVALID : STATUS_SUSPENDED);
	struct status_list t = {
	        .address = span_of_text(SAMPLE_ISS),
	        .number = 1,
	        .sequence = UINT32_MAX,
	        .issued_s = SAMPLE_NOW_S,
	        .expires_s = SAMPLE_NOW_S + 1,
	        .ttl_s = 1,
	        .map = span_of(map, cap),
	};
	assert_int_equal(
	        status_build_tbs(&t, signing_key_public(s->list), &tbs, &len),
	        HUFU_OK);
	assert_int_equal(tbs_decode(span_of(tbs, len), &parts), HUFU_OK);
	assert_true(span_equal(parts.type, span_of_text(STATUS_LIST_TYPE)));
	assert_int_equal(status_list_decode(parts.payload, &got), HUFU_OK);
	assert_int_equal(status_list_expand(&got, again, cap), HUFU_OK);
	assert_int_equal(got.map.len, cap);
	assert_memory_equal(again, map, cap);
	t.map.len = cap + 1;
	uint8_t *none = NULL;
	assert_int_equal(
	        status_build_tbs(&t, signing_key_public(s->list), &none, &len),
	        HUFU_ERR_LIMIT);
	assert_null(none);
	free(tbs);
	free(map);
	free(again);
	sample_free(s);
}

static void tbs_is_strict(void **state)
{
	(void)state;
	struct sample *s = sample_new(SUITE_SM);
	struct tbs t;
	uint8_t kid[COSE_KEY_ID_LEN], copy[1024];
	assert_int_equal(tbs_decode(s->qr_tbs, &t), HUFU_OK);
	assert_int_equal(t.alg, SIGCHECK_SM2);
	cose_key_id(signing_key_public(s->card), kid);
	assert_true(span_equal(t.kid, span_of(kid, sizeof kid)));
	for (size_t len = 0; len < s->qr_tbs.len; len++)
		assert_int_not_equal(
		        tbs_decode(span_of(s->qr_tbs.data, len), &t), HUFU_OK);
	memcpy(copy, s->qr_tbs.data, s->qr_tbs.len);
	copy[s->qr_tbs.len] = 0;
	assert_int_equal(tbs_decode(span_of(copy, s->qr_tbs.len + 1), &t),
	        HUFU_ERR_TRAILING);
	copy[2] = 's'; /* "signature1" */
	assert_int_equal(tbs_decode(span_of(copy, s->qr_tbs.len), &t),
	        HUFU_ERR_MALFORMED);
	/* every header of another kind is refused before it is signed */
	static const uint8_t other[] = {0x84, 0x6a, 'S', 'i', 'g', 'n', 'a',
	        't', 'u', 'r', 'e', '1', 0x43, 0xa1, 0x03, 0x01, 0x40, 0x40};
	assert_int_equal(tbs_decode(span_of(other, sizeof other), &t),
	        HUFU_ERR_MALFORMED);
	uint8_t sig[64] = {0}, space[64];
	struct writer w;
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        tbs_finish(s->qr_tbs, span_of(sig, 63), COSE_FORM_CWT, &w),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        tbs_finish(s->qr_tbs, span_of(sig, 64), COSE_FORM_CWT, &w),
	        HUFU_ERR_SPACE);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(credential_is_valid_in_both_suites),
	        cmocka_unit_test(status_list_decides),
	        cmocka_unit_test(claims_of_our_own_cards_are_all_needed),
	        cmocka_unit_test(literals_come_back_from_both_inflaters),
	        cmocka_unit_test(no_credential_is_stored),
	        cmocka_unit_test(flipped_text_is_never_valid),
	        cmocka_unit_test(chip_is_valid_and_genuine_in_both_suites),
	        cmocka_unit_test(every_bit_of_an_element_counts),
	        cmocka_unit_test(digest_numbers_and_salts_are_new_each_time),
	        cmocka_unit_test(chip_key_must_be_of_the_issuers_suite),
	        cmocka_unit_test(trust_list_takes_whole_issuers_only),
	        cmocka_unit_test(full_status_list_is_built_and_read),
	        cmocka_unit_test(tbs_is_strict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
