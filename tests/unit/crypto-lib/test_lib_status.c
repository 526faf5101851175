/* Status lists through libhufu: rollback, deltas, age, and whose they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/issuer/trust_build.h"
#include "tests/unit/crypto-lib/press.h"

static struct sample *s;
static struct hufu *h;
static struct sheet sheet, other;

static const struct compact_change revoked = {SAMPLE_INDEX, STATUS_INVALID};
static const struct compact_change suspended = {SAMPLE_INDEX, STATUS_SUSPENDED};
static const struct compact_change cleared = {SAMPLE_INDEX, STATUS_VALID};

static int set_up(void **state)
{
	(void)state;
	s = sample_new(SUITE_INTL);
	h = press_handle(s);
	return 0;
}

static int set_up_sm(void **state)
{
	(void)state;
	s = sample_new(SUITE_SM);
	h = press_handle(s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hufu_free(h);
	sample_free(s);
	return 0;
}

static void next_run(void)
{
	static uint8_t saved[HUFU_STATE_MAX];
	size_t len;
	assert_int_equal(
	        hufu_save_state(h, saved, sizeof saved, &len), HUFU_OK);
	hufu_free(h);
	assert_int_equal(hufu_new(&h), HUFU_OK);
	assert_int_equal(hufu_load_state(h, saved, len), HUFU_OK);
	press_pem(s->root, &other);
	assert_int_equal(hufu_set_root(h, other.bytes, other.len), HUFU_OK);
	assert_int_equal(
	        hufu_load_trust(h, s->trust.data, s->trust.len), HUFU_OK);
}

static void expect(enum hufu_verdict verdict, bool stale)
{
	struct hufu_result r = press_check(h, s, SAMPLE_NOW_S + 100);
	assert_int_equal(r.verdict, verdict);
	assert_int_equal(r.status_stale, stale);
}

static void refuses_a_rollback(void **state)
{
	(void)state;
	expect(HUFU_VALID, true); /* no list yet */
	press_status(s, 4, SAMPLE_NOW_S, &other);
	status_list_put(s->map, SAMPLE_INDEX, STATUS_INVALID);
	press_status(s, 5, SAMPLE_NOW_S + 10, &sheet);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	expect(HUFU_REVOKED, false);
	assert_int_equal(press_load_status(h, &other), HUFU_ERR_STALE);
	expect(HUFU_REVOKED, false);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);

	status_list_put(s->map, SAMPLE_INDEX, STATUS_VALID);
	next_run();
	expect(HUFU_VALID, true);
	press_status(s, 4, SAMPLE_NOW_S, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_ERR_STALE);
	expect(HUFU_VALID, true);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	expect(HUFU_REVOKED, false);
}

static void refuses_every_truncated_list(void **state)
{
	(void)state;
	press_status(s, 5, SAMPLE_NOW_S, &sheet);
	press_snapshot(s, 6, &other);
	for (size_t len = 0; len < sheet.len; len++)
		assert_true(hufu_load_status(h, sheet.bytes, len) < 0);
	for (size_t len = 0; len < other.len; len++)
		assert_true(hufu_load_status(h, other.bytes, len) < 0);
	for (size_t at = 0; at < other.len; at++) {
		other.bytes[at] ^= 1;
		assert_true(press_load_status(h, &other) < 0);
		other.bytes[at] ^= 1;
	}
	expect(HUFU_VALID, true);
	assert_int_equal(press_load_status(h, &other), HUFU_OK);
	expect(HUFU_VALID, false);
}

static void takes_snapshot_and_deltas(void **state)
{
	(void)state;
	press_delta(s, revoked, 5, 7, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_ERR_STATE);
	press_snapshot(s, 5, &sheet);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	expect(HUFU_VALID, false);
	press_delta(s, revoked, 6, 7, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_ERR_CONFLICT);
	expect(HUFU_VALID, false);
	press_delta(s, suspended, 5, 7, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_OK);
	expect(HUFU_SUSPENDED, false);
	press_delta(s, revoked, 5, 6, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_ERR_STALE);
	press_delta(s, cleared, 5, 8, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_OK);
	expect(HUFU_VALID, false);
	assert_int_equal(press_load_status(h, &sheet), HUFU_ERR_STALE);
}

