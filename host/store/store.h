/*
 * The store: one database, one writer thread with group commit, readers on
 * snapshots of their own. Which engine answers is hidden here; SQL stands in
 * the statement tables of the modules, prepared once a connection.
 *
 * A unit of work gets a transaction. store_write() runs it on the writer
 * thread, inside a savepoint of the group's transaction, and returns only
 * when the commit is durable. Work that answers anything but 0 is undone,
 * alone, and its answer is handed on. No work may touch a device, a socket
 * or a file, and none may call store_write() or store_read().
 */
#ifndef HOST_STORE_H
#define HOST_STORE_H

#include "crypto/core/bytes.h"
#include "host/base/problem.h"

struct sealer; /* crypto/openssl/seal.h: the field keys */
struct store;
struct store_tx;
struct query;

typedef int (*store_work)(struct store_tx *tx, void *arg);

struct store_options {
	const char *url; /* a path, or sqlite://path; others are refused */
	const struct sealer *sealer; /* NULL: sealed columns are refused */
	bool create; /* make an empty database when there is none */
	unsigned busy_timeout_ms;
};

HUFU_MUST_USE int store_open(const struct store_options *options,
        struct store **ret, struct problem *ret_problem);
void store_close(struct store *store); /* waits for work in hand */

HUFU_MUST_USE int store_write(struct store *store, store_work work, void *arg);
HUFU_MUST_USE int store_read(struct store *store, store_work work, void *arg);

struct durations; /* host/base/durations.h */
/* Of store_write(), waiting included; lives as long as the store. */
struct durations *store_write_durations(struct store *store);

/* What failed in the last query of this transaction, for problem texts. */
const char *store_tx_error(const struct store_tx *tx);
const struct sealer *store_tx_sealer(const struct store_tx *tx);

const char *store_path(const struct store *store);

/* A copy that is consistent and complete, while work goes on; never over
 * a file that exists (HUFU_ERR_CONFLICT). */
HUFU_MUST_USE int store_backup(
        struct store *store, const char *path, struct problem *ret_problem);

/* ---- statements ---- */

struct statements {
	const char *module; /* "person" */
	const char *const *sql; /* indexed by the module's own enum */
	int count;
};

enum { STORE_ROW = 1 }; /* query_step(): there is a row */

/*
 * Takes the prepared statement `which`, reset and unbound. One query of a
 * kind may be open at a time; query_end() gives it back and answers its
 * first error. A constraint answers HUFU_ERR_CONFLICT, a full disk
 * HUFU_ERR_FULL, a read-only one HUFU_ERR_READONLY.
 */
struct query *query_begin(
        struct store_tx *tx, const struct statements *table, int which);
void query_bind_int(struct query *q, int at, int64_t v); /* at: from 1 */
void query_bind_text(struct query *q, int at, const char *v); /* NULL: null */
void query_bind_blob(struct query *q, int at, struct span v);
void query_bind_null(struct query *q, int at);
HUFU_MUST_USE int query_step(struct query *q); /* STORE_ROW, 0 or error */
int64_t query_int(struct query *q, int column); /* column: from 0 */
const char *query_text(struct query *q, int column); /* NULL for null; until
                                                      * the next step */
struct span query_blob(struct query *q, int column);
bool query_is_null(struct query *q, int column);
HUFU_MUST_USE int query_end(struct query *q);
/* Ends a query for one row, whose only query_step() answered `stepped`:
 * HUFU_ERR_NOT_FOUND when there was none. */
HUFU_MUST_USE int query_end_one(struct query *q, int stepped);
/* Step to the end and end: for INSERT, UPDATE, DELETE. */
HUFU_MUST_USE int query_run(struct query *q);
int64_t store_tx_last_id(const struct store_tx *tx); /* rowid inserted */
int64_t store_tx_changes(const struct store_tx *tx); /* rows of last query */

#endif
