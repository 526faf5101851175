/* The clock floor in flash: raised, kept, and cut at every write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "merchant/terminal/flash_host.h"
#include "merchant/terminal/floor.h"

enum {
	RECORDS = FLASH_SECTOR / 16,
	RAISES = 3 * RECORDS, /* each sector is used again */
};

static struct floor kept;

static int open_flash(void **state)
{
	(void)state; /* one region for all */
	return flash_host_open();
}

static int close_flash(void **state)
{
	(void)state; /* as above */
	flash_host_close();
	return 0;
}

static void never_goes_down(void **state)
{
	(void)state; /* as above */
	floor_open(&kept, 0);
	assert_int_equal(kept.time_s, 0);
	assert_int_equal(floor_raise(&kept, 1000), HUFU_OK);
	uint32_t next = kept.next;
	assert_int_equal(floor_raise(&kept, 999), HUFU_OK);
	assert_int_equal(floor_raise(&kept, 1000), HUFU_OK);
	assert_int_equal(kept.next, next);
	floor_open(&kept, 0);
	assert_int_equal(kept.time_s, 1000);
}

static void goes_on_through_both_sectors(void **state)
{
	(void)state; /* as above */
	for (int n = 1; n <= RAISES; n++) {
		floor_open(&kept, 0);
		assert_int_equal(kept.time_s, n - 1);
		assert_int_equal(floor_raise(&kept, n), HUFU_OK);
	}
	floor_open(&kept, 0);
	assert_int_equal(kept.time_s, RAISES);
}

/* One run over all records, with a cut at the nth write of it. */
static void cut_at(unsigned n, unsigned share)
{
	int64_t time_s = 0;
	floor_open(&kept, 0);
	(void)flash_host_power(n, share);
	while (floor_raise(&kept, time_s + 1) == HUFU_OK)
		time_s++;
	(void)flash_host_power(0, 0);
	floor_open(&kept, 0);
	assert_in_range(kept.time_s, (uintmax_t)time_s, (uintmax_t)time_s + 1);
	/* and it can go on from there */
	assert_int_equal(floor_raise(&kept, time_s + 2), HUFU_OK);
	floor_open(&kept, 0);
	assert_int_equal(kept.time_s, time_s + 2);
}

static void holds_old_or_new_after_a_cut_anywhere(void **state)
{
	(void)state; /* as above */
	static const unsigned shares[] = {0, 100, 255};
	for (unsigned n = 1; n < 2 * RECORDS + 8; n++) {
		flash_host_close();
		assert_int_equal(flash_host_open(), HUFU_OK);
		cut_at(n, shares[n % 3]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                never_goes_down, open_flash, close_flash),
	        cmocka_unit_test_setup_teardown(
	                goes_on_through_both_sectors, open_flash, close_flash),
	        cmocka_unit_test_setup_teardown(
	                holds_old_or_new_after_a_cut_anywhere, open_flash,
	                close_flash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
