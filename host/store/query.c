#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/store/connection.h"

static void note(struct query *q, int code)
{
	int r = connection_error(code);

	if (r == 0 || q->error)
		return;
	q->error = r;
	(void)snprintf(q->tx->error_text, sizeof q->tx->error_text, "%s",
	        sqlite3_errmsg(q->tx->db));
}

static struct prepared *find_table(
        struct store_tx *tx, const struct statements *table)
{
	struct prepared *p;

	for (size_t i = 0; i < tx->table_count; i++)
		if (tx->tables[i].table == table)
			return &tx->tables[i];
	assert(tx->table_count < CONNECTION_TABLES_MAX);
	p = &tx->tables[tx->table_count];
	p->queries = calloc((size_t)table->count, sizeof *p->queries);
	if (!p->queries)
		return NULL;
	p->table = table;
	tx->table_count++;
	return p;
}

struct query *query_begin(
        struct store_tx *tx, const struct statements *table, int which)
{
	struct prepared *p = find_table(tx, table);
	struct query *q;

	assert(which >= 0 && which < table->count);
	if (!p) {
		tx->failed.error = HUFU_ERR_MEMORY;
		return &tx->failed;
	}
	q = &p->queries[which];
	assert(!q->open);
	if (q->open)
		query_put_back(q); /* without asserts: begin afresh */
	q->tx = tx;
	q->open = true;
	q->error = 0;
	if (!q->stmt)
		note(q, sqlite3_prepare_v3(tx->db, table->sql[which], -1,
		                SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL));
	return q;
}

void query_bind_int(struct query *q, int at, int64_t v)
{
	if (!q->error)
		note(q, sqlite3_bind_int64(q->stmt, at, v));
}

void query_bind_text(struct query *q, int at, const char *v)
{
	if (!q->error)
		note(q, sqlite3_bind_text(
		                q->stmt, at, v, -1, SQLITE_TRANSIENT));
}

void query_bind_blob(struct query *q, int at, struct span v)
{
	if (q->error)
		return;
	/* No data means an empty blob here, not a null. */
	note(q, sqlite3_bind_blob64(q->stmt, at,
	                v.len ? v.data : (const void *)"", v.len,
	                SQLITE_TRANSIENT));
}

void query_bind_null(struct query *q, int at)
{
	if (!q->error)
		note(q, sqlite3_bind_null(q->stmt, at));
}

int query_step(struct query *q)
{
	int code;

	if (q->error)
		return q->error;
	code = sqlite3_step(q->stmt);
	if (code == SQLITE_ROW)
		return STORE_ROW;
	if (code != SQLITE_DONE)
		note(q, code);
	return q->error;
}

int64_t query_int(struct query *q, int column)
{
	return q->error ? 0 : sqlite3_column_int64(q->stmt, column);
}

const char *query_text(struct query *q, int column)
{
	if (q->error)
		return NULL;
	return (const char *)sqlite3_column_text(q->stmt, column);
}

struct span query_blob(struct query *q, int column)
{
	const void *data;

	if (q->error)
		return span_of(NULL, 0);
	data = sqlite3_column_blob(q->stmt, column);
	return span_of(data, (size_t)sqlite3_column_bytes(q->stmt, column));
}

bool query_is_null(struct query *q, int column)
{
	return q->error || sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

void query_put_back(struct query *q)
{
	if (q->stmt) {
		(void)sqlite3_reset(q->stmt); /* its error is in q->error */
		(void)sqlite3_clear_bindings(q->stmt); /* cannot fail */
	}
	q->open = false;
	q->error = 0;
}

int query_end(struct query *q)
{
	int r = q->error;

	query_put_back(q);
	return r;
}

int query_run(struct query *q)
{
	int r;

	do {
		r = query_step(q);
	} while (r == STORE_ROW);
	return query_end(q);
}

int64_t store_tx_last_id(const struct store_tx *tx)
{
	return sqlite3_last_insert_rowid(tx->db);
}

int64_t store_tx_changes(const struct store_tx *tx)
{
	return sqlite3_changes64(tx->db);
}

const char *store_tx_error(const struct store_tx *tx)
{
	return tx->error_text;
}

const struct sealer *store_tx_sealer(const struct store_tx *tx)
{
	return tx->sealer;
}
