/* The status list of 60 million cards, coded in the terminal's flash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

enum { LOOKED_UP = 20000 };

static void assert_value(
        const struct terminal *t, uint32_t index, enum status_value want)
{
	enum status_value got = STATUS_VALID;
	assert_int_equal(status_list_find(&t->store.status[0], index, &got), 0);
	if (got != want)
		fail_msg("index %u: %d, not %d", index, got, want);
}

static void tells_every_card_of_a_province(void **state)
{
	(void)state; /* one region for all */
	uint8_t *file;
	size_t len;
	struct terminal *t = world_install();
	files_make_full(&world_files, FILES_SEQUENCE + 1, &file, &len);
	const char *got = drive_update("snapshot 0", span_of(file, len));
	free(file);
	assert_non_null(strstr(got, "OK done="));
	assert_value(t, 0, STATUS_VALID);

	world_files.entries = FILES_FULL_ENTRIES;
	struct span delta =
	        world_delta(0, FILES_SEQUENCE + 1, 0, STATUS_SUSPENDED);
	world_files.entries = WORLD_LIST_ENTRIES;
	got = drive_update("delta 0", delta);
	assert_non_null(strstr(got, "OK done="));

	t = drive_power_on();
	assert_int_equal(t->store.status_count, FILES_LISTS);
	assert_value(t, 0, STATUS_SUSPENDED);
	assert_value(t, 1, STATUS_INVALID);
	uint32_t step = FILES_FULL_ENTRIES / LOOKED_UP;
	for (uint32_t i = WORLD_LIST_ENTRIES; i < FILES_FULL_ENTRIES; i += step)
		assert_value(t, i, files_full_value(i));
	uint32_t last = FILES_FULL_ENTRIES - 1;
	assert_value(t, last, files_full_value(last));
	/* the other places are smaller, and nothing is longer than a place */
	assert_string_equal(drive_ask("BEGIN snapshot 1 100000"), "NO limit");
	assert_string_equal(drive_ask("BEGIN snapshot 0 1044480"), "NO limit");
	assert_string_equal(drive_ask("BEGIN trust 12289"), "NO limit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_every_card_of_a_province),
	};
	return cmocka_run_group_tests(tests, world_open, world_close);
}
