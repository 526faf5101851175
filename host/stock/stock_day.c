#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/log/entry.h"
#include "host/stock/stock.h"

/* Books as a count left them; what is in making is asked for apart. */
#define SAME_BOOKS                                                             \
	"b.difference = 0 AND c.received = b.received"                         \
	" AND c.in_stock = b.in_stock AND c.issued = b.issued"                 \
	" AND c.spoiled = b.spoiled AND c.missing = b.missing"                 \
	" AND c.destroyed = b.destroyed"

enum { LAST_COUNT, CLOSE, LAST_CLOSE };

static const char *const sql[] = {
        [LAST_COUNT] =
                "SELECT c.id, c.at, b.reserved, b.in_stock,"
                " " SAME_BOOKS " FROM stock_counted c JOIN blank_balance b"
                " ON b.area = c.area WHERE c.area = ?1"
                " ORDER BY c.id DESC LIMIT 1",
        [CLOSE] = "INSERT INTO stock_day (area, day, counted, staff, at,"
                  " log_index) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [LAST_CLOSE] = "SELECT d.day, NOT (" SAME_BOOKS " AND b.reserved = 0)"
                       " FROM stock_day d JOIN stock_counted c"
                       " ON c.id = d.counted JOIN blank_balance b"
                       " ON b.area = d.area WHERE d.area = ?1"
                       " ORDER BY d.counted DESC LIMIT 1",
};
static const struct statements statements = {
        "stock_day", sql, sizeof sql / sizeof *sql};

struct closing {
	const struct stock_by *by;
	const char *area;
	struct problem *problem;
	char day[DATE_TEXT_LEN + 1];
	int64_t counted;
	int64_t in_stock;
};

static int refuse_uncounted(struct problem *p)
{
	return problem_set(p, HUFU_ERR_CONFLICT, "day-not-counted",
	        "今天还没有盘点，请先由两人盘点。",
	        "Nobody has counted today; count first, two people "
	        "together.");
}

static int check_books(struct query *q, struct closing *c)
{
	char day[DATE_TEXT_LEN + 1];

	date_format(clock_date_of(query_int(q, 1)), day);
	if (strcmp(day, c->day) != 0)
		return refuse_uncounted(c->problem);
	if (query_int(q, 2) > 0)
		return problem_set(c->problem, HUFU_ERR_CONFLICT, "day-making",
		        "还有 %lld 张卡在制，请先做完或报废，再日结。",
		        "%lld cards are still in making; finish or spoil them "
		        "before closing the day.",
		        (long long)query_int(q, 2));
	if (!query_int(q, 4))
		return problem_set(c->problem, HUFU_ERR_CONFLICT, "day-moved",
		        "盘点之后库存有变动，请重新盘点后日结。",
		        "Blanks have moved since the count; count again, then "
		        "close the day.");
	c->counted = query_int(q, 0);
	c->in_stock = query_int(q, 3);
	return 0;
}

static int find_count(struct store_tx *tx, struct closing *c)
{
	struct query *q = query_begin(tx, &statements, LAST_COUNT);
	int refused = 0;

	query_bind_text(q, 1, c->area);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		refused = check_books(q, c);
	rc = query_end_one(q, rc);
	if (rc == HUFU_ERR_NOT_FOUND)
		return refuse_uncounted(c->problem);
	return rc < 0 ? rc : refused;
}

static int write_down(struct store_tx *tx, const struct closing *c)
{
	const struct entry e = {
	        .type = LOG_BLANK_COUNTED,
	        .at_s = c->by->at_s,
	        .area = c->area,
	        .ground = "day-close",
	        .count = (uint64_t)c->in_stock,
	        .counted = true,
	        .actor = c->by->staff,
	};
	uint64_t index = 0;

	int rc = entry_append(tx, &e, &index);
	if (rc < 0)
		return rc;
	struct query *q = query_begin(tx, &statements, CLOSE);
	query_bind_text(q, 1, c->area);
	query_bind_text(q, 2, c->day);
	query_bind_int(q, 3, c->counted);
	query_bind_int(q, 4, c->by->staff);
	query_bind_int(q, 5, c->by->at_s);
	query_bind_int(q, 6, (int64_t)index);
	rc = query_run(q);
	if (rc != HUFU_ERR_CONFLICT)
		return rc;
	return problem_set(c->problem, rc, "day-closed",
	        "今天已经日结，之后没有变动。",
	        "The day is closed, and nothing has moved since.");
}

static int close_work(struct store_tx *tx, void *arg)
{
	struct closing *c = arg;

	int rc = staff_check(
	        tx, c->by->staff, STAFF_STOCK_KEEPER, c->area, c->problem);
	if (rc == 0)
		rc = find_count(tx, c);
	return rc < 0 ? rc : write_down(tx, c);
}

int stock_close_day(const struct stock_by *by, const char *area,
        struct problem *ret_problem)
{
	struct closing c = {.by = by, .area = area, .problem = ret_problem};

	if (ret_problem)
		ret_problem->code = 0;
	date_format(clock_date_of(by->at_s), c.day);
	int rc = store_write(by->store, close_work, &c);
	if (rc < 0 && ret_problem && ret_problem->code != rc)
		return problem_from_code(ret_problem, rc);
	return rc;
}

int stock_read_closed(
        struct store_tx *tx, const char *area, struct stock_closed *ret)
{
	struct query *q = query_begin(tx, &statements, LAST_CLOSE);
	struct stock_closed got = {.open = true};

	query_bind_text(q, 1, area);
	int rc = query_step(q);
	if (rc == STORE_ROW) {
		(void)snprintf(
		        got.day, sizeof(got.day), "%s", query_text(q, 0));
		got.open = query_int(q, 1) != 0;
	}
	rc = query_end(q);
	if (rc == 0)
		*ret = got;
	return rc;
}
