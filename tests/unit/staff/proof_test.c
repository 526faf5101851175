/* Passwords and one-time codes against what others published. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "host/staff/password.h"
#include "host/staff/totp.h"

static const uint8_t secret[TOTP_SECRET_LEN] = "12345678901234567890";

/* RFC 6238 appendix B, SHA1; six digits are the last six of its eight. */
static void codes_are_those_of_the_rfc(void **state)
{
	static const struct {
		int64_t time_s;
		const char *code;
	} vectors[] = {{59, "287082"}, {1111111109, "081804"},
	        {1111111111, "050471"}, {1234567890, "005924"},
	        {2000000000, "279037"}, {20000000000, "353130"}};

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		char code[TOTP_DIGITS + 1];
		int64_t step = vectors[i].time_s / TOTP_STEP_S;
		int64_t found = 0;

		assert_int_equal(totp_code(secret, step, code), 0);
		assert_string_equal(code, vectors[i].code);
		assert_int_equal(totp_check(secret, code, vectors[i].time_s,
		                         step - 1, &found),
		        0);
		assert_int_equal(found, step);
	}
}

static void a_code_holds_for_its_neighbours_and_never_again(void **state)
{
	int64_t now = 1111111109, step = now / TOTP_STEP_S, found = 0;

	(void)state;
	for (int64_t off = -2; off <= 2; off++) {
		char code[TOTP_DIGITS + 1];

		assert_int_equal(totp_code(secret, step + off, code), 0);
		assert_int_equal(totp_check(secret, code, now, 0, &found),
		        off >= -1 && off <= 1 ? 0 : HUFU_ERR_SIGNATURE);
		assert_int_equal(
		        totp_check(secret, code, now, step + off, &found),
		        HUFU_ERR_SIGNATURE);
	}
	assert_int_equal(totp_check(secret, "08180", now, 0, &found),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(totp_check(secret, "0818040", now, 0, &found),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(
	        totp_check(secret, "", now, 0, &found), HUFU_ERR_SIGNATURE);
}

/* RFC 4648: what an app is given. */
static void the_secret_is_base32(void **state)
{
	char text[TOTP_TEXT_LEN + 1];

	(void)state;
	totp_text(secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

/* Of the test program of the reference implementation (CC0). */
static void checks_a_hash_of_the_reference(void **state)
{
	static const char hash[] =
	        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
	        "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

	(void)state;
	assert_int_equal(password_check("password", hash), 0);
	assert_int_equal(
	        password_check("differentpassword", hash), HUFU_ERR_SIGNATURE);
}

static void hashes_with_a_salt_of_its_own(void **state)
{
	char one[PASSWORD_HASH_MAX], two[PASSWORD_HASH_MAX];

	(void)state;
	assert_int_equal(password_hash("a long secret", one), 0);
	assert_int_equal(password_hash("a long secret", two), 0);
	assert_string_not_equal(one, two);
	assert_memory_equal(one, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
	assert_int_equal(password_check("a long secret", one), 0);
	assert_int_equal(
	        password_check("a long secreT", one), HUFU_ERR_SIGNATURE);
	assert_int_equal(
	        password_check("a long secret", NULL), HUFU_ERR_SIGNATURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(codes_are_those_of_the_rfc),
	        cmocka_unit_test(
	                a_code_holds_for_its_neighbours_and_never_again),
	        cmocka_unit_test(the_secret_is_base32),
	        cmocka_unit_test(checks_a_hash_of_the_reference),
	        cmocka_unit_test(hashes_with_a_salt_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
