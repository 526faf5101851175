#include "host/issue/parcel_row.h"

#include "host/base/area_code.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"

#define PARCEL_COLUMNS                                                         \
	"p.id, p.area, p.destination, p.state, p.ground, p.difference,"        \
	" p.packed_by, p.packed_at, coalesce(p.sent_by, 0), p.sent_at,"        \
	" coalesce(p.received_by, 0), p.received_at, p.counted,"               \
	" (SELECT count(*) FROM parcel_card WHERE parcel = p.id),"             \
	" (SELECT count(*) FROM parcel_card WHERE parcel = p.id"               \
	"   AND found = 0)"

#define CARD_COLUMNS                                                           \
	"c.id, c.number, c.kind, c.area, a.delivery_area, c.phase,"            \
	" c.made_at, c.delivered_at"

#define CARD_WITH_PLACE "card c JOIN application a ON a.id = c.application"

#define CARD_LOOSE                                                             \
	" AND NOT EXISTS (SELECT 1 FROM parcel_card"                           \
	"   WHERE card = c.id AND open = 1)"

/* The parcel that a card lay in when it came to where it is. */
#define CARD_CAME_BY                                                           \
	"(SELECT max(parcel) FROM parcel_card WHERE card = c.id"               \
	"   AND found = 1)"

#define CARD_UNCOLLECTED                                                       \
	"c.phase = 4 AND c.delivered_at <= ?1" CARD_LOOSE                      \
	" AND NOT EXISTS (SELECT 1 FROM parcel p"                              \
	"   WHERE p.id = " CARD_CAME_BY " AND p.ground <> '')"

enum {
	ADD,
	PUT_CARD,
	LOAD,
	LIST,
	CHANGE,
	SET_FOUND,
	LIST_CARDS,
	LIST_READY,
	LIST_UNCOLLECTED,
	IS_UNCOLLECTED,
	STATEMENTS,
};

static const char *const sql[] = {
        [ADD] = "INSERT INTO parcel (area, destination, ground, packed_by,"
                " packed_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        [PUT_CARD] = "INSERT INTO parcel_card (parcel, card) VALUES (?1, ?2)",
        [LOAD] = "SELECT " PARCEL_COLUMNS " FROM parcel p WHERE p.id = ?1",
        [LIST] = "SELECT " PARCEL_COLUMNS " FROM parcel p"
                 " WHERE (?1 = 0 OR p.id < ?1) AND (?2 = 0 OR p.state = ?2)"
                 " AND (substr(p.area, 1, length(?3)) = ?3"
                 "   OR substr(p.destination, 1, length(?3)) = ?3)"
                 " ORDER BY p.id DESC LIMIT ?4",
        [CHANGE] = "UPDATE parcel SET state = ?1, sent_by = nullif(?2, 0),"
                   " sent_at = ?3, received_by = nullif(?4, 0),"
                   " received_at = ?5, counted = ?6, difference = ?7"
                   " WHERE id = ?8 AND state = ?9",
        [SET_FOUND] = "UPDATE parcel_card SET found = ?3"
                      " WHERE parcel = ?1 AND card = ?2",
        [LIST_CARDS] = "SELECT " CARD_COLUMNS ", x.found FROM parcel_card x"
                       " JOIN card c ON c.id = x.card"
                       " JOIN application a ON a.id = c.application"
                       " WHERE x.parcel = ?1 ORDER BY x.card LIMIT ?2",
        [LIST_READY] =
                "SELECT " CARD_COLUMNS ", NULL FROM " CARD_WITH_PLACE
                " WHERE c.phase IN (2, 4) AND c.id > ?1"
                " AND substr(a.delivery_area, 1, length(?2)) = ?2" CARD_LOOSE
                " AND (c.phase = 2 OR EXISTS (SELECT 1 FROM parcel p"
                "   WHERE p.id = " CARD_CAME_BY " AND p.ground = ''"
                "   AND length(p.destination)"
                "     < length(a.delivery_area)))"
                " ORDER BY c.id LIMIT ?3",
        [LIST_UNCOLLECTED] =
                "SELECT " CARD_COLUMNS ", NULL FROM " CARD_WITH_PLACE
                " WHERE " CARD_UNCOLLECTED " AND c.id > ?2"
                " AND substr(a.delivery_area, 1, length(?3)) = ?3"
                " ORDER BY c.id LIMIT ?4",
        [IS_UNCOLLECTED] =
                "SELECT 1 FROM card c WHERE " CARD_UNCOLLECTED " AND c.id = ?2",
};
static const struct statements statements = {"parcel_row", sql, STATEMENTS};

int parcel_row_add(
        struct store_tx *tx, struct parcel *parcel, struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &statements, ADD);

	query_bind_text(q, 1, parcel->area);
	query_bind_text(q, 2, parcel->destination);
	query_bind_text(q, 3, parcel->ground);
	query_bind_int(q, 4, parcel->packed_by);
	query_bind_int(q, 5, parcel->packed_at_s);
	int rc = refusal_of_constraint(tx, query_run(q), ret_problem);
	if (rc == 0)
		parcel->id = store_tx_last_id(tx);
	return rc;
}

int parcel_row_put_card(struct store_tx *tx, int64_t parcel, int64_t card,
        struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &statements, PUT_CARD);

	query_bind_int(q, 1, parcel);
	query_bind_int(q, 2, card);
	return refusal_of_constraint(tx, query_run(q), ret_problem);
}

