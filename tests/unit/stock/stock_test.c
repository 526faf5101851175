/* Blanks: every change, two signatures, the balance that the schema keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/issue/office.h"

static struct office office;
static struct office *const o = &office;
static struct stock_by by;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	by = (struct stock_by){o->store, o->keeper, o->witness, 0, o->now_s};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static int receive(int64_t station, uint32_t count)
{
	const struct stock_batch batch = {
	        OFFICE_COUNTY, "2026-08/1", station, count};
	int64_t id = 0;

	return stock_receive(&by, &batch, &id, &o->problem);
}

static int move(int64_t from, int64_t to, uint32_t count)
{
	const struct stock_move m = {OFFICE_COUNTY, from, to, count};

	return stock_move(&by, &m, &o->problem);
}

static uint32_t booked(void)
{
	return (uint32_t)office_balance(o).count[STOCK_IN_STOCK];
}

static void propose(const char *act)
{
	by.proposal = office_propose(o, act, OFFICE_COUNTY, o->keeper);
}

/* Of what was proposed. */
static int do_count(uint32_t found, uint32_t *ret_missing)
{
	const struct stock_place_count n = {
	        OFFICE_COUNTY, o->station[0], found, booked()};

	return stock_count(&by, &n, ret_missing, &o->problem);
}

static int count_stock(uint32_t found, uint32_t *ret_missing)
{
	propose(STOCK_ACT_COUNT);
	return do_count(found, ret_missing);
}

static int destroy(uint32_t count)
{
	return stock_destroy(&by, OFFICE_COUNTY, count, &o->problem);
}

static int spoil(uint32_t count)
{
	const struct stock_place_count n = {
	        OFFICE_COUNTY, o->station[0], count, 0};

	return stock_spoil(&by, &n, &o->problem);
}

static int look(struct store_tx *tx, void *arg)
{
	return stock_read_station(tx, o->station[0], arg);
}

static int64_t at_station(void)
{
	struct stock_balance b;

	assert_int_equal(store_read(o->store, look, &b), 0);
	return b.count[STOCK_IN_STOCK];
}

static void expect_entry(enum log_type type, uint64_t count)
{
	struct log_entry e = office_log_entry(o, 0);

	assert_int_equal(e.type, type);
	assert_int_equal(e.count, count);
	assert_string_equal(e.area, OFFICE_COUNTY);
	assert_true(e.present & LOG_HAS(LOG_ACTOR));
}

static void every_change_is_booked_and_logged(void **state)
{
	uint32_t missing = 0;

	(void)state;
	assert_int_equal(receive(0, 300), 0);
	expect_entry(LOG_BLANK_RECEIVED, 300);
	assert_int_equal(at_station(), 0);
	assert_int_equal(move(0, o->station[0], 100), 0);
	expect_entry(LOG_BLANK_MOVED, 100);
	assert_int_equal(at_station(), 100);
	assert_int_equal(spoil(3), 0);
	expect_entry(LOG_SPOILED, 3);
	assert_string_equal(office_log_entry(o, 0).ground, "stock");
	assert_int_equal(count_stock(297, &missing), 0);
	assert_int_equal(missing, 0);
	expect_entry(LOG_BLANK_COUNTED, 297);
	assert_int_equal(count_stock(290, &missing), 0);
	assert_int_equal(missing, 7);
	assert_int_equal(office_log_entry(o, 1).type, LOG_BLANK_MISSING);
	assert_int_equal(office_log_entry(o, 1).count, 7);
	expect_entry(LOG_BLANK_COUNTED, 290);
	assert_int_equal(at_station(), 90);
	propose(STOCK_ACT_DESTROY);
	assert_int_equal(destroy(2), 0);
	expect_entry(LOG_BLANK_DESTROYED, 2);
	struct stock_balance b = office_balance(o);
	assert_int_equal(b.received, 300);
	assert_int_equal(b.count[STOCK_IN_STOCK], 290);
	assert_int_equal(b.count[STOCK_SPOILED], 3);
	assert_int_equal(b.count[STOCK_MISSING], 7);
	assert_int_equal(b.destroyed, 2);
	assert_int_equal(b.difference, 0);
}

