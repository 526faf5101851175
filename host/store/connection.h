/*
 * One SQLite connection with its prepared statements; used by one thread
 * at a time. As a transaction's handle it is `struct store_tx`.
 */
#ifndef HOST_CONNECTION_H
#define HOST_CONNECTION_H

#include <sqlite3.h>

#include "host/store/store.h"

enum { CONNECTION_ERROR_MAX = 256, CONNECTION_TABLES_MAX = 64 };

struct query {
	struct store_tx *tx;
	sqlite3_stmt *stmt; /* NULL: not prepared yet, or failed to */
	bool open;
	int error; /* sticky until query_end() */
};

struct prepared {
	const struct statements *table;
	struct query *queries; /* table->count */
};

struct store_tx {
	sqlite3 *db;
	const struct sealer *sealer;
	struct query failed; /* handed out when there is no memory */
	size_t table_count;
	struct prepared tables[CONNECTION_TABLES_MAX];
	char error_text[CONNECTION_ERROR_MAX];
};

enum connection_mode {
	CONNECTION_WRITER,
	CONNECTION_READER,
};

HUFU_MUST_USE int connection_open(const char *path, enum connection_mode mode,
        unsigned busy_timeout_ms, struct store_tx **ret);
void connection_close(struct store_tx *tx); /* NULL is legal */

/* Runs SQL without parameters, as BEGIN and COMMIT are. */
HUFU_MUST_USE int connection_exec(struct store_tx *tx, const char *sql);

/* Gives up the open transaction; there is nothing left to do if it fails. */
void connection_rollback(struct store_tx *tx);

/* What query_end() does but for its answer. */
void query_put_back(struct query *q);

/* Resets what a unit of work left open, and forgets its error. */
void connection_tidy(struct store_tx *tx);

/* SQLite's (extended) result code as HUFU_ERR_*; 0 stays 0. */
int connection_error(int code);

#endif
