#include "host/issue/card_row.h"

#include <string.h>

#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"

#define CARD_COLUMNS                                                           \
	"id, application, person, number, kind, area, phase, list, idx,"       \
	" valid_from, valid_to, made_at, handed_over_at, ended_at, lift_at,"   \
	" surrendered_at, ground, log_index, coalesce(signed_index, 0),"       \
	" delivered_at"

enum {
	LOAD,
	FIND,
	FIND_OF,
	FIND_LIFT,
	FIND_TERM,
	FIND_EXPIRED,
	LIST,
	CHANGE,
	STATEMENTS,
};

static const char *const sql[] = {
        [LOAD] = "SELECT " CARD_COLUMNS " FROM card WHERE id = ?1",
        [FIND] = "SELECT " CARD_COLUMNS " FROM card WHERE number = ?1",
        [FIND_OF] = "SELECT id FROM card WHERE person = ?1"
                    " AND (1 << phase) & ?2 ORDER BY id DESC LIMIT 1",
        [FIND_LIFT] = "SELECT id FROM card WHERE phase = 6"
                      " AND lift_at > 0 AND lift_at <= ?1"
                      " ORDER BY lift_at LIMIT 1",
        [FIND_TERM] = "SELECT id FROM card WHERE phase = 7"
                      " AND lift_at > 0 AND lift_at <= ?1"
                      " ORDER BY lift_at LIMIT 1",
        [FIND_EXPIRED] = "SELECT id FROM card WHERE phase IN (5, 6, 7)"
                         " AND valid_to < ?1 AND valid_to <> ''"
                         " ORDER BY valid_to LIMIT 1",
        [LIST] = "SELECT " CARD_COLUMNS " FROM card WHERE id > ?1"
                 " AND (?2 = 0 OR phase = ?2) AND (?3 = 0 OR person = ?3)"
                 " AND substr(area, 1, length(?4)) = ?4"
                 " ORDER BY id LIMIT ?5",
        [CHANGE] = "UPDATE card SET phase = ?1, made_at = ?2,"
                   " handed_over_at = ?3, ended_at = ?4, lift_at = ?5,"
                   " surrendered_at = ?6, ground = ?7, log_index = ?8,"
                   " delivered_at = ?11"
                   " WHERE id = ?9 AND phase = ?10",
};
static const struct statements statements = {"card_row", sql, STATEMENTS};

static void fill(struct query *q, struct card_record *ret)
{
	*ret = (struct card_record){
	        .id = query_int(q, 0),
	        .application = query_int(q, 1),
	        .person = query_int(q, 2),
	        .kind = (uint32_t)query_int(q, 4),
	        .phase = (enum card_phase)query_int(q, 6),
	        .status_list = (uint32_t)query_int(q, 7),
	        .status_index = (uint32_t)query_int(q, 8),
	        .made_at_s = query_int(q, 11),
	        .handed_over_at_s = query_int(q, 12),
	        .ended_at_s = query_int(q, 13),
	        .lift_at_s = query_int(q, 14),
	        .surrendered_at_s = query_int(q, 15),
	        .log_index = (uint64_t)query_int(q, 17),
	        .signed_index = (uint64_t)query_int(q, 18),
	        .delivered_at_s = query_int(q, 19),
	};
	issue_copy_text(ret->number, sizeof(ret->number), query_text(q, 3));
	issue_copy_text(ret->area, sizeof(ret->area), query_text(q, 5));
	issue_copy_text(
	        ret->valid_from, sizeof(ret->valid_from), query_text(q, 9));
	issue_copy_text(
	        ret->valid_to, sizeof(ret->valid_to), query_text(q, 10));
	issue_copy_text(ret->ground, sizeof(ret->ground), query_text(q, 16));
}

static int read_one(struct query *q, struct card_record *ret)
{
	int rc = query_step(q);

	if (rc == STORE_ROW)
		fill(q, ret);
	return query_end_one(q, rc);
}

int card_book_read(struct store_tx *tx, int64_t id, struct card_record *ret)
{
	struct query *q = query_begin(tx, &statements, LOAD);

	query_bind_int(q, 1, id);
	return read_one(q, ret);
}

int card_book_find(
        struct store_tx *tx, const char *number, struct card_record *ret)
{
	struct query *q = query_begin(tx, &statements, FIND);

	query_bind_text(q, 1, number);
	return read_one(q, ret);
}

static int read_id(struct query *q, int64_t *ret_id)
{
	int64_t id = 0;

	if (query_step(q) == STORE_ROW)
		id = query_int(q, 0);
	int rc = query_end(q);
	if (rc == 0)
		*ret_id = id;
	return rc;
}

int card_row_find_of(
        struct store_tx *tx, int64_t person, uint32_t phases, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_OF);

	query_bind_int(q, 1, person);
	query_bind_int(q, 2, phases);
	return read_id(q, ret_id);
}

