/* What goes wrong in the queue, who decides then, and who may make at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/staff/staff.h"
#include "tests/unit/issue/office.h"

static struct office office;
static struct office *const o = &office;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 50);
	office_add_blanks(o, 1, 50);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static int64_t queue(int n)
{
	office_add_person(o, n, 0);
	return office_queue(o, n, APPLICATION_FIRST);
}

static int claim(int station, struct job_lease *ret)
{
	return job_claim(o->issue, o->station[station], ret, &o->problem);
}

static void take(int station, struct job_lease *ret)
{
	int rc = claim(station, ret);

	if (rc != 0)
		fail_msg("claim: %d %s", rc, o->problem.en);
}

static int release(struct job_lease *lease)
{
	return job_release(o->issue, lease, &o->problem);
}

static int spoil(struct job_lease *lease)
{
	return job_spoil(o->issue, lease, "chip-dead", &o->problem);
}

static int defer(struct job_lease *lease)
{
	return job_defer(o->issue, lease, "printer-empty", &o->problem);
}

/* ---- trouble ---- */

static void deferred_job_comes_back_ever_later(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t id = queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	office_step_to(o, &lease, JOB_PRINT_INTENT);
	assert_int_equal(defer(&lease), 0);
	o->now_s += OFFICE_BACK_OFF_S - 1;
	assert_int_equal(claim(0, &lease), JOB_NONE);
	o->now_s++;
	take(0, &lease);
	assert_int_equal(lease.state, JOB_PRINT_INTENT);
	assert_int_equal(lease.attempts, 2);
	assert_int_equal(defer(&lease), 0);
	assert_int_equal(office_job(o, id).not_before_s,
	        o->now_s + 2 * OFFICE_BACK_OFF_S);
	o->now_s += 2 * OFFICE_BACK_OFF_S;
	take(0, &lease);
	assert_int_equal(defer(&lease), 0);
	/* used up: a person must look */
	struct job j = office_job(o, id);
	assert_int_equal(j.dead_at_s, o->now_s);
	assert_string_equal(j.ground, "printer-empty");
	o->now_s += 100000;
	assert_int_equal(claim(0, &lease), JOB_NONE);
}

static void crashing_job_is_buried(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t id = queue(1);
	for (int i = 0; i < OFFICE_ATTEMPTS; i++) {
		take(0, &lease);
		o->now_s += OFFICE_LEASE_S;
	}
	int64_t next = queue(2);
	take(0, &lease);
	assert_int_equal(lease.application, next);
	struct job j = office_job(o, id);
	assert_true(j.dead_at_s > 0);
	assert_string_equal(j.ground, "attempts-used-up");
}

static int resolve(
        int64_t application, int64_t staff, enum job_resolution resolution)
{
	const struct job_decision d = {
	        office_job(o, application).id, staff, resolution, "looked-at"};

	return job_resolve(o->issue, &d, &o->problem);
}

static int64_t stuck(int n, enum job_state at)
{
	struct job_lease lease;
	int64_t id = queue(n);

	for (int i = 0; i < OFFICE_ATTEMPTS; i++) {
		take(0, &lease);
		assert_int_equal(lease.application, id);
		if (at > JOB_WAITING && i == 0) {
			assert_int_equal(office_reserve(o, &lease, n), 0);
			office_step_to(o, &lease, at);
		}
		assert_int_equal(defer(&lease), 0);
		o->now_s += 1000;
	}
	assert_true(office_job(o, id).dead_at_s > 0);
	return id;
}

static void person_resolves_what_is_stuck(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t id = stuck(1, JOB_PRINT_DONE);
	assert_int_equal(resolve(id, o->desk, JOB_RETRY), HUFU_ERR_DENIED);
	assert_int_equal(resolve(id, o->maker[0], JOB_RETRY), 0);
	take(0, &lease);
	assert_int_equal(lease.state, JOB_PRINT_DONE);
	assert_int_equal(resolve(id, o->maker[0], JOB_RETRY), HUFU_ERR_STATE);
	office_step_to(o, &lease, JOB_ISSUED);
	assert_int_equal(
	        resolve(id, o->maker[0], JOB_RESOLVE_SPOIL), HUFU_ERR_STATE);

	id = stuck(2, JOB_KEYED);
	assert_int_equal(resolve(id, o->maker[0], JOB_RESOLVE_SPOIL), 0);
	o->now_s += 1000;
	take(1, &lease);
	assert_int_equal(lease.round, 2);
	assert_int_equal(office_reserve(o, &lease, 99), 0);
	office_step_to(o, &lease, JOB_ISSUED);

	id = stuck(3, JOB_CHECKED);
	assert_int_equal(resolve(id, o->maker[0], JOB_RESOLVE_CLOSE), 0);
	assert_int_equal(office_application(o, id).state, APPLICATION_REJECTED);
	assert_int_equal(office_job(o, id).state, JOB_CLOSED);

	id = stuck(4, JOB_WAITING);
	assert_int_equal(
	        resolve(id, o->maker[0], JOB_RESOLVE_SPOIL), HUFU_ERR_STATE);
	assert_int_equal(resolve(id, o->maker[0], JOB_RESOLVE_CLOSE), 0);
	assert_int_equal(office_number(o, "SELECT count(*) FROM blank WHERE"
	                                  " state = 4"),
	        2);
}

