#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "crypto/core/credential.h"
#include "crypto/core/mso.h"
#include "toy_sigs.h"
#include "vector_file.h"

static struct credential sample(void)
{
	struct credential c = {.present = CREDENTIAL_OWN,
	        .iss = span_of_text("https://hufu.example"),
	        .exp_s = 2000000000,
	        .iat_s = 1785542400,
	        .card_number = span_of_text("32010512600000018"),
	        .name = span_of_text("测试人"),
	        .kind = 1,
	        .benefit_classes = 0x8000000000000001,
	        .status_list = 3,
	        .status_index = 67108863,
	        .chip_hash = {
	                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
	return c;
}

static void writes_the_shape_of_the_plan(void **state)
{
	(void)state;
	uint8_t space[256], want_space[256];
	struct credential c = sample(), back;
	struct writer w;
	writer_init(&w, space, sizeof space);
	credential_encode(&w, &c);
	assert_int_equal(w.error, HUFU_OK);
	/* as python3-cbor2 writes it */
	struct span want =
	        vector_hex("a4017468747470733a2f2f687566752e6578616d706c6504"
	                   "1a77359400061a6a6d370018a95849a60171333230313035"
	                   "31323630303030303031380469e6b58be8af95e4baba184b"
	                   "01184c1b8000000000000001184d82031a03ffffff184e50"
	                   "0102030405060708090a0b0c0d0e0f10",
	                want_space, sizeof want_space);
	assert_int_equal(w.len, want.len);
	assert_memory_equal(space, want.data, want.len);
	assert_int_equal(
	        cbor_check(writer_span(&w), CBOR_DETERMINISTIC), HUFU_OK);
	assert_int_equal(credential_decode(writer_span(&w), &back), HUFU_OK);
	assert_int_equal(back.present, CREDENTIAL_OWN);
	assert_true(span_equal(back.iss, c.iss));
	assert_true(span_equal(back.card_number, c.card_number));
	assert_true(span_equal(back.name, c.name));
	assert_int_equal(back.exp_s, c.exp_s);
	assert_int_equal(back.iat_s, c.iat_s);
	assert_int_equal(back.kind, c.kind);
	assert_true(back.benefit_classes == c.benefit_classes);
	assert_int_equal(back.status_list, 3);
	assert_int_equal(back.status_index, 67108863);
	assert_memory_equal(back.chip_hash, c.chip_hash, sizeof c.chip_hash);
	for (size_t cut = 0; cut < w.len; cut++)
		assert_int_equal(credential_decode(span_of(space, cut), &back),
		        HUFU_ERR_TRUNCATED);
}

static void refuses_to_write_what_is_too_long(void **state)
{
	(void)state;
	static const char long_text[CREDENTIAL_NAME_MAX + 1];
	uint8_t space[2048];
	struct credential c = sample();
	struct writer w;
	c.name = span_of(long_text, sizeof long_text);
	writer_init(&w, space, sizeof space);
	credential_encode(&w, &c);
	assert_int_equal(w.error, HUFU_ERR_LIMIT);
	c = sample();
	c.exp_s = -1;
	writer_init(&w, space, sizeof space);
	credential_encode(&w, &c);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	c = sample();
	writer_init(&w, space, 60);
	credential_encode(&w, &c);
	assert_int_equal(w.error, HUFU_ERR_SPACE);
}

static void check(const char *hex, int want)
{
	uint8_t space[200];
	struct credential c = {.present = 99};
	int rc = credential_decode(vector_hex(hex, space, sizeof space), &c);
	if (rc != want)
		fail_msg("%s: %d, not %d", hex, rc, want);
	assert_true(want == HUFU_OK || c.present == 99);
}

static void reads_variants_and_refuses_the_rest(void **state)
{
	(void)state;
	check("a1 18a9 a0", HUFU_OK);
	check("a1 18a9 41a0", HUFU_OK);
	check("a1 18a9 bfff", HUFU_OK);
	check("bf 18a9 a1 01 6161 ff", HUFU_OK);
	check("a2 04 00 18a9 a0", HUFU_OK);
	check("a2 6161 00 18a9 a0", HUFU_OK);
	check("a1 18a9 a1 184d 9f0102ff", HUFU_OK);
	check("a1 18a9 a2 02 6131 1832 83616100f5", HUFU_OK); /* standard */
	/* foreign */
	check("a0", HUFU_ERR_NOT_FOUND);
	check("a1 390103 a0", HUFU_ERR_NOT_FOUND); /* EU certificate */
	check("a2 01 00 04 6161", HUFU_ERR_NOT_FOUND);
	check("80", HUFU_ERR_NOT_FOUND);
	check("18a9", HUFU_ERR_NOT_FOUND);
	/* broken */
	check("a1 18a9 00", HUFU_ERR_MALFORMED);
	check("a1 18a9 6161", HUFU_ERR_MALFORMED);
	check("a1 18a9 42a000", HUFU_ERR_TRAILING);
	check("a1 18a9 4100", HUFU_ERR_MALFORMED);
	check("a1 18a9 40", HUFU_ERR_TRUNCATED);
	check("a1 18a9 45a201000100", HUFU_ERR_DUPLICATE);
	check("a1 18a9 a201000100", HUFU_ERR_DUPLICATE);
	check("a2 18a9 a0 18a9 a0", HUFU_ERR_DUPLICATE);
	check("a2 01 00 18a9 a0", HUFU_ERR_MALFORMED);
	check("a2 04 20 18a9 a0", HUFU_ERR_MALFORMED);
	check("a2 04 fa4f000000 18a9 a0", HUFU_ERR_MALFORMED);
	check("a2 04 1bffffffffffffffff 18a9 a0", HUFU_ERR_MALFORMED);
	check("a1 18a9 a1 01 01", HUFU_ERR_MALFORMED);
	check("a1 18a9 a1 184b 1b0000000100000000", HUFU_ERR_MALFORMED);
	check("a1 18a9 a1 184d 8101", HUFU_ERR_MALFORMED);
	check("a1 18a9 a1 184d 83010203", HUFU_ERR_MALFORMED);
	check("a1 18a9 a1 184d 9f010203ff", HUFU_ERR_MALFORMED);
	check("a1 18a9 a1 184e 4101", HUFU_ERR_MALFORMED);
	check("a1 18a9 a0 00", HUFU_ERR_TRAILING);
}

static struct mso sample_mso(enum cose_curve curve)
{
	struct mso m = {
	        .suite = curve == COSE_CURVE_SM2 ? SUITE_SM : SUITE_INTL,
	        .doc_type = span_of_text(MSO_DOC_TYPE),
	        .chip_key = toy_key(curve, 5),
	        .signed_s = 1785542400,
	        .valid_from_s = 1785542400,
	        .valid_until_s = 2000000000,
	        .digest_count = 3};
	m.digests[0] = (struct mso_digest){70000, {1}};
	m.digests[1] = (struct mso_digest){5, {2}};
	m.digests[2] = (struct mso_digest){MSO_ID_MAX, {3}};
	return m;
}

static void carries_the_signed_object(void **state)
{
	(void)state;
	static const enum cose_curve curves[] = {
	        COSE_CURVE_P256, COSE_CURVE_SM2};
	for (size_t i = 0; i < 2; i++) {
		uint8_t space[1024];
		struct mso m = sample_mso(curves[i]), back;
		struct writer w;
		writer_init(&w, space, sizeof space);
		mso_encode(&w, &m);
		assert_int_equal(w.error, HUFU_OK);
		assert_int_equal(
		        cbor_check(writer_span(&w), CBOR_DETERMINISTIC),
		        HUFU_OK);
		/* the map within: 2 bytes of tag, 3 of the string's head */
		assert_int_equal(cbor_check(span_of(space + 5, w.len - 5),
		                         CBOR_DETERMINISTIC),
		        HUFU_OK);
		assert_int_equal(mso_decode(writer_span(&w), &back), HUFU_OK);
		assert_int_equal(back.suite, m.suite);
		assert_true(span_is_text(back.doc_type, MSO_DOC_TYPE));
		assert_memory_equal(
		        &back.chip_key, &m.chip_key, sizeof m.chip_key);
		assert_int_equal(back.signed_s, m.signed_s);
		assert_int_equal(back.valid_from_s, m.valid_from_s);
		assert_int_equal(back.valid_until_s, m.valid_until_s);
		assert_int_equal(back.digest_count, 3);
		assert_int_equal(back.digests[0].id, 5);
		assert_int_equal(back.digests[1].id, 70000);
		assert_int_equal(back.digests[2].id, MSO_ID_MAX);
		assert_int_equal(back.digests[2].digest[0], 3);
		for (size_t cut = 0; cut < w.len; cut++)
			assert_int_equal(mso_decode(span_of(space, cut), &back),
			        HUFU_ERR_TRUNCATED);
	}
}

static void refuses_to_write_a_wrong_object(void **state)
{
	(void)state;
	uint8_t space[1024];
	struct writer w;
	struct mso m = sample_mso(COSE_CURVE_P256);
	m.digests[1].id = 70000; /* twice */
	writer_init(&w, space, sizeof space);
	mso_encode(&w, &m);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	m = sample_mso(COSE_CURVE_P256);
	m.digests[0].id = (uint32_t)MSO_ID_MAX + 1;
	writer_init(&w, space, sizeof space);
	mso_encode(&w, &m);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	m = sample_mso(COSE_CURVE_P256);
	m.suite = SUITE_SM;
	writer_init(&w, space, sizeof space);
	mso_encode(&w, &m);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	m = sample_mso(COSE_CURVE_P256);
	m.digest_count = MSO_ELEMENTS_MAX + 1;
	writer_init(&w, space, sizeof space);
	mso_encode(&w, &m);
	assert_int_equal(w.error, HUFU_ERR_LIMIT);
}

static void holds_elements_against_their_digests(void **state)
{
	(void)state;
	uint8_t file[128];
	struct writer w;
	struct mso m = sample_mso(COSE_CURVE_SM2);
	struct mso_item back;
	struct mso_item item = {.digest_id = 70000,
	        .random = span_of_text("0123456789abcdef"),
	        .identifier = span_of_text(MSO_CARD_KIND),
	        .value = span_of("\x02", 1)};
	writer_init(&w, file, sizeof file);
	mso_encode_item(&w, &item);
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(
	        cbor_check(writer_span(&w), CBOR_DETERMINISTIC), HUFU_OK);
	assert_int_equal(
	        mso_check_item(&m, writer_span(&w), &back), HUFU_ERR_SIGNATURE);
	mso_digest_item(SUITE_SM, writer_span(&w), m.digests[0].digest);
	assert_int_equal(mso_check_item(&m, writer_span(&w), &back), HUFU_OK);
	assert_true(mso_item_is(&back, MSO_CARD_KIND));
	assert_false(mso_item_is(&back, MSO_NAME));
	assert_true(span_is_text(back.value, "\x02"));
	assert_int_equal(back.digest_id, 70000);
	m.suite = SUITE_INTL;
	assert_int_equal(
	        mso_check_item(&m, writer_span(&w), &back), HUFU_ERR_SIGNATURE);
	m.suite = SUITE_SM;
	m.digests[0].id = 70001;
	assert_int_equal(
	        mso_check_item(&m, writer_span(&w), &back), HUFU_ERR_NOT_FOUND);
	m.digests[0].id = 70000;
	for (size_t bit = 0; bit < 8 * w.len; bit++) {
		file[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(
		        mso_check_item(&m, writer_span(&w), &back), HUFU_OK);
		file[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void refuses_to_write_a_guessable_element(void **state)
{
	(void)state;
	uint8_t file[128];
	struct writer w;
	struct mso_item item = {.digest_id = 1,
	        .random = span_of_text("fifteen bytes!!"),
	        .identifier = span_of_text(MSO_NAME),
	        .value = span_of("\x60", 1)};
	writer_init(&w, file, sizeof file);
	mso_encode_item(&w, &item);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	assert_int_equal(w.len, 0);
}

static void checks_the_answer_of_the_chip(void **state)
{
	(void)state;
	uint8_t tbs[MSO_IA_TBS_LEN], answer[MSO_ANSWER_LEN + 1] = "nonce";
	uint8_t challenge[MSO_CHALLENGE_LEN] = {9}, point[SIGCHECK_POINT_LEN];
	struct mso m = sample_mso(COSE_CURVE_SM2);
	struct span so = span_of_text("signed object");
	struct writer w;
	writer_init(&w, tbs, sizeof tbs);
	mso_encode_ia_tbs(&w, SUITE_SM, so, span_of(challenge, 32),
	        span_of(answer, MSO_NONCE_LEN));
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(w.len, MSO_IA_TBS_LEN);
	assert_memory_equal(tbs, "hufu-ia-1\x02", 10);
	toy_sign(-65537, cose_key_public(&m.chip_key, point), writer_span(&w),
	        answer + MSO_NONCE_LEN);
	struct span a = span_of(answer, MSO_ANSWER_LEN);
	struct span c = span_of(challenge, sizeof challenge);
	assert_int_equal(mso_check_answer(&m, so, c, a, &toy_sigs), HUFU_OK);
	assert_int_equal(
	        mso_check_answer(&m, span_of_text("other"), c, a, &toy_sigs),
	        HUFU_ERR_SIGNATURE);
	a.len++;
	assert_int_equal(
	        mso_check_answer(&m, so, c, a, &toy_sigs), HUFU_ERR_SIGNATURE);
	a.len--;
	c.len--;
	assert_int_equal(
	        mso_check_answer(&m, so, c, a, &toy_sigs), HUFU_ERR_SIGNATURE);
	c.len++;
	challenge[31] ^= 1;
	assert_int_equal(
	        mso_check_answer(&m, so, c, a, &toy_sigs), HUFU_ERR_SIGNATURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(writes_the_shape_of_the_plan),
	        cmocka_unit_test(refuses_to_write_what_is_too_long),
	        cmocka_unit_test(reads_variants_and_refuses_the_rest),
	        cmocka_unit_test(carries_the_signed_object),
	        cmocka_unit_test(refuses_to_write_a_wrong_object),
	        cmocka_unit_test(holds_elements_against_their_digests),
	        cmocka_unit_test(refuses_to_write_a_guessable_element),
	        cmocka_unit_test(checks_the_answer_of_the_chip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
