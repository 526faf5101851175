#include "host/issue/card_unrecorded.h"

#include <stdio.h>

#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/staff/staff.h"

#define COLUMNS                                                                \
	"n.list, n.idx, n.log_index, n.at, n.area, n.kind, n.settled_at,"      \
	" n.surrendered, n.ground"

enum { LIST, FIND, SETTLE, STATEMENTS };

static const char *const sql[] = {
        [LIST] = "SELECT " COLUMNS " FROM card_noted n WHERE settled_at = 0"
                 " AND done_at IS NOT NULL"
                 " AND NOT EXISTS (SELECT 1 FROM card c"
                 " WHERE c.list = n.list AND c.idx = n.idx)"
                 " AND (n.area = '' OR"
                 " substr(n.area, 1, length(?1)) = ?1)"
                 " ORDER BY n.log_index LIMIT ?2",
        [FIND] = "SELECT " COLUMNS " FROM card_noted n WHERE n.list = ?1"
                 " AND n.idx = ?2 AND NOT EXISTS (SELECT 1 FROM card c"
                 " WHERE c.list = n.list AND c.idx = n.idx)",
        [SETTLE] = "UPDATE card_noted SET settled_at = ?1, settled_by = ?2,"
                   " witness = ?3, ground = ?4, surrendered = ?5,"
                   " settled_index = ?6 WHERE list = ?7 AND idx = ?8"
                   " AND settled_at = 0",
};
static const struct statements statements = {
        "card_unrecorded", sql, STATEMENTS};

enum {
	DESK = 1u << STAFF_TOWNSHIP | 1u << STAFF_COUNTY_CENTRE,
	BUREAU = 1u << STAFF_COUNTY_BUREAU | 1u << STAFF_CITY |
	         1u << STAFF_PROVINCE,
};

static void fill(struct query *q, struct card_unrecorded *ret)
{
	*ret = (struct card_unrecorded){
	        .status_list = (uint32_t)query_int(q, 0),
	        .status_index = (uint32_t)query_int(q, 1),
	        .log_index = (uint64_t)query_int(q, 2),
	        .at_s = query_int(q, 3),
	        .kind = (uint32_t)query_int(q, 5),
	        .settled_at_s = query_int(q, 6),
	        .surrendered = query_int(q, 7) != 0,
	};
	issue_copy_text(ret->area, sizeof(ret->area), query_text(q, 4));
	issue_copy_text(ret->ground, sizeof(ret->ground), query_text(q, 8));
}

int card_unrecorded_list(struct store_tx *tx, const char *area,
        struct card_unrecorded *ret, size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	struct query *q = query_begin(tx, &statements, LIST);
	size_t n = 0;

	card_row_area_prefix(area, prefix);
	query_bind_text(q, 1, prefix);
	query_bind_int(q, 2, (int64_t)cap);
	while (n < cap && query_step(q) == STORE_ROW)
		fill(q, &ret[n++]);
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}

int card_unrecorded_find(struct store_tx *tx, uint32_t list, uint32_t index,
        struct card_unrecorded *ret)
{
	struct query *q = query_begin(tx, &statements, FIND);

	query_bind_int(q, 1, list);
	query_bind_int(q, 2, index);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		fill(q, ret);
	return query_end_one(q, rc);
}

struct settling {
	const struct card_unrecorded_act *act;
	int64_t at_s;
	struct card_unrecorded card;
	struct problem *problem;
	struct witness_proposal *proposal; /* only proposed; NULL: done */
};

static int find(struct store_tx *tx, struct settling *s)
{
	int rc = card_unrecorded_find(
	        tx, s->act->status_list, s->act->status_index, &s->card);

	if (rc == HUFU_ERR_NOT_FOUND)
		return problem_set(s->problem, rc, "no-such-card",
		        "没有以此状态编号待查实的卡，请核对编号。",
		        "No unresolved card has this status reference; check "
		        "it.");
	if (rc == 0 && s->card.settled_at_s != 0)
		return problem_set(s->problem, HUFU_ERR_STATE, "card-settled",
		        "这张卡已经查实处理，请刷新列表。",
		        "This card has been settled already; refresh the "
		        "list.");
	return rc;
}

