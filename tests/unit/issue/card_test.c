/* The state table of cards: every phase × event, hand-over, time, restore. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/card_holder.h"
#include "host/person/person.h"
#include "tests/unit/issue/office.h"

enum { DAY_S = 86400 };

static struct office office;
static struct office *const o = &office;
static int persons; /* and chips: each number once */

static int setup(void **state)
{
	(void)state;
	persons = 0;
	office_open(o);
	office_add_blanks(o, 0, 600);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static int teardown_unchecked(void **state)
{
	(void)state;
	office_close(o);
	return 0;
}

/* ---- every phase × event ---- */

static int64_t made_card(void)
{
	office_add_person(o, ++persons, 0);
	(void)office_queue(o, persons, APPLICATION_FIRST);
	return office_make(o, 0, persons);
}

static void act(int64_t card, enum card_event event)
{
	static const struct {
		enum card_event event;
		bool bureau;
	} by[] = {{CARD_SUSPEND, true}, {CARD_RESUME, true},
	        {CARD_REVOKE, true}, {CARD_CANCEL, true}, {CARD_CONFIRM, true}};
	int64_t staff = o->desk;

	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		if (by[i].event == event)
			staff = o->step[2];
	if (event == CARD_REJECT)
		staff = o->maker[0];
	int rc = office_card_act(o, card, event, staff, "why");
	if (rc != 0)
		fail_msg("event %d: %d %s", event, rc, o->problem.en);
}

static int note(struct store_tx *tx, void *arg)
{
	return card_book_note(tx, arg);
}

static void unresolve(int64_t card)
{
	struct card_record c = office_card(o, card);
	struct card_noted noted = {.status_list = c.status_list,
	        .status_index = c.status_index,
	        .log_index = c.log_index,
	        .at_s = o->now_s};
	struct card_unresolved done = {0};

	assert_int_equal(store_write(o->store, note, &noted), 0);
	assert_int_equal(card_book_unresolve(o->issue, &done, &o->problem), 0);
	assert_int_equal(done.suspended, 1);
}

static void set_phase(int64_t card, enum card_phase phase, const char *valid_to)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	        "UPDATE card SET valid_to = '%s' WHERE id = %d", valid_to,
	        (int)card);
	assert_int_equal(office_sql(o, sql, NULL, 0), 0);
	size_t changed = 0;
	assert_int_equal(card_book_sweep(o->issue, &changed, &o->problem), 0);
	assert_int_equal(office_card(o, card).phase, phase);
}

static int64_t lease_card(struct job_lease *lease)
{
	office_add_person(o, ++persons, 0);
	(void)office_queue(o, persons, APPLICATION_FIRST);
	assert_int_equal(
	        job_claim(o->issue, o->station[0], lease, &o->problem), 0);
	return lease->card;
}

/* A reserved card, or one that spoiled: its job must not be in the way. */
static int64_t early_card(bool spoiled)
{
	struct job_lease lease;
	int64_t card = lease_card(&lease);

	if (!spoiled)
		return card;
	assert_int_equal(office_reserve(o, &lease, persons), 0);
	assert_int_equal(
	        job_spoil(o->issue, &lease, "chip-dead", &o->problem), 0);
	return card;
}

static int64_t at_phase(enum card_phase phase)
{
	static const enum card_event last[CARD_PHASES] = {
	        [CARD_TEMPORARY_LOSS] = CARD_LOSE_TEMPORARY,
	        [CARD_SUSPENDED] = CARD_SUSPEND,
	        [CARD_LOST] = CARD_LOSE_FORMAL,
	        [CARD_WITHDRAWN] = CARD_REVOKE,
	        [CARD_CANCELLED] = CARD_CANCEL,
	};
	int64_t card;

	if (phase == CARD_RESERVED || phase == CARD_SPOILED)
		return early_card(phase == CARD_SPOILED);
	card = made_card();
	if (phase == CARD_MADE)
		return card;
	if (phase == CARD_IN_TRANSIT || phase == CARD_DELIVERED) {
		act(card, CARD_SEND);
		if (phase == CARD_DELIVERED)
			act(card, CARD_RECEIVE);
		return card;
	}
	act(card, CARD_HAND_OVER);
	if (phase == CARD_REPLACED) {
		int64_t id = office_apply(o, persons, APPLICATION_REPLACEMENT);
		assert_int_equal(
		        office_act(o, id, APPLICATION_ACCEPT, o->step[0], NULL),
		        0);
	} else if (phase == CARD_EXPIRED) {
		set_phase(card, phase, "2026-08-02");
	} else if (phase == CARD_UNRESOLVED) {
		unresolve(card);
	} else if (last[phase]) {
		act(card, last[phase]);
	}
	return card;
}

