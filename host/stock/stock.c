#include "host/stock/stock.h"

#include <stdio.h>
#include <string.h>

#include "host/base/area_code.h"
#include "host/log/entry.h"
#include "host/staff/staff.h"
#include "host/stock/stock_row.h"

enum stock_act {
	STOCK_RECEIVE,
	STOCK_MOVE,
	STOCK_COUNT,
	STOCK_SPOIL,
	STOCK_DESTROY,
};

/* One change of the stock, on its way through the writer thread. */
struct change {
	const struct stock_by *by;
	struct problem *problem;
	enum stock_act act;
	struct stock_place place;
	int64_t to_station;
	uint32_t count;
	const struct stock_batch *batch;
	int64_t ret_batch;
	uint32_t ret_missing;
	struct witness_proposal *proposal; /* only proposed; NULL: done */
	uint32_t booked;
};

static int too_few(struct problem *p)
{
	return problem_set(p, HUFU_ERR_CONFLICT, "stock-too-few",
	        "账上没有这么多白卡，请核对数量和地点。",
	        "The books do not show that many blanks there; check number "
	        "and place.");
}

static int append(struct store_tx *tx, const struct change *c,
        enum log_type type, const char *ground, uint64_t *ret_index)
{
	const struct entry e = {
	        .type = type,
	        .at_s = c->by->at_s,
	        .area = c->place.area,
	        .ground = ground,
	        .count = c->count,
	        .counted = true,
	        .actor = c->by->staff,
	        .station = c->place.station,
	};

	return entry_append(tx, &e, ret_index);
}

static bool takes_two(const struct change *c)
{
	return c->act == STOCK_COUNT || c->act == STOCK_DESTROY;
}

static int check_hands(struct store_tx *tx, const struct change *c)
{
	const struct stock_by *by = c->by;
	const struct witness_hands hands = {
	        .act = c->act == STOCK_COUNT ? STOCK_ACT_COUNT
	                                     : STOCK_ACT_DESTROY,
	        .area = c->place.area,
	        .proposal = by->proposal,
	        .first = by->staff,
	        .second = by->witness,
	        .at_s = by->at_s,
	};

	int rc = staff_check(
	        tx, by->staff, STAFF_STOCK_KEEPER, c->place.area, c->problem);
	if (rc < 0 || !takes_two(c) || c->proposal)
		return rc;
	rc = staff_check_any(
	        tx, by->witness, WITNESS_ROLES, c->place.area, c->problem);
	return rc < 0 ? rc : witness_confirm(tx, &hands, c->problem);
}

static int receive(struct store_tx *tx, struct change *c)
{
	uint64_t index = 0;
	int rc = append(tx, c, LOG_BLANK_RECEIVED, NULL, &index);

	if (rc == 0)
		rc = stock_row_add_batch(
		        tx, c->by, c->batch, index, &c->ret_batch);
	return rc;
}

static int shift(struct store_tx *tx, struct change *c, enum stock_state to)
{
	const struct stock_shift s = {
	        .from = c->place,
	        .count = c->count,
	        .to = to,
	        .to_station = c->to_station,
	        .at_s = c->by->at_s,
	};
	int rc = stock_row_shift(tx, &s);

	return rc == HUFU_ERR_CONFLICT ? too_few(c->problem) : rc;
}

static int move(struct store_tx *tx, struct change *c)
{
	const struct stock_place to = {c->place.area, c->to_station};
	int rc = stock_row_check_place(tx, &to);

	if (rc == 0)
		rc = shift(tx, c, STOCK_IN_STOCK);
	if (rc == 0)
		rc = append(tx, c, LOG_BLANK_MOVED, NULL, NULL);
	return rc;
}

/* What was found fits what the books show, now and when it was counted. */
static int check_found(struct store_tx *tx, struct change *c)
{
	const struct stock_place whole = {c->place.area, -1};
	int64_t booked = 0;

	int rc = stock_row_count(tx, &whole, &booked);
	if (rc < 0)
		return rc;
	if (booked != c->booked)
		return problem_set(c->problem, HUFU_ERR_CONFLICT, "stock-moved",
		        "盘点之后库存有变动，请重新盘点。",
		        "Blanks have moved since they were counted; count "
		        "again.");
	if (c->count > booked)
		return problem_set(c->problem, HUFU_ERR_CONFLICT,
		        "stock-too-many",
		        "实有白卡比账上多，请先把多出的白卡作为一批入库。",
		        "More blanks were found than the books show; receive "
		        "the surplus as a batch first.");
	return 0;
}

/* The entry of the count comes last, so that the books then agree. */
static int count(struct store_tx *tx, struct change *c)
{
	uint32_t found = c->count;

	int rc = check_found(tx, c);
	if (rc < 0)
		return rc;
	c->count = c->booked - found;
	if (c->count > 0) {
		rc = shift(tx, c, STOCK_MISSING);
		if (rc == 0)
			rc = append(tx, c, LOG_BLANK_MISSING, NULL, NULL);
	}
	c->ret_missing = c->count;
	c->count = found;
	if (rc == 0)
		rc = append(tx, c, LOG_BLANK_COUNTED, NULL, NULL);
	if (rc == 0)
		rc = stock_row_note_count(tx, c->by, c->place.area);
	return rc;
}

static int spoil(struct store_tx *tx, struct change *c)
{
	int rc = shift(tx, c, STOCK_SPOILED);

	return rc < 0 ? rc : append(tx, c, LOG_SPOILED, "stock", NULL);
}

static int too_few_spoiled(struct problem *p)
{
	return problem_set(p, HUFU_ERR_CONFLICT, "spoiled-too-few",
	        "待销毁的废卡没有这么多，请核对数量。",
	        "There are not that many spoiled cards to destroy; check the "
	        "number.");
}

