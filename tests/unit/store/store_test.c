#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/openssl/seal.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/store/migrate.h"
#include "host/store/sealed.h"
#include "host/store/store.h"
#include "tests/unit/store/failing_vfs.h"

enum { ADD, COUNT, HAS, SLOT_ADD, SLOT_GET, SLOT_TABLE };

static const char *const sql[] = {
        [ADD] = "INSERT INTO area (code, level, parent, name)"
                " VALUES (?1, 1, NULL, ?2)",
        [COUNT] = "SELECT count(*) FROM area",
        [HAS] = "SELECT 1 FROM area WHERE code = ?1",
        [SLOT_ADD] = "INSERT INTO slot (id, kept, moved) VALUES (1, ?1, ?1)",
        [SLOT_GET] = "SELECT kept, moved FROM slot WHERE id = 1",
        [SLOT_TABLE] = "CREATE TABLE slot"
                       " (id INTEGER PRIMARY KEY, kept BLOB, moved BLOB)",
};
static const struct statements table = {"test", sql, 6};

static char folder[64], path[96];

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-store-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/hufu.db", folder);
	failing_vfs_install();
	failing_vfs_set(FAILING_WRITE, 0, 0, false);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];
	static const char *const names[] = {
	        "hufu.db", "hufu.db-wal", "hufu.db-shm", "copy.db", "keys"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		(void)snprintf(
		        command, sizeof command, "%s/%s", folder, names[i]);
		(void)unlink(command);
	}
	return rmdir(folder);
}

static struct store *open_store(const struct sealer *sealer)
{
	struct store_options o = {
	        .url = path, .create = true, .sealer = sealer};
	struct store *s = NULL;
	struct problem p;

	assert_int_equal(store_open(&o, &s, &p), 0);
	return s;
}

struct code {
	char text[7];
	int answer; /* of the work, after it has inserted */
};

static int add_area(struct store_tx *tx, void *arg)
{
	const struct code *c = arg;
	struct query *q = query_begin(tx, &table, ADD);
	int r;

	query_bind_text(q, 1, c->text);
	query_bind_text(q, 2, "test");
	r = query_run(q);
	return r < 0 ? r : c->answer;
}

static int count_areas(struct store_tx *tx, void *arg)
{
	struct query *q = query_begin(tx, &table, COUNT);
	int *ret = arg;

	if (query_step(q) == STORE_ROW)
		*ret = (int)query_int(q, 0);
	return query_end(q);
}

static int has_area(struct store_tx *tx, void *arg)
{
	struct query *q = query_begin(tx, &table, HAS);
	int r;

	query_bind_text(q, 1, arg);
	r = query_step(q);
	return r < 0 ? r : r == STORE_ROW ? 0 : HUFU_ERR_NOT_FOUND;
}

static struct code code_of(int n)
{
	struct code c = {.answer = 0};

	(void)snprintf(c.text, sizeof c.text, "%02u0000", (unsigned)n % 100U);
	return c;
}

static int count_of(struct store *s)
{
	int n = -1;

	assert_int_equal(store_read(s, count_areas, &n), 0);
	return n;
}

static void keeps_what_was_committed(void **state)
{
	struct store *s = open_store(NULL);
	struct code c = code_of(11);
	struct stat st;

	(void)state;
	assert_int_equal(store_write(s, add_area, &c), 0);
	assert_int_equal(count_of(s), 1);
	store_close(s);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	s = open_store(NULL);
	assert_int_equal(store_read(s, has_area, c.text), 0);
	store_close(s);
}

static void undoes_work_that_answers_otherwise(void **state)
{
	struct store *s = open_store(NULL);
	struct code a = code_of(11), b = code_of(12), c = code_of(13);

	(void)state;
	a.answer = 7;
	b.answer = HUFU_ERR_DENIED;
	assert_int_equal(store_write(s, add_area, &a), 7);
	assert_int_equal(store_write(s, add_area, &b), HUFU_ERR_DENIED);
	assert_int_equal(store_write(s, add_area, &c), 0);
	assert_int_equal(store_write(s, add_area, &c), HUFU_ERR_CONFLICT);
	assert_int_equal(count_of(s), 1);
	assert_int_equal(store_read(s, has_area, a.text), HUFU_ERR_NOT_FOUND);
	store_close(s);
}

static int nest(struct store_tx *tx, void *arg)
{
	struct code c = code_of(14);

	(void)tx;
	return store_write(arg, add_area, &c);
}

