#include "host/store/connection.h"

#include <stdio.h>
#include <stdlib.h>

static const char setup_writer[] =
        "PRAGMA journal_mode = WAL;"
        "PRAGMA synchronous = FULL;"
        "PRAGMA foreign_keys = ON;"
        "PRAGMA trusted_schema = OFF;"
        "PRAGMA cell_size_check = ON;"
        "PRAGMA secure_delete = ON;" /* an erased salt must be gone */
        "PRAGMA journal_size_limit = 67108864;"
        "PRAGMA cache_size = -65536;";

static const char setup_reader[] = "PRAGMA query_only = ON;"
                                   "PRAGMA trusted_schema = OFF;"
                                   "PRAGMA cell_size_check = ON;"
                                   "PRAGMA cache_size = -16384;";

int connection_error(int code)
{
	switch (code & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_CONSTRAINT:
		return HUFU_ERR_CONFLICT;
	case SQLITE_FULL:
		return HUFU_ERR_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return HUFU_ERR_READONLY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return HUFU_ERR_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return HUFU_ERR_CORRUPT;
	case SQLITE_NOMEM:
		return HUFU_ERR_MEMORY;
	case SQLITE_TOOBIG:
		return HUFU_ERR_LIMIT;
	default:
		return HUFU_ERR_IO;
	}
}

static int remember(struct store_tx *tx, int code)
{
	if (connection_error(code) != 0)
		(void)snprintf(tx->error_text, sizeof tx->error_text, "%s",
		        sqlite3_errmsg(tx->db));
	return connection_error(code);
}

int connection_exec(struct store_tx *tx, const char *sql)
{
	return remember(tx, sqlite3_exec(tx->db, sql, NULL, NULL, NULL));
}

void connection_rollback(struct store_tx *tx)
{
	if (!sqlite3_get_autocommit(tx->db))
		(void)sqlite3_exec(tx->db, "ROLLBACK", NULL, NULL, NULL);
}

int connection_open(const char *path, enum connection_mode mode,
        unsigned busy_timeout_ms, struct store_tx **ret)
{
	struct store_tx *tx = calloc(1, sizeof *tx);
	int r;

	if (!tx)
		return HUFU_ERR_MEMORY;
	tx->failed = (struct query){.tx = tx, .error = HUFU_ERR_MEMORY};
	r = sqlite3_open_v2(path, &tx->db,
	        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	                SQLITE_OPEN_EXRESCODE,
	        NULL);
	r = connection_error(r);
	if (r == 0) {
		(void)sqlite3_busy_timeout(tx->db, (int)busy_timeout_ms);
		r = connection_exec(tx, mode == CONNECTION_WRITER
		                                ? setup_writer
		                                : setup_reader);
	}
	if (r < 0) {
		connection_close(tx);
		return r;
	}
	*ret = tx;
	return 0;
}

void connection_close(struct store_tx *tx)
{
	if (!tx)
		return;
	for (size_t i = 0; i < tx->table_count; i++) {
		for (int k = 0; k < tx->tables[i].table->count; k++)
			(void)sqlite3_finalize(tx->tables[i].queries[k].stmt);
		free(tx->tables[i].queries);
	}
	(void)sqlite3_close(tx->db); /* every statement is finalised */
	free(tx);
}

void connection_tidy(struct store_tx *tx)
{
	for (size_t i = 0; i < tx->table_count; i++) {
		for (int k = 0; k < tx->tables[i].table->count; k++) {
			struct query *q = &tx->tables[i].queries[k];
			if (q->open)
				query_put_back(q);
		}
	}
	tx->error_text[0] = '\0';
}
