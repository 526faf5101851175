/* The making queue: leases, fencing, steps, spoiling, people's decisions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
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

static void expect_unchanged(
        int (*call)(struct job_lease *), struct job_lease *lease, int code)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	struct job_lease copy = *lease;

	office_digest(o, before);
	assert_int_equal(call(lease), code);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
	assert_memory_equal(&copy, lease, sizeof(copy));
}

/* ---- one job ---- */

static void claim_gives_each_job_once(void **state)
{
	struct job_lease a, b, c;

	(void)state;
	assert_int_equal(claim(0, &a), JOB_NONE);
	int64_t first = queue(1), second = queue(2);
	take(0, &a);
	take(1, &b);
	assert_int_equal(a.application, first);
	assert_int_equal(b.application, second);
	assert_true(b.fencing > a.fencing);
	assert_int_equal(a.state, JOB_WAITING);
	assert_int_equal(a.round, 1);
	assert_int_equal(a.attempts, 1);
	assert_int_equal(claim(0, &c), JOB_NONE);
}

static void steps_write_their_entries(void **state)
{
	static const enum log_type log[JOB_STATES] = {
	        [JOB_KEYED] = LOG_KEYED,
	        [JOB_LOGGED] = LOG_SIGNED,
	        [JOB_PRINT_DONE] = LOG_PRINTED,
	        [JOB_ISSUED] = LOG_ISSUED,
	};
	struct job_lease lease;

	(void)state;
	int64_t id = queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	assert_int_equal(lease.state, JOB_RESERVED);
	assert_int_equal(lease.reserved_index, office_log_size(o) - 1);
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_RESERVED);
	assert_true(e.present & LOG_HAS(LOG_BINDING));
	assert_string_equal(e.area, OFFICE_COUNTY);
	while (lease.state < JOB_ISSUED) {
		int64_t size = office_log_size(o);
		office_step_to(o, &lease, lease.state + 1);
		enum log_type type = log[lease.state];
		assert_int_equal(office_log_size(o), size + (type != 0));
		if (type)
			assert_int_equal(office_log_entry(o, 0).type, type);
		if (lease.state == JOB_LOGGED)
			assert_int_equal(lease.signed_index, size);
	}
	assert_int_equal(office_application(o, id).state, APPLICATION_MADE);
	struct card_record c = office_card(o, lease.card);
	assert_int_equal(c.phase, CARD_MADE);
	assert_int_equal(c.signed_index, lease.signed_index);
	assert_int_equal(office_balance(o).count[STOCK_ISSUED], 1);
	assert_true(office_job(o, id).made_ms >= 0);
}

static void binding_is_over_the_stored_bytes(void **state)
{
	uint8_t salt[LOG_SALT_LEN], qr[64], chip[64], hash[LOG_HASH_LEN];
	struct job_lease lease;
	struct writer w;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	writer_init(&w, salt, sizeof(salt));
	assert_int_equal(
	        job_read_fact(o->issue, &lease, JOB_FACT_RESERVED_SALT, &w), 0);
	log_bind_reserved(
	        salt, span_of(lease.serial, sizeof(lease.serial)), hash);
	assert_memory_equal(office_log_entry(o, 0).binding, hash, LOG_HASH_LEN);
	office_step_to(o, &lease, JOB_LOGGED);
	writer_init(&w, salt, sizeof(salt));
	assert_int_equal(
	        job_read_fact(o->issue, &lease, JOB_FACT_SIGNED_SALT, &w), 0);
	writer_init(&w, qr, sizeof(qr));
	assert_int_equal(
	        job_read_fact(o->issue, &lease, JOB_FACT_QR_TBS, &w), 0);
	writer_init(&w, chip, sizeof(chip));
	assert_int_equal(
	        job_read_fact(o->issue, &lease, JOB_FACT_CHIP_TBS, &w), 0);
	log_bind_signed(salt, span_of(qr, sizeof(qr)),
	        span_of(chip, sizeof(chip)), hash);
	assert_memory_equal(office_log_entry(o, 0).binding, hash, LOG_HASH_LEN);
}

static int step_back(struct job_lease *lease)
{
	const struct job_step step = {.to = lease->state};

	return job_advance(o->issue, lease, &step, &o->problem);
}

static int step_twice(struct job_lease *lease)
{
	const struct job_step step = {.to = lease->state + 2};

	return job_advance(o->issue, lease, &step, &o->problem);
}

