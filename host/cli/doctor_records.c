#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/core/log_entry.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/cli/doctor.h"
#include "host/policy/calendar.h"
#include "host/store/migrate.h"

enum { CLOCK_SLACK_S = 120, CHECKPOINT_WAIT_S = 120 };

enum { CHECK, VERSION, LAST, SIZE };
static const char *const sql[] = {
        [CHECK] = "PRAGMA quick_check(1)",
        [VERSION] = "PRAGMA user_version",
        [LAST] = "SELECT entry FROM log_entry ORDER BY idx DESC LIMIT 1",
        [SIZE] = "SELECT (SELECT coalesce(max(idx) + 1, 0) FROM log_entry)"
                 " - (SELECT coalesce(max(size), 0) FROM log_checkpoint)",
};

static sqlite3_stmt *first_row(sqlite3 *db, int which)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql[which], -1, &stmt, NULL) == SQLITE_OK &&
	        sqlite3_step(stmt) == SQLITE_ROW)
		return stmt;
	sqlite3_finalize(stmt);
	return NULL;
}

static void check_whole(struct doctor *d, sqlite3 *db)
{
	sqlite3_stmt *row = first_row(db, CHECK);
	const char *said =
	        row ? (const char *)sqlite3_column_text(row, 0) : NULL;
	bool whole = said && strcmp(said, "ok") == 0;
	sqlite3_finalize(row);
	doctor_say(d, whole ? DOCTOR_WELL : DOCTOR_ILL, "database",
	        whole ? "数据库完好。"
	              : "数据库已损坏：停用 hufud，用最近的备份恢复（hufu "
	                "restore）。",
	        whole ? "The database is sound."
	              : "The database is damaged: stop hufud and put the "
	                "newest backup back (hufu restore).");
}

static void check_version(struct doctor *d, sqlite3 *db)
{
	sqlite3_stmt *row = first_row(db, VERSION);
	int has = row ? sqlite3_column_int(row, 0) : 0;
	int newest =
	        migration_count ? migrations[migration_count - 1].version : 0;
	sqlite3_finalize(row);
	if (has == newest)
		doctor_say(d, DOCTOR_WELL, "migration", "数据库结构第 %d 版。",
		        "The database has schema %d.", has);
	else
		doctor_say(d, has > newest ? DOCTOR_ILL : DOCTOR_WARNING,
		        "migration",
		        "数据库结构是第 %d 版，程序是第 %d 版：程序较新时重启 "
		        "hufud 即升级，程序较旧时请换新版程序。",
		        "The database has schema %d, the program %d: restart "
		        "hufud to migrate, or install the newer program.",
		        has, newest);
}

static void check_last_entry(struct doctor *d, sqlite3 *db)
{
	sqlite3_stmt *row = first_row(db, LAST);
	struct log_entry entry;
	if (row &&
	        log_entry_decode(span_of(sqlite3_column_blob(row, 0),
	                                 (size_t)sqlite3_column_bytes(row, 0)),
	                &entry) == HUFU_OK &&
	        entry.time_s > d->now_s + CLOCK_SLACK_S)
		doctor_say(d, DOCTOR_ILL, "clock",
		        "日志最后一条的时间比现在晚 %lld 秒：先校时。",
		        "The last log entry is %lld s in the future: set the "
		        "clock first.",
		        (long long)(entry.time_s - d->now_s));
	sqlite3_finalize(row);
}

static void check_pending(struct doctor *d, sqlite3 *db)
{
	sqlite3_stmt *row = first_row(db, SIZE);
	long long pending = row ? sqlite3_column_int64(row, 0) : 0;
	char path[PATH_MAX];
	struct stat st;
	sqlite3_finalize(row);
	if (file_join(
	            d->settings->log_folder, "checkpoint", path, sizeof path) ||
	        stat(path, &st) != 0)
		doctor_say(d, DOCTOR_ILL, "log",
		        "没有检查点 %s/checkpoint：启动 hufu-signd 和 hufud。",
		        "There is no checkpoint %s/checkpoint: start "
		        "hufu-signd and hufud.",
		        d->settings->log_folder);
	else if (pending > 0 && d->now_s - st.st_mtime > CHECKPOINT_WAIT_S)
		doctor_say(d, DOCTOR_ILL, "log",
		        "%lld 条日志还没有进入检查点：检查 hufu-signd。",
		        "%lld entries wait for a checkpoint: look at "
		        "hufu-signd.",
		        pending);
	else
		doctor_say(d, DOCTOR_WELL, "log",
		        "日志全部在检查点内（待写 %lld）。",
		        "The log is covered by its checkpoint (%lld waiting).",
		        pending);
}

