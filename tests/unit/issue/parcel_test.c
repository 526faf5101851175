/* Parcels: packed, sent, signed for with what differs; and what waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "host/issue/parcel.h"
#include "host/staff/area.h"
#include "host/staff/staff.h"
#include "tests/unit/issue/office.h"

enum { DAY_S = 86400, CARDS = 3 };

static struct office office;
static struct office *const o = &office;
static int64_t centre; /* at the county centre */
static int64_t stranger; /* a township of another county */
static int64_t cards[CARDS];
static struct parcel parcel; /* the last one */

static int hire_all(struct store_tx *tx, void *arg)
{
	struct problem p;

	(void)arg;
	assert_int_equal(area_add(tx, "320107001", "生成的街道", &p), 0);
	assert_int_equal(
	        staff_add(tx, "centre", "centre", STAFF_NO_UID, &centre), 0);
	assert_int_equal(
	        staff_add(tx, "stranger", "stranger", STAFF_NO_UID, &stranger),
	        0);
	assert_int_equal(
	        staff_grant(tx, centre, STAFF_COUNTY_CENTRE, OFFICE_COUNTY, &p),
	        0);
	return staff_grant(tx, stranger, STAFF_TOWNSHIP, "320107001", &p);
}

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 20);
	assert_int_equal(store_write(o->store, hire_all, NULL), 0);
	for (int i = 0; i < CARDS; i++) {
		office_add_person(o, i + 1, 0);
		(void)office_queue(o, i + 1, APPLICATION_FIRST);
		cards[i] = office_make(o, 0, i + 1);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static int pack(const char *to, size_t count, bool uncollected, int64_t staff)
{
	const struct parcel_order order = {
	        .area = uncollected ? OFFICE_AREA : OFFICE_COUNTY,
	        .destination = to,
	        .cards = cards,
	        .count = count,
	        .uncollected = uncollected,
	        .staff = staff,
	};

	return parcel_pack(o->issue, &order, &parcel, &o->problem);
}

static int send(int64_t staff)
{
	return parcel_send(o->issue, parcel.id, staff, &parcel, &o->problem);
}

static int receive(
        uint32_t counted, int64_t missing, const char *ground, int64_t staff)
{
	const struct parcel_receipt receipt = {
	        .parcel = parcel.id,
	        .staff = staff,
	        .counted = counted,
	        .missing = &missing,
	        .missing_count = missing != 0,
	        .ground = ground,
	};

	return parcel_receive(o->issue, &receipt, &parcel, &o->problem);
}

static void refused(int rc, int code, const char *type)
{
	assert_int_equal(rc, code);
	assert_string_equal(o->problem.type, type);
}

static void expect_phase(enum card_phase phase)
{
	for (int i = 0; i < CARDS; i++)
		assert_int_equal(office_card(o, cards[i]).phase, phase);
}

static void deliver(void)
{
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, o->maker[0]), 0);
	assert_int_equal(send(o->maker[0]), 0);
	assert_int_equal(receive(CARDS, 0, NULL, o->desk), 0);
}

/* ---- the way down ---- */

static void a_parcel_takes_its_cards_along(void **state)
{
	(void)state;
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, o->maker[0]), 0);
	assert_int_equal(parcel.state, PARCEL_PACKED);
	assert_int_equal(parcel.cards, CARDS);
	expect_phase(CARD_MADE);
	assert_int_equal(send(o->maker[0]), 0);
	assert_int_equal(parcel.state, PARCEL_SENT);
	expect_phase(CARD_IN_TRANSIT);
	assert_int_equal(office_log_entry(o, 0).type, LOG_PARCEL_SENT);
	assert_int_equal(receive(CARDS, 0, NULL, o->desk), 0);
	assert_int_equal(parcel.state, PARCEL_RECEIVED);
	assert_int_equal(parcel.missing, 0);
	assert_int_equal(parcel.surplus, 0);
	expect_phase(CARD_DELIVERED);
	assert_int_equal(office_card(o, cards[0]).delivered_at_s, o->now_s);
	assert_int_equal(office_log_entry(o, 0).type, LOG_PARCEL_RECEIVED);
	assert_int_equal(
	        office_card_act(o, cards[0], CARD_HAND_OVER, o->desk, NULL), 0);
}