static void expect_refused(
        int code, int got, const char *type, const uint8_t before[SHA256_LEN])
{
	uint8_t after[SHA256_LEN];

	assert_int_equal(got, code);
	assert_string_equal(o->problem.type, type);
	assert_true(o->problem.zh[0] && o->problem.en[0]);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static void what_is_not_there_cannot_be_taken(void **state)
{
	uint8_t before[SHA256_LEN];
	uint32_t missing = 9;

	(void)state;
	assert_int_equal(receive(o->station[0], 10), 0);
	propose(STOCK_ACT_DESTROY);
	int64_t destruction = by.proposal;
	propose(STOCK_ACT_COUNT);
	office_digest(o, before);
	expect_refused(HUFU_ERR_CONFLICT, move(o->station[0], 0, 11),
	        "stock-too-few", before);
	expect_refused(HUFU_ERR_CONFLICT, move(0, o->station[0], 1),
	        "stock-too-few", before);
	expect_refused(HUFU_ERR_CONFLICT, spoil(11), "stock-too-few", before);
	expect_refused(HUFU_ERR_CONFLICT, do_count(11, &missing),
	        "stock-too-many", before);
	by.proposal = destruction;
	expect_refused(
	        HUFU_ERR_CONFLICT, destroy(1), "spoiled-too-few", before);
	expect_refused(
	        HUFU_ERR_NOT_FOUND, move(0, 99, 1), "no-station", before);
	expect_refused(HUFU_ERR_ARGUMENT, receive(0, 0), "stock-count", before);
	expect_refused(
	        HUFU_ERR_ARGUMENT, receive(0, 20001), "stock-count", before);
	assert_int_equal(missing, 9);
}

static void count_of_nothing_is_logged_as_such(void **state)
{
	uint32_t missing = 0;

	(void)state;
	assert_int_equal(receive(o->station[0], 4), 0);
	assert_int_equal(count_stock(0, &missing), 0);
	assert_int_equal(missing, 4);
	assert_true(office_log_entry(o, 0).present & LOG_HAS(LOG_COUNT));
	expect_entry(LOG_BLANK_COUNTED, 0);
}

static void two_people_sign(void **state)
{
	uint8_t before[SHA256_LEN];
	uint32_t missing;

	(void)state;
	assert_int_equal(receive(o->station[0], 10), 0);
	assert_int_equal(spoil(1), 0);
	propose(STOCK_ACT_COUNT);
	int64_t proposed = by.proposal;
	office_digest(o, before);
	for (int i = 0; i < 3; i++) {
		by.witness = i == 0 ? 0 : i == 1 ? o->keeper : 9999;
		expect_refused(HUFU_ERR_DENIED, do_count(9, &missing),
		        i == 1 ? "two-people" : "role-missing", before);
	}
	by.witness = o->witness;
	expect_refused(HUFU_ERR_DENIED, destroy(1), "two-people", before);
	by.proposal = 0;
	expect_refused(
	        HUFU_ERR_DENIED, do_count(9, &missing), "two-people", before);
	by.proposal = proposed;
	by.at_s += WITNESS_OPEN_S;
	expect_refused(
	        HUFU_ERR_DENIED, do_count(9, &missing), "two-people", before);
	by.at_s = o->now_s;
	assert_int_equal(do_count(9, &missing), 0);
	office_digest(o, before);
	expect_refused(
	        HUFU_ERR_DENIED, do_count(9, &missing), "two-people", before);
}

static void what_moved_since_is_counted_again(void **state)
{
	uint8_t before[SHA256_LEN];
	uint32_t missing;

	(void)state;
	assert_int_equal(receive(o->station[0], 10), 0);
	const struct stock_place_count n = {
	        OFFICE_COUNTY, o->station[0], 10, 10};
	struct witness_proposal p = {.act = STOCK_ACT_COUNT, .body = "{}"};
	assert_int_equal(stock_propose(&by, &n, &p, &o->problem), 0);
	by.proposal = p.id;
	assert_int_equal(spoil(1), 0);
	office_digest(o, before);
	expect_refused(HUFU_ERR_CONFLICT,
	        stock_count(&by, &n, &missing, &o->problem), "stock-moved",
	        before);
	expect_refused(HUFU_ERR_CONFLICT,
	        stock_propose(&by, &n, &p, &o->problem), "stock-moved", before);
}

static struct stock_closed closed;

static int read_closed(struct store_tx *tx, void *arg)
{
	(void)arg;
	return stock_read_closed(tx, OFFICE_COUNTY, &closed);
}

static int close_day(void)
{
	return stock_close_day(&by, OFFICE_COUNTY, &o->problem);
}

static void a_day_closes_when_its_count_still_holds(void **state)
{
	uint8_t before[SHA256_LEN];
	uint32_t missing;

	(void)state;
	assert_int_equal(receive(o->station[0], 10), 0);
	office_digest(o, before);
	expect_refused(
	        HUFU_ERR_CONFLICT, close_day(), "day-not-counted", before);
	assert_int_equal(count_stock(9, &missing), 0);
	assert_int_equal(spoil(1), 0);
	office_digest(o, before);
	expect_refused(HUFU_ERR_CONFLICT, close_day(), "day-moved", before);
	assert_int_equal(count_stock(8, &missing), 0);
	by.staff = o->maker[0];
	assert_int_equal(close_day(), HUFU_ERR_DENIED);
	by.staff = o->keeper;
	assert_int_equal(close_day(), 0);
	expect_entry(LOG_BLANK_COUNTED, 8);
	assert_string_equal(office_log_entry(o, 0).ground, "day-close");
	assert_int_equal(store_read(o->store, read_closed, NULL), 0);
	assert_int_equal(strlen(closed.day), 10);
	assert_false(closed.open);
	office_digest(o, before);
	expect_refused(HUFU_ERR_CONFLICT, close_day(), "day-closed", before);
	assert_int_equal(spoil(1), 0);
	assert_int_equal(store_read(o->store, read_closed, NULL), 0);
	assert_true(closed.open);
	by.at_s += 86400;
	office_digest(o, before);
	expect_refused(
	        HUFU_ERR_CONFLICT, close_day(), "day-not-counted", before);
}

static void only_the_stock_keeper_of_the_area_may(void **state)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	struct stock_batch other = {"320107", "x", 0, 1};
	int64_t id = 0;

	(void)state;
	office_digest(o, before);
	by.staff = o->maker[0];
	assert_int_equal(receive(0, 1), HUFU_ERR_DENIED);
	by.staff = o->keeper;
	assert_int_equal(
	        stock_receive(&by, &other, &id, &o->problem), HUFU_ERR_DENIED);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

/* ---- the schema by itself ---- */

static void schema_keeps_the_balance(void **state)
{
	static const char *const bad[][2] = {
	        {"DELETE FROM blank", "blank-kept"},
	        {"DELETE FROM blank_batch", "batch-kept"},
	        {"UPDATE blank_batch SET count = 9", "batch-kept"},
	        {"INSERT INTO blank (batch, number, area, since)"
	         " VALUES (1, 11, '320106', 0)",
	                "blank-not-received"},
	        {"INSERT INTO blank (batch, number, area, since)"
	         " VALUES (1, 1, '320106', 0)",
	                "UNIQUE constraint failed: blank.batch, blank.number"},
	        {"INSERT INTO blank (batch, number, area, since, state)"
	         " VALUES (1, 1, '320106', 0, 3)",
	                "blank-not-received"},
	        {"INSERT INTO blank (batch, number, area, since)"
	         " VALUES (1, 1, '320107', 0)",
	                "blank-not-received"},
	        {"UPDATE blank SET state = 3", "blank-state"},
	        {"UPDATE blank SET area = '320107'", "blank-fixed"},
	        {"UPDATE blank SET number = 12 WHERE id = 1", "blank-fixed"},
	        {"UPDATE blank SET destroyed_at = 1",
	                "CHECK constraint failed: destroyed_at IS NULL OR"
	                " state = 4"},
	};
	static const char *const final[] = {
	        "UPDATE blank SET state = 4 WHERE id = 1;"
	        "UPDATE blank SET state = 1 WHERE id = 1",
	        "UPDATE blank SET state = 5 WHERE id = 2;"
	        "UPDATE blank SET state = 1 WHERE id = 2",
	        "UPDATE blank SET state = 2 WHERE id = 3;"
	        "UPDATE blank SET state = 3 WHERE id = 3;"
	        "UPDATE blank SET state = 4 WHERE id = 3",
	};
	char message[160];

	(void)state;
	assert_int_equal(receive(0, 10), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
		        office_sql(o, bad[i][0], message, sizeof(message)), 19);
		assert_string_equal(message, bad[i][1]);
	}
	for (size_t i = 0; i < sizeof(final) / sizeof(*final); i++) {
		char sql[256];
		(void)snprintf(sql, sizeof(sql), "BEGIN; %s; COMMIT", final[i]);
		assert_int_equal(
		        office_sql(o, sql, message, sizeof(message)), 19);
		assert_string_equal(message, "blank-state");
	}
	assert_int_equal(office_balance(o).difference, 0);
}

