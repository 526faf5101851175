/* The report: what it counts, that it sees when records and log part, and
 * that its files are whole. The random walk of issue/ compares at length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/report/paper.h"
#include "host/report/print.h"
#include "tests/unit/issue/office.h"

static struct office office;
static struct office *const o = &office;
static struct report report;
static struct report_span span;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 10);
	for (int i = 1; i <= 3; i++)
		office_add_person(o, i, 0);
	struct date today = clock_date_of(o->now_s);
	span = (struct report_span){OFFICE_COUNTY, today, today, o->now_s};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	report_done(&report);
	office_close(o);
	return 0;
}

static int make(struct store_tx *tx, void *arg)
{
	(void)arg;
	return report_make(tx, &span, &report);
}

static void count(void)
{
	report_done(&report);
	assert_int_equal(store_read(o->store, make, NULL), 0);
}

/* Over every area and kind. */
static struct report_cell sum(enum report_figure figure, const char *detail)
{
	struct report_cell all = {0};

	for (size_t i = 0; i < report.count; i++) {
		const struct report_cell *c = &report.cells[i];
		if (c->figure != figure || strcmp(c->detail, detail) != 0)
			continue;
		all.records += c->records;
		all.log += c->log;
	}
	return all;
}

static void expect(enum report_figure figure, const char *detail, int64_t n)
{
	struct report_cell c = sum(figure, detail);

	assert_int_equal(c.records, n);
	assert_int_equal(c.log, n);
}

/* One is handed over, one refused, one waits. */
static void work(void)
{
	(void)office_issue(o, 1);
	int64_t id = office_apply(o, 2, APPLICATION_FIRST);
	assert_int_equal(
	        office_act(o, id, APPLICATION_REJECT, o->step[0], "past-crime"),
	        0);
	(void)office_apply(o, 3, APPLICATION_FIRST);
}

static void counts_what_was_done(void **state)
{
	(void)state;
	work();
	count();
	expect(REPORT_APPLIED, "", 3);
	expect(REPORT_ACCEPTED, "1", 1);
	expect(REPORT_ACCEPTED, "5", 1);
	expect(REPORT_REJECTED, "past-crime", 1);
	expect(REPORT_MADE, "", 1);
	expect(REPORT_HANDED_OVER, "", 1);
	assert_int_equal(report_count_differences(&report), 0);
	assert_int_equal(report.steps[1].acts, 2);
	assert_int_equal(report.log_entries, office_log_size(o));
}

static void another_day_or_area_has_none_of_it(void **state)
{
	(void)state;
	work();
	span.from = span.to = date_add_days(span.to, 1);
	count();
	assert_int_equal(report.count, 0);
	span.from = span.to = clock_date_of(o->now_s);
	span.area = "320102";
	count();
	assert_int_equal(report.count, 0);
}

static int forge(struct store_tx *tx, void *arg)
{
	static const char *const sql[] = {
	        "INSERT INTO application_act (application, event, step, staff,"
	        " at, ground, log_index) VALUES (?1, 1, 1, ?2, ?3, '', 1)"};
	static const struct statements table = {"forge", sql, 1};
	const int64_t *id = arg;
	struct query *q = query_begin(tx, &table, 0);

	query_bind_int(q, 1, *id);
	query_bind_int(q, 2, o->step[0]);
	query_bind_int(q, 3, o->now_s);
	return query_run(q);
}

static void an_act_without_its_entry_is_seen(void **state)
{
	(void)state;
	work();
	int64_t id = office_number(o, "SELECT max(id) FROM application");
	assert_int_equal(store_write(o->store, forge, &id), 0);
	count();
	assert_int_equal(report_count_differences(&report), 1);
	struct report_cell c = sum(REPORT_ACCEPTED, "1");
	assert_int_equal(c.records - c.log, 1);
}

static void folding_keeps_the_sums(void **state)
{
	(void)state;
	work();
	span.area = "320000";
	count();
	struct report_cell before = sum(REPORT_APPLIED, "");
	assert_int_equal(report_fold(&report, span.area), 0);
	struct report_cell after = sum(REPORT_APPLIED, "");
	assert_int_equal(before.records, after.records);
	assert_int_equal(before.log, after.log);
	for (size_t i = 0; i < report.count; i++)
		assert_string_equal(report.cells[i].area, "320100");
}

struct rows {
	enum report_figure figure;
	struct report_row row[4];
	size_t count;
	int64_t next;
};

static int list(struct store_tx *tx, void *arg)
{
	struct rows *rows = arg;
	const struct report_rows which = {.figure = rows->figure};

	return report_list_rows(
	        tx, &span, &which, rows->row, 4, &rows->count, &rows->next);
}

static void a_figure_opens_its_rows(void **state)
{
	struct rows rows = {.figure = REPORT_APPLIED};

	(void)state;
	work();
	assert_int_equal(store_read(o->store, list, &rows), 0);
	assert_int_equal(rows.count, 3);
	assert_int_equal(rows.next, 0);
	rows.figure = REPORT_MADE;
	assert_int_equal(store_read(o->store, list, &rows), 0);
	assert_int_equal(rows.count, 1);
	assert_true(rows.row[0].card > 0);
	rows.figure = REPORT_FOUND;
	assert_int_equal(store_read(o->store, list, &rows), HUFU_ERR_ARGUMENT);
}

static void files_are_whole(void **state)
{
	static const struct policy policy = {0};
	struct report_cover cover = {&policy, "生成的办公室", OFFICE_COUNTY,
	        span.from, span.to, span.to, 0};
	uint8_t *bytes = NULL;
	size_t len = 0;

	(void)state;
	work();
	count();
	assert_int_equal(report_print(&report, &cover, &bytes, &len), 0);
	assert_true(len > 1000);
	assert_memory_equal(bytes, "%PDF-", 5);
	assert_memory_equal(bytes + len - 6, "%%EOF\n", 6);
	free(bytes);
	assert_int_equal(report_spread(&report, &cover, &bytes, &len), 0);
	assert_memory_equal(bytes, "\xef\xbb\xbf", 3);
	assert_non_null(memmem(bytes, len, "申请,,320106001,,3,3\r\n", 24));
	free(bytes);
}

static void a_long_table_turns_its_pages(void **state)
{
	static const struct paper_column columns[] = {
	        {"甲", 1, false}, {"乙", 1, true}};
	const char *cells[400];
	struct paper *paper = NULL;
	uint8_t *bytes = NULL;
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < 400; i++)
		cells[i] = i % 2 ? "一" : NULL;
	assert_int_equal(paper_open("题", "脚", &paper), 0);
	paper_table(paper, columns, 2, cells, 200);
	assert_int_equal(paper_close(paper, &bytes, &len), 0);
	assert_non_null(memmem(bytes, len, "/Count 5", 8));
	free(bytes);
	assert_int_equal(paper_open("题", "脚", &paper), 0);
	paper_table(paper, columns, PAPER_COLUMNS_MAX + 1, cells, 1);
	assert_int_equal(paper_close(paper, &bytes, &len), HUFU_ERR_ARGUMENT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(counts_what_was_done),
	        TEST(another_day_or_area_has_none_of_it),
	        TEST(an_act_without_its_entry_is_seen),
	        TEST(folding_keeps_the_sums),
	        TEST(a_figure_opens_its_rows),
	        TEST(files_are_whole),
	        TEST(a_long_table_turns_its_pages),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
