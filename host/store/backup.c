#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/store/connection.h"
#include "host/store/migrate.h"

static void close_db(sqlite3 **db)
{
	(void)sqlite3_close(*db); /* after a failure only */
}

static int is_sound(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	const char *said = NULL;
	int r = sqlite3_prepare_v2(
	        db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(stmt);
	if (r == SQLITE_ROW)
		said = (const char *)sqlite3_column_text(stmt, 0);
	r = r != SQLITE_ROW                   ? connection_error(r)
	    : said && strcmp(said, "ok") == 0 ? 0
	                                      : HUFU_ERR_CORRUPT;
	(void)sqlite3_finalize(stmt); /* its error is in r */
	return r;
}

static int copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int r;

	if (!b)
		return connection_error(sqlite3_extended_errcode(to));
	/* All pages in one step: one snapshot, and writers go on. */
	r = sqlite3_backup_step(b, -1);
	(void)sqlite3_backup_finish(b); /* repeats the step's error */
	return r == SQLITE_DONE ? 0 : connection_error(r);
}

static int copy_to_file(sqlite3 *from, const char *path)
{
	_cleanup_(close_db) sqlite3 *to = NULL;
	int fd = open(
	        path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	int r;

	if (fd < 0)
		return file_error(errno);
	(void)close(fd); /* empty */
	r = connection_error(
	        sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL));
	if (r == 0)
		r = copy(from, to);
	/* A single file, without a WAL beside it. */
	if (r == 0)
		r = connection_error(sqlite3_exec(
		        to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL));
	return r == 0 ? is_sound(to) : r;
}

static int sync_file(const char *path)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return file_error(errno);
	return 0;
}

int store_backup(struct store *s, const char *path, struct problem *ret_problem)
{
	char temporary[PATH_MAX], folder[PATH_MAX];
	struct store_tx *tx = NULL;
	struct stat there;
	char *slash;
	int r = 0;

	if (lstat(path, &there) == 0)
		return problem_set(ret_problem, HUFU_ERR_CONFLICT,
		        "backup-exists",
		        "%s 已经存在，备份不会覆盖任何文件，请换一个文件名。",
		        "%s exists; a backup never overwrites a file. Choose "
		        "another name.",
		        path);
	if (snprintf(temporary, sizeof temporary, "%s.new", path) >= PATH_MAX)
		return problem_from_code(ret_problem, HUFU_ERR_SPACE);
	memcpy(folder, temporary, sizeof folder);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	(void)unlink(temporary); /* of a backup that was cut short */
	r = connection_open(store_path(s), CONNECTION_READER, 5000, &tx);
	if (r == 0)
		r = copy_to_file(tx->db, temporary);
	connection_close(tx);
	if (r == 0)
		r = sync_file(temporary);
	if (r == 0 && rename(temporary, path) != 0)
		r = file_error(errno);
	if (r == 0)
		r = file_sync_folder(slash ? folder : ".");
	if (r < 0) {
		(void)unlink(temporary); /* r is the answer */
		return problem_set(ret_problem, r, "backup",
		        "备份到 %s 失败（代码 %d），请检查磁盘空间和权限。",
		        "The backup to %s failed (code %d); check disk space "
		        "and rights.",
		        path, r);
	}
	return 0;
}