static void rounds_have_an_end(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t id = queue(1);
	for (int i = 0; i < OFFICE_ATTEMPTS; i++) {
		take(0, &lease);
		assert_int_equal(lease.round, i + 1);
		assert_int_equal(office_reserve(o, &lease, i + 1), 0);
		assert_int_equal(spoil(&lease), 0);
		o->now_s += 1000;
	}
	assert_true(office_job(o, id).dead_at_s > 0);
	assert_int_equal(claim(0, &lease), JOB_NONE);
	assert_int_equal(resolve(id, o->maker[0], JOB_RETRY), 0);
	take(0, &lease);
	assert_int_equal(lease.round, OFFICE_ATTEMPTS + 1);
}

/* ---- rules ---- */

static int become_personaliser(struct store_tx *tx, void *arg)
{
	struct problem p;

	return staff_grant(
	        tx, *(int64_t *)arg, STAFF_PERSONALISER, OFFICE_COUNTY, &p);
}

static void who_decided_does_not_make(void **state)
{
	struct job_lease lease;
	char message[128];
	int64_t station = 0;

	(void)state;
	(void)queue(1);
	assert_int_equal(
	        store_write(o->store, become_personaliser, &o->step[2]), 0);
	assert_int_equal(job_open_station(o->issue, "hall-3", OFFICE_COUNTY,
	                         o->step[2], &station, &o->problem),
	        0);
	assert_int_equal(
	        job_claim(o->issue, station, &lease, &o->problem), JOB_NONE);
	char sql[96];
	(void)snprintf(
	        sql, sizeof(sql), "UPDATE job SET maker = %d", (int)o->step[2]);
	assert_int_not_equal(office_sql(o, sql, message, sizeof(message)), 0);
	assert_string_equal(message, "who-decided-does-not-make");
}

static int personalise_everywhere(struct store_tx *tx, void *arg)
{
	struct problem p;

	return staff_grant(
	        tx, *(int64_t *)arg, STAFF_PERSONALISER, "320000", &p);
}

static void station_serves_its_area(void **state)
{
	struct job_lease lease;
	int64_t station = 0;

	(void)state;
	(void)queue(1);
	assert_int_equal(job_open_station(o->issue, "elsewhere", "320107",
	                         o->maker[0], &station, &o->problem),
	        0);
	assert_int_equal(job_claim(o->issue, station, &lease, &o->problem),
	        HUFU_ERR_DENIED);
	assert_int_equal(
	        store_write(o->store, personalise_everywhere, &o->maker[0]), 0);
	assert_int_equal(
	        job_claim(o->issue, station, &lease, &o->problem), JOB_NONE);
	assert_int_equal(job_open_station(o->issue, "city", "320100",
	                         o->maker[0], &station, &o->problem),
	        0);
	assert_int_equal(job_claim(o->issue, station, &lease, &o->problem), 0);
}

static int dismiss(struct store_tx *tx, void *arg)
{
	return staff_revoke(
	        tx, *(int64_t *)arg, STAFF_PERSONALISER, OFFICE_COUNTY);
}

static void operator_must_be_a_personaliser(void **state)
{
	struct job_lease lease;

	(void)state;
	(void)queue(1);
	assert_int_equal(store_write(o->store, dismiss, &o->maker[0]), 0);
	assert_int_equal(claim(0, &lease), HUFU_ERR_DENIED);
	assert_true(o->problem.zh[0] && o->problem.en[0]);
	take(1, &lease);
}

static void eligibility_is_asked_again_before_making(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t id = queue(1);
	take(0, &lease);
	assert_int_equal(office_sql(o,
	                         "INSERT INTO person_ground (person, ground)"
	                         " VALUES (1, 1)",
	                         NULL, 0),
	        0);
	assert_int_equal(office_reserve(o, &lease, 7), JOB_INELIGIBLE);
	assert_true(o->problem.zh[0] && o->problem.en[0]);
	struct application a = office_application(o, id);
	assert_int_equal(a.state, APPLICATION_REJECTED);
	assert_string_equal(a.last_ground, "ground-dismissed");
	assert_int_equal(office_card(o, lease.card).phase, CARD_CANCELLED);
	assert_int_equal(office_job(o, id).state, JOB_CLOSED);
	assert_int_equal(office_number(o, "SELECT count(*) FROM verdict WHERE"
	                                  " stage = 3 AND outcome = 3"),
	        1);
	assert_int_equal(office_log_entry(o, 1).type, LOG_CANCELLED);
	assert_int_equal(office_log_entry(o, 0).type, LOG_REJECTED);
	assert_string_equal(office_log_entry(o, 0).ground, "not-eligible");
	assert_int_equal(office_balance(o).count[STOCK_IN_STOCK], 100);
}

static void applicant_withdraws_only_before_making(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t id = queue(1);
	take(0, &lease);
	assert_int_equal(office_act(o, id, APPLICATION_WITHDRAW, o->desk, NULL),
	        HUFU_ERR_BUSY);
	assert_string_equal(o->problem.type, "card-in-making");
	assert_int_equal(release(&lease), 0);
	assert_int_equal(
	        office_act(o, id, APPLICATION_WITHDRAW, o->desk, NULL), 0);
	assert_int_equal(office_card(o, lease.card).phase, CARD_CANCELLED);
	assert_int_equal(claim(0, &lease), JOB_NONE);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(deferred_job_comes_back_ever_later),
	        TEST(crashing_job_is_buried),
	        TEST(person_resolves_what_is_stuck),
	        TEST(rounds_have_an_end),
	        TEST(who_decided_does_not_make),
	        TEST(station_serves_its_area),
	        TEST(operator_must_be_a_personaliser),
	        TEST(eligibility_is_asked_again_before_making),
	        TEST(applicant_withdraws_only_before_making),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