int card_row_find_lift(struct store_tx *tx, int64_t at_s, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_LIFT);

	query_bind_int(q, 1, at_s);
	return read_id(q, ret_id);
}

int card_row_find_term(struct store_tx *tx, int64_t at_s, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_TERM);

	query_bind_int(q, 1, at_s);
	return read_id(q, ret_id);
}

int card_row_find_expired(
        struct store_tx *tx, const char *today, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_EXPIRED);

	query_bind_text(q, 1, today);
	return read_id(q, ret_id);
}

void card_row_area_prefix(const char *area, char ret[AREA_CODE_MAX + 1])
{
	area_code_prefix(area, ret);
}

int card_book_list(struct store_tx *tx, const struct card_filter *filter,
        struct card_record *ret, size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	struct query *q = query_begin(tx, &statements, LIST);
	size_t n = 0;

	card_row_area_prefix(filter->area, prefix);
	query_bind_int(q, 1, filter->after);
	query_bind_int(q, 2, filter->phase);
	query_bind_int(q, 3, filter->person);
	query_bind_text(q, 4, prefix);
	query_bind_int(q, 5, (int64_t)cap);
	while (n < cap && query_step(q) == STORE_ROW)
		fill(q, &ret[n++]);
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}

static int write_back(struct store_tx *tx, enum card_phase before,
        const struct card_record *c, struct problem *p)
{
	struct query *q = query_begin(tx, &statements, CHANGE);

	query_bind_int(q, 1, c->phase);
	query_bind_int(q, 2, c->made_at_s);
	query_bind_int(q, 3, c->handed_over_at_s);
	query_bind_int(q, 4, c->ended_at_s);
	query_bind_int(q, 5, c->lift_at_s);
	query_bind_int(q, 6, c->surrendered_at_s);
	query_bind_text(q, 7, c->ground);
	query_bind_int(q, 8, (int64_t)c->log_index);
	query_bind_int(q, 9, c->id);
	query_bind_int(q, 10, before);
	query_bind_int(q, 11, c->delivered_at_s);
	int rc = refusal_of_constraint(tx, query_run(q), p);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_STATE;
}

static int append(struct store_tx *tx, const struct card_move *move,
        const struct card_change *change, struct card_record *c)
{
	const struct entry e = {
	        .type = change->log ? change->log : move->log,
	        .at_s = change->at_s,
	        .area = change->log_area ? change->log_area : c->area,
	        .ground = change->ground,
	        .kind = c->kind,
	        .person = c->person,
	        .card = c->number,
	        .actor = change->staff,
	        .station = change->log_station,
	};

	return entry_append(tx, &e, &c->log_index);
}

/* The fields that the move itself changes. */
static void set_fields(struct card_record *c, const struct card_move *move,
        const struct card_change *change)
{
	enum card_phase to = move->to == CARD_STAYS ? c->phase : move->to;
	bool ends = card_book_status(to) == CARD_STATUS_INVALID;

	if (move->event == CARD_MAKE)
		c->made_at_s = change->at_s;
	if (move->event == CARD_RECEIVE)
		c->delivered_at_s = change->at_s;
	if (to == CARD_HANDED_OVER && c->handed_over_at_s == 0)
		c->handed_over_at_s = change->at_s;
	if (ends && c->ended_at_s == 0)
		c->ended_at_s = change->at_s;
	c->lift_at_s = move->flags & CARD_SETS_LIFT ? change->lift_at_s : 0;
	if (move->flags & CARD_SURRENDERS)
		c->surrendered_at_s = change->at_s;
	issue_copy_text(c->ground, sizeof(c->ground), change->ground);
	c->phase = to;
}

int card_row_change(struct store_tx *tx, const struct card_change *change,
        struct card_record *ret, struct problem *ret_problem)
{
	struct card_record c;

	int rc = card_book_read(tx, change->card, &c);
	if (rc == HUFU_ERR_NOT_FOUND)
		return refusal_no_card(ret_problem);
	if (rc < 0)
		return rc;

	enum card_phase before = c.phase;
	const struct card_move *move = card_table_find(before, change->event);
	if (!move ||
	        (move->flags & CARD_NOT_SURRENDERED && c.surrendered_at_s != 0))
		return refusal_of_card(before, ret_problem);
	bool given = change->ground && change->ground[0];
	if ((given || move->flags & CARD_NEEDS_GROUND) &&
	        !entry_ground_is_valid(change->ground))
		return refusal_no_ground(ret_problem);

	rc = append(tx, move, change, &c);
	if (rc < 0)
		return rc;
	set_fields(&c, move, change);
	rc = write_back(tx, before, &c, ret_problem);
	if (rc == 0 && ret)
		*ret = c;
	return rc;
}
