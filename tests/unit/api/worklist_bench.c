/*
 * First page of the work lists of a county with 100,000 open cases, asked
 * of the real server over its socket. Prints one line of JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/base/clock.h"
#include "tests/unit/api/desk.h"

enum { CASES = 100000, ROUNDS = 60 };

static struct office office;

/* Cases of generated nobodies in nine townships, at every step; deadlines
 * in no order, some late, some none. */
static const char fill[] =
        "PRAGMA foreign_keys = OFF;"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 100000)"
        " INSERT INTO application (person, kind, reason, ground, acting,"
        " gravely_ill, habitual, state, step, steps, area, delivery_area,"
        " materials, entered_at, step_since, due, rule_version)"
        " SELECT 1000000 + i, 1, 1, 0, 0, 0, 0,"
        " iif(i % 10 = 0, 2, 1), 1 + i % 5, 5,"
        " printf('3201060%02d', 1 + i % 9), '320106001', 22,"
        " t.at - i, t.at - i,"
        " iif(i % 10 = 0, 0, t.at + (i * 7919) % 3000000 - 100000),"
        " (SELECT rule_version FROM application LIMIT 1)"
        " FROM n, (SELECT max(entered_at) AS at FROM application) t";

static const char *const lists[] = {
        "/v1/applications?limit=50",
        "/v1/applications?limit=50&state=in-review",
        "/v1/applications?limit=50&state=in-review&mine=1",
        "/v1/applications?limit=50&state=in-review&area=320106003",
        "/v1/applications?limit=50&state=in-review&step=4&area=320106",
        "/v1/applications?limit=50&state=in-review&overdue=1",
        "/v1/applications?limit=50&state=returned",
};
enum { LISTS = sizeof lists / sizeof *lists, ASKED = LISTS * ROUNDS };
static int64_t took_us[ASKED];

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void first_pages(void **state)
{
	struct office *o = &office;
	char message[160] = "";
	(void)state;
	office_open(o);
	office_add_person(o, 1, 0);
	(void)office_apply(o, 1, APPLICATION_FIRST);
	if (office_sql(o, fill, message, sizeof message) != 0)
		fail_msg("%s", message);
	assert_int_equal(desk_open(o), 0);
	desk_act_as(o->step[2]); /* decides for the county */
	for (int i = 0; i < ASKED; i++) {
		int64_t from_us = clock_steady_us();
		desk_ask("GET", lists[i % LISTS], "");
		took_us[i] = clock_steady_us() - from_us;
		desk_expect_done();
		assert_int_equal(json_array_size(json_object_get(
		                         desk.json, "applications")),
		        50);
	}
	desk_close();
	office_close(o);
	qsort(took_us, ASKED, sizeof *took_us, by_time);
	printf("{\"bench\": \"work_list\", \"cases\": %d, \"p50_ms\": %.2f, "
	       "\"p99_ms\": %.2f, \"worst_ms\": %.2f}\n",
	        CASES, (double)took_us[ASKED / 2] / 1e3,
	        (double)took_us[ASKED * 99 / 100] / 1e3,
	        (double)took_us[ASKED - 1] / 1e3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(first_pages)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
