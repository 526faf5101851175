/* A flipped bit in any row, tile, bundle or checkpoint is found and named. */
#include <dirent.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/base/file.h"
#include "tests/unit/log/office.h"

static struct office office;

/* 1, 5, 256 + 44 entries: full and partial tiles, and older partial ones. */
static int set_up(void **state)
{
	static const size_t steps[] = {1, 4, 251, 20, 24};

	(void)state;
	office_open(&office);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(office_append(&office, steps[i]), HUFU_OK);
		office_wait(&office);
	}
	office_close_log(&office);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	office_close(&office);
	return 0;
}

static void check_clean(void)
{
	assert_int_equal(office_verify(&office, NULL), 0);
}

/* Flips every `step`-th bit of a file, one at a time. */
static void flip_file(const char *name, enum log_place place, size_t step)
{
	struct log_fault fault;
	uint8_t *bytes = NULL;
	char path[320];
	size_t len = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", office.tiles, name);
	assert_int_equal(file_read(path, 1 << 20, &bytes, &len), HUFU_OK);
	for (size_t bit = 0; bit < 8 * len; bit += step) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(
		        file_write(path, span_of(bytes, len), 0644), HUFU_OK);
		if (!office_verify(&office, &fault))
			fail_msg("bit %zu of %s not found", bit, name);
		assert_int_equal(fault.place, place);
		if (place != LOG_PLACE_CHECKPOINT)
			assert_string_equal(fault.file, name);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(file_write(path, span_of(bytes, len), 0644), HUFU_OK);
	free(bytes);
}

static void finds_flips_in_every_file(void **state)
{
	(void)state;
	check_clean();
	flip_file("checkpoint", LOG_PLACE_CHECKPOINT, 7);
	flip_file("tile/0/000", LOG_PLACE_TILE, 499);
	flip_file("tile/0/001.p/44", LOG_PLACE_TILE, 97);
	flip_file("tile/0/001.p/20", LOG_PLACE_TILE, 97);
	flip_file("tile/1/000.p/1", LOG_PLACE_TILE, 3);
	flip_file("tile/entries/000", LOG_PLACE_BUNDLE, 173);
	flip_file("tile/entries/001.p/44", LOG_PLACE_BUNDLE, 31);
	flip_file("tile/entries/001.p/20", LOG_PLACE_BUNDLE, 31);
	check_clean();
}

static void lose_file(const char *name, enum log_place place)
{
	char path[320], aside[328];
	struct log_fault fault;

	(void)snprintf(path, sizeof(path), "%s/%s", office.tiles, name);
	(void)snprintf(aside, sizeof(aside), "%s.away", path);
	assert_int_equal(rename(path, aside), 0);
	assert_true(office_verify(&office, &fault) > 0);
	assert_int_equal(fault.place, place);
	assert_int_equal(fault.code, HUFU_ERR_NOT_FOUND);
	assert_int_equal(rename(aside, path), 0);
}

static void finds_missing_files(void **state)
{
	(void)state;
	lose_file("checkpoint", LOG_PLACE_CHECKPOINT);
	lose_file("tile/0/000", LOG_PLACE_TILE);
	lose_file("tile/1/000.p/1", LOG_PLACE_TILE);
	lose_file("tile/entries/001.p/44", LOG_PLACE_BUNDLE);
	check_clean();
}

static void keeps_no_partial_tile_beside_a_full_one(void **state)
{
	char path[320];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/tile/0/000.p", office.tiles);
	assert_false(file_exists(path));
	(void)snprintf(
	        path, sizeof(path), "%s/tile/entries/000.p", office.tiles);
	assert_false(file_exists(path));
}

/* ---- rows ---- */

static void run_sql(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why))
		fail_msg("%s: %s", sql, why);
}

/* An insider's own connection, without the triggers. */
static sqlite3 *break_in(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(office.database, &db), SQLITE_OK);
	run_sql(db, "PRAGMA busy_timeout = 2000; PRAGMA foreign_keys = OFF;"
	            "DROP TRIGGER log_entry_stays;"
	            "DROP TRIGGER log_entry_never_goes;"
	            "DROP TRIGGER log_entry_in_order;"
	            "DROP TRIGGER log_checkpoint_stays;");
	return db;
}

static void check_row_fault(uint64_t index, int code)
{
	struct log_fault fault;

	assert_true(office_verify(&office, &fault) > 0);
	assert_int_equal(fault.place, LOG_PLACE_ROW);
	assert_int_equal(fault.index, index);
	assert_int_equal(fault.code, code);
}

static void finds_changed_and_missing_rows(void **state)
{
	sqlite3 *db = break_in();
	char sql[256];

	(void)state;
	run_sql(db, "CREATE TABLE saved AS SELECT * FROM log_entry");
	for (unsigned i = 0; i < 300; i += 23) {
		(void)snprintf(sql, sizeof(sql),
		        "UPDATE log_entry SET entry = CAST(substr(entry, 1, 8)"
		        " || x'%02x' || substr(entry, 10) AS BLOB)"
		        " WHERE idx = %u",
		        i & 0xFF, i);
		run_sql(db, sql);
		check_row_fault(i, HUFU_ERR_PROOF);
		(void)snprintf(sql, sizeof(sql),
		        "DELETE FROM log_entry WHERE idx = %u", i);
		run_sql(db, sql);
		check_row_fault(i, HUFU_ERR_NOT_FOUND);
		(void)snprintf(sql, sizeof(sql),
		        "INSERT INTO log_entry SELECT * FROM saved"
		        " WHERE idx = %u",
		        i);
		run_sql(db, sql);
	}
	check_clean();
	run_sql(db, "DELETE FROM log_entry WHERE idx >= 299");
	check_row_fault(299, HUFU_ERR_NOT_FOUND);
	(void)sqlite3_close(db);
}