static void refuses_work_within_work(void **state)
{
	struct store *s = open_store(NULL);

	(void)state;
	assert_int_equal(store_write(s, nest, s), HUFU_ERR_STATE);
	assert_int_equal(store_read(s, nest, s), HUFU_ERR_STATE);
	store_close(s);
}

static void readers_cannot_write(void **state)
{
	struct store *s = open_store(NULL);
	struct code c = code_of(15);

	(void)state;
	assert_int_equal(store_read(s, add_area, &c), HUFU_ERR_READONLY);
	assert_int_equal(count_of(s), 0);
	store_close(s);
}

struct producer {
	struct store *store;
	int first, count;
	int refused;
};

static void *produce(void *arg)
{
	struct producer *p = arg;

	for (int i = 0; i < p->count; i++) {
		struct code c = code_of(p->first + i);
		if (store_write(p->store, add_area, &c) != 0)
			p->refused++;
	}
	return NULL;
}

static void groups_keep_units_apart(void **state)
{
	enum { THREADS = 8 };
	struct store *s = open_store(NULL);
	struct producer p[THREADS];
	pthread_t t[THREADS];
	int refused = 0;

	(void)state;
	/* Each code is offered by two threads: one of them must lose. */
	for (int i = 0; i < THREADS; i++) {
		p[i] = (struct producer){s, 10 + i / 2 * 20, 20, 0};
		assert_int_equal(
		        pthread_create(&t[i], NULL, produce, &p[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(t[i], NULL), 0);
		refused += p[i].refused;
	}
	assert_int_equal(refused, 80);
	assert_int_equal(count_of(s), 80);
	store_close(s);
}

/* The database as a crash would leave it: WAL not folded in. */
static bool stands_after_crash(const char *code)
{
	char copy[128], wal[128], wal_copy[160];
	_free_ uint8_t *data = NULL, *log = NULL;
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	size_t len, log_len;
	bool found;

	(void)snprintf(copy, sizeof copy, "%s/copy.db", folder);
	(void)snprintf(wal, sizeof wal, "%s-wal", path);
	(void)snprintf(wal_copy, sizeof wal_copy, "%s-wal", copy);
	assert_int_equal(file_read(path, 1 << 24, &data, &len), 0);
	assert_int_equal(file_read(wal, 1 << 24, &log, &log_len), 0);
	assert_int_equal(file_write(copy, span_of(data, len), 0600), 0);
	assert_int_equal(file_write(wal_copy, span_of(log, log_len), 0600), 0);
	assert_int_equal(
	        sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE, "unix"),
	        SQLITE_OK);
	assert_int_equal(
	        sqlite3_prepare_v2(db, sql[HAS], -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(
	        sqlite3_bind_text(stmt, 1, code, -1, SQLITE_STATIC), 0);
	found = sqlite3_step(stmt) == SQLITE_ROW;
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return found;
}

static void check_failure(enum failing_call call, int nth, int code, int want)
{
	struct store *s = open_store(NULL);
	struct code before = code_of(11), during = code_of(12),
	            after = code_of(13);
	int r;

	assert_int_equal(store_write(s, add_area, &before), 0);
	failing_vfs_set(call, nth, code, false);
	r = store_write(s, add_area, &during);
	if (failing_vfs_count(call) >= nth)
		assert_int_equal(r, want);
	else
		assert_int_equal(r, 0);
	failing_vfs_set(call, 0, 0, false);
	assert_true(stands_after_crash(before.text));
	assert_int_equal(store_write(s, add_area, &after), 0);
	assert_true(stands_after_crash(before.text));
	assert_true(stands_after_crash(after.text));
	assert_int_equal(count_of(s), r == 0 ? 3 : 2);
	store_close(s);
	assert_int_equal(unlink(path), 0);
}

static void no_acknowledged_row_is_lost(void **state)
{
	(void)state;
	for (int nth = 1; nth <= 6; nth++) {
		check_failure(FAILING_WRITE, nth, SQLITE_FULL, HUFU_ERR_FULL);
		check_failure(
		        FAILING_WRITE, nth, SQLITE_IOERR_WRITE, HUFU_ERR_IO);
	}
	check_failure(FAILING_SYNC, 1, SQLITE_IOERR_FSYNC, HUFU_ERR_IO);
}

static void lasting_full_disk_refuses_then_recovers(void **state)
{
	struct store *s = open_store(NULL);
	struct code a = code_of(21), b = code_of(22);

	(void)state;
	assert_int_equal(store_write(s, add_area, &a), 0);
	failing_vfs_set(FAILING_WRITE, 1, SQLITE_FULL, true);
	for (int i = 0; i < 3; i++)
		assert_int_equal(store_write(s, add_area, &b), HUFU_ERR_FULL);
	assert_int_equal(count_of(s), 1);
	failing_vfs_set(FAILING_WRITE, 0, 0, false);
	assert_int_equal(store_write(s, add_area, &b), 0);
	assert_int_equal(count_of(s), 2);
	store_close(s);
}

static void refuses_other_engines_and_missing_files(void **state)
{
	struct store_options o = {.url = "postgresql://host/db"};
	struct store *s = NULL;
	struct problem p;

	(void)state;
	assert_int_equal(store_open(&o, &s, &p), HUFU_ERR_UNSUPPORTED);
	assert_string_equal(p.type, "store-url");
	o.url = path;
	assert_int_equal(store_open(&o, &s, &p), HUFU_ERR_NOT_FOUND);
	assert_null(s);
	assert_false(file_exists(path));
}

static void refuses_what_is_no_database(void **state)
{
	struct store_options o = {.url = path, .create = true};
	char junk[4096];
	struct store *s = NULL;
	struct problem p;

	(void)state;
	memset(junk, 'x', sizeof junk);
	assert_int_equal(file_write(path, span_of(junk, sizeof junk), 0600), 0);
	assert_int_equal(store_open(&o, &s, &p), HUFU_ERR_CORRUPT);
	assert_null(s);
}

static void backup_is_whole_and_alone(void **state)
{
	struct store *s = open_store(NULL);
	struct code a = code_of(31), b = code_of(32);
	char copy[128], wal[160];
	struct store_options o = {.url = copy};
	struct problem p;

	(void)state;
	(void)snprintf(copy, sizeof copy, "%s/copy.db", folder);
	(void)snprintf(wal, sizeof wal, "%s-wal", copy);
	assert_int_equal(store_write(s, add_area, &a), 0);
	assert_int_equal(store_backup(s, copy, &p), 0);
	assert_false(file_exists(wal));
	assert_int_equal(store_write(s, add_area, &b), 0);
	store_close(s);
	assert_int_equal(store_open(&o, &s, &p), 0);
	assert_int_equal(store_read(s, has_area, a.text), 0);
	assert_int_equal(store_read(s, has_area, b.text), HUFU_ERR_NOT_FOUND);
	store_close(s);
}

static void backup_onto_full_disk_leaves_nothing(void **state)
{
	struct store *s = open_store(NULL);
	struct code a = code_of(31);
	char copy[128], part[160];
	struct problem p;

	(void)state;
	(void)snprintf(copy, sizeof copy, "%s/copy.db", folder);
	(void)snprintf(part, sizeof part, "%s.new", copy);
	assert_int_equal(store_write(s, add_area, &a), 0);
	failing_vfs_set(FAILING_WRITE, 3, SQLITE_FULL, true);
	assert_int_equal(store_backup(s, copy, &p), HUFU_ERR_FULL);
	failing_vfs_set(FAILING_WRITE, 0, 0, false);
	assert_false(file_exists(copy));
	assert_false(file_exists(part));
	store_close(s);
}

/* Keys, older backups and the database itself are within its reach. */
static void backup_overwrites_nothing(void **state)
{
	struct store *s = open_store(NULL);
	_free_ uint8_t *now = NULL;
	char key[128], link[128];
	size_t len;
	struct problem p;

	(void)state;
	(void)snprintf(key, sizeof key, "%s/keys", folder);
	(void)snprintf(link, sizeof link, "%s/copy.db", folder);
	assert_int_equal(file_write(key, span_of_text("secret"), 0600), 0);
	assert_int_equal(symlink("nowhere", link), 0);
	assert_int_equal(store_backup(s, key, &p), HUFU_ERR_CONFLICT);
	assert_string_equal(p.type, "backup-exists");
	assert_int_equal(store_backup(s, link, &p), HUFU_ERR_CONFLICT);
	assert_int_equal(store_backup(s, store_path(s), &p), HUFU_ERR_CONFLICT);
	assert_int_equal(file_read(key, 100, &now, &len), 0);
	assert_string_equal((const char *)now, "secret");
	store_close(s);
}

static void migrations_are_recorded_and_fixed(void **state)
{
	static const char sum_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	                            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	static const char sum_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	                            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
	struct migration list[] = {
	        {1, "0001_one", "CREATE TABLE one (a)", sum_a},
	        {2, "0002_two", "CREATE TABLE two (a); BROKEN", sum_a},
	};
	struct problem p;
	sqlite3 *db = NULL;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(migrate_run(db, list, 1, &p), 0);
	assert_int_equal(migrate_run(db, list, 1, &p), 0);
	assert_true(migrate_run(db, list, 2, &p) < 0);
	assert_string_equal(p.type, "migration-failed");
	assert_int_equal(
	        sqlite3_exec(db, "SELECT * FROM two", 0, 0, 0), SQLITE_ERROR);
	list[1].sql = "CREATE TABLE two (a)";
	assert_int_equal(migrate_run(db, list, 2, &p), 0);
	assert_int_equal(migrate_run(db, list, 1, &p), HUFU_ERR_STALE);
	list[0].checksum = sum_b;
	assert_int_equal(migrate_run(db, list, 2, &p), HUFU_ERR_CORRUPT);
	assert_string_equal(p.type, "migration-changed");
	(void)sqlite3_close(db);
}

static int make_slots(struct store_tx *tx, void *arg)
{
	struct sealed_at at = {"slot", "kept", 1};
	struct query *q = query_begin(tx, &table, SLOT_TABLE);
	int r = query_run(q);

	if (r < 0)
		return r;
	q = query_begin(tx, &table, SLOT_ADD);
	sealed_bind(q, 1, &at, span_of_text(arg));
	return query_run(q);
}

static int read_slots(struct store_tx *tx, void *arg)
{
	struct sealed_at kept = {"slot", "kept", 1},
	                 moved = {"slot", "moved", 1};
	struct query *q = query_begin(tx, &table, SLOT_GET);
	char text[32];

	assert_int_equal(query_step(q), STORE_ROW);
	assert_int_equal(sealed_get_text(q, 0, &kept, text, sizeof text), 0);
	assert_string_equal(text, arg);
	assert_int_equal(sealed_get_text(q, 0, &kept, text, 4), HUFU_ERR_SPACE);
	assert_int_equal(sealed_get_text(q, 1, &moved, text, sizeof text),
	        HUFU_ERR_CORRUPT);
	assert_string_equal(text, "");
	return query_end(q);
}

static void sealed_values_open_only_in_their_place(void **state)
{
	char keys[96], secret[] = "sealed-secret-text";
	_free_ uint8_t *raw = NULL;
	struct sealer *sealer = NULL;
	struct store *s;
	size_t len;

	(void)state;
	(void)snprintf(keys, sizeof keys, "%s/keys", folder);
	assert_int_equal(sealer_create_file(keys, SUITE_INTL), 0);
	assert_int_equal(sealer_load(keys, &sealer), 0);
	s = open_store(sealer);
	assert_int_equal(store_write(s, make_slots, secret), 0);
	assert_int_equal(store_read(s, read_slots, secret), 0);
	store_close(s);
	assert_int_equal(file_read(path, 1 << 24, &raw, &len), 0);
	assert_null(memmem(raw, len, secret, strlen(secret)));
	sealer_free(sealer);
}

static void sealing_needs_keys(void **state)
{
	struct store *s = open_store(NULL);
	char secret[] = "x";

	(void)state;
	assert_int_equal(
	        store_write(s, make_slots, secret), HUFU_ERR_UNSUPPORTED);
	store_close(s);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(keeps_what_was_committed),
	        TEST(undoes_work_that_answers_otherwise),
	        TEST(refuses_work_within_work),
	        TEST(readers_cannot_write),
	        TEST(groups_keep_units_apart),
	        TEST(no_acknowledged_row_is_lost),
	        TEST(lasting_full_disk_refuses_then_recovers),
	        TEST(refuses_other_engines_and_missing_files),
	        TEST(refuses_what_is_no_database),
	        TEST(backup_is_whole_and_alone),
	        TEST(backup_onto_full_disk_leaves_nothing),
	        TEST(backup_overwrites_nothing),
	        TEST(migrations_are_recorded_and_fixed),
	        TEST(sealed_values_open_only_in_their_place),
	        TEST(sealing_needs_keys),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