struct listing {
	struct parcel_waiting waiting;
	bool uncollected;
	struct parcel_card card[8];
	size_t count;
};

static int list(struct store_tx *tx, void *arg)
{
	struct listing *l = arg;

	return l->uncollected ? parcel_list_uncollected(
	                                tx, &l->waiting, l->card, 8, &l->count)
	                      : parcel_list_ready(
	                                tx, &l->waiting, l->card, 8, &l->count);
}

static size_t ready(const char *area)
{
	struct listing l = {.waiting = {.area = area}};

	assert_int_equal(store_read(o->store, list, &l), 0);
	return l.count;
}

static void cards_go_on_from_the_county_centre(void **state)
{
	(void)state;
	assert_int_equal(ready(OFFICE_AREA), CARDS);
	assert_int_equal(ready("320107"), 0);
	assert_int_equal(pack(OFFICE_COUNTY, CARDS, false, o->maker[0]), 0);
	assert_int_equal(ready(OFFICE_AREA), 0);
	assert_int_equal(send(o->maker[0]), 0);
	assert_int_equal(receive(CARDS, 0, NULL, centre), 0);
	expect_phase(CARD_DELIVERED);
	assert_int_equal(ready(OFFICE_AREA), CARDS);
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, centre), 0);
	assert_int_equal(send(centre), 0);
	expect_phase(CARD_IN_TRANSIT);
	assert_int_equal(receive(CARDS, 0, NULL, o->desk), 0);
	expect_phase(CARD_DELIVERED);
	assert_int_equal(ready(OFFICE_AREA), 0);
}

static void unpacking_frees_the_cards(void **state)
{
	(void)state;
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, centre), 0);
	assert_int_equal(parcel_unpack(o->issue, parcel.id, centre, &parcel,
	                         &o->problem),
	        0);
	assert_int_equal(parcel.state, PARCEL_UNPACKED);
	refused(send(centre), HUFU_ERR_STATE, "parcel-state");
	expect_phase(CARD_MADE);
	deliver();
}

/* ---- refusals ---- */

static void refuses_what_does_not_belong_into_a_parcel(void **state)
{
	int64_t first = cards[0];
	int64_t size = office_log_size(o);

	(void)state;
	refused(pack(OFFICE_AREA, 0, false, centre), HUFU_ERR_ARGUMENT,
	        "parcel-size");
	refused(pack("320000", 1, false, centre), HUFU_ERR_ARGUMENT,
	        "parcel-place");
	refused(pack("320107001", 1, false, centre), HUFU_ERR_ARGUMENT,
	        "parcel-destination");
	assert_int_equal(
	        pack(OFFICE_AREA, 1, false, o->keeper), HUFU_ERR_DENIED);
	assert_int_equal(
	        pack(OFFICE_AREA, 1, false, stranger), HUFU_ERR_DENIED);
	cards[0] = 9999;
	refused(pack(OFFICE_AREA, 1, false, centre), HUFU_ERR_NOT_FOUND,
	        "no-such-card");
	cards[0] = cards[1];
	refused(pack(OFFICE_AREA, 2, false, centre), HUFU_ERR_CONFLICT,
	        "card-in-parcel");
	cards[0] = first;
	assert_int_equal(office_number(o, "SELECT count(*) FROM parcel"), 0);
	assert_int_equal(office_log_size(o), size);
}

static void a_card_lies_in_one_parcel(void **state)
{
	(void)state;
	assert_int_equal(pack(OFFICE_AREA, 1, false, centre), 0);
	refused(pack(OFFICE_AREA, CARDS, false, centre), HUFU_ERR_CONFLICT,
	        "card-in-parcel");
	refused(office_card_act(o, cards[0], CARD_HAND_OVER, o->desk, NULL),
	        HUFU_ERR_STATE, "card-in-parcel");
	refused(office_card_act(o, cards[0], CARD_SEND, o->desk, NULL),
	        HUFU_ERR_STATE, "card-in-parcel");
	assert_int_equal(send(centre), 0);
	refused(office_card_act(o, cards[0], CARD_RECEIVE, o->desk, NULL),
	        HUFU_ERR_STATE, "card-in-parcel");
	assert_int_equal(office_card(o, cards[0]).phase, CARD_IN_TRANSIT);
}

