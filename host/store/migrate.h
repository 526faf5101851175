/*
 * The schema's history: numbered SQL files, each applied once, in one
 * transaction, and recorded with its checksum. A file that was applied
 * never changes; a database newer than the program is refused.
 */
#ifndef HOST_MIGRATE_H
#define HOST_MIGRATE_H

#include <stddef.h>

#include <sqlite3.h>

#include "host/base/problem.h"

struct migration {
	int version; /* the file's number; ascending */
	const char *name; /* "0001_staff" */
	const char *sql;
	const char *checksum; /* SHA-256 of the file, in hex */
};

extern const struct migration migrations[]; /* made by the build */
extern const size_t migration_count;

HUFU_MUST_USE int migrate_run(sqlite3 *db, const struct migration *list,
        size_t count, struct problem *ret_problem);

#endif
