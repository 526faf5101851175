#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "crypto/core/clock_floor.h"

static struct trust_list trust = {.issued_s = 1000};
static struct status_list lists[3] = {
        {.issued_s = 1200, .expires_s = 1500},
        {.issued_s = 1300, .expires_s = 1500},
        {.issued_s = 1100, .expires_s = 1500},
};

static void is_the_newest_signed_time(void **state)
{
	(void)state;
	assert_int_equal(clock_floor_of(0, NULL, NULL, 0), 0);
	assert_int_equal(clock_floor_of(0, &trust, NULL, 0), 1000);
	assert_int_equal(clock_floor_of(0, NULL, lists, 3), 1300);
	assert_int_equal(clock_floor_of(0, &trust, lists, 1), 1200);
	trust.issued_s = 1400;
	assert_int_equal(clock_floor_of(0, &trust, lists, 3), 1400);
	trust.issued_s = 1000;
}

static void never_goes_down(void **state)
{
	(void)state;
	assert_int_equal(clock_floor_of(1299, &trust, lists, 3), 1300);
	assert_int_equal(clock_floor_of(1301, &trust, lists, 3), 1301);
	assert_int_equal(clock_floor_of(1301, NULL, NULL, 0), 1301);
}

static void outruns_a_clock_set_back(void **state)
{
	(void)state;
	assert_int_equal(clock_floor_time(0, 1300), 1300);
	assert_int_equal(clock_floor_time(-5, 0), 0);
	assert_int_equal(clock_floor_time(1300, 1300), 1300);
	assert_int_equal(clock_floor_time(1301, 1300), 1301);
}

static void tells_a_stale_list(void **state)
{
	(void)state;
	const struct status_list *t = &lists[0];
	assert_false(clock_floor_is_stale(t, 1200, 0));
	assert_false(clock_floor_is_stale(t, 1499, 0));
	assert_true(clock_floor_is_stale(t, 1500, 0));
	assert_false(clock_floor_is_stale(t, 1300, 100));
	assert_true(clock_floor_is_stale(t, 1301, 100));
	assert_false(clock_floor_is_stale(t, 1499, INT64_MAX));
	assert_true(clock_floor_is_stale(t, 1500, INT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(is_the_newest_signed_time),
	        cmocka_unit_test(never_goes_down),
	        cmocka_unit_test(outruns_a_clock_set_back),
	        cmocka_unit_test(tells_a_stale_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