/* After a start: the snapshot alone says less than was known. */
static void believes_a_snapshot_behind_its_floor_only_with_deltas(void **state)
{
	(void)state;
	press_snapshot(s, 5, &sheet);
	press_delta(s, revoked, 5, 7, &other);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	assert_int_equal(press_load_status(h, &other), HUFU_OK);
	expect(HUFU_REVOKED, false);

	next_run();
	assert_int_equal(press_load_status(h, &sheet), HUFU_LOAD_BEHIND);
	expect(HUFU_VALID, true);
	press_delta(s, cleared, 5, 6, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_LOAD_BEHIND);
	expect(HUFU_VALID, true);
	press_delta(s, revoked, 5, 7, &other);
	assert_int_equal(press_load_status(h, &other), HUFU_OK);
	expect(HUFU_REVOKED, false);
}

static void says_when_a_list_is_too_old(void **state)
{
	struct hufu_result r;
	(void)state;
	press_status(s, 5, SAMPLE_NOW_S, &sheet);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	hufu_set_status_limit(h, 3600);
	r = press_check(h, s, SAMPLE_NOW_S + 3600);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_false(r.status_stale);
	assert_int_equal(r.status_age_s, 3600);
	assert_true(press_check(h, s, SAMPLE_NOW_S + 3601).status_stale);
	hufu_set_status_limit(h, 0);
	assert_false(press_check(h, s, SAMPLE_NOW_S + 3601).status_stale);
	/* by its own end */
	assert_false(
	        press_check(h, s, SAMPLE_NOW_S + 7 * 86400 - 1).status_stale);
	assert_true(press_check(h, s, SAMPLE_NOW_S + 7 * 86400).status_stale);
}

static void a_lists_time_is_a_floor(void **state)
{
	(void)state;
	press_status(s, 5, SAMPLE_NOW_S + 900, &sheet);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S - 86400).checked_at_s,
	        SAMPLE_NOW_S + 900);
	next_run();
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S - 86400).checked_at_s,
	        SAMPLE_NOW_S + 900);
}

static void knows_no_list_of_another_key(void **state)
{
	struct signing_key *list = s->list;
	(void)state;
	s->list = s->card; /* in the trust list, but for cards */
	press_status(s, 5, SAMPLE_NOW_S, &sheet);
	press_snapshot(s, 5, &other);
	s->list = list;
	assert_int_equal(press_load_status(h, &sheet), HUFU_ERR_NOT_FOUND);
	assert_int_equal(press_load_status(h, &other), HUFU_ERR_NOT_FOUND);
	expect(HUFU_VALID, true);
}

static void drops_a_list_whose_key_is_gone(void **state)
{
	struct trust_list *t = calloc(1, sizeof *t);
	(void)state;
	assert_non_null(t);
	press_status(s, 5, SAMPLE_NOW_S, &sheet);
	assert_int_equal(press_load_status(h, &sheet), HUFU_OK);
	expect(HUFU_VALID, false);
	sample_fill_trust(s, t);
	t->sequence = 2;
	press_trust(t, s->root, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_OK);
	expect(HUFU_VALID, false); /* the same key in a newer list */
	t->sequence = 3;
	t->issuer_count = 1;
	press_trust(t, s->root, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_OK);
	expect(HUFU_VALID, true);
	assert_int_equal(press_load_status(h, &sheet), HUFU_ERR_NOT_FOUND);
	free(t);
}

#define BOTH(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down),              \
	        cmocka_unit_test_setup_teardown(test, set_up_sm, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        BOTH(refuses_a_rollback),
	        BOTH(refuses_every_truncated_list),
	        BOTH(takes_snapshot_and_deltas),
	        BOTH(believes_a_snapshot_behind_its_floor_only_with_deltas),
	        BOTH(says_when_a_list_is_too_old),
	        BOTH(a_lists_time_is_a_floor),
	        BOTH(knows_no_list_of_another_key),
	        BOTH(drops_a_list_whose_key_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
