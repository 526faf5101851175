#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "host/base/area_code.h"
#include "host/base/clock.h"
#include "host/base/date.h"
#include "host/base/number.h"
#include "host/base/problem.h"

#define ALL ((struct number_range){INT64_MIN, INT64_MAX})

static void parses_numbers_of_one_form_only(void **state)
{
	static const struct {
		const char *text;
		int code;
		int64_t value;
	} cases[] = {
	        {"0", 0, 0},
	        {"7", 0, 7},
	        {"-7", 0, -7},
	        {"9223372036854775807", 0, INT64_MAX},
	        {"-9223372036854775808", 0, INT64_MIN},
	        {"9223372036854775808", HUFU_ERR_LIMIT, 0},
	        {"-9223372036854775809", HUFU_ERR_LIMIT, 0},
	        {"99999999999999999999999", HUFU_ERR_LIMIT, 0},
	        {"", HUFU_ERR_MALFORMED, 0},
	        {"-", HUFU_ERR_MALFORMED, 0},
	        {"-0", HUFU_ERR_MALFORMED, 0},
	        {"07", HUFU_ERR_MALFORMED, 0},
	        {"+7", HUFU_ERR_MALFORMED, 0},
	        {" 7", HUFU_ERR_MALFORMED, 0},
	        {"7 ", HUFU_ERR_MALFORMED, 0},
	        {"7a", HUFU_ERR_MALFORMED, 0},
	        {"0x7", HUFU_ERR_MALFORMED, 0},
	        {"1e3", HUFU_ERR_MALFORMED, 0},
	        {"９", HUFU_ERR_MALFORMED, 0},
	};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		v = 4711;
		assert_int_equal(number_parse_text(cases[i].text, ALL, &v),
		        cases[i].code);
		assert_true(v == (cases[i].code ? 4711 : cases[i].value));
	}
}

static void keeps_numbers_in_their_range(void **state)
{
	struct number_range r = {3, 5};
	int64_t v = 0;

	(void)state;
	assert_int_equal(number_parse_text("2", r, &v), HUFU_ERR_LIMIT);
	assert_int_equal(number_parse_text("6", r, &v), HUFU_ERR_LIMIT);
	assert_int_equal(v, 0);
	assert_int_equal(number_parse_text("3", r, &v), 0);
	assert_int_equal(v, 3);
	assert_int_equal(number_parse("456", 1, r, &v), 0);
	assert_int_equal(v, 4);
}

static void takes_real_days_only(void **state)
{
	static const char *const good[] = {"1800-01-01", "2000-02-29",
	        "2024-02-29", "1999-12-31", "9999-12-31"};
	static const char *const bad[] = {"1900-02-29", "2023-02-29",
	        "1799-12-31", "2024-00-01", "2024-13-01", "2024-01-00",
	        "2024-01-32", "2024-04-31", "2024-1-01", "2024-01-1",
	        "24-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01", "",
	        "2024-01-0a", "2024-01-01T"};
	struct date d;
	char text[DATE_TEXT_LEN + 1];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(date_parse(good[i], &d), 0);
		date_format(d, text);
		assert_string_equal(text, good[i]);
	}
	d = (struct date){1, 2, 3};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(date_parse(bad[i], &d), HUFU_ERR_MALFORMED);
	assert_int_equal(d.year, 1);
	date_format((struct date){0}, text);
	assert_string_equal(text, "");
}

static void counts_days_both_ways(void **state)
{
	struct date d = {1800, 1, 1};

	(void)state;
	assert_int_equal(date_to_days((struct date){1970, 1, 1}), 0);
	assert_int_equal(date_to_days((struct date){2000, 3, 1}), 11017);
	assert_int_equal(date_to_days((struct date){1969, 12, 31}), -1);
	/* Every day of 400 years follows the one before. */
	for (int32_t n = date_to_days(d), i = 0; i < 146097; i++) {
		struct date back = date_from_days(n + i);
		assert_true(date_is_valid(back));
		assert_int_equal(date_to_days(back), n + i);
	}
	assert_int_equal(date_weekday((struct date){1970, 1, 1}), 3);
	assert_int_equal(date_weekday((struct date){2026, 11, 23}), 0);
	assert_int_equal(date_weekday((struct date){1899, 12, 31}), 6);
}

