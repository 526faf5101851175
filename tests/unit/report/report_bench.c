/*
 * The report over a log of a million entries of two years, the whole of it
 * and one month of it. Prints one line of JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "host/base/clock.h"
#include "host/log/rows.h"
#include "host/report/report.h"
#include "tests/unit/issue/office.h"

enum { ENTRIES = 1000000, AT_ONCE = 50000, YEARS_S = 2 * 365 * 86400 };

static struct office office;
static struct office *const o = &office;
static uint64_t filled;

static int64_t time_of(uint64_t index)
{
	return o->now_s - YEARS_S + (int64_t)(index * YEARS_S / ENTRIES);
}

/* As many of each as a county has, over 200 townships. */
static int put(struct store_tx *tx, uint64_t index)
{
	static const enum log_type types[] = {LOG_APPLIED, LOG_DECIDED,
	        LOG_DECIDED, LOG_RESERVED, LOG_SIGNED, LOG_ISSUED,
	        LOG_HANDED_OVER, LOG_RETURNED};
	struct log_entry e = {.type = types[index % 8],
	        .time_s = time_of(index),
	        .kind = 1 + (uint32_t)(index % 2),
	        .number = 1 + index % 5,
	        .present = LOG_HAS(LOG_AREA) | LOG_HAS(LOG_KIND) |
	                   LOG_HAS(LOG_NUMBER) | LOG_HAS(LOG_PERSON) |
	                   LOG_HAS(LOG_CARD) | LOG_HAS(LOG_ACTOR) |
	                   LOG_HAS(LOG_BINDING)};
	uint8_t bytes[LOG_ENTRY_MAX];
	struct writer w;

	(void)snprintf(
	        e.area, sizeof(e.area), "320106%03u", (unsigned)(index % 200));
	writer_init(&w, bytes, sizeof(bytes));
	log_entry_encode(&w, &e);
	return w.error ? w.error : rows_put_entry(tx, index, writer_span(&w));
}

static int fill(struct store_tx *tx, void *arg)
{
	(void)arg;
	for (int i = 0; i < AT_ONCE; i++) {
		int rc = put(tx, filled++);

		if (rc < 0)
			return rc;
	}
	return 0;
}

struct asked {
	struct report_span span;
	struct report report;
};

static int ask(struct store_tx *tx, void *arg)
{
	struct asked *a = arg;

	return report_make(tx, &a->span, &a->report);
}

static double seconds_of(int days, int64_t *ret_entries)
{
	struct asked a = {.span = {.area = "320106",
	                          .to = clock_date_of(o->now_s),
	                          .now_s = o->now_s}};
	a.span.from = date_add_days(a.span.to, -days);
	int64_t from_us = clock_steady_us();

	assert_int_equal(store_read(o->store, ask, &a), 0);
	int64_t took_us = clock_steady_us() - from_us;
	*ret_entries = a.report.log_entries;
	report_done(&a.report);
	return (double)took_us / 1e6;
}

static void measure(void **state)
{
	int64_t all = 0, month = 0;

	(void)state;
	office_open(o);
	while (filled < ENTRIES)
		assert_int_equal(store_write(o->store, fill, NULL), 0);
	double all_s = seconds_of(800, &all);
	double month_s = seconds_of(30, &month);
	assert_int_equal(all, ENTRIES);
	assert_true(month < ENTRIES / 20);
	printf("{\"bench\": \"report\", \"million_s\": %.2f, "
	       "\"month_ms\": %.1f}\n",
	        all_s, month_s * 1e3);
	(void)fflush(stdout);
	office_close(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(measure)};

	return cmocka_run_group_tests_name("report_bench", tests, NULL, NULL);
}