static int check_first(struct store_tx *tx, const struct settling *s)
{
	uint32_t roles =
	        s->act->event == CARD_WITHDRAW ? DESK | BUREAU : BUREAU;

	return staff_check_any(
	        tx, s->act->staff, roles, s->card.area, s->problem);
}

static int check_second(struct store_tx *tx, const struct settling *s)
{
	const struct card_unrecorded_act *act = s->act;
	const struct witness_hands hands = {
	        .act = CARD_UNRECORDED_ACT,
	        .area = s->card.area,
	        .proposal = act->proposal,
	        .first = act->staff,
	        .second = act->witness,
	        .at_s = s->at_s,
	};

	int rc = staff_check_any(
	        tx, act->witness, WITNESS_ROLES, s->card.area, s->problem);
	return rc < 0 ? rc : witness_confirm(tx, &hands, s->problem);
}

static int write_down(struct store_tx *tx, struct settling *s)
{
	const struct card_unrecorded_act *act = s->act;
	const struct entry e = {
	        .type = LOG_WITHDRAWN,
	        .at_s = s->at_s,
	        .area = s->card.area,
	        .ground = act->ground,
	        .kind = s->card.kind,
	        .number = s->card.log_index,
	        .actor = act->staff,
	};
	uint64_t index = 0;

	int rc = entry_append(tx, &e, &index);
	if (rc < 0)
		return rc;
	struct query *q = query_begin(tx, &statements, SETTLE);
	query_bind_int(q, 1, s->at_s);
	query_bind_int(q, 2, act->staff);
	query_bind_int(q, 3, act->witness);
	query_bind_text(q, 4, act->ground);
	query_bind_int(q, 5, act->event == CARD_WITHDRAW);
	query_bind_int(q, 6, (int64_t)index);
	query_bind_int(q, 7, act->status_list);
	query_bind_int(q, 8, act->status_index);
	rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_STATE;
}

static int propose(struct store_tx *tx, struct settling *s)
{
	struct witness_proposal *p = s->proposal;

	(void)snprintf(p->act, sizeof(p->act), "%s", CARD_UNRECORDED_ACT);
	(void)snprintf(p->area, sizeof(p->area), "%s", s->card.area);
	p->proposer = s->act->staff;
	p->at_s = s->at_s;
	return witness_propose(tx, p);
}

static int settle_work(struct store_tx *tx, void *arg)
{
	struct settling *s = arg;

	int rc = find(tx, s);
	if (rc == 0)
		rc = check_first(tx, s);
	if (rc == 0 && s->proposal)
		return propose(tx, s);
	if (rc == 0)
		rc = check_second(tx, s);
	if (rc == 0)
		rc = write_down(tx, s);
	if (rc == 0)
		rc = card_unrecorded_find(tx, s->act->status_list,
		        s->act->status_index, &s->card);
	return rc;
}

static int run(struct issue *issue, struct settling *s)
{
	struct problem *p = s->problem;

	s->at_s = issue_now_s(issue);
	if (p)
		p->code = 0;
	if (s->act->event != CARD_REVOKE && s->act->event != CARD_WITHDRAW)
		return problem_set(p, HUFU_ERR_ARGUMENT, "unrecorded-event",
		        "没有记录的卡只能收回（withdraw）或作废（revoke）。",
		        "A card without a record can only be withdrawn or "
		        "revoked.");
	if (!entry_ground_is_valid(s->act->ground))
		return refusal_no_ground(p);
	int rc = store_write(issue->options.store, settle_work, s);
	return rc < 0 ? refusal_finish(rc, p) : rc;
}

int card_unrecorded_propose(struct issue *issue,
        const struct card_unrecorded_act *act,
        struct witness_proposal *proposal, struct problem *ret_problem)
{
	struct settling s = {
	        .act = act, .problem = ret_problem, .proposal = proposal};

	return run(issue, &s);
}

int card_unrecorded_settle(struct issue *issue,
        const struct card_unrecorded_act *act, struct card_unrecorded *ret,
        struct problem *ret_problem)
{
	struct settling s = {.act = act, .problem = ret_problem};

	int rc = run(issue, &s);
	if (rc == 0)
		*ret = s.card;
	return rc;
}