static int step_bare(struct job_lease *lease)
{
	const struct job_step step = {.to = lease->state + 1};

	return job_advance(o->issue, lease, &step, &o->problem);
}

static int reserve_again(struct job_lease *lease)
{
	return office_reserve(o, lease, 8);
}

static int release(struct job_lease *lease)
{
	return job_release(o->issue, lease, &o->problem);
}

static void order_and_facts_are_kept(void **state)
{
	struct job_lease lease;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	expect_unchanged(step_bare, &lease, HUFU_ERR_STATE);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	while (lease.state < JOB_ISSUED) {
		bool needs = lease.state == JOB_CHIP_INTENT ||
		             lease.state == JOB_KEYED ||
		             lease.state == JOB_LOGGED;
		expect_unchanged(step_back, &lease, HUFU_ERR_STATE);
		expect_unchanged(step_twice, &lease, HUFU_ERR_STATE);
		expect_unchanged(reserve_again, &lease, HUFU_ERR_STATE);
		if (needs)
			expect_unchanged(step_bare, &lease, HUFU_ERR_STATE);
		if (lease.state > JOB_RESERVED)
			expect_unchanged(release, &lease, HUFU_ERR_STATE);
		office_step_to(o, &lease, lease.state + 1);
	}
	expect_unchanged(step_bare, &lease, JOB_STALE);
	expect_unchanged(release, &lease, JOB_STALE);
}

static void signed_bytes_are_written_once(void **state)
{
	struct job_lease lease;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	office_step_to(o, &lease, JOB_SIGNED);
	for (int f = 1; f < JOB_FACTS; f++) {
		bool once = f == JOB_FACT_CAN || f == JOB_FACT_SIGNED_SALT ||
		            f == JOB_FACT_QR_TBS || f == JOB_FACT_CHIP_TBS ||
		            f == JOB_FACT_QR_SIGNATURE ||
		            f == JOB_FACT_CHIP_SIGNATURE;
		assert_int_equal(job_write_fact(o->issue, &lease, f,
		                         span_of("other", 5)),
		        once ? HUFU_ERR_CONFLICT : 0);
	}
	assert_int_equal(
	        job_write_fact(o->issue, &lease, JOB_FACTS, span_of("x", 1)),
	        HUFU_ERR_ARGUMENT);
}

static void subject_has_all_that_the_card_says(void **state)
{
	static struct job_subject s;
	struct job_lease lease;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	assert_int_equal(
	        job_read_subject(o->issue, &lease, &s), HUFU_ERR_STATE);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	assert_int_equal(job_read_subject(o->issue, &lease, &s), 0);
	assert_string_equal(s.name, "生成1");
	assert_string_equal(s.authority, "测试区退役军人事务局");
	assert_string_equal(s.valid_from, "2026-08-03");
	assert_string_equal(s.valid_to, "2036-08-02");
	assert_int_equal(s.issued_at_s, o->now_s - 9 * 3600);
	assert_int_equal(strlen(s.can), 6);
	assert_int_equal(strspn(s.can, "0123456789"), 6);
	assert_int_equal(s.portrait_len, 64);
	assert_int_equal(s.identity_classes, 1u << 1);
	assert_true(s.benefit_classes != 0);
	assert_int_equal(s.status_list, OFFICE_LIST);
	assert_int_equal(strlen(s.card_number), CARD_NUMBER_LEN);
	lease.fencing--;
	assert_int_equal(job_read_subject(o->issue, &lease, &s), JOB_STALE);
	assert_string_equal(s.name, "");
}

/* ---- leases ---- */

static int beat(struct job_lease *lease)
{
	return job_heartbeat(o->issue, lease);
}

static int spoil(struct job_lease *lease)
{
	return job_spoil(o->issue, lease, "chip-dead", &o->problem);
}

static int defer(struct job_lease *lease)
{
	return job_defer(o->issue, lease, "printer-empty", &o->problem);
}

static int write_fact(struct job_lease *lease)
{
	return job_write_fact(
	        o->issue, lease, JOB_FACT_TIMINGS, span_of("x", 1));
}

