/* A batch goes through when its sample has been looked at, and not before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "host/issue/batch.h"
#include "tests/unit/issue/office.h"

static struct office office;
static struct office *const o = &office;
static int64_t ids[BATCH_CASES_MAX];
static struct batch shown;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(o);
	return 0;
}

static void take_in(int count)
{
	office_add_persons(o, 1, count);
	for (int n = 0; n < count; n++)
		ids[n] = office_apply(o, n + 1, APPLICATION_FIRST);
}

static int64_t draw(int count)
{
	int64_t id = 0;

	assert_int_equal(batch_draw(o->issue, o->step[0], ids, (size_t)count,
	                         &id, &o->problem),
	        0);
	return id;
}

static int look(struct store_tx *tx, void *arg)
{
	return batch_read(tx, *(int64_t *)arg, o->step[0], &shown, &o->problem);
}

static size_t sampled(int64_t batch)
{
	size_t n = 0;

	assert_int_equal(store_read(o->store, look, &batch), 0);
	for (size_t i = 0; i < shown.count; i++)
		n += shown.cases[i].sampled;
	return n;
}

static int act(
        int (*how)(struct issue *, const struct batch_act *, struct problem *),
        int64_t batch, int64_t staff, int64_t application)
{
	const struct batch_act a = {batch, staff, application};

	return how(o->issue, &a, &o->problem);
}

/* All but the last `leave` of the sample. */
static void confirm_sample(int64_t batch, size_t leave)
{
	size_t left = sampled(batch);

	for (size_t i = 0; i < shown.count && left > leave; i++) {
		if (!shown.cases[i].sampled)
			continue;
		assert_int_equal(act(batch_confirm, batch, o->step[0],
		                         shown.cases[i].application),
		        0);
		left--;
	}
}

static void sample_is_a_tenth_and_three_at_least(void **state)
{
	(void)state;
	take_in(41);
	assert_int_equal(sampled(draw(1)), 1);
	assert_int_equal(sampled(draw(2)), 2);
	(void)act(batch_drop, 1, o->step[0], 0);
	assert_int_equal(office_number(o, "SELECT state FROM batch"
	                                  " WHERE id = 1"),
	        BATCH_DROPPED);
	memmove(ids, ids + 2, 39 * sizeof(*ids));
	assert_int_equal(sampled(draw(25)), 3);
	memmove(ids, ids + 8, 31 * sizeof(*ids));
	assert_true(sampled(draw(31)) >= 4);
}

static void every_case_gets_its_own_act(void **state)
{
	(void)state;
	take_in(12);
	int64_t batch = draw(12);
	int64_t before = office_log_size(o);
	confirm_sample(batch, 0);
	assert_int_equal(act(batch_accept, batch, o->step[0], 0), 0);
	assert_int_equal(office_log_size(o), before + 12);
	assert_int_equal(office_number(o, "SELECT count(*) FROM application_act"
	                                  " WHERE event = 1 AND step = 1"),
	        12);
	assert_int_equal(office_number(o, "SELECT count(*) FROM application"
	                                  " WHERE step = 2"),
	        12);
	assert_int_equal(sampled(batch), 3);
	for (size_t i = 0; i < shown.count; i++)
		assert_int_equal(shown.cases[i].outcome, BATCH_CASE_ACCEPTED);
	/* asked again, it changes nothing */
	assert_int_equal(act(batch_accept, batch, o->step[0], 0), 0);
	assert_int_equal(office_log_size(o), before + 12);
	office_check(o);
}

static void nothing_goes_through_before_the_sample(void **state)
{
	char message[160];

	(void)state;
	take_in(12);
	int64_t batch = draw(12);
	confirm_sample(batch, 1);
	assert_int_equal(
	        act(batch_accept, batch, o->step[0], 0), HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "sample-not-confirmed");
	assert_int_equal(office_number(o, "SELECT count(*) FROM application"
	                                  " WHERE step = 2"),
	        0);
	/* nor by a way round the code */
	assert_int_not_equal(
	        office_sql(o, "UPDATE batch SET state = 2", message, 160), 0);
	assert_non_null(strstr(message, "sample-not-confirmed"));
	assert_int_not_equal(office_sql(o, "UPDATE batch_case SET sampled = 0",
	                             message, 160),
	        0);
	assert_int_not_equal(
	        office_sql(o, "DELETE FROM batch_case", message, 160), 0);
}