struct allowed {
	enum card_phase from;
	enum card_event event;
	enum card_phase to;
	enum log_type log;
};

static const struct allowed allowed[] = {
        {CARD_MADE, CARD_SEND, CARD_IN_TRANSIT, LOG_PARCEL_SENT},
        {CARD_MADE, CARD_HAND_OVER, CARD_HANDED_OVER, LOG_HANDED_OVER},
        {CARD_MADE, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_MADE, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_MADE, CARD_REJECT, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_MADE, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_IN_TRANSIT, CARD_RECEIVE, CARD_DELIVERED, LOG_PARCEL_RECEIVED},
        {CARD_IN_TRANSIT, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_IN_TRANSIT, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_DELIVERED, CARD_SEND, CARD_IN_TRANSIT, LOG_PARCEL_SENT},
        {CARD_DELIVERED, CARD_HAND_OVER, CARD_HANDED_OVER, LOG_HANDED_OVER},
        {CARD_DELIVERED, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_DELIVERED, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_DELIVERED, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_HANDED_OVER, CARD_LOSE_TEMPORARY, CARD_TEMPORARY_LOSS,
                LOG_TEMPORARY_LOSS},
        {CARD_HANDED_OVER, CARD_LOSE_FORMAL, CARD_LOST, LOG_FORMAL_LOSS},
        {CARD_HANDED_OVER, CARD_SUSPEND, CARD_SUSPENDED, LOG_SUSPENDED},
        {CARD_HANDED_OVER, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_HANDED_OVER, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_HANDED_OVER, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_TEMPORARY_LOSS, CARD_LOSE_FORMAL, CARD_LOST, LOG_FORMAL_LOSS},
        {CARD_TEMPORARY_LOSS, CARD_FIND, CARD_HANDED_OVER, LOG_FOUND},
        {CARD_TEMPORARY_LOSS, CARD_SUSPEND, CARD_SUSPENDED, LOG_SUSPENDED},
        {CARD_TEMPORARY_LOSS, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_TEMPORARY_LOSS, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_TEMPORARY_LOSS, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_SUSPENDED, CARD_LOSE_FORMAL, CARD_LOST, LOG_FORMAL_LOSS},
        {CARD_SUSPENDED, CARD_SUSPEND, CARD_SUSPENDED, LOG_SUSPENDED},
        {CARD_SUSPENDED, CARD_RESUME, CARD_HANDED_OVER, LOG_RESUMED},
        {CARD_SUSPENDED, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_SUSPENDED, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_SUSPENDED, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_LOST, CARD_FIND, CARD_LOST, LOG_FOUND},
        {CARD_LOST, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_REPLACED, CARD_WITHDRAW, CARD_REPLACED, LOG_WITHDRAWN},
        {CARD_REPLACED, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_WITHDRAWN, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_WITHDRAWN, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_CANCELLED, CARD_WITHDRAW, CARD_CANCELLED, LOG_WITHDRAWN},
        {CARD_EXPIRED, CARD_WITHDRAW, CARD_EXPIRED, LOG_WITHDRAWN},
        {CARD_EXPIRED, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
        {CARD_UNRESOLVED, CARD_CONFIRM, CARD_HANDED_OVER, LOG_OVERRIDE},
        {CARD_UNRESOLVED, CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_UNRESOLVED, CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN},
        {CARD_UNRESOLVED, CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED},
};

static const struct allowed *find(enum card_phase from, enum card_event event)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (allowed[i].from == from && allowed[i].event == event)
			return &allowed[i];
	return NULL;
}

static int64_t status_of(int64_t card)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	        "SELECT s.value FROM card c JOIN status_entry s"
	        " USING (list, idx) WHERE c.id = %d",
	        (int)card);
	return office_number(o, sql);
}