static void expect_stale(struct job_lease *lease)
{
	expect_unchanged(beat, lease, JOB_STALE);
	expect_unchanged(step_bare, lease, JOB_STALE);
	expect_unchanged(reserve_again, lease, JOB_STALE);
	expect_unchanged(release, lease, JOB_STALE);
	expect_unchanged(spoil, lease, JOB_STALE);
	expect_unchanged(defer, lease, JOB_STALE);
	expect_unchanged(write_fact, lease, JOB_STALE);
}

static void lost_lease_is_refused_everywhere(void **state)
{
	struct job_lease old, new;

	(void)state;
	(void)queue(1);
	take(0, &old);
	o->now_s += OFFICE_LEASE_S - 1;
	assert_int_equal(claim(1, &new), JOB_NONE);
	o->now_s++;
	take(1, &new);
	assert_true(new.fencing > old.fencing);
	assert_int_equal(new.job, old.job);
	assert_int_equal(new.attempts, 2);
	expect_stale(&old);
	assert_int_equal(office_reserve(o, &new, 7), 0);
	expect_stale(&old);
}

static void heartbeat_keeps_the_lease(void **state)
{
	struct job_lease lease, other;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	for (int i = 0; i < 5; i++) {
		o->now_s += OFFICE_LEASE_S - 1;
		assert_int_equal(job_heartbeat(o->issue, &lease), 0);
		assert_int_equal(claim(1, &other), JOB_NONE);
	}
	assert_int_equal(office_reserve(o, &lease, 7), 0);
}

static void card_in_a_machine_stays_with_its_station(void **state)
{
	struct job_lease lease, again;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	office_step_to(o, &lease, JOB_LOGGED);
	o->now_s += 10 * OFFICE_LEASE_S;
	assert_int_equal(claim(1, &again), JOB_NONE);
	take(0, &again);
	assert_int_equal(again.state, JOB_LOGGED);
	assert_int_equal(again.card, lease.card);
	assert_memory_equal(again.serial, lease.serial, CARD_SERIAL_LEN);
	assert_memory_equal(again.key, lease.key, JOB_KEY_LEN);
	assert_int_equal(again.signed_index, lease.signed_index);
	expect_stale(&lease);
	office_step_to(o, &again, JOB_ISSUED);
}

static void restarted_station_takes_up_its_card_at_once(void **state)
{
	struct job_lease lease, again;
	int64_t station = 0;

	(void)state;
	(void)queue(1);
	(void)queue(2);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	office_step_to(o, &lease, JOB_PRINT_INTENT);
	office_open_again(o);
	assert_int_equal(job_open_station(o->issue, "hall-1", OFFICE_COUNTY,
	                         o->maker[0], &station, &o->problem),
	        0);
	assert_int_equal(station, o->station[0]);
	take(0, &again);
	assert_int_equal(again.job, lease.job);
	assert_int_equal(again.state, JOB_PRINT_INTENT);
	expect_stale(&lease);
	assert_int_equal(job_open_station(o->issue, "hall-1", "320107",
	                         o->maker[0], &station, &o->problem),
	        HUFU_ERR_CONFIG);
}

struct racer {
	pthread_t thread;
	int64_t station;
	int64_t got[64];
	int count;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct job_lease lease;

	while (r->count < 64 &&
	        job_claim(o->issue, r->station, &lease, NULL) == 0)
		r->got[r->count++] = lease.job;
	return NULL;
}

static void many_threads_claim_each_job_once(void **state)
{
	enum { THREADS = 8, JOBS = 40 };
	static struct racer racers[THREADS];
	int seen[JOBS + 1] = {0};

	(void)state;
	memset(racers, 0, sizeof(racers));
	for (int i = 1; i <= JOBS; i++)
		(void)queue(i);
	for (int i = 0; i < THREADS; i++) {
		racers[i].station = o->station[i % 2];
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race,
		                         &racers[i]),
		        0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(racers[i].thread, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		for (int k = 0; k < racers[i].count; k++)
			seen[racers[i].got[k]]++;
	for (int i = 1; i <= JOBS; i++)
		assert_int_equal(seen[i], 1);
}

/* ---- blanks ---- */

static void blank_must_be_in_stock_here(void **state)
{
	struct job_lease a, b;

	(void)state;
	(void)queue(1);
	(void)queue(2);
	take(0, &a);
	take(1, &b);
	assert_int_equal(office_reserve(o, &a, 7), 0);
	/* the same chip again, at the other station */
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	office_digest(o, before);
	assert_int_equal(office_reserve(o, &b, 7), JOB_FOREIGN_BLANK);
	assert_string_equal(o->problem.type, "foreign-blank");
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
	assert_int_equal(office_reserve(o, &b, 8), 0);
}

static void empty_stock_is_said(void **state)
{
	const struct stock_by by = {
	        .store = o->store, .staff = o->keeper, .at_s = o->now_s};
	const struct stock_move move = {OFFICE_COUNTY, o->station[0], 0, 50};
	struct job_lease lease;

	(void)state;
	assert_int_equal(stock_move(&by, &move, &o->problem), 0);
	(void)queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), JOB_NO_BLANK);
	assert_string_equal(o->problem.type, "no-blank");
	assert_int_equal(release(&lease), 0);
	assert_int_equal(office_job(o, lease.application).attempts, 0);
}

