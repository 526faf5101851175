/* Updates over the service line: what is taken, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "merchant/terminal/port_host.h"
#include "world.h"

#define GOOD "accepted-sm2-61-18-bytes-sorted"

static void assert_hello(const char *fact)
{
	const char *got = drive_ask("HELLO");
	if (!strstr(got, fact))
		fail_msg("%s is not in: %s", fact, got);
}

static void assert_refused(const char *got, const char *why)
{
	char want[32];
	(void)snprintf(want, sizeof want, "NO %s", why);
	assert_string_equal(got, want);
}

static void assert_mark(struct span card, const char *mark, const char *text)
{
	const char *shown = drive_scan(card);
	if (strncmp(shown, mark, strlen(mark)) != 0 || !strstr(shown, text))
		fail_msg("not %s %s: %s", mark, text, shown);
}

static void knows_nothing_before_its_root(void **state)
{
	(void)state; /* one region for all */
	world_install_to(0);
	assert_hello("root=1 trust=0");
	assert_refused(drive_root(&world_files.root), "state");
	assert_refused(drive_ask("BEGIN snapshot 0 100"), "state");
	assert_refused(drive_ask("BEGIN delta 0 100"), "state");
	assert_mark(world_card(GOOD), "V check", "Load a trust list");
}

static void is_ready_with_root_trust_and_lists(void **state)
{
	(void)state; /* as above */
	world_install();
	assert_hello("root=1 trust=1 keys=3 lists=3");
	assert_mark(world_card(GOOD), "V ok\nD1 有效 Valid", "生*");
	(void)drive_power_on();
	assert_hello("root=1 trust=1 keys=3 lists=3");
	(void)drive_ask_number("TIME", (uint64_t)WORLD_NOW_S);
	assert_mark(world_card(GOOD), "V ok\nD1 有效 Valid", "B -\nE\n");
	assert_mark(world_card("judged-revoked-es256"), "V no",
	        hufu_verdict_name(HUFU_REVOKED));
}

static void refuses_a_foreign_signature(void **state)
{
	(void)state; /* as above */
	struct signing_key *stranger =
	        world_key("stranger root", COSE_CURVE_P256, KEY_ROOT);
	world_install();
	assert_refused(drive_update("trust", world_trust(9, 0, stranger)),
	        "signature");
	signing_key_free(stranger);
	assert_hello("trust=1 keys=3 lists=3");
	assert_mark(world_card(GOOD), "V ok", "");
}

/* One bit anywhere in the claims or the body. */
static void refuses_a_changed_list(void **state)
{
	(void)state; /* as above */
	static uint8_t file[FILES_MAX];
	world_install();
	struct span good = world_snapshot(0, FILES_SEQUENCE + 1);
	for (size_t at = 0; at < good.len; at += 7) {
		memcpy(file, good.data, good.len);
		file[at] ^= 0x10;
		const char *got =
		        drive_update("snapshot 0", span_of(file, good.len));
		if (strncmp(got, "NO ", 3) != 0)
			fail_msg("byte %zu: %s", at, got);
	}
	assert_hello("lists=3");
	assert_non_null(strstr(drive_ask("LIST 0"), "sequence=5"));
}

static void refuses_what_is_older_or_in_conflict(void **state)
{
	(void)state; /* as above */
	world_install();
	const char *got = drive_update("trust", world_trust(2, 0, NULL));
	assert_non_null(strstr(got, "OK done="));
	assert_refused(drive_update("trust", world_trust(1, 0, NULL)), "older");
	assert_refused(
	        drive_update("trust", world_trust(2, 5, NULL)), "conflict");
	assert_refused(drive_update("snapshot 0",
	                       world_snapshot(0, FILES_SEQUENCE - 1)),
	        "older");
	assert_refused(
	        drive_update("snapshot 3", world_snapshot(0, FILES_SEQUENCE)),
	        "conflict");
	assert_refused(drive_update("snapshot 1",
	                       world_snapshot(0, FILES_SEQUENCE + 1)),
	        "conflict");
	assert_hello("trust=2 keys=3 lists=3");
	/* and after a restart the same */
	(void)drive_power_on();
	assert_refused(drive_update("trust", world_trust(1, 0, NULL)), "older");
}

static void takes_the_same_list_again(void **state)
{
	(void)state; /* as above */
	world_install();
	const char *got =
	        drive_update("snapshot 0", world_snapshot(0, FILES_SEQUENCE));
	assert_non_null(strstr(got, "OK done="));
	assert_hello("lists=3");
}

static void refuses_a_truncated_file(void **state)
{
	(void)state; /* as above */
	world_install();
	struct span file = world_snapshot(0, FILES_SEQUENCE + 1);
	const char *got = drive_ask_number("BEGIN snapshot 0", file.len + 1);
	assert_string_equal(got, "OK next=0");
	assert_refused(drive_ask("COMMIT"), "malformed");
	for (size_t len = 1; len < file.len; len += 13) {
		got = drive_update("snapshot 0", span_of(file.data, len));
		if (strncmp(got, "NO ", 3) != 0)
			fail_msg("%zu bytes: %s", len, got);
	}
	assert_non_null(strstr(drive_ask("LIST 0"), "sequence=5"));
	assert_mark(world_card(GOOD), "V ok", "");
}

