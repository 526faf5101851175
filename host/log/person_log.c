#include "host/log/person_log.h"

#include <stdio.h>

enum { ADD, LIST, STATEMENTS };

static const char *const sql[] = {
        [ADD] = "INSERT INTO person_log (person, idx, actor, station, card)"
                " VALUES (?1, ?2, ?3, ?4, ?5)",
        [LIST] = "SELECT p.idx, p.actor, p.station, p.card, e.entry"
                 " FROM person_log p JOIN log_entry e ON e.idx = p.idx"
                 " WHERE p.person = ?1 AND p.idx < ?2"
                 " ORDER BY p.idx DESC LIMIT ?3",
};
static const struct statements statements = {"person_log", sql, STATEMENTS};

static void bind_row(struct query *q, int at, int64_t row)
{
	if (row)
		query_bind_int(q, at, row);
	else
		query_bind_null(q, at);
}

int person_log_add(
        struct store_tx *tx, const struct entry *entry, uint64_t index)
{
	struct query *q = query_begin(tx, &statements, ADD);

	query_bind_int(q, 1, entry->person);
	query_bind_int(q, 2, (int64_t)index);
	bind_row(q, 3, entry->actor);
	bind_row(q, 4, entry->station);
	query_bind_text(q, 5, entry->card ? entry->card : "");
	return query_run(q);
}

static int fill(struct query *q, struct person_log *ret)
{
	*ret = (struct person_log){
	        .index = (uint64_t)query_int(q, 0),
	        .actor = query_int(q, 1),
	        .station = query_int(q, 2),
	};
	(void)snprintf(ret->card, sizeof(ret->card), "%s", query_text(q, 3));
	return log_entry_decode(query_blob(q, 4), &ret->entry);
}

int person_log_list(struct store_tx *tx, int64_t person, uint64_t before,
        struct person_log ret[PERSON_LOG_MAX], size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, LIST);
	size_t n = 0;
	int rc = 0;

	query_bind_int(q, 1, person);
	query_bind_int(q, 2, before ? (int64_t)before : INT64_MAX);
	query_bind_int(q, 3, PERSON_LOG_MAX);
	while (n < PERSON_LOG_MAX && rc == 0 && query_step(q) == STORE_ROW)
		rc = fill(q, &ret[n++]);
	int end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	*ret_count = n;
	return 0;
}
