/* A restored office held against the list published last: nothing gets
 * better than it was published, and what differs waits for a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "crypto/core/status_list.h"
#include "host/issue/card_published.h"
#include "host/log/entry.h"
#include "tests/unit/issue/office.h"

enum { MAP_LEN = 1 << (OFFICE_BITS - 2) };

static struct office office;
static struct office *const o = &office;
static uint8_t map[MAP_LEN];
static int persons;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 20);
	persons = 0;
	memset(map, 0, sizeof(map));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static struct card_unresolved unresolve(void)
{
	struct card_unresolved done = {0};

	assert_int_equal(card_book_unresolve(o->issue, &done, &o->problem), 0);
	return done;
}

static struct card_unresolved compare(void)
{
	const struct card_published published = {
	        .list = OFFICE_LIST,
	        .map = span_of(map, sizeof(map)),
	        .at_s = o->now_s,
	};

	assert_int_equal(card_published_note(o->store, &published), 0);
	return unresolve();
}

static int unfinished(struct store_tx *tx, void *arg)
{
	(void)arg;
	return card_published_note_unfinished(tx, o->now_s);
}

static int64_t status_at(uint32_t index)
{
	return office_number_of(
	        o, "SELECT value FROM status_entry WHERE idx = ?1", index);
}

static int64_t new_card(enum card_phase phase)
{
	static const enum card_event way[CARD_PHASES][3] = {
	        [CARD_MADE] = {0},
	        [CARD_IN_TRANSIT] = {CARD_SEND},
	        [CARD_DELIVERED] = {CARD_SEND, CARD_RECEIVE},
	        [CARD_HANDED_OVER] = {CARD_HAND_OVER},
	        [CARD_TEMPORARY_LOSS] = {CARD_HAND_OVER, CARD_LOSE_TEMPORARY},
	        [CARD_SUSPENDED] = {CARD_HAND_OVER, CARD_SUSPEND},
	        [CARD_LOST] = {CARD_HAND_OVER, CARD_LOSE_FORMAL},
	};
	office_add_person(o, ++persons, 0);
	int64_t id = office_queue(o, persons, APPLICATION_FIRST);
	if (phase == CARD_RESERVED)
		return office_application(o, id).card;
	int64_t card = office_make(o, 0, persons);
	for (size_t i = 0; i < 3 && way[phase][i]; i++) {
		bool bureau = way[phase][i] == CARD_SUSPEND;
		assert_int_equal(office_card_act(o, card, way[phase][i],
		                         bureau ? o->step[2] : o->desk, "why"),
		        0);
	}
	assert_int_equal(office_card(o, card).phase, phase);
	return card;
}

struct expected {
	enum card_phase known;
	enum status_value published;
	enum card_phase after;
};

static const struct expected expected[] = {
        {CARD_MADE, STATUS_VALID, CARD_UNRESOLVED},
        {CARD_MADE, STATUS_SUSPENDED, CARD_MADE},
        {CARD_MADE, STATUS_INVALID, CARD_CANCELLED},
        {CARD_IN_TRANSIT, STATUS_VALID, CARD_UNRESOLVED},
        {CARD_IN_TRANSIT, STATUS_SUSPENDED, CARD_IN_TRANSIT},
        {CARD_IN_TRANSIT, STATUS_INVALID, CARD_CANCELLED},
        {CARD_DELIVERED, STATUS_VALID, CARD_UNRESOLVED},
        {CARD_DELIVERED, STATUS_SUSPENDED, CARD_DELIVERED},
        {CARD_DELIVERED, STATUS_INVALID, CARD_CANCELLED},
        {CARD_HANDED_OVER, STATUS_VALID, CARD_HANDED_OVER},
        {CARD_HANDED_OVER, STATUS_SUSPENDED, CARD_UNRESOLVED},
        {CARD_HANDED_OVER, STATUS_INVALID, CARD_CANCELLED},
        {CARD_TEMPORARY_LOSS, STATUS_VALID, CARD_UNRESOLVED},
        {CARD_TEMPORARY_LOSS, STATUS_SUSPENDED, CARD_TEMPORARY_LOSS},
        {CARD_TEMPORARY_LOSS, STATUS_INVALID, CARD_CANCELLED},
        {CARD_SUSPENDED, STATUS_VALID, CARD_UNRESOLVED},
        {CARD_SUSPENDED, STATUS_SUSPENDED, CARD_SUSPENDED},
        {CARD_SUSPENDED, STATUS_INVALID, CARD_CANCELLED},
        {CARD_LOST, STATUS_VALID, CARD_LOST},
        {CARD_LOST, STATUS_SUSPENDED, CARD_LOST},
        {CARD_LOST, STATUS_INVALID, CARD_LOST},
        /* given out, and never published before the office broke down */
        {CARD_RESERVED, STATUS_VALID, CARD_RESERVED},
        {CARD_RESERVED, STATUS_SUSPENDED, CARD_RESERVED},
        {CARD_RESERVED, STATUS_INVALID, CARD_CANCELLED},
};

