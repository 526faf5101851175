#include "host/issue/status_row.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/core/status_list.h"

enum { HEAD, ENTRIES, CHANGES, VERSION, BEGIN, FINISH, STATEMENTS };

enum { CHANGES_AT_FIRST = 256 };

static const char *const sql[] = {
        [HEAD] = "SELECT version, published, sequence, at,"
                 " coalesce(log_index, 0), snapshot_sequence,"
                 " snapshot_version, snapshot_at, snapshot_hash"
                 " FROM status_list WHERE list = ?1",
        [ENTRIES] = "SELECT idx, value FROM status_entry WHERE list = ?1"
                    " AND value <> 0",
        /* the primary key would give the order, and every card there is */
        [CHANGES] = "SELECT idx, value FROM status_entry"
                    " INDEXED BY status_entry_version WHERE list = ?1"
                    " AND version > ?2 ORDER BY idx",
        [VERSION] = "SELECT version FROM status_entry WHERE list = ?1"
                    " AND idx = ?2",
        [BEGIN] = "UPDATE status_list SET sequence = ?1 WHERE list = ?2"
                  " AND sequence < ?1",
        [FINISH] = "UPDATE status_list SET published = max(published, ?1),"
                   " at = ?2, log_index = ?3, snapshot_sequence = ?6,"
                   " snapshot_version = ?7, snapshot_at = ?8,"
                   " snapshot_hash = ?9 WHERE list = ?4"
                   " AND sequence = ?5",
};
static const struct statements statements = {"status_row", sql, STATEMENTS};

static int take_snapshot(struct query *q, struct status_snapshot *ret)
{
	struct span hash = query_blob(q, 8);

	ret->sequence = (uint64_t)query_int(q, 5);
	ret->version = query_int(q, 6);
	ret->at_s = query_int(q, 7);
	if (ret->sequence == 0)
		return 0;
	if (hash.len != sizeof(ret->hash))
		return HUFU_ERR_CORRUPT;
	memcpy(ret->hash, hash.data, sizeof(ret->hash));
	return 0;
}

int status_row_read_head(
        struct store_tx *tx, uint32_t list, struct status_head *ret)
{
	struct query *q = query_begin(tx, &statements, HEAD);
	int rc = HUFU_ERR_NOT_FOUND;

	query_bind_int(q, 1, list);
	if (query_step(q) == STORE_ROW) {
		*ret = (struct status_head){
		        .version = query_int(q, 0),
		        .published = query_int(q, 1),
		        .sequence = (uint64_t)query_int(q, 2),
		        .at_s = query_int(q, 3),
		        .log_index = (uint64_t)query_int(q, 4),
		};
		rc = take_snapshot(q, &ret->snapshot);
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

static bool is_within(int64_t index, size_t map_len)
{
	return index >= 0 && (uint64_t)index / 4 < map_len;
}

int status_row_read_map(
        struct store_tx *tx, uint32_t list, uint8_t *map, size_t map_len)
{
	struct query *q = query_begin(tx, &statements, ENTRIES);
	int rc = 0;

	query_bind_int(q, 1, list);
	while (rc == 0 && query_step(q) == STORE_ROW) {
		int64_t index = query_int(q, 0);
		if (!is_within(index, map_len))
			rc = HUFU_ERR_CORRUPT;
		else
			status_list_put(map, (uint32_t)index,
			        (enum status_value)query_int(q, 1));
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

struct changes {
	struct compact_change *at;
	size_t count;
	size_t cap;
};

static int add_change(struct changes *c, struct compact_change change)
{
	if (c->count == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : CHANGES_AT_FIRST;
		void *wide = realloc(c->at, cap * sizeof(*c->at));

		if (!wide)
			return HUFU_ERR_MEMORY;
		c->at = wide;
		c->cap = cap;
	}
	c->at[c->count++] = change;
	return 0;
}

int status_row_read_changes(struct store_tx *tx, uint32_t list, int64_t version,
        struct compact_change **ret, size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, CHANGES);
	struct changes c = {0};
	int rc = 0;

	query_bind_int(q, 1, list);
	query_bind_int(q, 2, version);
	while (rc == 0 && query_step(q) == STORE_ROW) {
		int64_t index = query_int(q, 0);
		if (!is_within(index, STATUS_LIST_MAP_MAX))
			rc = HUFU_ERR_CORRUPT;
		else
			rc = add_change(&c,
			        (struct compact_change){(uint32_t)index,
			                (enum status_value)query_int(q, 1)});
	}
	int end = query_end(q);
	if (end < 0)
		rc = end;
	if (rc < 0) {
		free(c.at);
		return rc;
	}
	*ret = c.at;
	*ret_count = c.count;
	return 0;
}

int status_row_read_version(
        struct store_tx *tx, uint32_t list, uint32_t index, int64_t *ret)
{
	struct query *q = query_begin(tx, &statements, VERSION);

	query_bind_int(q, 1, list);
	query_bind_int(q, 2, index);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		*ret = query_int(q, 0);
	return query_end_one(q, rc);
}

int status_row_begin(struct store_tx *tx, uint32_t list, uint64_t sequence)
{
	struct query *q = query_begin(tx, &statements, BEGIN);

	query_bind_int(q, 1, (int64_t)sequence);
	query_bind_int(q, 2, list);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_STALE;
}

int status_row_finish(
        struct store_tx *tx, uint32_t list, const struct status_head *head)
{
	struct query *q = query_begin(tx, &statements, FINISH);

	query_bind_int(q, 1, head->version);
	query_bind_int(q, 2, head->at_s);
	query_bind_int(q, 3, (int64_t)head->log_index);
	query_bind_int(q, 4, list);
	query_bind_int(q, 5, (int64_t)head->sequence);
	query_bind_int(q, 6, (int64_t)head->snapshot.sequence);
	query_bind_int(q, 7, head->snapshot.version);
	query_bind_int(q, 8, head->snapshot.at_s);
	query_bind_blob(q, 9,
	        span_of(head->snapshot.hash, sizeof(head->snapshot.hash)));
	return query_run(q);
}