static void who_sent_does_not_sign(void **state)
{
	char message[160];

	(void)state;
	assert_int_equal(
	        pack(OFFICE_AREA, CARDS, false, o->desk), HUFU_ERR_DENIED);
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, centre), 0);
	refused(receive(CARDS, 0, NULL, o->desk), HUFU_ERR_STATE,
	        "parcel-state");
	assert_int_equal(send(centre), 0);
	refused(send(centre), HUFU_ERR_STATE, "parcel-state");
	refused(receive(CARDS, 0, NULL, centre), HUFU_ERR_DENIED,
	        "parcel-two-people");
	assert_int_equal(receive(CARDS, 0, NULL, o->maker[0]), HUFU_ERR_DENIED);
	assert_int_equal(receive(CARDS, 0, NULL, stranger), HUFU_ERR_DENIED);
	assert_int_not_equal(
	        office_sql(o,
	                "UPDATE parcel SET state = 3, received_by = sent_by",
	                message, sizeof message),
	        0);
	assert_non_null(strstr(message, "parcel-two-people"));
	expect_phase(CARD_IN_TRANSIT);
}

/* ---- differences ---- */

static void what_is_missing_is_named_and_logged(void **state)
{
	(void)state;
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, centre), 0);
	assert_int_equal(send(centre), 0);
	refused(receive(2, 0, NULL, o->desk), HUFU_ERR_ARGUMENT,
	        "parcel-count");
	refused(receive(2, 9999, "torn", o->desk), HUFU_ERR_ARGUMENT,
	        "parcel-missing");
	refused(receive(2, cards[2], NULL, o->desk), HUFU_ERR_ARGUMENT,
	        "ground-missing");
	expect_phase(CARD_IN_TRANSIT);
	assert_int_equal(receive(2, cards[2], "torn", o->desk), 0);
	assert_int_equal(parcel.missing, 1);
	assert_int_equal(parcel.surplus, 0);
	assert_string_equal(parcel.difference, "torn");
	assert_int_equal(office_card(o, cards[1]).phase, CARD_DELIVERED);
	assert_int_equal(office_card(o, cards[2]).phase, CARD_IN_TRANSIT);

	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_PARCEL_MISSING);
	assert_true(e.present & LOG_HAS(LOG_CARD));
	assert_string_equal(e.ground, "torn");
	/* it turns up, by itself */
	assert_int_equal(
	        office_card_act(o, cards[2], CARD_RECEIVE, o->desk, NULL), 0);
}

static void what_is_too_many_is_logged(void **state)
{
	(void)state;
	assert_int_equal(pack(OFFICE_AREA, 2, false, centre), 0);
	assert_int_equal(send(centre), 0);
	refused(receive(3, 0, NULL, o->desk), HUFU_ERR_ARGUMENT,
	        "ground-missing");
	assert_int_equal(receive(3, 0, "not-on-list", o->desk), 0);
	assert_int_equal(parcel.surplus, 1);

	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_PARCEL_SURPLUS);
	assert_int_equal(e.count, 1);
	assert_string_equal(e.area, OFFICE_AREA);
}

static void a_card_cancelled_on_the_way_stays_cancelled(void **state)
{
	(void)state;
	assert_int_equal(pack(OFFICE_AREA, CARDS, false, centre), 0);
	assert_int_equal(send(centre), 0);
	assert_int_equal(
	        office_card_act(o, cards[0], CARD_CANCEL, o->step[2], "order"),
	        0);
	assert_int_equal(receive(CARDS, 0, NULL, o->desk), 0);
	assert_int_equal(office_card(o, cards[0]).phase, CARD_CANCELLED);
	assert_int_equal(office_card(o, cards[1]).phase, CARD_DELIVERED);
}

/* ---- the way up ---- */

static size_t uncollected(void)
{
	struct listing l = {
	        .waiting = {.area = OFFICE_COUNTY}, .uncollected = true};

	assert_int_equal(parcel_uncollected_until(
	                         o->issue, &l.waiting.until_s, &o->problem),
	        0);
	assert_int_equal(store_read(o->store, list, &l), 0);
	return l.count;
}