static void serial_belongs_to_one_blank_for_good(void **state)
{
	char message[160];

	(void)state;
	assert_int_equal(receive(o->station[0], 2), 0);
	assert_int_equal(office_sql(o,
	                         "UPDATE blank SET serial ="
	                         " x'00112233445566778899' WHERE id = 1",
	                         NULL, 0),
	        0);
	assert_int_equal(office_sql(o,
	                         "UPDATE blank SET serial ="
	                         " x'00112233445566778899' WHERE id = 2",
	                         message, sizeof(message)),
	        19);
	assert_int_equal(
	        office_sql(o, "UPDATE blank SET serial = NULL WHERE id = 1",
	                message, sizeof(message)),
	        19);
	assert_string_equal(message, "blank-fixed");
}

/* ---- after a restore ---- */

static int replay(struct store_tx *tx, void *arg)
{
	return stock_replay(tx, arg, o->now_s);
}

static int replay_entry(enum log_type type, uint64_t count)
{
	struct log_entry e = {.type = type,
	        .present = LOG_HAS(LOG_AREA),
	        .area = OFFICE_COUNTY,
	        .count = count};

	if (count > 0)
		e.present |= LOG_HAS(LOG_COUNT);
	return store_write(o->store, replay, &e);
}

static void log_brings_the_stock_up_to_date(void **state)
{
	(void)state;
	assert_int_equal(replay_entry(LOG_BLANK_RECEIVED, 20), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(replay_entry(LOG_RESERVED, 0), 0);
	assert_int_equal(replay_entry(LOG_ISSUED, 0), 0);
	assert_int_equal(replay_entry(LOG_SPOILED, 0), 0);
	assert_int_equal(replay_entry(LOG_RELEASED, 0), 0);
	assert_int_equal(replay_entry(LOG_SPOILED, 2), 0);
	assert_int_equal(replay_entry(LOG_BLANK_MISSING, 5), 0);
	assert_int_equal(replay_entry(LOG_BLANK_DESTROYED, 3), 0);
	assert_int_equal(replay_entry(LOG_BLANK_MOVED, 3), 0);
	assert_int_equal(replay_entry(LOG_HANDED_OVER, 0), 0);
	assert_int_equal(
	        replay_entry(LOG_BLANK_DESTROYED, 1), HUFU_ERR_CONFLICT);
	assert_int_equal(
	        replay_entry(LOG_BLANK_MISSING, 11), HUFU_ERR_CONFLICT);
	struct stock_balance b = office_balance(o);
	assert_int_equal(b.received, 20);
	assert_int_equal(b.count[STOCK_IN_STOCK], 10);
	assert_int_equal(b.count[STOCK_RESERVED], 1);
	assert_int_equal(b.count[STOCK_ISSUED], 1);
	assert_int_equal(b.count[STOCK_SPOILED], 3);
	assert_int_equal(b.count[STOCK_MISSING], 5);
	assert_int_equal(b.destroyed, 3);
	assert_int_equal(b.difference, 0);
}

static int unchecked(void **state)
{
	(void)state;
	office_close(o);
	return 0;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(every_change_is_booked_and_logged),
	        TEST(what_is_not_there_cannot_be_taken),
	        TEST(count_of_nothing_is_logged_as_such),
	        TEST(two_people_sign),
	        TEST(what_moved_since_is_counted_again),
	        TEST(a_day_closes_when_its_count_still_holds),
	        TEST(only_the_stock_keeper_of_the_area_may),
	        TEST(schema_keeps_the_balance),
	        TEST(serial_belongs_to_one_blank_for_good),
	        /* what it books was logged by the store that is gone */
	        cmocka_unit_test_setup_teardown(
	                log_brings_the_stock_up_to_date, setup, unchecked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
