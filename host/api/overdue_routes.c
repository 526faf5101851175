#include <stdlib.h>

#include "host/api/routes.h"
#include "host/issue/overdue.h"
#include "host/policy/calendar.h"

struct looking {
	struct api_call *call;
	const char *area;
	char own_area[AREA_CODE_MAX + 1];
	int64_t now_s;
	struct overdue_row *rows;
	size_t count;
};

static int count_late(struct store_tx *tx, void *arg)
{
	struct looking *look = arg;
	int r = call_settle_area(tx, look->call, &look->area, look->own_area);
	return r ? r
	         : overdue_count(tx, look->area, look->now_s, look->rows,
	                   &look->count);
}

static json_t *row_json(
        const struct looking *look, const struct overdue_row *row)
{
	const struct calendar *calendar =
	        issue_calendar(look->call->services->issue);
	int64_t days =
	        calendar_days_left(calendar, look->now_s, row->oldest_due_s);
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "area", row->area,
	        "name", row->name, "step", (json_int_t)row->step, "count",
	        (json_int_t)row->count, "oldest_due",
	        (json_int_t)row->oldest_due_s, "days_left", (json_int_t)days);
}

int api_count_overdue(struct api_call *call)
{
	struct looking look = {.call = call,
	        .area = call_query_text(call, "area"),
	        .now_s = issue_now_s(call->services->issue)};
	look.rows = calloc(OVERDUE_ROWS_MAX, sizeof *look.rows);
	if (!look.rows)
		return HUFU_ERR_MEMORY;
	int r = store_read(call->services->store, count_late, &look);
	json_t *list = json_array();
	for (size_t i = 0; r == HUFU_OK && i < look.count; i++)
		json_array_append_new(list, row_json(&look, &look.rows[i]));
	call->reply = json_pack("{s:s, s:o}", "area",
	        look.area ? look.area : "", "overdue", list);
	free(look.rows);
	return r;
}
