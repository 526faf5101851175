/* A power cut at every write of an update: the old list or the new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

static uint8_t *before;

struct update_case {
	const char *what;
	struct span file;
	const char *ask; /* tells which one is in hand */
	const char *old;
	const char *new;
};

static void assert_works(const struct update_case *c, bool is_new)
{
	const char *got = drive_ask(c->ask);
	if (!strstr(got, is_new ? c->new : c->old))
		fail_msg("neither old nor new: %s", got);
	(void)drive_ask_number("TIME", (uint64_t)WORLD_NOW_S);
	got = drive_scan(world_card("accepted-es256-61-18-bytes-sorted"));
	assert_memory_equal(got, "V ok\n", 5);
}

/* False when the nth write came after the update's end. */
static bool cut_at(const struct update_case *c, unsigned n, unsigned share)
{
	flash_host_restore(before);
	(void)flash_host_power(0, 0);
	(void)drive_power_on();
	(void)flash_host_power(n, share);
	const char *got = drive_update(c->what, c->file);
	bool done = strncmp(got, "OK done=", 8) == 0;
	if (!done)
		assert_string_equal(got, "NO flash");
	bool cut = flash_host_power(0, 0) >= n;
	assert_true(done || cut);

	(void)drive_power_on();
	bool is_new = strstr(drive_ask(c->ask), c->new) != NULL;
	assert_true(is_new || !done);
	assert_works(c, is_new);
	return cut;
}

/* Every write in turn; then the update can still be made. */
static unsigned cut_everywhere(const struct update_case *c)
{
	static const unsigned shares[] = {0, 100, 255};
	unsigned n = 1;
	before = test_malloc(FLASH_SIZE);
	flash_host_save(before);
	while (cut_at(c, n, shares[n % 3]))
		n++;
	/* the last of them went through */
	assert_works(c, true);
	/* torn by a cut in the middle, and then done again */
	(void)cut_at(c, n / 2, 100);
	assert_non_null(strstr(drive_update(c->what, c->file), "OK done="));
	assert_works(c, true);
	test_free(before);
	return n - 1;
}

static void keeps_old_or_new_trust_list(void **state)
{
	(void)state; /* one region for all */
	world_install();
	/* the first issuer's table is copied, the others' are made */
	assert_non_null(strstr(
	        drive_update("trust", world_trust(2, 2, NULL)), "OK done="));
	struct update_case c = {"trust", world_trust(3, 4, NULL), "HELLO",
	        "trust=2 keys=1 lists=1", "trust=3 keys=2 lists=2"};
	unsigned writes = cut_everywhere(&c);
	print_message("trust list: cut at each of %u writes\n", writes);
	assert_true(writes > 2 * EC_TABLE_SMALL_LEN / FLASH_PAGE);
}

static void keeps_old_or_new_status_list(void **state)
{
	(void)state; /* as above */
	world_install();
	struct update_case c = {"snapshot 0",
	        world_snapshot(0, FILES_SEQUENCE + 1), "LIST 0", "sequence=5",
	        "sequence=6"};
	unsigned writes = cut_everywhere(&c);
	print_message("status list: cut at each of %u writes\n", writes);
	assert_true(writes > 5);
}

static void keeps_old_or_new_list_in_a_delta(void **state)
{
	(void)state; /* as above */
	world_install();
	struct update_case c = {"delta 0",
	        world_delta(0, FILES_SEQUENCE, 4000, STATUS_SUSPENDED),
	        "LIST 0", "sequence=5", "sequence=6"};
	unsigned writes = cut_everywhere(&c);
	print_message("delta: cut at each of %u writes\n", writes);
	assert_true(writes > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keeps_old_or_new_trust_list),
	        cmocka_unit_test(keeps_old_or_new_status_list),
	        cmocka_unit_test(keeps_old_or_new_list_in_a_delta),
	};
	return cmocka_run_group_tests(tests, world_open, world_close);
}
