#include "host/api/routes.h"
#include "host/staff/area_import.h"

enum { ISSUES_MAX = 1000 }; /* told of; all are counted */

static int check_admin(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	return staff_check(tx, call->staff.id, STAFF_SYSTEM_ADMIN,
	        call->services->office_area, &call->problem);
}

static void note_issue(void *arg, size_t line, const struct problem *why)
{
	json_t *issues = arg;
	if (json_array_size(issues) < ISSUES_MAX)
		json_array_append_new(
		        issues, json_pack("{s:I, s:s, s:s, s:s}", "line",
		                        (json_int_t)line, "code", why->type,
		                        "zh", why->zh, "en", why->en));
}

int api_import_areas(struct api_call *call)
{
	struct area_import import = {.csv = call->body,
	        .within = call_query_text(call, "within"),
	        .report = note_issue};
	struct area_import_result done = {0};
	int r = store_read(call->services->store, check_admin, call);
	if (r == HUFU_OK && import.within &&
	        area_code_level(import.within) == AREA_NONE)
		r = problem_set(&call->problem, HUFU_ERR_ARGUMENT, "area",
		        "within 须为区划代码。",
		        "within must be the code of an area.");
	if (r)
		return r;
	json_t *issues = json_array();
	import.arg = issues;
	r = area_import_run(call->services->store, &import, &done);
	call->reply = json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "rows",
	        (json_int_t)done.rows, "added", (json_int_t)done.added,
	        "renamed", (json_int_t)done.renamed, "unchanged",
	        (json_int_t)done.unchanged, "refused", (json_int_t)done.refused,
	        "issues", issues);
	return r;
}
