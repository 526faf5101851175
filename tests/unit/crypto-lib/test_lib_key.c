/* One ad-hoc key, its PEM, and the words of the library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto-lib/press.h"

static const enum cose_curve curves[] = {
        COSE_CURVE_P256, COSE_CURVE_SM2, COSE_CURVE_ED25519};

static int set(const char *pem)
{
	struct hufu *h;
	assert_int_equal(hufu_new(&h), HUFU_OK);
	int r = hufu_set_root(h, pem, strlen(pem));
	if (r)
		assert_int_equal(hufu_load_trust(h, "", 0), HUFU_ERR_STATE);
	hufu_free(h);
	return r;
}

static void takes_every_kind_of_key(void **state)
{
	static struct sheet pem;
	(void)state;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		struct signing_key *key;
		assert_int_equal(
		        signing_key_generate(curves[i], KEY_ROOT, &key),
		        HUFU_OK);
		press_pem(key, &pem);
		pem.bytes[pem.len] = '\0';
		assert_int_equal(set((const char *)pem.bytes), HUFU_OK);
		signing_key_free(key);
	}
}

static void refuses_what_is_no_such_key(void **state)
{
	(void)state;
	assert_int_equal(set(""), HUFU_ERR_MALFORMED);
	assert_int_equal(
	        set("-----BEGIN PUBLIC KEY-----\n"), HUFU_ERR_MALFORMED);
	assert_int_equal(set("-----BEGIN PUBLIC KEY-----\n%%%%\n"
	                     "-----END PUBLIC KEY-----\n"),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(set("-----BEGIN PUBLIC KEY-----\nAAAA\n"
	                     "-----END PUBLIC KEY-----\n"),
	        HUFU_ERR_MALFORMED);
	/* X25519, which signs nothing */
	assert_int_equal(
	        set("-----BEGIN PUBLIC KEY-----\n"
	            "MCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066Spjqq"
	            "bTmo=\n-----END PUBLIC KEY-----\n"),
	        HUFU_ERR_UNSUPPORTED);
}

static void believes_one_key_without_status(void **state)
{
	static struct sheet pem;
	(void)state;
	for (int suite = SUITE_INTL; suite <= SUITE_SM; suite++) {
		struct sample *s = sample_new((enum suite)suite);
		struct hufu *h;
		assert_int_equal(hufu_new(&h), HUFU_OK);
		press_pem(s->card, &pem);
		assert_int_equal(hufu_set_key(h, pem.bytes, pem.len), HUFU_OK);
		struct hufu_result r = press_check(h, s, SAMPLE_NOW_S);
		assert_int_equal(r.verdict, HUFU_VALID);
		assert_true(r.status_stale);
		assert_true(r.issuer_name.len > 0);
		/* and it is no root */
		assert_int_equal(
		        hufu_load_trust(h, s->trust.data, s->trust.len),
		        HUFU_ERR_STATE);
		press_pem(s->list, &pem);
		assert_int_equal(hufu_set_key(h, pem.bytes, pem.len), HUFU_OK);
		r = press_check(h, s, SAMPLE_NOW_S);
		assert_int_equal(r.verdict, HUFU_WRONG_SIGNATURE);
		assert_int_equal(r.name.len, 0);
		hufu_free(h);
		sample_free(s);
	}
}

static void shows_what_a_screen_may(void **state)
{
	struct sample *s = sample_new(SUITE_SM);
	struct hufu *h = press_handle(s);
	char name[HUFU_NAME_MAX], four[HUFU_LAST_FOUR_LEN + 1];
	(void)state;
	struct hufu_result r = press_check(h, s, SAMPLE_NOW_S);
	assert_int_equal(hufu_masked_name(&r, name, sizeof name), HUFU_OK);
	assert_string_equal(name, "生***");
	assert_int_equal(hufu_masked_name(&r, name, 4), HUFU_ERR_SPACE);
	assert_string_equal(name, "");
	hufu_last_four(&r, four);
	assert_string_equal(four, "0017");
	hufu_last_four(&(struct hufu_result){0}, four);
	assert_string_equal(four, "");
	hufu_free(h);
	sample_free(s);
}

static void has_words_for_everything(void **state)
{
	(void)state;
	for (int v = 0; v <= HUFU_UNSUPPORTED; v++) {
		const char *zh = hufu_verdict_zh((enum hufu_verdict)v);
		const char *en = hufu_verdict_en((enum hufu_verdict)v);
		const char *both = hufu_verdict_name((enum hufu_verdict)v);
		assert_memory_equal(both, zh, strlen(zh));
		assert_string_equal(both + strlen(zh) + 1, en);
	}
	assert_string_equal(hufu_verdict_en((enum hufu_verdict)99),
	        hufu_verdict_en(HUFU_VERDICT_NONE));
	assert_string_equal(hufu_kind_en(99), "");
	assert_string_equal(hufu_kind_en(3), "local");
	for (int e = HUFU_ERR_STALE - 1; e <= HUFU_LOAD_BEHIND; e++) {
		assert_true(hufu_error_zh(e)[0]);
		assert_true(hufu_error_en(e)[0]);
	}
	assert_string_equal(hufu_version(), "0.1.0");
	hufu_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_every_kind_of_key),
	        cmocka_unit_test(refuses_what_is_no_such_key),
	        cmocka_unit_test(believes_one_key_without_status),
	        cmocka_unit_test(shows_what_a_screen_may),
	        cmocka_unit_test(has_words_for_everything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