static void uncollected_cards_are_passed_up(void **state)
{
	(void)state;
	deliver();
	o->now_s += 80 * DAY_S;
	assert_int_equal(uncollected(), 0);
	refused(pack(OFFICE_COUNTY, CARDS, true, o->desk), HUFU_ERR_STATE,
	        "not-uncollected");
	o->now_s += 20 * DAY_S;
	assert_int_equal(uncollected(), CARDS);
	assert_int_equal(
	        office_card_act(o, cards[2], CARD_HAND_OVER, o->desk, NULL), 0);
	assert_int_equal(uncollected(), 2);
	refused(pack(OFFICE_AREA, 2, true, o->desk), HUFU_ERR_ARGUMENT,
	        "parcel-upward");
	assert_int_equal(pack(OFFICE_COUNTY, 2, true, o->desk), 0);
	assert_string_equal(parcel.ground, PARCEL_UNCOLLECTED);
	assert_int_equal(uncollected(), 0);
	assert_int_equal(send(o->desk), 0);
	assert_string_equal(office_log_entry(o, 0).ground, PARCEL_UNCOLLECTED);
	assert_int_equal(receive(2, 0, NULL, centre), 0);
	o->now_s += 200 * DAY_S;
	assert_int_equal(uncollected(), 0);
	assert_int_equal(ready(OFFICE_AREA), 0);
	assert_int_equal(
	        office_card_act(o, cards[0], CARD_HAND_OVER, centre, NULL), 0);
}

/* ---- looking, and what the schema keeps ---- */

struct look {
	struct parcel_filter filter;
	struct parcel found[4];
	size_t count;
};

static int look(struct store_tx *tx, void *arg)
{
	struct look *l = arg;

	return parcel_list(tx, &l->filter, l->found, 4, &l->count);
}

static void parcels_are_listed_newest_first(void **state)
{
	struct look l = {.filter = {.area = OFFICE_AREA}};

	(void)state;
	assert_int_equal(pack(OFFICE_AREA, 1, false, centre), 0);
	int64_t first = parcel.id;
	assert_int_equal(send(centre), 0);
	cards[0] = cards[1];
	assert_int_equal(pack(OFFICE_AREA, 1, false, centre), 0);
	assert_int_equal(store_read(o->store, look, &l), 0);
	assert_int_equal(l.count, 2);
	assert_int_equal(l.found[1].id, first);
	l.filter.before = parcel.id;
	assert_int_equal(store_read(o->store, look, &l), 0);
	assert_int_equal(l.count, 1);
	l.filter = (struct parcel_filter){.state = PARCEL_PACKED};
	assert_int_equal(store_read(o->store, look, &l), 0);
	assert_int_equal(l.count, 1);
	assert_int_equal(l.found[0].id, parcel.id);
	l.filter = (struct parcel_filter){.area = "320107"};
	assert_int_equal(store_read(o->store, look, &l), 0);
	assert_int_equal(l.count, 0);
}

static void the_schema_keeps_parcels(void **state)
{
	static const struct {
		const char *sql, *slug;
	} wrong[] = {
	        {"DELETE FROM parcel", "parcel-kept"},
	        {"DELETE FROM parcel_card", "parcel-kept"},
	        {"UPDATE parcel SET state = 2", "parcel-state"},
	        {"UPDATE parcel_card SET open = 1", "parcel-fixed"},
	        {"UPDATE parcel_card SET found = 0", "parcel-fixed"},
	        {"INSERT INTO parcel_card (parcel, card) SELECT parcel, card"
	         " FROM parcel_card",
	                "parcel-card"},
	};
	char message[160];

	(void)state;
	deliver();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_not_equal(
		        office_sql(o, wrong[i].sql, message, sizeof message),
		        0);
		if (!strstr(message, wrong[i].slug))
			fail_msg("%s: %s", wrong[i].sql, message);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        T(a_parcel_takes_its_cards_along),
	        T(cards_go_on_from_the_county_centre),
	        T(unpacking_frees_the_cards),
	        T(refuses_what_does_not_belong_into_a_parcel),
	        T(a_card_lies_in_one_parcel),
	        T(who_sent_does_not_sign),
	        T(what_is_missing_is_named_and_logged),
	        T(what_is_too_many_is_logged),
	        T(a_card_cancelled_on_the_way_stays_cancelled),
	        T(uncollected_cards_are_passed_up),
	        T(parcels_are_listed_newest_first),
	        T(the_schema_keeps_parcels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
