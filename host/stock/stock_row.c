#include "host/stock/stock_row.h"

enum {
	COUNT_PLACE,
	COUNT_AREA,
	SHIFT,
	ADD_BATCH,
	ADD_BLANK,
	DESTROY,
	STATION_AREA,
	FIND_SERIAL,
	FIND_UNREAD,
	RESERVE,
	SETTLE,
	BALANCE,
	BALANCE_ALL,
	BALANCE_STATION,
	NOTE_COUNT,
	STATEMENTS,
};

static const char *const sql[] = {
        [COUNT_PLACE] = "SELECT count(*) FROM blank WHERE area = ?1"
                        " AND station IS ?2 AND state = 1",
        [COUNT_AREA] = "SELECT count(*) FROM blank WHERE area = ?1"
                       " AND state = 1",
        [SHIFT] = "UPDATE blank SET state = ?1, station = ?2, since = ?3"
                  " WHERE id IN (SELECT id FROM blank WHERE area = ?4"
                  " AND station IS ?5 AND state = 1"
                  " ORDER BY serial IS NOT NULL, id LIMIT ?6)",
        [ADD_BATCH] = "INSERT INTO blank_batch (area, reference, count,"
                      " staff, at, log_index)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [ADD_BLANK] = "INSERT INTO blank (batch, number, area, station,"
                      " since) VALUES (?1, ?2, ?3, ?4, ?5)",
        [DESTROY] = "UPDATE blank SET destroyed_at = ?1 WHERE id IN ("
                    "SELECT id FROM blank WHERE area = ?2 AND state = 4"
                    " AND destroyed_at IS NULL ORDER BY id LIMIT ?3)",
        [STATION_AREA] = "SELECT 1 FROM station WHERE id = ?1 AND area = ?2",
        [FIND_SERIAL] = "SELECT id, station, state FROM blank"
                        " WHERE serial = ?1",
        [FIND_UNREAD] = "SELECT id FROM blank WHERE station = ?1"
                        " AND state = 1 AND serial IS NULL LIMIT 1",
        [RESERVE] = "UPDATE blank SET state = 2, serial = ?1, since = ?2"
                    " WHERE id = ?3 AND state = 1",
        [SETTLE] = "UPDATE blank SET state = ?1, since = ?2"
                   " WHERE id = ?3 AND state = 2",
        [BALANCE] = "SELECT received, in_stock, reserved, issued, spoiled,"
                    " missing, destroyed, difference FROM blank_balance"
                    " WHERE area = ?1",
        [BALANCE_ALL] = "SELECT sum(received), sum(in_stock), sum(reserved),"
                        " sum(issued), sum(spoiled), sum(missing),"
                        " sum(destroyed), sum(difference)"
                        " FROM blank_balance",
        [BALANCE_STATION] = "SELECT 0, sum(state = 1), sum(state = 2),"
                            " sum(state = 3), sum(state = 4),"
                            " sum(state = 5),"
                            " sum(destroyed_at IS NOT NULL), 0"
                            " FROM blank WHERE station = ?1",
        [NOTE_COUNT] = "INSERT INTO stock_counted (area, at, proposal,"
                       " received, in_stock, reserved, issued, spoiled,"
                       " missing, destroyed) SELECT area, ?2, ?3, received,"
                       " in_stock, reserved, issued, spoiled, missing,"
                       " destroyed FROM blank_balance WHERE area = ?1",
};
static const struct statements statements = {"stock_row", sql, STATEMENTS};

static void bind_station(struct query *q, int at, int64_t station)
{
	if (station)
		query_bind_int(q, at, station);
	else
		query_bind_null(q, at);
}

int stock_row_count(
        struct store_tx *tx, const struct stock_place *place, int64_t *ret)
{
	bool whole = place->station < 0;
	struct query *q =
	        query_begin(tx, &statements, whole ? COUNT_AREA : COUNT_PLACE);
	int64_t count = 0;

	query_bind_text(q, 1, place->area);
	if (!whole)
		bind_station(q, 2, place->station);
	if (query_step(q) == STORE_ROW)
		count = query_int(q, 0);
	int rc = query_end(q);
	if (rc == 0)
		*ret = count;
	return rc;
}

int stock_row_shift(struct store_tx *tx, const struct stock_shift *shift)
{
	int64_t there = 0;
	int rc = stock_row_count(tx, &shift->from, &there);
	if (rc < 0)
		return rc;
	if (there < shift->count)
		return HUFU_ERR_CONFLICT;

	struct query *q = query_begin(tx, &statements, SHIFT);
	query_bind_int(q, 1, shift->to);
	bind_station(q, 2,
	        shift->to == STOCK_IN_STOCK ? shift->to_station
	                                    : shift->from.station);
	query_bind_int(q, 3, shift->at_s);
	query_bind_text(q, 4, shift->from.area);
	bind_station(q, 5, shift->from.station);
	query_bind_int(q, 6, shift->count);
	return query_run(q);
}

static int add_blank(struct store_tx *tx, int64_t batch, uint32_t number,
        const struct stock_batch *b, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, ADD_BLANK);

	query_bind_int(q, 1, batch);
	query_bind_int(q, 2, number);
	query_bind_text(q, 3, b->area);
	bind_station(q, 4, b->station);
	query_bind_int(q, 5, at_s);
	return query_run(q);
}

