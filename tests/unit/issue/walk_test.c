/*
 * A random walk through the office: thousands of acts, allowed or not, on
 * cases, jobs, cards and stock. Database, status list, stock and log agree
 * all the way. HUFU_SEED repeats a walk, HUFU_WALK sets its length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/base/clock.h"
#include "host/base/number.h"
#include "host/issue/card_holder.h"
#include "host/person/person.h"
#include "host/report/report.h"
#include "tests/unit/issue/office.h"

enum { PERSONS = 60, EVENTS = 20000, CHECK_EVERY = 2000, LEASES = 6 };

static struct office office;
static struct office *const o = &office;
static uint64_t seed;
static int next_serial;
static struct job_lease leases[LEASES]; /* some are stale by now */
static int64_t made, handed, confirmed; /* the last: never handed over here */

/* xorshift64*: repeatable, and good enough to wander */
static uint32_t pick(uint32_t bound)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * 2685821657736338717u) >> 33) % bound;
}

static int64_t env_number(const char *name, int64_t fallback)
{
	const char *text = getenv(name);
	const struct number_range range = {1, INT64_MAX};
	int64_t v = fallback;

	if (text && number_parse_text(text, range, &v) != 0)
		fail_msg("%s is no number", name);
	return v;
}

/* No refusal is an error of the office itself. */
static void expect_fair(const char *what, int rc)
{
	switch (rc) {
	case HUFU_ERR_STATE:
	case HUFU_ERR_DENIED:
	case HUFU_ERR_CONFLICT:
	case HUFU_ERR_ARGUMENT:
	case HUFU_ERR_NOT_FOUND:
	case HUFU_ERR_BUSY:
	case HUFU_ERR_LIMIT:
		if (!o->problem.zh[0] || !o->problem.en[0])
			fail_msg("%s: %d without words", what, rc);
		return;
	default:
		if (rc < 0)
			fail_msg("%s: %d %s", what, rc, o->problem.en);
	}
}

static int64_t anybody(void)
{
	const int64_t all[] = {o->desk, o->desk2, o->step[0], o->step[1],
	        o->step[2], o->step[3], o->step[4], o->province2, o->maker[0],
	        o->keeper};

	return all[pick(sizeof(all) / sizeof(*all))];
}

/* Some row of those that `from` names: "card WHERE phase = 2". */
static int64_t any_row(const char *from)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	        "SELECT id FROM %s ORDER BY id * ?1 %% 7919 LIMIT 1", from);
	return office_number_of(o, sql, pick(7918) + 1);
}

/* ---- acts ---- */

static void walk_apply(void)
{
	char id_number[19];
	struct application_request r = office_request(o, (int)pick(PERSONS) + 1,
	        (enum application_reason)(pick(3) + 1), id_number);
	struct application_receipt receipt;

	if (pick(5) == 0)
		r.materials = 1u << 1;
	expect_fair("apply",
	        application_apply(o->issue, &r, &receipt, &o->problem));
}

/* Mostly what would be next, by whom it should be. */
static void walk_case(void)
{
	int64_t id = any_row("application WHERE state < 5");
	enum application_event event = APPLICATION_ACCEPT;

	if (id == 0)
		return;
	struct application a = office_application(o, id);
	int64_t staff = o->step[(a.step - 1) % OFFICE_STEPS];
	if (a.state == APPLICATION_RETURNED) {
		event = APPLICATION_CORRECT;
		staff = o->desk;
	} else if (a.state == APPLICATION_REFERRED) {
		event = APPLICATION_OPINION_FOR;
		staff = o->province2;
	}
	if (pick(6) == 0)
		event = (enum application_event)(pick(APPLICATION_EVENTS));
	if (pick(6) == 0)
		staff = anybody();
	expect_fair("case", office_act(o, id, event, staff, "why"));
}

static void walk_claim(void)
{
	struct job_lease l;

	int rc = job_claim(o->issue, o->station[pick(2)], &l, &o->problem);
	expect_fair("claim", rc);
	if (rc == 0)
		leases[pick(LEASES)] = l;
}