void doctor_check_database(struct doctor *d)
{
	static const char scheme[] = "sqlite://";
	const char *path = d->settings->store_url;
	sqlite3 *db = NULL;
	if (strncmp(path, scheme, strlen(scheme)) == 0)
		path += strlen(scheme);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) !=
	                SQLITE_OK ||
	        sqlite3_busy_timeout(db, 5000) != SQLITE_OK ||
	        sqlite3_exec(db, sql[VERSION], NULL, NULL, NULL) != SQLITE_OK) {
		doctor_say(d, DOCTOR_ILL, "database",
		        "打不开数据库 %s：以 root 或主机服务账户运行本命令。",
		        "Cannot open the database %s: run this as root or as "
		        "the daemon's user.",
		        path);
	} else {
		check_whole(d, db);
		check_version(d, db);
		check_last_entry(d, db);
		check_pending(d, db);
	}
	(void)sqlite3_close(db); /* only read */
}

void doctor_check_published(struct doctor *d)
{
	const struct settings *s = d->settings;
	char path[PATH_MAX];
	struct stat st;
	int len = snprintf(path, sizeof path, "%s/%u/list.cwt",
	        s->status_folder, (unsigned)s->status_list);
	if (len >= (int)sizeof path || stat(path, &st) != 0) {
		doctor_say(d, DOCTOR_ILL, "list",
		        "还没有发布状态列表 %s：启动 hufud。",
		        "No status list %s is published: start hufud.", path);
		return;
	}
	int64_t age = d->now_s - st.st_mtime;
	enum doctor_level level = age > s->status_ttl_s ? DOCTOR_ILL
	                          : age > s->status_ttl_s * 3 / 4
	                                  ? DOCTOR_WARNING
	                                  : DOCTOR_WELL;
	doctor_say(d, level, "list",
	        level == DOCTOR_WELL
	                ? "状态列表是 %lld 分钟前发布的。"
	                : "状态列表是 %lld 分钟前发布的，已经太旧：检查 hufud "
	                  "和 hufu-signd。",
	        level == DOCTOR_WELL
	                ? "The status list was published %lld minutes ago."
	                : "The status list was published %lld minutes ago, "
	                  "which is too long: look at hufud and hufu-signd.",
	        (long long)(age / 60));
}

static void say_years(struct doctor *d, const struct calendar *c)
{
	struct date today = clock_today();
	int year = today.year;
	if (!calendar_knows(c, year))
		doctor_say(d, DOCTOR_ILL, "calendar",
		        "日历里没有 %d 年的放假安排，时限会算错：请更新 "
		        "[office] "
		        "calendar 所指文件或升级软件。",
		        "The calendar has no notice for %d and due dates are "
		        "wrong: renew the file of [office] calendar, or this "
		        "software.",
		        year);
	else if (!calendar_knows(c, year + 1))
		doctor_say(d, today.month == 12 ? DOCTOR_WARNING : DOCTOR_WELL,
		        "calendar",
		        "日历里还没有 %d "
		        "年的放假安排：国务院通知发布后请更新。",
		        "The calendar has no notice for %d yet: renew it when "
		        "the State Council has given one.",
		        year + 1);
	else
		doctor_say(d, DOCTOR_WELL, "calendar",
		        "日历有 %d 年的放假安排。",
		        "The calendar has the notice for %d.", year + 1);
}

void doctor_check_calendar(struct doctor *d)
{
	const char *path = d->settings->calendar;
	struct calendar *own = NULL;
	struct problem p = {0};
	if (path[0] && calendar_open(path, &own, &p)) {
		doctor_say(d, DOCTOR_ILL, "calendar",
		        "日历文件 %s 不能用：请改正或删去该项。",
		        "The calendar %s cannot be used: mend it or take the "
		        "key out.",
		        path);
		return;
	}
	const struct calendar *c = own ? own : calendar_builtin();
	if (c)
		say_years(d, c);
	calendar_free(own);
}