int stock_row_add_batch(struct store_tx *tx, const struct stock_by *by,
        const struct stock_batch *batch, uint64_t log_index, int64_t *ret_batch)
{
	struct query *q = query_begin(tx, &statements, ADD_BATCH);

	query_bind_text(q, 1, batch->area);
	query_bind_text(q, 2, batch->reference);
	query_bind_int(q, 3, batch->count);
	if (by->staff)
		query_bind_int(q, 4, by->staff);
	else
		query_bind_null(q, 4);
	query_bind_int(q, 5, by->at_s);
	query_bind_int(q, 6, (int64_t)log_index);
	int rc = query_run(q);
	int64_t id = store_tx_last_id(tx);
	for (uint32_t i = 1; i <= batch->count && rc == 0; i++)
		rc = add_blank(tx, id, i, batch, by->at_s);
	if (rc == 0)
		*ret_batch = id;
	return rc;
}

int stock_row_destroy(
        struct store_tx *tx, const char *area, uint32_t count, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, DESTROY);

	query_bind_int(q, 1, at_s);
	query_bind_text(q, 2, area);
	query_bind_int(q, 3, count);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == count ? 0 : HUFU_ERR_CONFLICT;
}

int stock_row_check_place(struct store_tx *tx, const struct stock_place *place)
{
	if (!place->station)
		return 0;

	struct query *q = query_begin(tx, &statements, STATION_AREA);
	query_bind_int(q, 1, place->station);
	query_bind_text(q, 2, place->area);
	int rc = query_step(q);
	return query_end_one(q, rc);
}

/* *ret_id 0: this serial was never read before. */
static int find_serial(struct store_tx *tx, struct span serial, int64_t station,
        int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_SERIAL);
	int rc = 0;

	*ret_id = 0;
	query_bind_blob(q, 1, serial);
	if (query_step(q) == STORE_ROW) {
		*ret_id = query_int(q, 0);
		if (query_int(q, 1) != station ||
		        query_int(q, 2) != STOCK_IN_STOCK)
			rc = STOCK_FOREIGN;
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

static int find_unread(struct store_tx *tx, int64_t station, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_UNREAD);
	int rc = STOCK_EMPTY;

	query_bind_int(q, 1, station);
	if (query_step(q) == STORE_ROW) {
		*ret_id = query_int(q, 0);
		rc = 0;
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

int stock_reserve(struct store_tx *tx, const struct stock_reservation *r,
        int64_t *ret_blank)
{
	struct span serial = span_of(r->serial, CARD_SERIAL_LEN);
	int64_t id = 0;

	int rc = find_serial(tx, serial, r->station, &id);
	if (rc == 0 && id == 0)
		rc = find_unread(tx, r->station, &id);
	if (rc != 0)
		return rc;

	struct query *q = query_begin(tx, &statements, RESERVE);
	query_bind_blob(q, 1, serial);
	query_bind_int(q, 2, r->at_s);
	query_bind_int(q, 3, id);
	rc = query_run(q);
	if (rc == 0)
		*ret_blank = id;
	return rc;
}

int stock_settle(
        struct store_tx *tx, int64_t blank, enum stock_state to, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, SETTLE);

	query_bind_int(q, 1, to);
	query_bind_int(q, 2, at_s);
	query_bind_int(q, 3, blank);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_STATE;
}

static int read_balance(struct query *q, struct stock_balance *ret)
{
	struct stock_balance b = {0};

	if (query_step(q) == STORE_ROW) {
		b.received = query_int(q, 0);
		for (int i = STOCK_IN_STOCK; i < STOCK_STATES; i++)
			b.count[i] = query_int(q, i);
		b.destroyed = query_int(q, 6);
		b.difference = query_int(q, 7);
	}
	int rc = query_end(q);
	if (rc == 0)
		*ret = b;
	return rc;
}

int stock_read_balance(
        struct store_tx *tx, const char *area, struct stock_balance *ret)
{
	struct query *q =
	        query_begin(tx, &statements, area ? BALANCE : BALANCE_ALL);

	if (area)
		query_bind_text(q, 1, area);
	return read_balance(q, ret);
}

int stock_read_station(
        struct store_tx *tx, int64_t station, struct stock_balance *ret)
{
	struct query *q = query_begin(tx, &statements, BALANCE_STATION);

	query_bind_int(q, 1, station);
	return read_balance(q, ret);
}

int stock_row_note_count(
        struct store_tx *tx, const struct stock_by *by, const char *area)
{
	struct query *q = query_begin(tx, &statements, NOTE_COUNT);

	query_bind_text(q, 1, area);
	query_bind_int(q, 2, by->at_s);
	query_bind_int(q, 3, by->proposal);
	return query_run(q);
}
