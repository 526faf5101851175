#include "host/issue/status_row.h"

#include "crypto/core/status_list.h"

enum { HEAD, ENTRIES, VERSION, BEGIN, FINISH, STATEMENTS };

static const char *const sql[] = {
        [HEAD] = "SELECT version, published, sequence, at,"
                 " coalesce(log_index, 0) FROM status_list WHERE list = ?1",
        [ENTRIES] = "SELECT idx, value FROM status_entry WHERE list = ?1"
                    " AND value <> 0",
        [VERSION] = "SELECT version FROM status_entry WHERE list = ?1"
                    " AND idx = ?2",
        [BEGIN] = "UPDATE status_list SET sequence = ?1 WHERE list = ?2"
                  " AND sequence < ?1",
        [FINISH] = "UPDATE status_list SET published = max(published, ?1),"
                   " at = ?2, log_index = ?3 WHERE list = ?4"
                   " AND sequence = ?5",
};
static const struct statements statements = {"status_row", sql, STATEMENTS};

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
		rc = 0;
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

int status_row_read_map(struct store_tx *tx, uint32_t list,
        struct status_head *ret, uint8_t *map, size_t map_len)
{
	int rc = status_row_read_head(tx, list, ret);
	if (rc < 0)
		return rc;

	struct query *q = query_begin(tx, &statements, ENTRIES);
	query_bind_int(q, 1, list);
	while (rc == 0 && query_step(q) == STORE_ROW) {
		int64_t index = query_int(q, 0);
		if (index < 0 || (uint64_t)index / 4 >= map_len)
			rc = HUFU_ERR_CORRUPT;
		else
			status_list_put(map, (uint32_t)index,
			        (enum status_value)query_int(q, 1));
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

int status_row_read_version(
        struct store_tx *tx, uint32_t list, uint32_t index, int64_t *ret)
{
	struct query *q = query_begin(tx, &statements, VERSION);
	int rc = HUFU_ERR_NOT_FOUND;

	query_bind_int(q, 1, list);
	query_bind_int(q, 2, index);
	if (query_step(q) == STORE_ROW) {
		*ret = query_int(q, 0);
		rc = 0;
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
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
	return query_run(q);
}