static void each_case_tells_its_own_fault(void **state)
{
	(void)state;
	take_in(6);
	int64_t batch = draw(6), gone = 0;
	confirm_sample(batch, 0);
	for (size_t i = 0; i < shown.count; i++)
		if (!shown.cases[i].sampled)
			gone = shown.cases[i].application;
	assert_int_equal(
	        office_act(o, gone, APPLICATION_WITHDRAW, o->desk, NULL), 0);
	assert_int_equal(act(batch_accept, batch, o->step[0], 0), 0);
	(void)sampled(batch);
	for (size_t i = 0; i < shown.count; i++) {
		bool bad = shown.cases[i].application == gone;
		assert_int_equal(shown.cases[i].outcome,
		        bad ? BATCH_CASE_REFUSED : BATCH_CASE_ACCEPTED);
		assert_string_equal(
		        shown.cases[i].refusal, bad ? "application-state" : "");
	}
}

static void a_new_draw_keeps_what_is_owed(void **state)
{
	int64_t owed[3], first;
	size_t n = 0;

	(void)state;
	take_in(30);
	first = draw(30);
	(void)sampled(first);
	for (size_t i = 0; i < shown.count; i++)
		if (shown.cases[i].sampled)
			owed[n++] = shown.cases[i].application;
	assert_int_equal(act(batch_drop, first, o->step[0], 0), 0);
	assert_int_equal(sampled(draw(30)), 3);
	for (size_t i = 0, at = 0; i < shown.count; i++)
		if (shown.cases[i].sampled)
			assert_int_equal(
			        shown.cases[i].application, owed[at++]);
}

static void refuses_what_is_not_theirs(void **state)
{
	int64_t id = 0, other = 0;

	(void)state;
	take_in(8);
	assert_int_equal(
	        batch_draw(o->issue, o->step[1], ids, 8, &id, &o->problem),
	        HUFU_ERR_DENIED);
	assert_int_equal(
	        batch_draw(o->issue, o->step[0], ids, 0, &id, &o->problem),
	        HUFU_ERR_ARGUMENT);
	ids[7] = ids[0];
	assert_int_equal(
	        batch_draw(o->issue, o->step[0], ids, 8, &id, &o->problem),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(office_number(o, "SELECT count(*) FROM batch"), 0);
	id = draw(7);
	assert_int_equal(
	        act(batch_accept, id, o->step[1], 0), HUFU_ERR_NOT_FOUND);
	assert_string_equal(o->problem.type, "no-batch");
	assert_int_equal(
	        act(batch_drop, id, o->step[1], 0), HUFU_ERR_NOT_FOUND);
	(void)sampled(id);
	for (size_t i = 0; i < shown.count; i++)
		if (!shown.cases[i].sampled)
			other = shown.cases[i].application;
	assert_int_equal(
	        act(batch_confirm, id, o->step[0], other), HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "not-in-sample");
	assert_int_equal(act(batch_drop, id, o->step[0], 0), 0);
	assert_int_equal(act(batch_accept, id, o->step[0], 0), HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "batch-ended");
}

/* Accepted, and the machine fell before that was noted. */
static void goes_on_after_a_crash(void **state)
{
	char message[160] = "";

	(void)state;
	take_in(5);
	int64_t batch = draw(5);
	confirm_sample(batch, 0);
	assert_int_equal(
	        office_sql(o, "UPDATE batch SET state = 2", message, 160), 0);
	assert_int_equal(
	        office_act(o, ids[0], APPLICATION_ACCEPT, o->step[0], NULL), 0);
	assert_int_equal(act(batch_accept, batch, o->step[0], 0), 0);
	(void)sampled(batch);
	for (size_t i = 0; i < shown.count; i++)
		assert_int_equal(shown.cases[i].outcome, BATCH_CASE_ACCEPTED);
	assert_int_equal(office_number(o, "SELECT count(*) FROM application_act"
	                                  " WHERE event = 1"),
	        5);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(sample_is_a_tenth_and_three_at_least),
	        TEST(every_case_gets_its_own_act),
	        TEST(nothing_goes_through_before_the_sample),
	        TEST(each_case_tells_its_own_fault),
	        TEST(a_new_draw_keeps_what_is_owed),
	        TEST(refuses_what_is_not_theirs),
	        TEST(goes_on_after_a_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
