/* Deaths told of by the registry office, as a list. */
#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/issue/death_list.h"

enum { RESULTS_MAX = 10000 }; /* told of; all are counted */

struct telling {
	json_t *results;
	size_t rows, by_outcome[DEATH_OUTCOMES], suspended, lapsed, pending;
};

static const char *const outcomes[DEATH_OUTCOMES] = {"", "noted", "known",
        "not-on-file", "bad-row", "bad-number", "bad-date", "repeated"};

static void tell(void *arg, const struct death_row *row)
{
	struct telling *t = arg;
	t->rows++;
	t->by_outcome[row->outcome]++;
	t->suspended += row->things.card != 0;
	t->lapsed += row->things.application != 0;
	t->pending += row->things.pending != 0;
	if (json_array_size(t->results) >= RESULTS_MAX)
		return;
	json_array_append_new(t->results,
	        json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:I}", "line",
	                (json_int_t)row->line, "outcome",
	                outcomes[row->outcome], "zh",
	                death_outcome_zh(row->outcome), "en",
	                death_outcome_en(row->outcome), "card",
	                (json_int_t)row->things.card, "application",
	                (json_int_t)row->things.application, "pending",
	                (json_int_t)row->things.pending));
}

int api_import_deaths(struct api_call *call)
{
	int64_t check_only = 0;
	int r = call_query_number(call, "check_only", 0, &check_only);
	if (r == HUFU_OK)
		r = store_read(call->services->store, call_check_office, call);
	if (r)
		return r;
	struct telling t = {.results = json_array()};
	const struct death_list_options options = {
	        .store = call->services->store,
	        .staff = call->staff.id,
	        .at_s = clock_now_s(),
	        .check_only = check_only != 0,
	        .report = tell,
	        .arg = &t,
	};
	r = death_list_import(&options, call->body, &call->problem);
	if (t.suspended > 0 && !options.check_only)
		call_wake_lists(call);
	size_t refused = t.rows - t.by_outcome[DEATH_NOTED] -
	                 t.by_outcome[DEATH_KNOWN] -
	                 t.by_outcome[DEATH_NOT_ON_FILE];
	call->reply = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}",
	        "rows", (json_int_t)t.rows, "noted",
	        (json_int_t)t.by_outcome[DEATH_NOTED], "known",
	        (json_int_t)t.by_outcome[DEATH_KNOWN], "not_on_file",
	        (json_int_t)t.by_outcome[DEATH_NOT_ON_FILE], "refused",
	        (json_int_t)refused, "suspended", (json_int_t)t.suspended,
	        "lapsed", (json_int_t)t.lapsed, "pending",
	        (json_int_t)t.pending, "results", t.results);
	return r;
}
