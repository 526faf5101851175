/* The compact form beside the Token Status List, day after day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/clock.h"
#include "host/base/file.h"
#include "tests/unit/issue/publishing.h"

enum { DAY_S = 86400, ONLINE_MS = 2000 };

static struct office *const o = &publishing.office;

static void path_of(const char *name, char ret[192])
{
	(void)snprintf(
	        ret, 192, "%s/%d/%s", publishing.lists, OFFICE_LIST, name);
}

/* Onto an expanded snapshot; the deltas must fit in the order given. */
static void apply(struct seen *s, const char *name)
{
	struct seen delta;

	seen_compact(&delta, name);
	assert_int_equal(
	        compact_list_apply(&delta.compact, s->map, &s->list), 0);
	/* its texts lie in the delta's file */
	s->list.iss = span_of_text(HALL_ISS);
	seen_done(&delta);
}

static void delta_name(uint64_t base, char ret[64])
{
	(void)snprintf(ret, 64, "delta/%" PRIu64 ".cbor", base);
}

static void same_as_the_token_list(const struct seen *s)
{
	struct seen token;

	seen_list(&token);
	assert_int_equal(s->list.sequence, token.list.sequence);
	assert_int_equal(s->list.issued_s, token.list.issued_s);
	assert_int_equal(s->list.expires_s, token.list.expires_s);
	assert_memory_equal(s->map, token.map, sizeof(s->map));
	seen_done(&token);
}

/* What one who comes by now gets. */
static void check_published(void)
{
	struct seen s;

	seen_compact(&s, "snapshot.cbor");
	apply(&s, "today.cbor");
	same_as_the_token_list(&s);
	seen_done(&s);
}

static uint64_t snapshot_sequence(void)
{
	struct seen s;

	seen_compact(&s, "snapshot.cbor");
	uint64_t sequence = s.compact.sequence;
	seen_done(&s);
	return sequence;
}

static void next_day(void)
{
	uint64_t before = snapshot_sequence();
	struct status_published last = {0};

	o->now_s = clock_start_of(clock_date_of(o->now_s + DAY_S)) + 60;
	/* the snapshot is not the last of its edition's files */
	for (int i = 0; i < 500 && last.at_s != o->now_s; i++) {
		status_publish_wake(publishing.publish);
		(void)usleep(10000);
		assert_int_equal(
		        status_publish_last(publishing.publish, &last), 0);
	}
	assert_true(snapshot_sequence() > before);
}

static int64_t new_card(int n)
{
	office_add_person(o, n, 0);
	(void)office_queue(o, n, APPLICATION_FIRST);
	return office_make(o, 0, n);
}

static void act(int64_t card, enum card_event event)
{
	int rc = office_card_act(o, card, event, o->desk, NULL);

	if (rc != 0)
		fail_msg("act: %d %s", rc, o->problem.en);
	publishing_wait();
}

static void both_forms_say_the_same(void **state)
{
	struct seen s;

	(void)state;
	check_published();
	int64_t card = new_card(1);
	publishing_wait();
	check_published();
	act(card, CARD_HAND_OVER);
	check_published();
	act(card, CARD_LOSE_FORMAL);
	check_published();
	seen_compact(&s, "today.cbor");
	assert_int_equal(s.compact.parts[COMPACT_INVALID].count, 1);
	assert_int_equal(s.compact.parts[COMPACT_SUSPENDED].count, 0);
	seen_done(&s);
}

/* Suspended, valid, and suspended again: once in the delta, as it is now. */
static void delta_names_what_changed_back(void **state)
{
	struct seen s;

	(void)state;
	int64_t card = new_card(1);
	publishing_wait();
	next_day();
	act(card, CARD_HAND_OVER);
	act(card, CARD_LOSE_TEMPORARY);
	seen_compact(&s, "today.cbor");
	assert_int_equal(s.compact.parts[COMPACT_SUSPENDED].count, 1);
	assert_int_equal(s.compact.parts[COMPACT_CLEARED].count, 0);
	seen_done(&s);
	act(card, CARD_FIND);
	seen_compact(&s, "today.cbor");
	assert_int_equal(s.compact.parts[COMPACT_SUSPENDED].count, 0);
	assert_int_equal(s.compact.parts[COMPACT_CLEARED].count, 1);
	seen_done(&s);
	check_published();
}

