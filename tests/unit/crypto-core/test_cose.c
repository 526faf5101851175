#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "toy_sigs.h"
#include "vector_file.h"

/* RFC 9679 section 6 */
static void matches_the_thumbprint_of_rfc_9679(void **state)
{
	(void)state;
	uint8_t space[128], want[32], got[32];
	struct cose_key key;
	struct span in =
	        vector_hex("a50102200121582065eda5a12577c2bae829437fe338701a"
	                   "10aaa375e1bb5b5de108de439c08551d2258201e52ed7570"
	                   "1163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd00"
	                   "84d19c024161",
	                space, sizeof space);
	assert_int_equal(cose_key_decode(in, &key), HUFU_OK);
	cose_key_thumbprint(&key, got);
	(void)vector_hex("496bd8afadf307e5b08c64b0421bf9dc"
	                 "01528a344a43bda88fadd1669da253ec",
	        want, sizeof want);
	assert_memory_equal(got, want, sizeof want);
	cose_key_id(&key, got);
	assert_memory_equal(got, want, COSE_KEY_ID_LEN);
}

static void carries_keys_of_three_curves(void **state)
{
	(void)state;
	static const struct {
		enum cose_curve curve;
		int32_t alg;
		enum suite suite;
		size_t public_len;
	} cases[] = {{COSE_CURVE_P256, -7, SUITE_INTL, 65},
	        {COSE_CURVE_SM2, -65537, SUITE_SM, 65},
	        {COSE_CURVE_ED25519, -8, SUITE_INTL, 32}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t space[COSE_KEY_MAX], point[SIGCHECK_POINT_LEN];
		struct cose_key key = toy_key(cases[i].curve, 7), back, again;
		struct writer w;
		writer_init(&w, space, sizeof space);
		cose_key_encode(&w, &key);
		assert_int_equal(w.error, HUFU_OK);
		assert_int_equal(
		        cbor_check(writer_span(&w), CBOR_DETERMINISTIC),
		        HUFU_OK);
		assert_int_equal(
		        cose_key_decode(writer_span(&w), &back), HUFU_OK);
		assert_memory_equal(&key, &back, sizeof key);
		assert_int_equal(cose_key_alg(&key), cases[i].alg);
		assert_int_equal(cose_key_suite(&key), cases[i].suite);
		struct span public = cose_key_public(&key, point);
		assert_int_equal(public.len, cases[i].public_len);
		assert_int_equal(
		        cose_key_from_public(cases[i].curve, public, &again),
		        HUFU_OK);
		assert_memory_equal(&key, &again, sizeof key);
		for (size_t cut = 0; cut < w.len; cut++)
			assert_int_not_equal(
			        cose_key_decode(span_of(space, cut), &back),
			        HUFU_OK);
	}
}

static void check_key(const char *hex, int want)
{
	uint8_t space[200];
	struct cose_key key = {.curve = (enum cose_curve)99};
	int rc = cose_key_decode(vector_hex(hex, space, sizeof space), &key);
	if (rc != want)
		fail_msg("%s: %d, not %d", hex, rc, want);
	assert_int_equal(key.curve, 99);
}

#define X32                                                                    \
	"5820"                                                                 \
	"01010101010101010101010101010101"                                     \
	"01010101010101010101010101010101"

static void refuses_keys_that_are_none_of_ours(void **state)
{
	(void)state;
	check_key("a0", HUFU_ERR_UNSUPPORTED);
	check_key("80", HUFU_ERR_MALFORMED);
	check_key("a401022001 21" X32 "22f5", HUFU_ERR_UNSUPPORTED);
	check_key("a301022001 21" X32, HUFU_ERR_MALFORMED);
	check_key("a401022001 21" X32 "224101", HUFU_ERR_MALFORMED);
	check_key(
	        "a401022002 21" X32 "22" X32, HUFU_ERR_UNSUPPORTED); /* P-384 */
	check_key("a401032001 21" X32 "22" X32, HUFU_ERR_UNSUPPORTED); /* RSA */
	check_key("a401012006 21" X32 "22" X32, HUFU_ERR_MALFORMED);
	check_key("a501022001 21" X32 "22" X32 "23" X32,
	        HUFU_ERR_MALFORMED); /* private */
	check_key("a401022001 21" X32 "21" X32, HUFU_ERR_DUPLICATE);
	check_key("a401022001 21" X32 "22" X32 "00", HUFU_ERR_TRAILING);
}

