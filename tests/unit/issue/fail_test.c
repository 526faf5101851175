/* Every change of the office, with each of its queries failing in turn:
 * the error comes through and not one row has changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/issue/card_unrecorded.h"
#include "tests/unit/issue/failing_query.h"
#include "tests/unit/issue/office.h"

enum { QUERIES_MAX = 400 };

static struct office office;
static struct office *const o = &office;
static struct job_lease lease;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	failing_query_set(0);
	office_check(o);
	office_close(o);
	return 0;
}

typedef int (*change)(void);

/* Ends with the change done, after having failed at every query. */
static void fail_everywhere(change call, int expected)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	struct job_lease copy = lease;

	for (int nth = 1; nth < QUERIES_MAX; nth++) {
		office_digest(o, before);
		o->problem.code = 0;
		failing_query_set(nth);
		int rc = call();
		bool hit = failing_query_hit();
		failing_query_set(0);
		if (!hit) {
			assert_int_equal(rc, expected);
			assert_true(nth > 2);
			return;
		}
		if (rc != HUFU_ERR_IO)
			fail_msg("query %d: %d", nth, rc);
		office_digest(o, after);
		assert_memory_equal(before, after, SHA256_LEN);
		assert_memory_equal(&copy, &lease, sizeof(copy));
	}
	fail_msg("more than %d queries", QUERIES_MAX);
}

/* The same for what takes a single query. */
static void fail_once(change call)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	office_digest(o, before);
	failing_query_set(1);
	assert_int_equal(call(), HUFU_ERR_IO);
	failing_query_set(0);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
	assert_int_equal(call(), 0);
}

/* ---- applications ---- */

static int64_t id;

static int apply(void)
{
	char id_number[19];
	const struct application_request r =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	struct application_receipt receipt;

	int rc = application_apply(o->issue, &r, &receipt, &o->problem);
	if (rc == 0)
		id = receipt.id;
	if (rc < 0)
		assert_int_equal(o->problem.code, rc);
	return rc;
}

static enum application_event event;
static int64_t staff;

static int act(void)
{
	return office_act(o, id, event, staff, "why");
}

static void fail_act(enum application_event e, int64_t s)
{
	event = e;
	staff = s;
	fail_everywhere(act, 0);
}

static void application_changes_wholly_or_not(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	fail_everywhere(apply, 0);
	fail_act(APPLICATION_RETURN, o->step[0]);
	fail_act(APPLICATION_CORRECT, o->desk);
	fail_act(APPLICATION_REFER, o->step[0]);
	fail_act(APPLICATION_OPINION_FOR, o->province2);
	for (int i = 0; i < OFFICE_STEPS; i++)
		fail_act(APPLICATION_ACCEPT, o->step[i]);
	fail_act(APPLICATION_WITHDRAW, o->desk);
}

/* ---- making ---- */

static int claim(void)
{
	struct job_lease l;
	int rc = job_claim(o->issue, o->station[0], &l, &o->problem);

	if (rc == 0)
		lease = l;
	return rc;
}

static int reserve(void)
{
	return office_reserve(o, &lease, 7);
}

static int step(void)
{
	return office_step(o, &lease);
}

static int release(void)
{
	return job_release(o->issue, &lease, &o->problem);
}

static int defer(void)
{
	return job_defer(o->issue, &lease, "why", &o->problem);
}

static int spoil(void)
{
	return job_spoil(o->issue, &lease, "why", &o->problem);
}

static int heartbeat(void)
{
	return job_heartbeat(o->issue, &lease);
}

static void making_changes_wholly_or_not(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	fail_everywhere(claim, 0);
	fail_everywhere(reserve, 0);
	fail_everywhere(release, 0);
	assert_int_equal(claim(), 0);
	fail_once(heartbeat);
	assert_int_equal(reserve(), 0);
	fail_everywhere(defer, 0);
	o->now_s += 1000;
	assert_int_equal(claim(), 0);
	while (lease.state < JOB_CHECKED)
		fail_everywhere(step, 0);
	fail_everywhere(spoil, 0);
	o->now_s += 1000;
	assert_int_equal(claim(), 0);
	assert_int_equal(office_reserve(o, &lease, 8), 0);
	office_step_to(o, &lease, JOB_CHECKED);
	fail_everywhere(step, 0);
	assert_int_equal(lease.state, JOB_ISSUED);
}

static int resolve(void)
{
	const struct job_decision d = {
	        lease.job, o->maker[0], JOB_RESOLVE_CLOSE, "why"};

	return job_resolve(o->issue, &d, &o->problem);
}

static int reserve_ineligible(void)
{
	return office_reserve(o, &lease, 9);
}

static void endings_happen_wholly_or_not(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	assert_int_equal(claim(), 0);
	assert_int_equal(reserve(), 0);
	o->now_s += 1000;
	fail_everywhere(resolve, 0);
	office_add_person(o, 2, 0);
	(void)office_queue(o, 2, APPLICATION_FIRST);
	assert_int_equal(claim(), 0);
	assert_int_equal(
	        office_sql(o, "UPDATE person SET dead = 1", NULL, 0), 0);
	fail_everywhere(reserve_ineligible, JOB_INELIGIBLE);
}