static void expect_allowed(int64_t card, const struct allowed *a)
{
	int64_t size = office_log_size(o);

	act(card, a->event);
	struct card_record c = office_card(o, card);
	assert_int_equal(c.phase, a->to);
	assert_int_equal(status_of(card), card_book_status(a->to));
	assert_string_equal(c.ground, "why");
	/* an application that the card takes along writes the second one */
	int extra = (int)(office_log_size(o) - size) - 1;
	bool lapses = a->from <= CARD_DELIVERED && c.ended_at_s > 0;
	assert_int_equal(extra, lapses);
	struct log_entry e = office_log_entry(o, extra);
	assert_int_equal(e.type, a->log);
	assert_true(e.present & LOG_HAS(LOG_CARD));
	assert_true(e.present & LOG_HAS(LOG_PERSON));
	assert_true(e.present & LOG_HAS(LOG_ACTOR));
	assert_int_equal(c.log_index, size);
	assert_int_equal(office_application(o, c.application).state ==
	                         APPLICATION_REJECTED,
	        lapses);
}

static void expect_refused_by(
        int64_t card, enum card_event event, int64_t staff)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	office_digest(o, before);
	assert_int_equal(
	        office_card_act(o, card, event, staff, "why"), HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "card-state");
	enum card_phase phase = office_card(o, card).phase;
	assert_non_null(strstr(o->problem.zh, card_phase_zh(phase)));
	assert_non_null(strstr(o->problem.en, card_phase_en(phase)));
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static void expect_refused(int64_t card, enum card_event event)
{
	expect_refused_by(card, event, o->step[2]);
}

static void table_holds_for_every_phase_and_event(void **state)
{
	(void)state;
	for (int p = 1; p < CARD_PHASES; p++) {
		for (int e = 1; e < CARD_EVENTS; e++) {
			const struct allowed *a = find(p, e);
			int64_t card = at_phase(p);
			assert_int_equal(office_card(o, card).phase, p);
			if (a)
				expect_allowed(card, a);
			else
				expect_refused(card, e);
		}
		office_check(o);
	}
}

/* Where a job, a deadline, a replacement or a restore moves a card. */
static enum card_phase moved_by_system(
        enum card_phase from, enum card_event event)
{
	const unsigned with_holder = 1 << CARD_HANDED_OVER |
	                             1 << CARD_TEMPORARY_LOSS |
	                             1 << CARD_SUSPENDED;
	const unsigned open = with_holder | 1 << CARD_RESERVED |
	                      1 << CARD_MADE | 1 << CARD_IN_TRANSIT |
	                      1 << CARD_DELIVERED;
	const struct {
		enum card_event event;
		unsigned from;
		enum card_phase to;
	} moves[] = {{CARD_MAKE, 1 << CARD_RESERVED, CARD_MADE},
	        {CARD_SPOIL, 1 << CARD_RESERVED, CARD_SPOILED},
	        {CARD_CANCEL, 1 << CARD_RESERVED, CARD_CANCELLED},
	        {CARD_LIFT, 1 << CARD_TEMPORARY_LOSS | 1 << CARD_SUSPENDED,
	                CARD_HANDED_OVER},
	        {CARD_REPLACE, with_holder, CARD_REPLACED},
	        {CARD_EXPIRE, with_holder, CARD_EXPIRED},
	        {CARD_UNRESOLVE, open, CARD_UNRESOLVED},
	        {CARD_VOID, open, CARD_CANCELLED}};

	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
		if (moves[i].event == event && moves[i].from >> from & 1)
			return moves[i].to;
	return 0;
}

static void nothing_moves_but_by_the_table(void **state)
{
	(void)state;
	for (int p = 1; p < CARD_PHASES; p++) {
		for (int e = 1; e < CARD_EVENTS; e++) {
			const struct allowed *a = find(p, e);
			enum card_phase want =
			        a ? a->to : moved_by_system(p, e);
			enum card_phase to = 0;
			int rc = card_book_next(p, e, &to);
			if (rc != (want ? 0 : HUFU_ERR_STATE) || to != want)
				fail_msg("%s, event %d: %d to %d",
				        card_phase_en(p), e, rc, to);
		}
	}
}