static void a_delta_changes_what_it_names(void **state)
{
	(void)state; /* as above */
	world_install();
	struct span card = world_card("accepted-es256-61-18-bytes-sorted");
	assert_mark(card, "V ok", "");
	const char *got = drive_update(
	        "delta 0", world_delta(0, FILES_SEQUENCE, 0, STATUS_SUSPENDED));
	assert_non_null(strstr(got, "OK done="));
	assert_non_null(strstr(drive_ask("LIST 0"), "sequence=6"));
	assert_mark(card, "V no", hufu_verdict_name(HUFU_SUSPENDED));
	assert_refused(
	        drive_update("delta 0",
	                world_delta(0, FILES_SEQUENCE + 3, 1, STATUS_VALID)),
	        "conflict");
	assert_refused(
	        drive_update("snapshot 0", world_snapshot(0, FILES_SEQUENCE)),
	        "older");
	(void)drive_power_on();
	(void)drive_ask_number("TIME", (uint64_t)WORLD_NOW_S);
	assert_non_null(strstr(drive_ask("LIST 0"), "sequence=6"));
	assert_mark(card, "V no", hufu_verdict_name(HUFU_SUSPENDED));
}

/* A list whose issuer the trust list no longer names says nothing. */
static void drops_a_list_whose_key_is_gone(void **state)
{
	(void)state; /* as above */
	world_install();
	const char *got = drive_update("trust", world_trust(2, 2, NULL));
	assert_non_null(strstr(got, "OK done="));
	assert_hello("trust=2 keys=1 lists=1");
	assert_non_null(strstr(drive_ask("LIST 1"), "believed=0"));
	assert_mark(world_card(GOOD), "V no",
	        hufu_verdict_name(HUFU_UNKNOWN_ISSUER));
	got = drive_update("trust", world_trust(3, 0, NULL));
	assert_non_null(strstr(got, "OK done="));
	assert_hello("trust=3 keys=3 lists=3");
	assert_mark(world_card(GOOD), "V ok", "");
}

/* The root in hand names the next; then only the next one signs. */
static void follows_a_new_root(void **state)
{
	(void)state; /* as above */
	struct trust_list *trust = &world_files.trust;
	struct signing_key *next =
	        world_key("next root", COSE_CURVE_SM2, KEY_ROOT);
	world_install();
	trust->has_next_root = true;
	trust->next_root = *signing_key_public(next);
	struct span file = world_trust(2, 0, NULL);
	trust->has_next_root = false;
	assert_non_null(strstr(drive_update("trust", file), "OK done="));
	file = world_trust(3, 0, next);
	assert_non_null(strstr(drive_update("trust", file), "OK done="));
	assert_refused(
	        drive_update("trust", world_trust(4, 0, NULL)), "signature");
	(void)drive_power_on();
	assert_hello("trust=3");
	file = world_trust(5, 0, next);
	assert_non_null(strstr(drive_update("trust", file), "OK done="));
	signing_key_free(next);
}

static void a_clock_set_back_revives_nothing(void **state)
{
	(void)state; /* as above */
	world_install();
	struct span card = world_card("judged-expired-long-es256");
	assert_mark(card, "V no", hufu_verdict_name(HUFU_EXPIRED));
	(void)drive_power_on();
	(void)drive_ask("TIME 1");
	assert_mark(card, "V no", hufu_verdict_name(HUFU_EXPIRED));
}

static void bears_garbage_on_the_line(void **state)
{
	(void)state; /* as above */
	static const char *const bad[] = {"", "X", "BEGIN", "BEGIN trust",
	        "BEGIN trust 0 1 2", "BEGIN trust 99999999999",
	        "BEGIN snapshot 4 9", "BEGIN snapshot -1 9", "DATA",
	        "DATA 0 ====", "DATA 1 AAAA", "COMMIT", "TIME", "TIME -1",
	        "TIME x", "LIST 9", "ROOT AAAA", "HANG"};
	world_install();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(strncmp(drive_ask(bad[i]), "NO ", 3), 0);
	assert_true(port_host_send(PORT_SERVICE, "HELLO 00000000\n", 15));
	drive_run();
	assert_int_equal(
	        port_host_take(PORT_SERVICE).len, sizeof "NO line 12345678");
	assert_hello("trust=1 keys=3 lists=3");
}

static void sends_again_what_was_there_is_no_harm(void **state)
{
	(void)state; /* as above */
	world_install();
	assert_string_equal(drive_ask("BEGIN snapshot 0 6"), "OK next=0");
	assert_string_equal(drive_ask("DATA 0 AAAA"), "OK next=3");
	assert_string_equal(drive_ask("DATA 0 AAAA"), "OK next=3");
	assert_refused(drive_ask("DATA 4 AAAA"), "argument");
	assert_refused(drive_ask("DATA 3 AAAAAAAA"), "argument");
	assert_string_equal(drive_ask("DATA 0 AAAAAAAA"), "OK next=6");
	assert_int_equal(strncmp(drive_ask("COMMIT"), "NO ", 3), 0);
	assert_hello("lists=3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(knows_nothing_before_its_root),
	        cmocka_unit_test(is_ready_with_root_trust_and_lists),
	        cmocka_unit_test(refuses_a_foreign_signature),
	        cmocka_unit_test(refuses_a_changed_list),
	        cmocka_unit_test(refuses_what_is_older_or_in_conflict),
	        cmocka_unit_test(takes_the_same_list_again),
	        cmocka_unit_test(refuses_a_truncated_file),
	        cmocka_unit_test(a_delta_changes_what_it_names),
	        cmocka_unit_test(drops_a_list_whose_key_is_gone),
	        cmocka_unit_test(follows_a_new_root),
	        cmocka_unit_test(a_clock_set_back_revives_nothing),
	        cmocka_unit_test(bears_garbage_on_the_line),
	        cmocka_unit_test(sends_again_what_was_there_is_no_harm),
	};
	return cmocka_run_group_tests(tests, world_open, world_close);
}