static void walk_job(void)
{
	struct job_lease *l = &leases[pick(LEASES)];
	int rc = 0;

	if (l->job == 0)
		return;
	switch (pick(24)) {
	case 0:
		rc = job_spoil(o->issue, l, "chip-dead", &o->problem);
		break;
	case 1:
		rc = job_defer(o->issue, l, "link-lost", &o->problem);
		break;
	case 2:
		rc = job_release(o->issue, l, &o->problem);
		break;
	case 3:
		rc = job_heartbeat(o->issue, l);
		break;
	default:
		if (l->state == JOB_WAITING)
			rc = office_reserve(o, l, ++next_serial);
		else
			rc = office_step(o, l);
		made += rc == 0 && l->state == JOB_ISSUED;
	}
	if (rc == HUFU_ERR_STATE)
		return; /* its words are not promised to a machine */
	expect_fair("job", rc);
}

static void walk_resolve(void)
{
	int64_t dead = any_row("job WHERE dead_at > 0");
	const struct job_decision d = {dead ? dead : any_row("job"),
	        o->maker[0], (enum job_resolution)(pick(3) + 1), "looked-at"};

	expect_fair("resolve", job_resolve(o->issue, &d, &o->problem));
}

static int suspend_for_days(int64_t card, int days)
{
	const struct card_act act = {.card = card,
	        .event = CARD_SUSPEND,
	        .staff = o->step[2],
	        .ground = "why",
	        .until = date_add_days(clock_date_of(o->now_s), days)};
	struct card_record record;

	return card_book_act(o->issue, &act, &record, &o->problem);
}

/* The registry hears of a death, or finds that it was wrong. */
static int change_registry(struct store_tx *tx, void *arg)
{
	int64_t *id = arg;
	__attribute__((cleanup(person_done))) struct person p = {0};
	int rc = person_load(tx, *id, &p);

	p.facts.dead = !p.facts.dead;
	if (rc == 0)
		rc = person_save(tx, &p, id);
	if (rc < 0)
		return rc;
	const struct card_holder_change change = {
	        *id, &p.facts, o->step[2], o->now_s};
	rc = card_holder_changed(tx, &change);
	return rc < 0 ? rc : 0;
}

static void walk_registry(void)
{
	int64_t person = any_row(
	        pick(3) ? "person WHERE dead = 1" : "person WHERE dead = 0");

	if (person != 0)
		assert_int_equal(
		        store_write(o->store, change_registry, &person), 0);
}

static void walk_card(void)
{
	int64_t card = any_row("card WHERE phase <> 13");
	if (card == 0)
		return;
	enum card_event event = (enum card_event)pick(CARD_EVENTS);
	if (office_card(o, card).phase == CARD_MADE && pick(3) > 0)
		event = CARD_HAND_OVER;
	int64_t staff = pick(2) ? o->desk : o->step[2];
	bool fresh = office_card(o, card).handed_over_at_s == 0;
	int rc = event == CARD_SUSPEND && pick(2)
	                 ? suspend_for_days(card, (int)pick(30))
	                 : office_card_act(o, card, event, staff, "why");
	expect_fair("card", rc);
	handed += rc == 0 && event == CARD_HAND_OVER;
	confirmed += rc == 0 && event == CARD_CONFIRM && fresh;
}

static void walk_stock(void)
{
	const struct stock_by by = {o->store, o->keeper, o->witness,
	        office_propose(o, STOCK_ACT_DESTROY, OFFICE_COUNTY, o->keeper),
	        o->now_s};
	const struct stock_place_count one = {
	        OFFICE_COUNTY, o->station[pick(2)], 1, 0};
	const struct stock_move move = {
	        OFFICE_COUNTY, o->station[0], o->station[1], pick(5)};

	switch (pick(4)) {
	case 0:
		office_add_blanks(o, (int)pick(2), pick(20) + 1);
		break;
	case 1:
		expect_fair("spoil", stock_spoil(&by, &one, &o->problem));
		break;
	case 2:
		expect_fair("move", stock_move(&by, &move, &o->problem));
		break;
	default:
		expect_fair("destroy", stock_destroy(&by, OFFICE_COUNTY,
		                               pick(3), &o->problem));
	}
}

static int note(struct store_tx *tx, void *arg)
{
	return card_book_note(tx, arg);
}