static void plastic_is_handed_in_once(void **state)
{
	(void)state;
	int64_t card = at_phase(CARD_LOST);
	act(card, CARD_FIND);
	assert_int_equal(office_card(o, card).surrendered_at_s, o->now_s);
	expect_refused_by(card, CARD_FIND, o->desk);
	card = at_phase(CARD_HANDED_OVER);
	act(card, CARD_WITHDRAW);
	expect_refused_by(card, CARD_WITHDRAW, o->desk);
}

static void ground_is_needed_where_it_matters(void **state)
{
	static const struct {
		enum card_phase phase;
		enum card_event event;
	} cases[] = {{CARD_MADE, CARD_REJECT}, {CARD_HANDED_OVER, CARD_SUSPEND},
	        {CARD_HANDED_OVER, CARD_REVOKE},
	        {CARD_HANDED_OVER, CARD_CANCEL},
	        {CARD_UNRESOLVED, CARD_CONFIRM}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t card = at_phase(cases[i].phase);
		int64_t staff = cases[i].event == CARD_REJECT ? o->maker[0]
		                                              : o->step[2];
		assert_int_equal(
		        office_card_act(o, card, cases[i].event, staff, NULL),
		        HUFU_ERR_ARGUMENT);
		assert_string_equal(o->problem.type, "ground-missing");
		assert_int_equal(office_card(o, card).phase, cases[i].phase);
	}
}

static void roles_are_kept_apart(void **state)
{
	(void)state;
	int64_t card = at_phase(CARD_MADE);
	assert_int_equal(
	        office_card_act(o, card, CARD_HAND_OVER, o->maker[0], NULL),
	        HUFU_ERR_DENIED);
	assert_int_equal(office_card_act(o, card, CARD_HAND_OVER, 0, NULL),
	        HUFU_ERR_DENIED);
	assert_int_equal(
	        office_card_act(o, card, CARD_SEND, o->maker[0], NULL), 0);
	card = at_phase(CARD_MADE);
	assert_int_equal(office_card_act(o, card, CARD_REJECT, o->desk, "why"),
	        HUFU_ERR_DENIED);
	assert_int_equal(office_card(o, card).phase, CARD_MADE);
	card = at_phase(CARD_HANDED_OVER);
	assert_int_equal(office_card_act(o, card, CARD_SUSPEND, o->desk, "why"),
	        HUFU_ERR_DENIED);
	assert_int_equal(office_card(o, card).phase, CARD_HANDED_OVER);
}

/* ---- two cards of one person ---- */

static void renewal_swaps_at_the_hand_over(void **state)
{
	(void)state;
	int64_t old = at_phase(CARD_HANDED_OVER);
	(void)office_queue(o, persons, APPLICATION_RENEWAL);
	int64_t new = office_make(o, 0, 1000);
	assert_int_equal(office_card(o, old).phase, CARD_HANDED_OVER);
	assert_int_equal(office_card(o, new).phase, CARD_MADE);
	int64_t size = office_log_size(o);
	act(new, CARD_HAND_OVER);
	assert_int_equal(office_log_size(o), size + 2);
	assert_int_equal(office_log_entry(o, 1).type, LOG_RENEWED);
	assert_int_equal(office_log_entry(o, 0).type, LOG_HANDED_OVER);
	assert_int_equal(office_card(o, old).phase, CARD_REPLACED);
	assert_int_equal(status_of(old), CARD_STATUS_INVALID);
	assert_int_equal(status_of(new), CARD_STATUS_VALID);
}

static void replacement_voids_the_old_card_when_accepted(void **state)
{
	(void)state;
	int64_t old = at_phase(CARD_TEMPORARY_LOSS);
	int64_t id = office_apply(o, persons, APPLICATION_REPLACEMENT);
	assert_int_equal(status_of(old), CARD_STATUS_SUSPENDED);
	assert_int_equal(
	        office_act(o, id, APPLICATION_ACCEPT, o->step[0], NULL), 0);
	assert_int_equal(office_card(o, old).phase, CARD_REPLACED);
	assert_int_equal(status_of(old), CARD_STATUS_INVALID);
	assert_int_equal(office_log_entry(o, 0).type, LOG_REPLACED);
	office_decide(o, id);
	act(office_make(o, 0, 1000), CARD_HAND_OVER);
}