static void a_day_closes_a_delta(void **state)
{
	struct seen old;
	char name[64];

	(void)state;
	seen_compact(&old, "snapshot.cbor");
	int64_t card = new_card(1);
	publishing_wait();
	next_day();
	check_published();
	act(card, CARD_HAND_OVER);
	next_day();
	act(card, CARD_LOSE_FORMAL);
	/* who was away for two days walks along the closed deltas */
	while (old.list.sequence != snapshot_sequence()) {
		delta_name(old.list.sequence, name);
		apply(&old, name);
	}
	apply(&old, "today.cbor");
	same_as_the_token_list(&old);
	seen_done(&old);
	check_published();
}

/* In a rush of changes a day has several snapshots; the chain holds. */
static void a_long_delta_is_closed_early(void **state)
{
	struct seen old, s;
	char name[64];

	(void)state;
	publishing.delta_max = 2;
	publishing_close();
	publishing_open();
	seen_compact(&old, "snapshot.cbor");
	for (int n = 1; n <= 8; n++) {
		(void)new_card(n);
		publishing_wait();
		check_published();
		seen_compact(&s, "today.cbor");
		assert_in_range(s.compact.parts[COMPACT_SUSPENDED].count, 0, 2);
		seen_done(&s);
	}
	int steps = 0;
	for (; old.list.sequence != snapshot_sequence(); steps++) {
		delta_name(old.list.sequence, name);
		apply(&old, name);
	}
	assert_true(steps >= 2);
	apply(&old, "today.cbor");
	same_as_the_token_list(&old);
	seen_done(&old);
}

static void a_start_continues_its_own_snapshot(void **state)
{
	(void)state;
	uint64_t before = snapshot_sequence();
	int64_t card = new_card(1);
	publishing_wait();
	publishing_close();
	publishing_open();
	act(card, CARD_HAND_OVER);
	assert_int_equal(snapshot_sequence(), before);
	check_published();
}

static void reopened_after(const char *sql, const char *file, bool damage)
{
	uint64_t before = snapshot_sequence();
	uint8_t *bytes = NULL;
	char path[192];
	size_t len = 0;

	publishing_close();
	if (sql)
		assert_int_equal(office_sql(o, sql, NULL, 0), 0);
	if (file) {
		path_of(file, path);
		assert_int_equal(
		        file_read(path, PUBLISHING_FILE_MAX, &bytes, &len), 0);
		bytes[len - 1] ^= damage;
		assert_int_equal(unlink(path), 0);
		if (damage)
			assert_int_equal(
			        file_write(path, span_of(bytes, len), 0644), 0);
		free(bytes);
	}
	publishing_open();
	assert_true(snapshot_sequence() > before);
	check_published();
}

static void a_foreign_folder_gets_a_new_snapshot(void **state)
{
	(void)state;
	(void)new_card(1);
	publishing_wait();
	reopened_after(NULL, "snapshot.cbor", false);
	reopened_after(NULL, "snapshot.cbor", true);
	reopened_after(NULL, "today.cbor", false);
	/* the database forgets: a backup put back, a crash before its commit */
	o->now_s += 60; /* seconds number the editions after a restore */
	reopened_after(
	        "UPDATE status_list SET sequence = sequence - 9", NULL, false);
	reopened_after("UPDATE status_list SET snapshot_hash = zeroblob(32)",
	        NULL, false);
	publishing.alg = SIGCHECK_SM2;
	publishing_close();
	publishing_open();
	check_published();
}

