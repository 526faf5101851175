#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/issue/issue.h"
#include "host/report/print.h"
#include "host/staff/area.h"

struct report_look {
	struct api_call *call;
	struct report_span span;
	char own_area[AREA_CODE_MAX + 1];
	char area_name[AREA_CODE_MAX + AREA_NAME_MAX + 2];
	struct report report;
	size_t differences;
	struct report_rows which;
	struct report_row *rows;
	size_t count;
	int64_t next;
};

static int refuse_days(struct api_call *call)
{
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "report-days",
	        "起止日期不对：请写成 2026-11-01，起不晚于止。",
	        "The days are wrong: write them as 2026-11-01, the first not "
	        "after the last.");
}

/* This month up to today, unless asked otherwise. */
static int read_span(struct api_call *call, struct report_span *ret)
{
	const char *from = call_query_text(call, "from");
	const char *to = call_query_text(call, "to");
	ret->now_s = clock_now_s();
	ret->area = call_query_text(call, "area");
	ret->to = clock_date_of(ret->now_s);
	if (to && date_parse(to, &ret->to) != HUFU_OK)
		return refuse_days(call);
	ret->from = ret->to;
	ret->from.day = 1;
	if (from && date_parse(from, &ret->from) != HUFU_OK)
		return refuse_days(call);
	return date_compare(ret->from, ret->to) > 0 ? refuse_days(call)
	                                            : HUFU_OK;
}

static int settle_area(struct store_tx *tx, struct report_look *look)
{
	struct area area;
	int r = call_settle_area(
	        tx, look->call, &look->span.area, look->own_area);
	if (r)
		return r;
	r = area_find(tx, look->span.area ? look->span.area : "", &area);
	if (r == HUFU_OK)
		(void)snprintf(look->area_name, sizeof look->area_name, "%s %s",
		        area.code, area.name);
	else
		(void)snprintf(look->area_name, sizeof look->area_name, "%s",
		        look->span.area ? look->span.area : "");
	return r == HUFU_ERR_NOT_FOUND ? HUFU_OK : r;
}

static int look_at_report(struct store_tx *tx, void *arg)
{
	struct report_look *look = arg;
	int r = settle_area(tx, look);
	return r ? r : report_make(tx, &look->span, &look->report);
}

static json_t *cells_json(const struct report *report)
{
	json_t *list = json_array();
	for (size_t i = 0; i < report->count; i++) {
		const struct report_cell *c = &report->cells[i];
		json_t *row = json_pack("{s:s, s:s, s:s, s:i, s:I}", "figure",
		        report_figure_word(c->figure), "detail", c->detail,
		        "area", c->area, "kind", (int)c->kind, "log",
		        (json_int_t)c->log);
		if (c->figure < REPORT_LOG_ONLY)
			json_object_set_new(
			        row, "records", json_integer(c->records));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *steps_json(const struct report *report)
{
	json_t *list = json_array();
	for (int i = 1; i <= REPORT_STEPS_MAX; i++) {
		const struct report_step *s = &report->steps[i];
		if (s->acts || s->overdue)
			json_array_append_new(list,
			        json_pack("{s:i, s:I, s:I, s:I, s:I}", "step",
			                i, "acts", (json_int_t)s->acts,
			                "average_s",
			                (json_int_t)(s->acts ? s->sum_s /
			                                               s->acts
			                                     : 0),
			                "worst_s", (json_int_t)s->worst_s,
			                "overdue", (json_int_t)s->overdue));
	}
	return list;
}

static json_t *report_json(const struct report_look *look)
{
	char from[DATE_TEXT_LEN + 1], to[DATE_TEXT_LEN + 1];
	date_format(look->span.from, from);
	date_format(look->span.to, to);
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:o, s:o}", "area",
	        look->span.area ? look->span.area : "", "name", look->area_name,
	        "from", from, "to", to, "differences",
	        (json_int_t)look->differences, "log_entries",
	        (json_int_t)look->report.log_entries, "cells",
	        cells_json(&look->report), "steps", steps_json(&look->report));
}

static int put_file(struct report_look *look, bool pdf)
{
	struct api_call *call = look->call;
	struct report_cover cover = {
	        .policy =
	                policy_book_at(call->services->policies, look->span.to),
	        .office = call->services->office_name
	                          ? call->services->office_name
	                          : "",
	        .area = look->area_name,
	        .from = look->span.from,
	        .to = look->span.to,
	        .printed = clock_date_of(look->span.now_s),
	        .differences = look->differences};
	call->raw_type = pdf ? "application/pdf" : "text/csv; charset=utf-8";
	return pdf ? report_print(
	                     &look->report, &cover, &call->raw, &call->raw_len)
	           : report_spread(
	                     &look->report, &cover, &call->raw, &call->raw_len);
}

int api_show_report(struct api_call *call)
{
	struct report_look look = {.call = call};
	const char *format = call_query_text(call, "format");
	bool pdf = format && strcmp(format, "pdf") == 0;
	bool csv = format && strcmp(format, "csv") == 0;
	int r = read_span(call, &look.span);
	if (r == HUFU_OK && format && !pdf && !csv)
		r = problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word", "报表格式须为 csv 或 pdf。",
		        "A report is csv or pdf.");
	if (r == HUFU_OK)
		r = store_read(call->services->store, look_at_report, &look);
	if (r)
		return r;
	look.differences = report_count_differences(&look.report);
	r = report_fold(&look.report, look.span.area);
	if (r == HUFU_OK && format)
		r = put_file(&look, pdf);
	else if (r == HUFU_OK)
		call->reply = report_json(&look);
	report_done(&look.report);
	return r;
}

static int look_at_rows(struct store_tx *tx, void *arg)
{
	struct report_look *look = arg;
	int r = settle_area(tx, look);
	return r ? r
	         : report_list_rows(tx, &look->span, &look->which, look->rows,
	                   API_LIST_MAX, &look->count, &look->next);
}

int api_list_report_rows(struct api_call *call)
{
	struct report_look look = {.call = call};
	const char *figure = call_query_text(call, "figure");
	look.which.figure = report_figure_of(figure ? figure : "");
	look.which.detail = call_query_text(call, "detail");
	int r = read_span(call, &look.span);
	if (r == HUFU_OK)
		r = call_query_number(call, "after", 0, &look.which.after);
	if (r)
		return r;
	if (look.which.figure >= REPORT_LOG_ONLY)
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "report-figure", "这个指标没有明细。",
		        "There are no rows behind this figure.");
	_free_ struct report_row *rows = calloc(API_LIST_MAX, sizeof *rows);
	if (!rows)
		return HUFU_ERR_MEMORY;
	look.rows = rows;
	r = store_read(call->services->store, look_at_rows, &look);
	if (r)
		return r;
	json_t *list = json_array();
	for (size_t i = 0; i < look.count; i++)
		json_array_append_new(
		        list, json_pack("{s:I, s:I, s:I}", "application",
		                      (json_int_t)rows[i].application, "card",
		                      (json_int_t)rows[i].card, "at",
		                      (json_int_t)rows[i].at_s));
	call->reply = json_pack("{s:o}", "rows", list);
	if (look.next)
		json_object_set_new(
		        call->reply, "next", json_integer(look.next));
	return HUFU_OK;
}
