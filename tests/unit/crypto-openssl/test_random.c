#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/openssl/random.h"

static void numbers_stay_below_their_bound(void **state)
{
	(void)state;
	static const uint32_t bounds[] = {1, 2, 3, 10, 1000003, UINT32_MAX};
	for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
		for (int n = 0; n < 1000; n++) {
			uint32_t v = UINT32_MAX;
			assert_int_equal(random_below(bounds[i], &v), HUFU_OK);
			assert_true(v < bounds[i]);
		}
}

static void every_number_comes(void **state)
{
	(void)state;
	unsigned seen[10] = {0};
	for (int n = 0; n < 10000; n++) {
		uint32_t v;
		assert_int_equal(random_below(10, &v), HUFU_OK);
		seen[v]++;
	}
	/* 1000 each are expected; 700 is ten standard deviations away */
	for (int i = 0; i < 10; i++)
		assert_in_range(seen[i], 700, 1300);
}

static void digits_are_digits(void **state)
{
	(void)state;
	char text[8] = "xxxxxxx";
	assert_int_equal(random_digits(text, 6), HUFU_OK);
	assert_int_equal(strlen(text), 6);
	assert_int_equal(strspn(text, "0123456789"), 6);
	assert_int_equal(text[7], '\0');
}

static void fills_differ(void **state)
{
	(void)state;
	uint8_t a[32] = {0}, b[32] = {0};
	assert_int_equal(random_fill(a, sizeof a), HUFU_OK);
	assert_int_equal(random_fill(b, sizeof b), HUFU_OK);
	assert_memory_not_equal(a, b, 32);
	assert_int_equal(random_fill(a, 0), HUFU_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(numbers_stay_below_their_bound),
	        cmocka_unit_test(every_number_comes),
	        cmocka_unit_test(digits_are_digits),
	        cmocka_unit_test(fills_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