static void expect(const struct expected *e)
{
	int64_t card = new_card(e->known);
	struct card_record before = office_card(o, card);
	bool ends = e->after == CARD_CANCELLED;

	status_list_put(map, before.status_index, e->published);
	struct card_unresolved done = compare();
	assert_int_equal(done.suspended, e->after == CARD_UNRESOLVED);
	assert_int_equal(done.cancelled, ends);
	struct card_record after = office_card(o, card);
	assert_int_equal(after.phase, e->after);
	assert_int_equal(
	        status_at(before.status_index), card_book_status(e->after));
	if (ends) {
		assert_string_equal(after.ground, "published-invalid");
		assert_int_equal(
		        office_application(o, before.application).state ==
		                APPLICATION_REJECTED,
		        e->known <= CARD_DELIVERED);
	}
	done = compare();
	assert_int_equal(done.suspended + done.cancelled + done.blanks, 0);
}

static void every_phase_takes_over_what_was_published(void **state)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		if (i > 0) {
			(void)teardown(state);
			(void)setup(state);
		}
		expect(&expected[i]);
	}
}

static void holder_of_a_cancelled_card_applies_again(void **state)
{
	(void)state;
	struct card_record c = office_card(o, new_card(CARD_HANDED_OVER));
	status_list_put(map, c.status_index, STATUS_INVALID);
	(void)compare();
	(void)office_queue(o, persons, APPLICATION_FIRST);
	int64_t card = office_make(o, 0, 900);
	assert_int_equal(
	        office_card_act(o, card, CARD_HAND_OVER, o->desk, NULL), 0);
}

static void indices_of_no_card_are_kept(void **state)
{
	(void)state;
	status_list_put(map, 70, STATUS_INVALID);
	status_list_put(map, 71, STATUS_SUSPENDED);
	status_list_put(map, MAP_LEN * 4 - 1, STATUS_INVALID);
	struct card_unresolved done = compare();
	assert_int_equal(done.suspended + done.cancelled + done.blanks, 0);
	assert_int_equal(status_at(70), STATUS_INVALID);
	assert_int_equal(status_at(71), STATUS_SUSPENDED);
	assert_int_equal(status_at(MAP_LEN * 4 - 1), STATUS_INVALID);
}

static void unfinished_card_is_unresolved(void **state)
{
	struct job_lease lease;

	(void)state;
	office_add_person(o, ++persons, 0);
	(void)office_queue(o, persons, APPLICATION_FIRST);
	assert_int_equal(
	        job_claim(o->issue, o->station[0], &lease, &o->problem), 0);
	assert_int_equal(office_reserve(o, &lease, 1), 0);
	office_step_to(o, &lease, JOB_KEYED);
	assert_int_equal(store_write(o->store, unfinished, NULL), 0);
	assert_int_equal(unresolve().suspended, 0); /* its job goes on */
	assert_int_equal(office_balance(o).count[STOCK_RESERVED], 1);
	office_step_to(o, &lease, JOB_LOGGED);
	assert_int_equal(store_write(o->store, unfinished, NULL), 0);
	struct card_unresolved done = unresolve();
	assert_int_equal(done.suspended, 1);
	assert_int_equal(done.blanks, 1);
	assert_int_equal(office_card(o, lease.card).phase, CARD_UNRESOLVED);
	assert_int_equal(office_balance(o).count[STOCK_RESERVED], 0);
	assert_int_equal(office_balance(o).count[STOCK_SPOILED], 1);
	assert_int_equal(office_log_entry(o, 0).type, LOG_SPOILED);
	assert_string_equal(office_log_entry(o, 0).ground, "restored");
}

static int replay(struct store_tx *tx, void *arg)
{
	const struct log_entry *e = arg;
	const struct entry again = {.type = e->type,
	        .at_s = o->now_s,
	        .area = e->area,
	        .binding = e->binding};
	int rc = stock_replay(tx, e, o->now_s);

	return rc ? rc : entry_append(tx, &again, NULL);
}

/* The log ends after a blank was taken for a card that nobody remembers. */
static void stray_blank_is_spoiled(void **state)
{
	struct log_entry e = {.type = LOG_RESERVED,
	        .present = LOG_HAS(LOG_AREA),
	        .area = OFFICE_COUNTY};

	(void)state;
	assert_int_equal(store_write(o->store, replay, &e), 0);
	assert_int_equal(office_balance(o).count[STOCK_RESERVED], 1);
	assert_int_equal(unresolve().blanks, 1);
	assert_int_equal(office_balance(o).count[STOCK_SPOILED], 1);
	assert_int_equal(office_balance(o).difference, 0);
	assert_int_equal(unresolve().blanks, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        TEST(every_phase_takes_over_what_was_published),
	        TEST(holder_of_a_cancelled_card_applies_again),
	        TEST(indices_of_no_card_are_kept),
	        TEST(unfinished_card_is_unresolved),
	        TEST(stray_blank_is_spoiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
