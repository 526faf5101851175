#include "host/staff/witness.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                \
	"p.id, p.act, p.area, p.body, p.proposer, s.login, p.at, p.expires"
#define FROM_OPEN                                                              \
	" FROM proposal p JOIN staff s ON s.id = p.proposer WHERE p.state = 1"

enum { ADD, FIND, LIST, CONFIRM, DROP };

static const char *const sql[] = {
        [ADD] = "INSERT INTO proposal (act, area, body, proposer, at, expires)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [FIND] = "SELECT " COLUMNS FROM_OPEN " AND p.id = ?1",
        [LIST] = "SELECT " COLUMNS FROM_OPEN
                 " AND substr(p.area, 1, length(?1)) = ?1"
                 " AND p.id > ?2 AND p.expires > ?3 ORDER BY p.id LIMIT ?4",
        [CONFIRM] = "UPDATE proposal SET state = 2, second = ?2, settled = ?3"
                    " WHERE id = ?1 AND state = 1 AND expires > ?3"
                    " AND proposer = ?4 AND proposer <> ?2 AND act = ?5"
                    " AND area = ?6",
        [DROP] = "UPDATE proposal SET"
                 " state = CASE WHEN proposer = ?2 THEN 4 ELSE 3 END,"
                 " second = ?2, settled = ?3 WHERE id = ?1 AND state = 1",
};
static const struct statements table = {
        "witness", sql, sizeof sql / sizeof *sql};

int witness_propose(struct store_tx *tx, struct witness_proposal *proposal)
{
	if (!proposal->act[0] || !proposal->body[0])
		return HUFU_ERR_ARGUMENT;
	proposal->expires_s = proposal->at_s + WITNESS_OPEN_S;
	struct query *q = query_begin(tx, &table, ADD);
	query_bind_text(q, 1, proposal->act);
	query_bind_text(q, 2, proposal->area);
	query_bind_text(q, 3, proposal->body);
	query_bind_int(q, 4, proposal->proposer);
	query_bind_int(q, 5, proposal->at_s);
	query_bind_int(q, 6, proposal->expires_s);
	int r = query_run(q);
	if (r == HUFU_OK)
		proposal->id = store_tx_last_id(tx);
	return r;
}

static void copy(char *ret, size_t size, const char *text)
{
	(void)snprintf(ret, size, "%s", text ? text : "");
}

static void fill(struct query *q, struct witness_proposal *ret)
{
	*ret = (struct witness_proposal){.id = query_int(q, 0),
	        .proposer = query_int(q, 4),
	        .at_s = query_int(q, 6),
	        .expires_s = query_int(q, 7)};
	copy(ret->act, sizeof ret->act, query_text(q, 1));
	copy(ret->area, sizeof ret->area, query_text(q, 2));
	copy(ret->body, sizeof ret->body, query_text(q, 3));
	copy(ret->proposer_login, sizeof ret->proposer_login, query_text(q, 5));
}

int witness_find(struct store_tx *tx, int64_t id, struct witness_proposal *ret)
{
	struct query *q = query_begin(tx, &table, FIND);
	query_bind_int(q, 1, id);
	int r = query_step(q);
	if (r == STORE_ROW)
		fill(q, ret);
	return query_end_one(q, r);
}

int witness_list(struct store_tx *tx, const struct witness_page *page,
        struct witness_proposal *ret, size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	size_t n = 0;
	area_code_prefix(page->area, prefix);
	struct query *q = query_begin(tx, &table, LIST);
	query_bind_text(q, 1, prefix);
	query_bind_int(q, 2, page->after);
	query_bind_int(q, 3, page->now_s);
	query_bind_int(q, 4, (int64_t)cap);
	while (n < cap && query_step(q) == STORE_ROW)
		fill(q, &ret[n++]);
	int r = query_end(q);
	if (r == HUFU_OK)
		*ret_count = n;
	return r;
}

int witness_confirm(struct store_tx *tx, const struct witness_hands *hands,
        struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &table, CONFIRM);
	query_bind_int(q, 1, hands->proposal);
	query_bind_int(q, 2, hands->second);
	query_bind_int(q, 3, hands->at_s);
	query_bind_int(q, 4, hands->first);
	query_bind_text(q, 5, hands->act);
	query_bind_text(q, 6, hands->area ? hands->area : "");
	int r = query_run(q);
	if (r || store_tx_changes(tx) == 1)
		return r;
	return problem_set(ret_problem, HUFU_ERR_DENIED, "two-people",
	        "这项业务要两人经办：一人提出，另一位同事在 8 "
	        "小时内以自己的账号"
	        "确认。",
	        "This takes two people: one proposes, and another colleague "
	        "confirms under his own login within 8 hours.");
}

int witness_drop(struct store_tx *tx, int64_t id, int64_t staff, int64_t at_s)
{
	struct query *q = query_begin(tx, &table, DROP);
	query_bind_int(q, 1, id);
	query_bind_int(q, 2, staff);
	query_bind_int(q, 3, at_s);
	int r = query_run(q);
	return r || store_tx_changes(tx) == 1 ? r : HUFU_ERR_NOT_FOUND;
}