/* Our own snapshot in hand, but the signer has since signed another one. */
static void a_snapshot_that_was_never_written_is_made_again(void **state)
{
	uint8_t *files[2] = {NULL, NULL};
	size_t len[2];
	char path[2][192];
	static const char *const names[] = {"snapshot.cbor", "today.cbor"};
	char sql[200];

	(void)state;
	int64_t kept =
	        office_number(o, "SELECT snapshot_sequence FROM status_list");
	int64_t at = office_number(o, "SELECT snapshot_at FROM status_list");
	for (int i = 0; i < 2; i++) {
		path_of(names[i], path[i]);
		assert_int_equal(file_read(path[i], PUBLISHING_FILE_MAX,
		                         &files[i], &len[i]),
		        0);
	}
	next_day();
	publishing_close();
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		        file_write(path[i], span_of(files[i], len[i]), 0644),
		        0);
		free(files[i]);
	}
	(void)snprintf(sql, sizeof(sql),
	        "UPDATE status_list SET snapshot_sequence = %" PRId64
	        ", snapshot_version = 0, snapshot_at = %" PRId64,
	        kept, at);
	assert_int_equal(office_sql(o, sql, NULL, 0), 0);
	o->now_s += 60;
	publishing_open();
	check_published();
}

/* A disk that is full for an hour must not fill the log, too. */
static void futile_tries_become_rare(void **state)
{
	char path[192];

	(void)state;
	path_of("today.cbor", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0); /* no file can take its place */
	int64_t before = office_number(o, "SELECT count(*) FROM log_entry");
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	int64_t own =
	        office_number(o, "SELECT count(*) FROM log_entry") - before;
	assert_true(status_publish_wait(publishing.publish, PUBLISHING_LIMIT_MS,
	                    &o->problem) < 0);
	assert_true(o->problem.zh[0]);
	(void)usleep(4500000); /* tries after 0, 2 and 6 s */
	int64_t tries = office_number(o, "SELECT count(*) FROM log_entry") -
	                before - own;
	assert_in_range(tries, 1, 4);
	assert_int_equal(rmdir(path), 0);
	publishing_close();
	publishing_open();
	publishing_wait();
	check_published();
}

static int64_t out_after_ms(
        int64_t card, enum card_event event, enum status_value want)
{
	int64_t from = clock_steady_ms();

	assert_int_equal(office_card_act(o, card, event, o->desk, NULL), 0);
	while (published_value(card) != want &&
	        clock_steady_ms() - from < PUBLISHING_LIMIT_MS)
		(void)usleep(10000);
	int64_t took = clock_steady_ms() - from;
	check_published();
	return took;
}

/* At the default rhythm, with nobody waiting. The machine may be busy with
 * other things: three tries. */
static void a_change_is_online_within_two_seconds(void **state)
{
	int64_t took = ONLINE_MS;

	(void)state;
	int64_t card = new_card(1);
	publishing_close();
	publishing.gather_ms = 1000;
	publishing_open();
	(void)out_after_ms(card, CARD_HAND_OVER, STATUS_VALID);
	for (int i = 0; i < 3 && took >= ONLINE_MS; i++) {
		took = out_after_ms(
		        card, CARD_LOSE_TEMPORARY, STATUS_SUSPENDED);
		if (took >= ONLINE_MS)
			took = out_after_ms(card, CARD_FIND, STATUS_VALID);
	}
	assert_true(took < ONLINE_MS);
}

int main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(                                       \
	        f, publishing_set_up, publishing_tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(both_forms_say_the_same),
	        TEST(delta_names_what_changed_back),
	        TEST(a_day_closes_a_delta),
	        TEST(a_long_delta_is_closed_early),
	        TEST(a_start_continues_its_own_snapshot),
	        TEST(a_foreign_folder_gets_a_new_snapshot),
	        TEST(a_snapshot_that_was_never_written_is_made_again),
	        TEST(futile_tries_become_rare),
	        TEST(a_change_is_online_within_two_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