static void released_blank_goes_back_and_is_used_again(void **state)
{
	struct job_lease lease;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	assert_int_equal(office_balance(o).count[STOCK_IN_STOCK], 99);
	assert_int_equal(release(&lease), 0);
	assert_int_equal(office_log_entry(o, 0).type, LOG_RELEASED);
	assert_int_equal(office_balance(o).count[STOCK_IN_STOCK], 100);
	take(0, &lease);
	assert_int_equal(lease.state, JOB_WAITING);
	assert_int_equal(office_reserve(o, &lease, 7), 0);
	office_step_to(o, &lease, JOB_ISSUED);
	assert_int_equal(office_number(o, "SELECT count(*) FROM blank WHERE"
	                                  " serial IS NOT NULL"),
	        1);
}

static void spoiled_card_dies_and_the_job_goes_on(void **state)
{
	struct job_lease first, second;

	(void)state;
	for (int from = JOB_RESERVED; from <= JOB_CHECKED; from++) {
		int64_t id = queue(from);
		take(0, &first);
		assert_int_equal(first.application, id);
		assert_int_equal(office_reserve(o, &first, from), 0);
		office_step_to(o, &first, from);
		assert_int_equal(spoil(&first), 0);
		struct log_entry e = office_log_entry(o, 0);
		assert_int_equal(e.type, LOG_SPOILED);
		assert_string_equal(e.ground, "chip-dead");
		assert_string_equal(e.area, OFFICE_COUNTY);
		assert_int_equal(
		        office_card(o, first.card).phase, CARD_SPOILED);
		assert_int_equal(claim(0, &second), JOB_NONE);
		o->now_s += OFFICE_BACK_OFF_S;
		take(1, &second);
		assert_int_equal(second.application, id);
		assert_int_equal(second.round, 2);
		assert_int_equal(second.attempts, 1);
		assert_int_equal(second.state, JOB_WAITING);
		assert_true(second.card != first.card);
		assert_memory_not_equal(second.key, first.key, JOB_KEY_LEN);
		assert_int_equal(office_reserve(o, &second, 100 + from), 0);
		office_step_to(o, &second, JOB_ISSUED);
		office_check(o);
	}
	struct stock_balance b = office_balance(o);
	assert_int_equal(b.count[STOCK_SPOILED], 9);
	assert_int_equal(b.count[STOCK_ISSUED], 9);
}

static void nothing_to_spoil_before_a_blank(void **state)
{
	struct job_lease lease;

	(void)state;
	(void)queue(1);
	take(0, &lease);
	expect_unchanged(spoil, &lease, HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "job-without-blank");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(claim_gives_each_job_once),
	        TEST(steps_write_their_entries),
	        TEST(binding_is_over_the_stored_bytes),
	        TEST(order_and_facts_are_kept),
	        TEST(signed_bytes_are_written_once),
	        TEST(subject_has_all_that_the_card_says),
	        TEST(lost_lease_is_refused_everywhere),
	        TEST(heartbeat_keeps_the_lease),
	        TEST(card_in_a_machine_stays_with_its_station),
	        TEST(restarted_station_takes_up_its_card_at_once),
	        TEST(many_threads_claim_each_job_once),
	        TEST(blank_must_be_in_stock_here),
	        TEST(empty_stock_is_said),
	        TEST(released_blank_goes_back_and_is_used_again),
	        TEST(spoiled_card_dies_and_the_job_goes_on),
	        TEST(nothing_to_spoil_before_a_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