static void lost_card_is_replaced(void **state)
{
	(void)state;
	int64_t old = at_phase(CARD_LOST);
	(void)office_queue(o, persons, APPLICATION_REPLACEMENT);
	act(office_make(o, 0, 1000), CARD_HAND_OVER);
	assert_int_equal(office_card(o, old).phase, CARD_LOST);
}

static void second_card_of_a_kind_is_refused_at_the_door(void **state)
{
	char id_number[19];
	struct application_receipt receipt;

	(void)state;
	(void)at_phase(CARD_HANDED_OVER);
	const struct application_request r =
	        office_request(o, persons, APPLICATION_FIRST, id_number);
	assert_int_equal(application_apply(o->issue, &r, &receipt, &o->problem),
	        APPLICATION_REFUSED);
	assert_string_equal(
	        office_application(o, receipt.id).last_ground, "card-live");
}

/* ---- time ---- */

static void temporary_loss_lifts_itself(void **state)
{
	size_t changed = 9;

	(void)state;
	int64_t card = at_phase(CARD_TEMPORARY_LOSS);
	assert_int_equal(office_card(o, card).lift_at_s, o->now_s + 7 * DAY_S);
	o->now_s += 7 * DAY_S - 1;
	assert_int_equal(card_book_sweep(o->issue, &changed, &o->problem), 0);
	assert_int_equal(changed, 0);
	o->now_s++;
	assert_int_equal(card_book_sweep(o->issue, &changed, &o->problem), 0);
	assert_int_equal(changed, 1);
	struct card_record c = office_card(o, card);
	assert_int_equal(c.phase, CARD_HANDED_OVER);
	assert_int_equal(c.lift_at_s, 0);
	assert_int_equal(status_of(card), CARD_STATUS_VALID);
	assert_int_equal(office_log_entry(o, 0).type, LOG_RESUMED);
	assert_string_equal(office_log_entry(o, 0).ground, "term-ended");
}

static void temporary_loss_lasts_five_to_fifteen_days(void **state)
{
	struct card_act a = {.event = CARD_LOSE_TEMPORARY, .days = 4};
	struct card_record c;

	(void)state;
	a.card = at_phase(CARD_HANDED_OVER);
	a.staff = o->desk;
	assert_int_equal(card_book_act(o->issue, &a, &c, &o->problem),
	        HUFU_ERR_ARGUMENT);
	a.days = 16;
	assert_int_equal(card_book_act(o->issue, &a, &c, &o->problem),
	        HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "temporary-loss-days");
	a.days = 15;
	assert_int_equal(card_book_act(o->issue, &a, &c, &o->problem), 0);
	assert_int_equal(c.lift_at_s, o->now_s + 15 * DAY_S);
}

static int suspend(int64_t card, struct date until)
{
	const struct card_act a = {.card = card,
	        .event = CARD_SUSPEND,
	        .staff = o->step[2],
	        .ground = "sentenced",
	        .until = until};
	struct card_record c;

	return card_book_act(o->issue, &a, &c, &o->problem);
}

static void sweep(size_t expected)
{
	size_t changed = 9;

	assert_int_equal(card_book_sweep(o->issue, &changed, &o->problem), 0);
	assert_int_equal(changed, expected);
}

static void suspension_lifts_itself_after_its_last_day(void **state)
{
	(void)state;
	int64_t card = at_phase(CARD_HANDED_OVER);
	int64_t open = at_phase(CARD_SUSPENDED); /* without a term */
	assert_int_equal(suspend(card, (struct date){2026, 8, 20}), 0);
	int64_t end = clock_start_of((struct date){2026, 8, 21});
	assert_int_equal(office_card(o, card).lift_at_s, end);
	assert_int_equal(status_of(card), CARD_STATUS_SUSPENDED);
	o->now_s = end - 1;
	sweep(0);
	/* the bureau thinks again */
	assert_int_equal(suspend(card, (struct date){2026, 9, 1}), 0);
	o->now_s = end;
	sweep(0);
	o->now_s = clock_start_of((struct date){2026, 9, 2});
	sweep(1);
	assert_int_equal(office_card(o, card).phase, CARD_HANDED_OVER);
	assert_int_equal(office_card(o, card).lift_at_s, 0);
	assert_int_equal(status_of(card), CARD_STATUS_VALID);
	assert_int_equal(office_log_entry(o, 0).type, LOG_RESUMED);
	assert_string_equal(office_log_entry(o, 0).ground, "term-ended");
	assert_int_equal(office_card(o, open).phase, CARD_SUSPENDED);
}

