#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/policy/calendar.h"

static int64_t china(int year, int month, int day, int hour)
{
	struct date d = {(int16_t)year, (int8_t)month, (int8_t)day};

	return clock_start_of(d) + hour * 3600;
}

static struct date day(int year, int month, int d)
{
	return (struct date){(int16_t)year, (int8_t)month, (int8_t)d};
}

static void skips_weekends(void **state)
{
	const struct calendar *c = calendar_builtin();
	bool certain = false;

	(void)state;
	assert_non_null(c);
	/* Friday evening: one working day ends with Monday */
	assert_int_equal(
	        calendar_deadline(c, china(2026, 7, 31, 20), 1, &certain),
	        china(2026, 8, 4, 0) - 1);
	assert_true(certain);
	/* Monday: ten working days end on Monday two weeks on */
	assert_int_equal(calendar_deadline(c, china(2026, 8, 3, 9), 10, NULL),
	        china(2026, 8, 18, 0) - 1);
	/* Sunday in China, while UTC still has Saturday */
	assert_int_equal(calendar_deadline(c, china(2026, 8, 2, 1), 1, NULL),
	        china(2026, 8, 4, 0) - 1);
	assert_int_equal(
	        calendar_deadline(c, china(2026, 8, 3, 9), 0, NULL), 0);
}

/* Spring Festival of 2026: 02-15 to 23 off, 02-14 and 02-28 worked. */
static void knows_what_the_state_council_exchanged(void **state)
{
	const struct calendar *c = calendar_builtin();

	(void)state;
	assert_true(calendar_is_working_day(c, day(2026, 2, 14)));
	for (int d = 15; d <= 23; d++)
		assert_false(calendar_is_working_day(c, day(2026, 2, d)));
	assert_true(calendar_is_working_day(c, day(2026, 2, 24)));
	assert_true(calendar_is_working_day(c, day(2026, 2, 28)));
	assert_false(calendar_is_working_day(c, day(2026, 2, 22)));
	assert_false(calendar_is_working_day(c, day(2026, 3, 1)));
	/* Friday the 13th: the second working day is after the holidays */
	assert_int_equal(calendar_deadline(c, china(2026, 2, 13, 9), 2, NULL),
	        china(2026, 2, 25, 0) - 1);
}

static void says_when_a_year_is_not_known(void **state)
{
	const struct calendar *c = calendar_builtin();
	int last = calendar_last_year(c);
	bool certain = true;

	(void)state;
	assert_true(calendar_knows(c, last));
	assert_false(calendar_knows(c, last + 1));
	assert_false(calendar_knows(c, 0));
	assert_false(calendar_knows(c, 100000));
	/* one foot in the next year is enough */
	assert_true(
	        calendar_deadline(c, china(last, 12, 31, 9), 3, &certain) > 0);
	assert_false(certain);
	(void)calendar_deadline(c, china(last, 6, 1, 9), 3, &certain);
	assert_true(certain);
}

static void counts_what_is_left_and_what_is_over(void **state)
{
	const struct calendar *c = calendar_builtin();
	int64_t due = china(2026, 2, 25, 0) - 1; /* end of the 24th */

	(void)state;
	assert_int_equal(calendar_days_left(c, china(2026, 2, 24, 8), due), 0);
	assert_int_equal(calendar_days_left(c, china(2026, 2, 13, 8), due), 2);
	assert_int_equal(calendar_days_left(c, china(2026, 2, 20, 8), due), 1);
	assert_int_equal(calendar_days_left(c, china(2026, 2, 28, 8), due), -4);
}

static int parse(const char *text, struct problem *p)
{
	struct calendar *c = NULL;
	int r = calendar_parse(span_of_text(text), &c, p);

	assert_true((r == HUFU_OK) == (c != NULL));
	calendar_free(c);
	return r;
}

static void refuses_lines_it_cannot_read(void **state)
{
	static const char *const bad[] = {"2027-01-01", "2027-01-01,free",
	        "2027-02-30,off", "01-01-2027,off", "2027-1-1,off",
	        "2027-01-01,off,x", "1999-01-01,off",
	        "# fine\n2027-01-01,off\n2027-01-01,work\n"};
	struct problem p;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(parse(bad[i], &p), HUFU_ERR_MALFORMED);
		assert_string_equal(p.type, "calendar");
	}
	assert_int_equal(parse("# 注\r\n\r\n2027-01-01,off\r\n", &p), 0);
	assert_int_equal(parse("", &p), 0);
}

static void a_given_file_takes_the_place_of_the_builtin(void **state)
{
	struct calendar *c = NULL;
	struct problem p;

	(void)state;
	assert_int_equal(calendar_parse(span_of_text("2027-01-04,off\n"
	                                             "2027-01-03,work\n"),
	                         &c, &p),
	        0);
	assert_false(calendar_is_working_day(c, day(2027, 1, 4)));
	assert_true(calendar_is_working_day(c, day(2027, 1, 3)));
	assert_true(calendar_knows(c, 2027));
	assert_false(calendar_knows(c, 2026));
	calendar_free(c);
	assert_int_equal(calendar_open("/nonexistent/calendar", &c, &p),
	        HUFU_ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(skips_weekends),
	        cmocka_unit_test(knows_what_the_state_council_exchanged),
	        cmocka_unit_test(says_when_a_year_is_not_known),
	        cmocka_unit_test(counts_what_is_left_and_what_is_over),
	        cmocka_unit_test(refuses_lines_it_cannot_read),
	        cmocka_unit_test(a_given_file_takes_the_place_of_the_builtin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