static void adds_months_within_the_month(void **state)
{
	static const struct {
		struct date from;
		int months;
		struct date to;
	} cases[] = {
	        {{2024, 1, 31}, 1, {2024, 2, 29}},
	        {{2023, 1, 31}, 1, {2023, 2, 28}},
	        {{2024, 2, 29}, 12, {2025, 2, 28}},
	        {{2024, 11, 30}, 3, {2025, 2, 28}},
	        {{2024, 3, 31}, -1, {2024, 2, 29}},
	        {{2024, 1, 15}, -1, {2023, 12, 15}},
	        {{2026, 8, 1}, 120, {2036, 8, 1}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(date_compare(date_add_months(cases[i].from,
		                                      cases[i].months),
		                         cases[i].to),
		        0);
	assert_int_equal(date_full_years((struct date){2000, 2, 29},
	                         (struct date){2018, 2, 28}),
	        17);
	assert_int_equal(date_full_years((struct date){2000, 2, 29},
	                         (struct date){2018, 3, 1}),
	        18);
}

static void keeps_china_time(void **state)
{
	struct date d = {2026, 8, 1};
	char text[CLOCK_TEXT_LEN + 1];

	(void)state;
	assert_int_equal(clock_start_of(d), 1785513600);
	assert_int_equal(date_compare(clock_date_of(1785513600), d), 0);
	assert_int_equal(date_compare(clock_date_of(1785513599), d), -1);
	assert_int_equal(date_compare(clock_date_of(1785513600 + 86399), d), 0);
	clock_format(1785513599, text);
	assert_string_equal(text, "2026-07-31T15:59:59Z");
	clock_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	clock_pretend(1785513600);
	assert_int_equal(date_compare(clock_today(), d), 0);
	clock_pretend(0);
	assert_true(clock_now_s() != 1785513600);
}

static void knows_levels_and_what_lies_within(void **state)
{
	static const struct {
		const char *code;
		enum area_level level;
	} levels[] = {{"320000", AREA_PROVINCE}, {"320100", AREA_CITY},
	        {"320106", AREA_COUNTY}, {"320106001", AREA_TOWNSHIP},
	        {"320106001001", AREA_VILLAGE}, {"000000", AREA_NONE},
	        {"00", AREA_NONE}, {"", AREA_NONE}, {"32010", AREA_NONE},
	        {"3201060010", AREA_NONE}, {"32010x", AREA_NONE},
	        {"429004", AREA_COUNTY}};
	char at[AREA_CODE_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		assert_int_equal(
		        area_code_level(levels[i].code), levels[i].level);
	assert_true(area_code_within("320106001", "320106"));
	assert_true(area_code_within("320106001", "320100"));
	assert_true(area_code_within("320106001", "320000"));
	assert_true(area_code_within("320106001", "00"));
	assert_true(area_code_within("00", "00"));
	assert_false(area_code_within("00", "320000"));
	assert_true(area_code_within("320106", "320106"));
	assert_false(area_code_within("320106", "320106001"));
	assert_false(area_code_within("320100", "320106"));
	assert_false(area_code_within("330106", "320000"));
	assert_false(area_code_within("x", "00"));
	assert_true(area_code_at("320106001001", AREA_COUNTY, at));
	assert_string_equal(at, "320106");
	assert_true(area_code_at("320106001001", AREA_PROVINCE, at));
	assert_string_equal(at, "320000");
	assert_true(area_code_at("441900003", AREA_CITY, at));
	assert_string_equal(at, "441900");
	assert_false(area_code_at("441900003", AREA_COUNTY, at));
	assert_false(area_code_at("320100", AREA_COUNTY, at));
}

static void says_problems_in_both_languages(void **state)
{
	struct problem p;

	(void)state;
	assert_int_equal(
	        problem_set(&p, 7, "slug", "第 %d 行 %s", "line %d %s", 3, "x"),
	        7);
	assert_string_equal(p.zh, "第 3 行 x");
	assert_string_equal(p.en, "line 3 x");
	assert_string_equal(p.type, "slug");
	assert_int_equal(problem_set(NULL, -9, "s", "甲", "a"), -9);
	for (int code = -1; code >= HUFU_ERR_STALE; code--) {
		assert_int_equal(problem_from_code(&p, code), code);
		assert_true(p.zh[0] && p.en[0] && p.type[0]);
		assert_string_not_equal(p.type, "failed");
	}
	assert_int_equal(problem_from_code(&p, -999), -999);
	assert_string_equal(p.type, "failed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(parses_numbers_of_one_form_only),
	        cmocka_unit_test(keeps_numbers_in_their_range),
	        cmocka_unit_test(takes_real_days_only),
	        cmocka_unit_test(counts_days_both_ways),
	        cmocka_unit_test(adds_months_within_the_month),
	        cmocka_unit_test(keeps_china_time),
	        cmocka_unit_test(knows_levels_and_what_lies_within),
	        cmocka_unit_test(says_problems_in_both_languages),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