/* ---- cards ---- */

static int64_t card;
static enum card_event card_event;

static int card_act(void)
{
	return office_card_act(o, card, card_event, staff, "why");
}

static void fail_card(enum card_event e, int64_t s)
{
	card_event = e;
	staff = s;
	fail_everywhere(card_act, 0);
}

static int sweep(void)
{
	size_t changed;

	return card_book_sweep(o->issue, &changed, &o->problem);
}

static int note_work(struct store_tx *tx, void *arg)
{
	return card_book_note(tx, arg);
}

static int note(void)
{
	struct card_noted noted = {.status_list = OFFICE_LIST,
	        .status_index = (uint32_t)id,
	        .log_index = 5,
	        .at_s = o->now_s,
	        .area = OFFICE_COUNTY,
	        .kind = 1};

	return store_write(o->store, note_work, &noted);
}

static int unresolve(void)
{
	struct card_unresolved done;

	return card_book_unresolve(o->issue, &done, &o->problem);
}

static int64_t proposal;

static int settle(void)
{
	const struct card_unrecorded_act act = {.status_list = OFFICE_LIST,
	        .status_index = (uint32_t)id,
	        .event = CARD_REVOKE,
	        .staff = o->step[2],
	        .witness = o->keeper,
	        .proposal = proposal,
	        .ground = "not-found"};
	struct card_unrecorded c;

	return card_unrecorded_settle(o->issue, &act, &c, &o->problem);
}

static void card_changes_wholly_or_not(void **state)
{
	(void)state;
	card = office_issue(o, 1);
	fail_card(CARD_LOSE_TEMPORARY, o->desk);
	o->now_s += 8 * 86400;
	fail_everywhere(sweep, 0);
	fail_card(CARD_SUSPEND, o->step[2]);
	fail_card(CARD_RESUME, o->step[2]);
	int64_t old = card;
	(void)office_queue(o, 1, APPLICATION_RENEWAL);
	card = office_make(o, 0, 100);
	fail_card(CARD_SEND, o->maker[0]);
	fail_card(CARD_RECEIVE, o->desk);
	fail_card(CARD_HAND_OVER, o->desk);
	assert_int_equal(office_card(o, old).phase, CARD_REPLACED);
	id = office_card(o, card).status_index;
	fail_everywhere(note, 0);
	fail_everywhere(unresolve, 0);
	fail_card(CARD_CONFIRM, o->step[2]);
	(void)office_queue(o, 1, APPLICATION_RENEWAL);
	card = office_make(o, 0, 101);
	fail_card(CARD_REVOKE, o->step[2]);
	fail_card(CARD_CANCEL, o->step[2]);
}

static void unrecorded_card_is_settled_wholly_or_not(void **state)
{
	(void)state;
	id = 77;
	fail_everywhere(note, 0);
	fail_everywhere(unresolve, 0);
	proposal = office_propose(
	        o, CARD_UNRECORDED_ACT, OFFICE_COUNTY, o->step[2]);
	fail_everywhere(settle, 0);
}

/* ---- stock ---- */

static struct stock_by by;
static uint32_t booked;

static int receive(void)
{
	const struct stock_batch b = {OFFICE_COUNTY, "x", 0, 3};
	int64_t batch;

	return stock_receive(&by, &b, &batch, &o->problem);
}

static int move(void)
{
	const struct stock_move m = {OFFICE_COUNTY, 0, o->station[1], 3};

	return stock_move(&by, &m, &o->problem);
}

static int count(void)
{
	const struct stock_place_count n = {
	        OFFICE_COUNTY, o->station[1], booked - 1, booked};
	uint32_t missing;

	return stock_count(&by, &n, &missing, &o->problem);
}

static int spoil_stock(void)
{
	const struct stock_place_count n = {OFFICE_COUNTY, o->station[1], 1, 0};

	return stock_spoil(&by, &n, &o->problem);
}

static int close_day(void)
{
	return stock_close_day(&by, OFFICE_COUNTY, &o->problem);
}

static int destroy(void)
{
	return stock_destroy(&by, OFFICE_COUNTY, 1, &o->problem);
}

static void stock_changes_wholly_or_not(void **state)
{
	(void)state;
	by = (struct stock_by){o->store, o->keeper, o->witness, 0, o->now_s};
	fail_everywhere(receive, 0);
	fail_everywhere(move, 0);
	booked = (uint32_t)office_balance(o).count[STOCK_IN_STOCK];
	by.proposal =
	        office_propose(o, STOCK_ACT_COUNT, OFFICE_COUNTY, o->keeper);
	fail_everywhere(count, 0);
	fail_everywhere(close_day, 0);
	fail_everywhere(spoil_stock, 0);
	by.proposal =
	        office_propose(o, STOCK_ACT_DESTROY, OFFICE_COUNTY, o->keeper);
	fail_everywhere(destroy, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(application_changes_wholly_or_not),
	        TEST(making_changes_wholly_or_not),
	        TEST(endings_happen_wholly_or_not),
	        TEST(card_changes_wholly_or_not),
	        TEST(unrecorded_card_is_settled_wholly_or_not),
	        TEST(stock_changes_wholly_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