static void find_stored_fault(sqlite3 *db, const char *sql, uint64_t size)
{
	struct log_fault fault;

	run_sql(db, sql);
	assert_true(office_verify(&office, &fault) > 0);
	assert_int_equal(fault.place, LOG_PLACE_STORED);
	assert_int_equal(fault.index, size);
	run_sql(db, "DELETE FROM log_checkpoint;"
	            "INSERT INTO log_checkpoint SELECT * FROM saved_points");
	check_clean();
}

static void finds_changed_stored_checkpoints(void **state)
{
	sqlite3 *db = break_in();

	(void)state;
	run_sql(db,
	        "CREATE TABLE saved_points AS SELECT * FROM log_checkpoint");
	find_stored_fault(db,
	        "UPDATE log_checkpoint SET root = zeroblob(32)"
	        " WHERE size = 5",
	        5);
	find_stored_fault(db,
	        "UPDATE log_checkpoint SET note = replace(note, '256', '255')"
	        " WHERE size = 256",
	        256);
	find_stored_fault(db,
	        "UPDATE log_checkpoint SET size = 270 WHERE size = 256", 270);
	find_stored_fault(db,
	        "UPDATE log_checkpoint SET note = '' WHERE size = 300", 300);
	(void)sqlite3_close(db);
}

/* The schema itself refuses what the program never does. */
static void schema_refuses_rewriting(void **state)
{
	static const char *const statements[] = {
	        "UPDATE log_entry SET entry = x'00' WHERE idx = 3",
	        "DELETE FROM log_entry WHERE idx = 299",
	        "INSERT INTO log_entry VALUES (301, x'00')",
	        "INSERT INTO log_entry VALUES (299, x'00')",
	        "UPDATE log_checkpoint SET note = 'x'",
	        "INSERT INTO log_checkpoint VALUES (3, zeroblob(32), 'x')",
	};
	sqlite3 *db = NULL;

	(void)state;
	assert_int_equal(sqlite3_open(office.database, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		assert_int_equal(
		        sqlite3_exec(db, statements[i], NULL, NULL, NULL),
		        SQLITE_CONSTRAINT);
	(void)sqlite3_close(db);
	check_clean();
}

/* Without the database the files alone are held against each other. */
static void verifies_the_files_alone(void **state)
{
	struct log_verify_options options = {.folder = office.tiles,
	        .origin = HALL_ORIGIN,
	        .vkey = office.hall.keys.vkey};
	struct log_verdict verdict;
	char path[320];
	uint8_t *bytes = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(log_verify(&options, &verdict, NULL), HUFU_OK);
	assert_int_equal(verdict.size, 300);
	assert_int_equal(verdict.entries, 300);
	(void)snprintf(path, sizeof(path), "%s/tile/entries/000", office.tiles);
	assert_int_equal(file_read(path, 1 << 20, &bytes, &len), HUFU_OK);
	bytes[len / 2] ^= 1;
	assert_int_equal(file_write(path, span_of(bytes, len), 0644), HUFU_OK);
	assert_int_equal(log_verify(&options, &verdict, NULL), LOG_FAULTY);
	bytes[len / 2] ^= 1;
	assert_int_equal(file_write(path, span_of(bytes, len), 0644), HUFU_OK);
	options.origin = "another/log";
	assert_int_equal(log_verify(&options, &verdict, NULL), HUFU_ERR_CONFIG);
	free(bytes);
}

static void counts_rows_to_come_as_pending(void **state)
{
	struct log_verify_options options = {.store = office.store,
	        .folder = office.tiles,
	        .origin = HALL_ORIGIN,
	        .vkey = office.hall.keys.vkey};
	struct log_verdict verdict;

	(void)state;
	assert_int_equal(office_append(&office, 3), HUFU_OK);
	assert_int_equal(log_verify(&options, &verdict, NULL), HUFU_OK);
	assert_int_equal(verdict.pending, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_flips_in_every_file),
	        cmocka_unit_test(finds_missing_files),
	        cmocka_unit_test(keeps_no_partial_tile_beside_a_full_one),
	        cmocka_unit_test(schema_refuses_rewriting),
	        cmocka_unit_test(verifies_the_files_alone),
	        cmocka_unit_test(counts_rows_to_come_as_pending),
	};
	const struct CMUnitTest broken_into[] = {
	        cmocka_unit_test_setup_teardown(
	                finds_changed_and_missing_rows, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                finds_changed_stored_checkpoints, set_up, tear_down),
	};
	int failed = cmocka_run_group_tests(tests, set_up, tear_down);

	return failed + cmocka_run_group_tests(broken_into, NULL, NULL);
}