static void term_lies_ahead_and_within_validity(void **state)
{
	static const struct date bad[] = {
	        {2026, 8, 3}, {2026, 8, 2}, {2036, 8, 3}};
	struct card_act other = {.event = CARD_LOSE_TEMPORARY,
	        .staff = o->desk,
	        .until = {2026, 8, 20}};
	struct card_record c;

	(void)state;
	int64_t card = at_phase(CARD_HANDED_OVER);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(suspend(card, bad[i]), HUFU_ERR_ARGUMENT);
		assert_string_equal(o->problem.type, "suspension-term");
	}
	other.card = card;
	assert_int_equal(card_book_act(o->issue, &other, &c, &o->problem),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(office_card(o, card).phase, CARD_HANDED_OVER);
	assert_int_equal(suspend(card, (struct date){2036, 8, 2}), 0);
}

static int die(struct store_tx *tx, void *arg)
{
	const int64_t *card = arg;
	struct card_record c;
	__attribute__((cleanup(person_done))) struct person p = {0};

	int rc = card_book_read(tx, *card, &c);
	if (rc == 0)
		rc = person_load(tx, c.person, &p);
	p.facts.dead = true;
	if (rc == 0)
		rc = person_save(tx, &p, &p.id);
	assert_int_equal(rc, PERSON_CHANGED);
	const struct card_holder_change change = {
	        p.id, &p.facts, o->step[2], o->now_s};
	assert_int_equal(card_holder_changed(tx, &change), 1);
	assert_int_equal(card_holder_changed(tx, &change), 0);
	return 0;
}

static void no_term_brings_back_a_card_of_the_dead(void **state)
{
	(void)state;
	int64_t card = at_phase(CARD_HANDED_OVER);
	assert_int_equal(suspend(card, (struct date){2026, 8, 20}), 0);
	assert_int_equal(store_write(o->store, die, &card), 0);
	assert_int_equal(office_card(o, card).lift_at_s, 0);
	assert_string_equal(office_card(o, card).ground, "holder-dead");
	assert_int_equal(
	        suspend(card, (struct date){2026, 8, 20}), HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "holder-dead");
	assert_int_equal(
	        office_card_act(o, card, CARD_RESUME, o->step[2], NULL),
	        HUFU_ERR_STATE);
	o->now_s += 60 * DAY_S;
	sweep(0);
	act(card, CARD_CANCEL);
}

static void card_is_good_to_its_last_day(void **state)
{
	size_t changed = 9;

	(void)state;
	int64_t card = at_phase(CARD_HANDED_OVER);
	struct card_record c = office_card(o, card);
	assert_string_equal(c.valid_from, "2026-08-03");
	assert_string_equal(c.valid_to, "2036-08-02");
	set_phase(card, CARD_HANDED_OVER, "2026-08-03");
	set_phase(card, CARD_EXPIRED, "2026-08-02");
	assert_int_equal(status_of(card), CARD_STATUS_INVALID);
	assert_int_equal(card_book_sweep(o->issue, &changed, &o->problem), 0);
	assert_int_equal(changed, 0);
}

/* ---- restore ---- */

static void restored_office_suspends_what_it_does_not_know(void **state)
{
	struct card_noted strange = {.status_list = OFFICE_LIST,
	        .status_index = 77,
	        .log_index = 1,
	        .at_s = 1};
	struct card_unresolved done = {0};

	(void)state;
	/* an index of nobody, noted twice */
	assert_int_equal(store_write(o->store, note, &strange), 0);
	assert_int_equal(store_write(o->store, note, &strange), 0);
	assert_int_equal(card_book_unresolve(o->issue, &done, &o->problem), 0);
	assert_int_equal(done.suspended, 1);
	assert_int_equal(office_number(o, "SELECT value FROM status_entry"
	                                  " WHERE idx = 77"),
	        CARD_STATUS_SUSPENDED);
	assert_int_equal(card_book_unresolve(o->issue, &done, &o->problem), 0);
	assert_int_equal(done.suspended, 0);
	/* numbers jump past those that nobody remembers */
	struct card_record c = office_card(o, at_phase(CARD_MADE));
	assert_memory_equal(c.number + 9, "0100001", 7);
}