static int destroy(struct store_tx *tx, struct change *c)
{
	int rc = stock_row_destroy(tx, c->place.area, c->count, c->by->at_s);

	if (rc == HUFU_ERR_CONFLICT)
		return too_few_spoiled(c->problem);
	return rc < 0 ? rc : append(tx, c, LOG_BLANK_DESTROYED, NULL, NULL);
}

static int propose(struct store_tx *tx, struct change *c)
{
	struct stock_balance b = {0};

	if (c->act == STOCK_COUNT) {
		int rc = check_found(tx, c);
		return rc < 0 ? rc : witness_propose(tx, c->proposal);
	}
	int rc = stock_read_balance(tx, c->place.area, &b);
	if (rc == 0 && b.count[STOCK_SPOILED] - b.destroyed < c->count)
		return too_few_spoiled(c->problem);
	return rc < 0 ? rc : witness_propose(tx, c->proposal);
}

static int change_work(struct store_tx *tx, void *arg)
{
	static int (*const acts[])(struct store_tx *, struct change *) = {
	        [STOCK_RECEIVE] = receive,
	        [STOCK_MOVE] = move,
	        [STOCK_COUNT] = count,
	        [STOCK_SPOIL] = spoil,
	        [STOCK_DESTROY] = destroy,
	};
	struct change *c = arg;

	int rc = check_hands(tx, c);
	if (rc == 0)
		rc = stock_row_check_place(tx, &c->place);
	if (rc == 0)
		rc = c->proposal ? propose(tx, c) : acts[c->act](tx, c);
	if (rc == HUFU_ERR_NOT_FOUND)
		return problem_set(c->problem, rc, "no-station",
		        "本地区没有这个制卡点，请核对名称。",
		        "This area has no such station; check its name.");
	return rc;
}

static int run(struct change *c)
{
	struct problem *p = c->problem;

	if (p)
		p->code = 0;
	if (area_code_level(c->place.area) == AREA_NONE)
		return problem_set(p, HUFU_ERR_ARGUMENT, "area-code",
		        "地区代码不对，请按 GB/T 2260 填写。",
		        "The area is no code of GB/T 2260; correct it.");
	if ((c->count == 0 && c->act != STOCK_COUNT) ||
	        c->count > STOCK_BATCH_MAX)
		return problem_set(p, HUFU_ERR_ARGUMENT, "stock-count",
		        "数量应在 1 到 %d 之间，请改正。",
		        "The number must be from 1 to %d; correct it.",
		        STOCK_BATCH_MAX);
	int rc = store_write(c->by->store, change_work, c);
	if (rc < 0 && p && p->code != rc)
		return problem_from_code(p, rc);
	return rc;
}

int stock_receive(const struct stock_by *by, const struct stock_batch *batch,
        int64_t *ret_batch, struct problem *ret_problem)
{
	struct change c = {
	        .by = by,
	        .problem = ret_problem,
	        .act = STOCK_RECEIVE,
	        .place = {batch->area, batch->station},
	        .count = batch->count,
	        .batch = batch,
	};

	if (!batch->reference ||
	        strnlen(batch->reference, STOCK_REFERENCE_MAX + 1) >
	                STOCK_REFERENCE_MAX)
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT,
		        "stock-reference", "请填写送货单号，最多 %d 个字符。",
		        "Give the delivery note's number, %d bytes at most.",
		        STOCK_REFERENCE_MAX);
	int rc = run(&c);
	if (rc == 0)
		*ret_batch = c.ret_batch;
	return rc;
}

int stock_move(const struct stock_by *by, const struct stock_move *m,
        struct problem *ret_problem)
{
	struct change c = {
	        .by = by,
	        .problem = ret_problem,
	        .act = STOCK_MOVE,
	        .place = {m->area, m->from_station},
	        .to_station = m->to_station,
	        .count = m->count,
	};

	return run(&c);
}

int stock_count(const struct stock_by *by, const struct stock_place_count *n,
        uint32_t *ret_missing, struct problem *ret_problem)
{
	struct change c = {
	        .by = by,
	        .problem = ret_problem,
	        .act = STOCK_COUNT,
	        .place = {n->area, n->station},
	        .count = n->found,
	        .booked = n->booked,
	};
	int rc = run(&c);

	if (rc == 0)
		*ret_missing = c.ret_missing;
	return rc;
}

int stock_spoil(const struct stock_by *by, const struct stock_place_count *n,
        struct problem *ret_problem)
{
	struct change c = {
	        .by = by,
	        .problem = ret_problem,
	        .act = STOCK_SPOIL,
	        .place = {n->area, n->station},
	        .count = n->found,
	};

	return run(&c);
}

int stock_destroy(const struct stock_by *by, const char *area, uint32_t number,
        struct problem *ret_problem)
{
	struct change c = {
	        .by = by,
	        .problem = ret_problem,
	        .act = STOCK_DESTROY,
	        .place = {area, 0},
	        .count = number,
	};

	return run(&c);
}

int stock_propose(const struct stock_by *by, const struct stock_place_count *n,
        struct witness_proposal *proposal, struct problem *ret_problem)
{
	bool counts = strcmp(proposal->act, STOCK_ACT_COUNT) == 0;
	struct change c = {
	        .by = by,
	        .problem = ret_problem,
	        .act = counts ? STOCK_COUNT : STOCK_DESTROY,
	        .place = {n->area, n->station},
	        .count = n->found,
	        .booked = n->booked,
	        .proposal = proposal,
	};

	proposal->proposer = by->staff;
	proposal->at_s = by->at_s;
	(void)snprintf(proposal->area, sizeof(proposal->area), "%s", n->area);
	return run(&c);
}