static void walk_restore(void)
{
	int64_t card = any_row("card WHERE phase BETWEEN 2 AND 7");
	struct card_unresolved done;

	if (card == 0 || pick(4) > 0)
		return;
	struct card_record c = office_card(o, card);
	struct card_noted noted = {.status_list = c.status_list,
	        .status_index = c.status_index,
	        .log_index = c.log_index,
	        .at_s = o->now_s};
	assert_int_equal(store_write(o->store, note, &noted), 0);
	expect_fair(
	        "unresolve", card_book_unresolve(o->issue, &done, &o->problem));
}

static void walk_time(void)
{
	size_t changed = 0;

	o->now_s += pick(10) == 0 ? 86400 : pick(60);
	if (pick(5) == 0)
		expect_fair("sweep",
		        card_book_sweep(o->issue, &changed, &o->problem));
}

static void walk_restart(void)
{
	int64_t station = 0;

	if (pick(20) > 0)
		return;
	office_open_again(o);
	assert_int_equal(job_open_station(o->issue, "hall-1", OFFICE_COUNTY,
	                         o->maker[0], &station, &o->problem),
	        0);
}

static void take_a_step(void)
{
	static void (*const steps[])(void) = {walk_apply, walk_case, walk_case,
	        walk_case, walk_case, walk_case, walk_claim, walk_job, walk_job,
	        walk_job, walk_job, walk_job, walk_job, walk_card, walk_card,
	        walk_time};

	memset(&o->problem, 0, sizeof(o->problem));
	switch (pick(200)) {
	case 0:
	case 1:
		walk_stock();
		return;
	case 2:
		walk_restore();
		return;
	case 3:
		walk_resolve();
		return;
	case 4:
		walk_restart();
		return;
	case 5:
		walk_registry();
		return;
	default:
		steps[pick(sizeof(steps) / sizeof(*steps))]();
	}
}

static int make_report(struct store_tx *tx, void *arg)
{
	const struct report_span span = {.area = "320000",
	        .from = {2000, 1, 1},
	        .to = date_add_days(clock_date_of(o->now_s), 1),
	        .now_s = o->now_s};

	return report_make(tx, &span, arg);
}

static int64_t records_of(const struct report *r, enum report_figure figure)
{
	int64_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += r->cells[i].figure == figure ? r->cells[i].records : 0;
	return n;
}

/* What the report counts from records and from the log is the same. */
static void check_report(void)
{
	struct report r;
	int64_t restored = 0;

	assert_int_equal(store_read(o->store, make_report, &r), 0);
	for (size_t i = 0; i < r.count; i++) {
		const struct report_cell *c = &r.cells[i];

		if (c->figure == REPORT_HANDED_OVER)
			restored += c->records - c->log;
		else if (c->figure < REPORT_LOG_ONLY && c->records != c->log)
			print_message("%s %s %s %u: %d records, %d entries\n",
			        report_figure_word(c->figure), c->detail,
			        c->area, c->kind, (int)c->records, (int)c->log);
	}
	/* a card found again after a restore was handed over before it */
	assert_int_equal(restored, confirmed);
	assert_int_equal(report_count_differences(&r), confirmed > 0);
	assert_int_equal(r.log_entries, office_log_size(o));
	assert_int_equal(records_of(&r, REPORT_APPLIED),
	        office_number(o, "SELECT count(*) FROM application"));
	assert_int_equal(records_of(&r, REPORT_MADE), made);
	assert_int_equal(
	        records_of(&r, REPORT_HANDED_OVER), handed + confirmed);
	report_done(&r);
}

static void every_walk_keeps_the_invariants(void **state)
{
	int64_t events = env_number("HUFU_WALK", EVENTS);

	(void)state;
	seed = (uint64_t)env_number("HUFU_SEED", (int64_t)time(NULL));
	print_message("seed %" PRIu64 "\n", seed);
	office_open(o);
	office_add_blanks(o, 0, 300);
	office_add_blanks(o, 1, 300);
	for (int i = 1; i <= PERSONS; i++)
		office_add_person(o, i, i % 15 == 0 ? 6 : i % 20 == 0);
	for (int64_t i = 1; i <= events; i++) {
		take_a_step();
		if (i % CHECK_EVERY == 0) {
			office_check(o);
			check_report();
		}
	}
	office_check(o);
	print_message("made %d, handed over %d\n", (int)made, (int)handed);
	assert_true(made > 0 && handed > 0);
	office_close(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_walk_keeps_the_invariants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
