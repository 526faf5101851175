#include "host/store/migrate.h"

#include <stdbool.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/store/connection.h"

static const char history_sql[] =
        "CREATE TABLE IF NOT EXISTS migration ("
        " version INTEGER PRIMARY KEY,"
        " name TEXT NOT NULL,"
        " checksum TEXT NOT NULL CHECK (length(checksum) = 64),"
        " applied_s INTEGER NOT NULL"
        ") STRICT";
static const char count_sql[] = "SELECT count(*) FROM migration";
static const char find_sql[] =
        "SELECT checksum FROM migration WHERE version = ?1";
static const char record_sql[] =
        "INSERT INTO migration (version, name, checksum, applied_s)"
        " VALUES (?1, ?2, ?3, ?4)";
static const char version_sql[] = "PRAGMA user_version";
static const char check_sql[] = "SELECT count(*) FROM pragma_foreign_key_check";

static void finalise(sqlite3_stmt **stmt)
{
	(void)sqlite3_finalize(*stmt); /* told by the last step */
}

#define _finalise_ __attribute__((cleanup(finalise)))

static int read_int(sqlite3 *db, const char *sql, int64_t *ret)
{
	_finalise_ sqlite3_stmt *stmt = NULL;
	int r = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(stmt);
	if (r != SQLITE_ROW)
		return connection_error(r);
	*ret = sqlite3_column_int64(stmt, 0);
	return 0;
}

enum { APPLIED = 1, NOT_APPLIED = 2, CHANGED = 3 };

static int look_up(sqlite3 *db, const struct migration *m)
{
	_finalise_ sqlite3_stmt *stmt = NULL;
	const char *checksum;
	int r = sqlite3_prepare_v2(db, find_sql, -1, &stmt, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_bind_int(stmt, 1, m->version);
	if (r == SQLITE_OK)
		r = sqlite3_step(stmt);
	if (r == SQLITE_DONE)
		return NOT_APPLIED;
	if (r != SQLITE_ROW)
		return connection_error(r);
	checksum = (const char *)sqlite3_column_text(stmt, 0);
	if (!checksum)
		return HUFU_ERR_MEMORY;
	return strcmp(checksum, m->checksum) == 0 ? APPLIED : CHANGED;
}

static int record(sqlite3 *db, const struct migration *m)
{
	_finalise_ sqlite3_stmt *stmt = NULL;
	int r = sqlite3_prepare_v2(db, record_sql, -1, &stmt, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_bind_int(stmt, 1, m->version);
	if (r == SQLITE_OK)
		r = sqlite3_bind_text(stmt, 2, m->name, -1, SQLITE_STATIC);
	if (r == SQLITE_OK)
		r = sqlite3_bind_text(stmt, 3, m->checksum, -1, SQLITE_STATIC);
	if (r == SQLITE_OK)
		r = sqlite3_bind_int64(stmt, 4, clock_now_s());
	if (r == SQLITE_OK)
		r = sqlite3_step(stmt);
	return connection_error(r);
}

static int run_sql(sqlite3 *db, const char *sql)
{
	return connection_error(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static int set_version(sqlite3 *db, int version)
{
	/* A pragma takes no parameter; its value stands in a fixed text. */
	char sql[] = "PRAGMA user_version = 0000";

	for (size_t at = sizeof sql - 2; version > 0; at--, version /= 10)
		sql[at] = (char)('0' + version % 10);
	return run_sql(db, sql);
}

static int apply(sqlite3 *db, const struct migration *m)
{
	int64_t broken = 0;
	int r = run_sql(db, "BEGIN IMMEDIATE");

	if (r == 0)
		r = run_sql(db, m->sql);
	if (r == 0)
		r = read_int(db, check_sql, &broken);
	if (r == 0 && broken > 0)
		r = HUFU_ERR_CONFLICT;
	if (r == 0)
		r = record(db, m);
	if (r == 0)
		r = set_version(db, m->version);
	if (r == 0)
		r = run_sql(db, "COMMIT");
	if (!sqlite3_get_autocommit(db))
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static int refuse_changed(const struct migration *m, struct problem *p)
{
	return problem_set(p, HUFU_ERR_CORRUPT, "migration-changed",
	        "数据库迁移 %s 与当初执行的不同，请使用原来的版本。",
	        "Migration %s is not the one that was applied; use the "
	        "program it came with.",
	        m->name);
}

static int apply_missing(sqlite3 *db, const struct migration *m,
        int64_t version, struct problem *p)
{
	int r;

	if (m->version <= version)
		return refuse_changed(m, p);
	r = apply(db, m);
	if (r < 0)
		return problem_set(p, r, "migration-failed",
		        "数据库迁移 %s 失败（%s），数据库未改动。",
		        "Migration %s failed (%s); the database is unchanged.",
		        m->name, sqlite3_errmsg(db));
	return 0;
}

int migrate_run(sqlite3 *db, const struct migration *list, size_t count,
        struct problem *ret_problem)
{
	int64_t version = 0, applied = 0, known = 0;
	int r = run_sql(db, history_sql);

	if (r == 0)
		r = read_int(db, version_sql, &version);
	if (r == 0)
		r = read_int(db, count_sql, &applied);
	if (r < 0)
		return problem_set(ret_problem, r, "store-unreadable",
		        "数据库不可读写或已损坏（%s），请检查或恢复备份。",
		        "The database cannot be used (%s); check it or "
		        "restore a backup.",
		        sqlite3_errmsg(db));
	for (size_t i = 0; i < count; i++) {
		r = look_up(db, &list[i]);
		if (r == APPLIED) {
			known++;
			continue;
		}
		if (r == CHANGED)
			return refuse_changed(&list[i], ret_problem);
		if (r == NOT_APPLIED)
			r = apply_missing(db, &list[i], version, ret_problem);
		else
			(void)problem_from_code(ret_problem, r);
		if (r < 0)
			return r;
	}
	if (known != applied)
		return problem_set(ret_problem, HUFU_ERR_STALE, "store-newer",
		        "数据库比程序新，请升级程序。",
		        "The database is newer than this program; upgrade "
		        "it.");
	return 0;
}
