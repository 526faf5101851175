#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/print/ipp_judge.h"

enum { PENDING = 3, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED };

static const char AT_PRINTER[] = "Print job canceled at printer.";

struct row {
	const char *what;
	struct print_job job;
	enum print_outcome outcome;
};

static const struct row ROWS[] = {
        {"pending", {.state = PENDING}, PRINT_RUNNING},
        {"held", {.state = HELD}, PRINT_RUNNING},
        {"processing, all counted",
                {.state = PROCESSING,
                        .impressions = 2,
                        .impressions_known = true},
                PRINT_RUNNING},
        {"stopped: hopper empty", {.state = STOPPED}, PRINT_RUNNING},
        {"done",
                {.state = COMPLETED,
                        .impressions = 2,
                        .impressions_known = true,
                        .reasons = "job-completed-successfully"},
                PRINT_PRINTED},
        {"done, cupsd's odd reason",
                {.state = COMPLETED,
                        .impressions = 2,
                        .impressions_known = true,
                        .via_cupsd = true,
                        .reasons = "processing-to-stop-point"},
                PRINT_PRINTED},
        {"done, with warnings",
                {.state = COMPLETED,
                        .impressions = 2,
                        .impressions_known = true,
                        .reasons = "job-completed-with-warnings"},
                PRINT_PRINTED},
        {"done, with errors",
                {.state = COMPLETED,
                        .impressions = 2,
                        .impressions_known = true,
                        .reasons = "x,job-completed-with-errors"},
                PRINT_UNKNOWN},
        {"done, one side",
                {.state = COMPLETED,
                        .impressions = 1,
                        .impressions_known = true},
                PRINT_UNKNOWN},
        {"done, three sides",
                {.state = COMPLETED,
                        .impressions = 3,
                        .impressions_known = true},
                PRINT_UNKNOWN},
        {"done, not counted", {.state = COMPLETED, .impressions = 2},
                PRINT_UNKNOWN},
        {"done, but the printer forgot it",
                {.state = COMPLETED,
                        .impressions = 2,
                        .impressions_known = true,
                        .history_missing = true,
                        .via_cupsd = true},
                PRINT_UNKNOWN},
        {"aborted by the printer",
                {.state = ABORTED,
                        .impressions_known = true,
                        .reasons = "aborted-by-system"},
                PRINT_FAILED},
        {"aborted by cupsd: its link broke",
                {.state = ABORTED,
                        .impressions_known = true,
                        .via_cupsd = true,
                        .reasons = "aborted-by-system"},
                PRINT_UNKNOWN},
        {"aborted, but both sides counted",
                {.state = ABORTED,
                        .impressions = 2,
                        .impressions_known = true,
                        .reasons = "aborted-by-system"},
                PRINT_UNKNOWN},
        {"jam seen through cupsd",
                {.state = CANCELED,
                        .impressions = 1,
                        .impressions_known = true,
                        .via_cupsd = true,
                        .message = "Print job canceled at printer."},
                PRINT_FAILED},
        {"wrong medium through cupsd",
                {.state = CANCELED,
                        .via_cupsd = true,
                        .message = "Printer cannot print with supplied "
                                   "options."},
                PRINT_FAILED},
        {"jam, and the printer forgot it",
                {.state = CANCELED,
                        .via_cupsd = true,
                        .history_missing = true,
                        .message = "Print job canceled at printer."},
                PRINT_UNKNOWN},
        {"cancelled at its panel",
                {.state = CANCELED, .reasons = "job-canceled-at-device"},
                PRINT_FAILED},
        {"cancelled by a person",
                {.state = CANCELED, .reasons = "job-canceled-by-user"},
                PRINT_UNKNOWN},
        {"cancelled by a person at cupsd",
                {.state = CANCELED,
                        .via_cupsd = true,
                        .reasons = "job-canceled-by-user"},
                PRINT_UNKNOWN},
        {"no job there", {.state = 0, .history_missing = true}, PRINT_UNKNOWN},
        {"a state of the future", {.state = 10}, PRINT_UNKNOWN},
};

static void judges_every_end_of_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		enum print_outcome got = print_judge(&ROWS[i].job, 2);

		if (got != ROWS[i].outcome)
			print_error("%s\n", ROWS[i].what);
		assert_int_equal(got, ROWS[i].outcome);
	}
}

static void finds_whole_words_only(void **state)
{
	(void)state;
	assert_true(ipp_has_reason("a,bc,d", "a"));
	assert_true(ipp_has_reason("a,bc,d", "bc"));
	assert_true(ipp_has_reason("a,bc,d", "d"));
	assert_false(ipp_has_reason("a,bc,d", "b"));
	assert_false(ipp_has_reason("a,bc,d", "c"));
	assert_false(ipp_has_reason("", "a"));
}

static void explains_all_but_success(void **state)
{
	struct print_job job = {.reasons = "r"};
	struct problem p = {.code = -99};

	(void)state;
	assert_int_equal(ipp_explain(PRINT_PRINTED, &job, &p), PRINT_PRINTED);
	assert_int_equal(p.code, -99);
	(void)snprintf(job.message, sizeof(job.message), "%s", AT_PRINTER);
	assert_int_equal(ipp_explain(PRINT_FAILED, &job, &p), PRINT_FAILED);
	assert_string_equal(p.type, "print-failed");
	assert_non_null(strstr(p.en, AT_PRINTER));
	assert_int_equal(ipp_explain(PRINT_UNKNOWN, &job, &p), PRINT_UNKNOWN);
	assert_string_equal(p.type, "print-unknown");
	assert_int_equal(ipp_explain(PRINT_RUNNING, &job, &p), PRINT_RUNNING);
	assert_string_equal(p.type, "print-running");
	assert_int_equal(ipp_explain(PRINT_FAILED, &job, NULL), PRINT_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(judges_every_end_of_the_table),
	        cmocka_unit_test(finds_whole_words_only),
	        cmocka_unit_test(explains_all_but_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