static void unresolved_card_stands_in_the_way(void **state)
{
	(void)state;
	int64_t old = at_phase(CARD_UNRESOLVED);
	assert_int_equal(office_log_entry(o, 0).type, LOG_UNRESOLVED);
	(void)office_queue(o, persons, APPLICATION_FIRST);
	int64_t new = office_make(o, 0, 1000);
	assert_int_equal(office_card_act(o, new, CARD_HAND_OVER, o->desk, NULL),
	        HUFU_ERR_CONFLICT);
	assert_string_equal(o->problem.type, "card-unresolved");
	act(old, CARD_CANCEL);
	act(new, CARD_HAND_OVER);
}

static int replay(struct store_tx *tx, void *arg)
{
	return stock_replay(tx, arg, o->now_s);
}

/* The backup was older than the card: the log tells what became of it. */
static void card_of_a_forgotten_job_is_confirmed(void **state)
{
	static const enum log_type later[] = {
	        LOG_RESERVED, LOG_KEYED, LOG_SIGNED, LOG_ISSUED};
	struct log_entry e = {
	        .present = LOG_HAS(LOG_AREA), .area = OFFICE_COUNTY};

	(void)state;
	office_add_person(o, ++persons, 0);
	int64_t id = office_queue(o, persons, APPLICATION_FIRST);
	int64_t card = office_application(o, id).card;
	struct stock_balance before = office_balance(o);
	unresolve(card);
	assert_int_equal(office_card_act(o, card, CARD_CONFIRM, o->step[2],
	                         "seen-by-clerk"),
	        HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "card-without-blank");
	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++) {
		e.type = later[i];
		assert_int_equal(store_write(o->store, replay, &e), 0);
	}
	assert_int_equal(office_card_act(o, card, CARD_CONFIRM, o->step[2],
	                         "seen-by-clerk"),
	        0);
	assert_int_equal(office_card(o, card).phase, CARD_HANDED_OVER);
	assert_int_equal(
	        office_application(o, id).state, APPLICATION_HANDED_OVER);
	struct stock_balance after = office_balance(o);
	assert_int_equal(after.difference, 0);
	assert_int_equal(
	        after.count[STOCK_ISSUED], before.count[STOCK_ISSUED] + 1);
	assert_int_equal(
	        after.count[STOCK_IN_STOCK], before.count[STOCK_IN_STOCK] - 1);
}

static void unresolved_job_is_not_made_again(void **state)
{
	struct job_lease lease, other;

	(void)state;
	int64_t card = lease_card(&lease);
	unresolve(card);
	assert_int_equal(office_card(o, card).phase, CARD_UNRESOLVED);
	assert_int_equal(office_reserve(o, &lease, 1), JOB_STALE);
	assert_int_equal(
	        job_claim(o->issue, o->station[0], &other, &o->problem),
	        JOB_NONE);
	act(card, CARD_CANCEL);
	assert_int_equal(office_application(o, lease.application).state,
	        APPLICATION_REJECTED);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(table_holds_for_every_phase_and_event),
	        TEST(nothing_moves_but_by_the_table),
	        TEST(plastic_is_handed_in_once),
	        TEST(ground_is_needed_where_it_matters),
	        TEST(roles_are_kept_apart),
	        TEST(renewal_swaps_at_the_hand_over),
	        TEST(replacement_voids_the_old_card_when_accepted),
	        TEST(lost_card_is_replaced),
	        TEST(second_card_of_a_kind_is_refused_at_the_door),
	        TEST(temporary_loss_lifts_itself),
	        TEST(temporary_loss_lasts_five_to_fifteen_days),
	        TEST(suspension_lifts_itself_after_its_last_day),
	        TEST(term_lies_ahead_and_within_validity),
	        TEST(no_term_brings_back_a_card_of_the_dead),
	        TEST(card_is_good_to_its_last_day),
	        TEST(restored_office_suspends_what_it_does_not_know),
	        TEST(unresolved_card_stands_in_the_way),
	        /* its log entries were replayed: no balance with the log */
	        cmocka_unit_test_setup_teardown(
	                card_of_a_forgotten_job_is_confirmed, setup,
	                teardown_unchecked),
	        TEST(unresolved_job_is_not_made_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