static void refuses_points_in_other_forms(void **state)
{
	(void)state;
	uint8_t point[66] = {0x04};
	struct cose_key key;
	assert_int_equal(
	        cose_key_from_public(COSE_CURVE_P256, span_of(point, 65), &key),
	        HUFU_OK);
	assert_int_equal(
	        cose_key_from_public(COSE_CURVE_P256, span_of(point, 66), &key),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(
	        cose_key_from_public(COSE_CURVE_P256, span_of(point, 33), &key),
	        HUFU_ERR_MALFORMED);
	point[0] = 0x06;
	assert_int_equal(
	        cose_key_from_public(COSE_CURVE_P256, span_of(point, 65), &key),
	        HUFU_ERR_MALFORMED);
}

static void reads_every_form_that_it_writes(void **state)
{
	(void)state;
	static const enum cose_form forms[] = {
	        COSE_FORM_CWT, COSE_FORM_TAGGED, COSE_FORM_UNTAGGED};
	struct cose_key key = toy_key(COSE_CURVE_SM2, 1);
	struct cose_key other = toy_key(COSE_CURVE_SM2, 2);
	struct cose_key es256 = toy_key(COSE_CURVE_P256, 1);
	for (size_t i = 0; i < 3; i++) {
		uint8_t space[300], tbs_space[300];
		struct writer w, tbs;
		struct cose_sign1 c;
		writer_init(&w, space, sizeof space);
		toy_seal(&w, forms[i], &key, "type/x", span_of_text("hello"));
		assert_int_equal(w.error, HUFU_OK);
		assert_int_equal(
		        cose_decode_sign1(writer_span(&w), &c), HUFU_OK);
		assert_int_equal(c.alg, -65537);
		assert_int_equal(c.kid.len, 8);
		assert_true(span_is_text(c.type, "type/x"));
		assert_true(span_is_text(c.payload, "hello"));
		assert_int_equal(c.sig.len, 64);
		writer_init(&tbs, tbs_space, sizeof tbs_space);
		assert_int_equal(
		        cose_check_sign1(&c, &key, &toy_sigs, &tbs), HUFU_OK);
		assert_int_equal(cose_check_sign1(&c, &other, &toy_sigs, &tbs),
		        HUFU_ERR_SIGNATURE);
		assert_int_equal(cose_check_sign1(&c, &es256, &toy_sigs, &tbs),
		        HUFU_ERR_SIGNATURE);
		writer_init(&tbs, tbs_space, 20);
		assert_int_equal(cose_check_sign1(&c, &key, &toy_sigs, &tbs),
		        HUFU_ERR_SPACE);
		for (size_t cut = 0; cut < w.len; cut++)
			assert_int_equal(
			        cose_decode_sign1(span_of(space, cut), &c),
			        HUFU_ERR_TRUNCATED);
	}
}

/* RFC 9052 section 4.4 */
static void builds_the_sig_structure(void **state)
{
	(void)state;
	uint8_t space[64], want_space[64];
	struct writer w;
	writer_init(&w, space, sizeof space);
	cose_encode_tbs(&w, span_of("\xA1\x01\x26", 3), span_of_text("hi"));
	struct span want = vector_hex("84 6a5369676e617475726531 43a10126 40"
	                              "426869",
	        want_space, sizeof want_space);
	assert_true(span_equal(writer_span(&w), want));
}

static void check_sign1(const char *hex, int want)
{
	uint8_t space[200];
	struct cose_sign1 c = {.alg = 99};
	int rc = cose_decode_sign1(vector_hex(hex, space, sizeof space), &c);
	if (rc != want)
		fail_msg("%s: %d, not %d", hex, rc, want);
	assert_true(want == HUFU_OK || c.alg == 99);
}

static void tells_foreign_from_broken_messages(void **state)
{
	(void)state;
	check_sign1("d28443a10126a041414142", HUFU_OK);
	check_sign1("d83dd28443a10126a041414142", HUFU_OK);
	check_sign1("d83d8443a10126a041414142", HUFU_OK);
	check_sign1("9f43a10126a041414142ff", HUFU_OK);
	check_sign1("8440a041414142", HUFU_OK); /* no headers at all */
	check_sign1("8441a0a041414142", HUFU_OK);
	check_sign1("d28443a10126a04141414200", HUFU_ERR_TRAILING);
	check_sign1("d2d28443a10126a041414142", HUFU_ERR_MALFORMED);
	check_sign1("d2d83d8443a10126a041414142", HUFU_ERR_MALFORMED);
	check_sign1("c18443a10126a041414142", HUFU_ERR_MALFORMED);
	check_sign1("d08343a10126a04141", HUFU_ERR_UNSUPPORTED);
	check_sign1("d83dd08343a10126a04141", HUFU_ERR_UNSUPPORTED);
	check_sign1("8343a10126a04141", HUFU_ERR_UNSUPPORTED);
	check_sign1("d8628443a10126a0414180", HUFU_ERR_UNSUPPORTED);
	check_sign1("8543a10126a04141414200", HUFU_ERR_MALFORMED);
	check_sign1("9f43a10126a04141414200ff", HUFU_ERR_MALFORMED);
	check_sign1("8443a10126a0f64142", HUFU_ERR_UNSUPPORTED); /* detached */
	check_sign1("8443a10126a161610041414142", HUFU_OK);
	check_sign1("8443a10126a1028041414142", HUFU_ERR_MALFORMED); /* crit */
	check_sign1("8446a20126028102a041414142", HUFU_ERR_UNSUPPORTED);
	check_sign1("8448a1016545533235 36a041414142", HUFU_ERR_UNSUPPORTED);
	check_sign1("8447a1013a80000000a041414142", HUFU_ERR_UNSUPPORTED);
	check_sign1("8445a201260126a041414142", HUFU_ERR_DUPLICATE);
	check_sign1("8443a10126a2044101044101 41414142", HUFU_ERR_DUPLICATE);
	check_sign1("8442a101a041414142", HUFU_ERR_TRUNCATED);
	check_sign1("8443010203a041414142", HUFU_ERR_TRAILING);
	check_sign1("a0", HUFU_ERR_MALFORMED);
	check_sign1("00", HUFU_ERR_MALFORMED);
	check_sign1("", HUFU_ERR_TRUNCATED);
}

static void takes_the_kid_from_the_protected_header_first(void **state)
{
	(void)state;
	uint8_t space[64];
	struct cose_sign1 c;
	struct span in = vector_hex(
	        "8446a2012604 4101 a1044102 41414142", space, sizeof space);
	assert_int_equal(cose_decode_sign1(in, &c), HUFU_OK);
	assert_true(span_is_text(c.kid, "\x01"));
	in = vector_hex("8443a10126 a1044102 41414142", space, sizeof space);
	assert_int_equal(cose_decode_sign1(in, &c), HUFU_OK);
	assert_true(span_is_text(c.kid, "\x02"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(matches_the_thumbprint_of_rfc_9679),
	        cmocka_unit_test(carries_keys_of_three_curves),
	        cmocka_unit_test(refuses_keys_that_are_none_of_ours),
	        cmocka_unit_test(refuses_points_in_other_forms),
	        cmocka_unit_test(reads_every_form_that_it_writes),
	        cmocka_unit_test(builds_the_sig_structure),
	        cmocka_unit_test(tells_foreign_from_broken_messages),
	        cmocka_unit_test(takes_the_kid_from_the_protected_header_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