static void fill(struct query *q, struct parcel *ret)
{
	*ret = (struct parcel){
	        .id = query_int(q, 0),
	        .state = (enum parcel_state)query_int(q, 3),
	        .packed_by = query_int(q, 6),
	        .packed_at_s = query_int(q, 7),
	        .sent_by = query_int(q, 8),
	        .sent_at_s = query_int(q, 9),
	        .received_by = query_int(q, 10),
	        .received_at_s = query_int(q, 11),
	        .cards = (uint32_t)query_int(q, 13),
	        .missing = (uint32_t)query_int(q, 14),
	};
	issue_copy_text(ret->area, sizeof(ret->area), query_text(q, 1));
	issue_copy_text(
	        ret->destination, sizeof(ret->destination), query_text(q, 2));
	issue_copy_text(ret->ground, sizeof(ret->ground), query_text(q, 4));
	issue_copy_text(
	        ret->difference, sizeof(ret->difference), query_text(q, 5));
	if (ret->state == PARCEL_RECEIVED)
		ret->surplus = (uint32_t)query_int(q, 12) -
		               (ret->cards - ret->missing);
}

int parcel_read(struct store_tx *tx, int64_t id, struct parcel *ret)
{
	struct query *q = query_begin(tx, &statements, LOAD);

	query_bind_int(q, 1, id);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		fill(q, ret);
	return query_end_one(q, rc);
}

int parcel_list(struct store_tx *tx, const struct parcel_filter *filter,
        struct parcel *ret, size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	struct query *q = query_begin(tx, &statements, LIST);
	size_t n = 0;

	card_row_area_prefix(filter->area, prefix);
	query_bind_int(q, 1, filter->before);
	query_bind_int(q, 2, filter->state);
	query_bind_text(q, 3, prefix);
	query_bind_int(q, 4, (int64_t)cap);
	while (n < cap && query_step(q) == STORE_ROW)
		fill(q, &ret[n++]);
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}

int parcel_row_change(struct store_tx *tx, enum parcel_state before,
        const struct parcel *p, struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &statements, CHANGE);
	bool received = p->state == PARCEL_RECEIVED;

	query_bind_int(q, 1, p->state);
	query_bind_int(q, 2, p->sent_by);
	query_bind_int(q, 3, p->sent_at_s);
	query_bind_int(q, 4, p->received_by);
	query_bind_int(q, 5, p->received_at_s);
	query_bind_int(q, 6, received ? p->cards - p->missing + p->surplus : 0);
	query_bind_text(q, 7, p->difference);
	query_bind_int(q, 8, p->id);
	query_bind_int(q, 9, before);
	int rc = refusal_of_constraint(tx, query_run(q), ret_problem);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_STATE;
}

int parcel_row_set_found(
        struct store_tx *tx, int64_t parcel, int64_t card, bool found)
{
	struct query *q = query_begin(tx, &statements, SET_FOUND);

	query_bind_int(q, 1, parcel);
	query_bind_int(q, 2, card);
	query_bind_int(q, 3, found);
	return query_run(q);
}

/* ---- cards ---- */

static int read_cards(
        struct query *q, struct parcel_card *ret, size_t cap, size_t *ret_count)
{
	size_t n = 0;

	while (n < cap && query_step(q) == STORE_ROW) {
		struct parcel_card *c = &ret[n++];

		*c = (struct parcel_card){
		        .card = query_int(q, 0),
		        .kind = (uint32_t)query_int(q, 2),
		        .phase = (enum card_phase)query_int(q, 5),
		        .made_at_s = query_int(q, 6),
		        .delivered_at_s = query_int(q, 7),
		        .looked = !query_is_null(q, 8),
		        .found = query_int(q, 8) == 1,
		};
		issue_copy_text(c->number, sizeof(c->number), query_text(q, 1));
		issue_copy_text(c->area, sizeof(c->area), query_text(q, 3));
		issue_copy_text(c->delivery_area, sizeof(c->delivery_area),
		        query_text(q, 4));
	}
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}

int parcel_list_cards(struct store_tx *tx, int64_t parcel,
        struct parcel_card *ret, size_t cap, size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, LIST_CARDS);

	query_bind_int(q, 1, parcel);
	query_bind_int(q, 2, (int64_t)cap);
	return read_cards(q, ret, cap, ret_count);
}

int parcel_list_ready(struct store_tx *tx, const struct parcel_waiting *waiting,
        struct parcel_card *ret, size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	struct query *q = query_begin(tx, &statements, LIST_READY);

	card_row_area_prefix(waiting->area, prefix);
	query_bind_int(q, 1, waiting->after);
	query_bind_text(q, 2, prefix);
	query_bind_int(q, 3, (int64_t)cap);
	return read_cards(q, ret, cap, ret_count);
}

int parcel_list_uncollected(struct store_tx *tx,
        const struct parcel_waiting *waiting, struct parcel_card *ret,
        size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	struct query *q = query_begin(tx, &statements, LIST_UNCOLLECTED);

	card_row_area_prefix(waiting->area, prefix);
	query_bind_int(q, 1, waiting->until_s);
	query_bind_int(q, 2, waiting->after);
	query_bind_text(q, 3, prefix);
	query_bind_int(q, 4, (int64_t)cap);
	return read_cards(q, ret, cap, ret_count);
}

int parcel_row_is_uncollected(
        struct store_tx *tx, int64_t card, int64_t until_s, bool *ret)
{
	struct query *q = query_begin(tx, &statements, IS_UNCOLLECTED);

	query_bind_int(q, 1, until_s);
	query_bind_int(q, 2, card);
	bool found = query_step(q) == STORE_ROW;
	int rc = query_end(q);
	if (rc == 0)
		*ret = found;
	return rc;
}
