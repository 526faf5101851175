/* Cards that only the log knows, after a restore: listed and settled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "host/issue/card_unrecorded.h"
#include "tests/unit/issue/office.h"

enum { INDEX = 77, SIGNED_AT = 5 };

static struct office office;
static struct office *const o = &office;

static int note(struct store_tx *tx, void *arg)
{
	return card_book_note(tx, arg);
}

static void restore_with(uint32_t index, const char *area)
{
	struct card_noted noted = {.status_list = OFFICE_LIST,
	        .status_index = index,
	        .log_index = SIGNED_AT,
	        .at_s = 1700000000,
	        .kind = 1};
	struct card_unresolved done = {0};

	memcpy(noted.area, area, strlen(area) + 1);
	assert_int_equal(store_write(o->store, note, &noted), 0);
	assert_int_equal(card_book_unresolve(o->issue, &done, &o->problem), 0);
	assert_int_equal(done.suspended, 1);
}

static int setup(void **state)
{
	(void)state;
	office_open(o);
	restore_with(INDEX, OFFICE_COUNTY);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

struct listing {
	const char *area;
	struct card_unrecorded card[4];
	size_t count;
};

static int list(struct store_tx *tx, void *arg)
{
	struct listing *l = arg;

	return card_unrecorded_list(tx, l->area, l->card, 4, &l->count);
}

static struct listing listed(const char *area)
{
	struct listing l = {.area = area};

	assert_int_equal(store_read(o->store, list, &l), 0);
	return l;
}

static int64_t proposal; /* 0: made when needed */

static int64_t propose(int64_t staff)
{
	return office_propose(o, CARD_UNRECORDED_ACT, OFFICE_COUNTY, staff);
}

static int settle(enum card_event event, int64_t staff, int64_t witness,
        const char *ground)
{
	const struct card_unrecorded_act act = {.status_list = OFFICE_LIST,
	        .status_index = INDEX,
	        .event = event,
	        .staff = staff,
	        .witness = witness,
	        .proposal = proposal ? proposal : propose(staff),
	        .ground = ground};
	struct card_unrecorded card;

	return card_unrecorded_settle(o->issue, &act, &card, &o->problem);
}

static int64_t status(void)
{
	return office_number(
	        o, "SELECT value FROM status_entry WHERE idx = 77");
}

static void is_listed_with_what_the_log_tells(void **state)
{
	(void)state;
	struct listing l = listed(OFFICE_COUNTY);
	assert_int_equal(l.count, 1);
	assert_int_equal(l.card[0].status_list, OFFICE_LIST);
	assert_int_equal(l.card[0].status_index, INDEX);
	assert_int_equal(l.card[0].log_index, SIGNED_AT);
	assert_int_equal(l.card[0].at_s, 1700000000);
	assert_int_equal(l.card[0].kind, 1);
	assert_string_equal(l.card[0].area, OFFICE_COUNTY);
	assert_int_equal(l.card[0].settled_at_s, 0);
	assert_int_equal(listed("320000").count, 1);
	assert_int_equal(listed("320102").count, 0);
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_UNRESOLVED);
	assert_int_equal(e.number, SIGNED_AT);
	assert_int_equal(e.present & LOG_HAS(LOG_PERSON), 0);
	assert_int_equal(status(), CARD_STATUS_SUSPENDED);
}

static void two_people_make_it_invalid(void **state)
{
	(void)state;
	assert_int_equal(
	        settle(CARD_REVOKE, o->step[2], o->keeper, "not-found"), 0);
	assert_int_equal(status(), CARD_STATUS_INVALID);
	assert_int_equal(listed(NULL).count, 0);
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_WITHDRAWN);
	assert_int_equal(e.number, SIGNED_AT);
	assert_string_equal(e.ground, "not-found");
	assert_int_equal(
	        settle(CARD_REVOKE, o->step[2], o->keeper, "not-found"),
	        HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "card-settled");
}

static void plastic_in_hand_is_noted(void **state)
{
	(void)state;
	assert_int_equal(
	        settle(CARD_WITHDRAW, o->step[2], o->keeper, "brought-in"), 0);
	assert_int_equal(
	        office_number(o, "SELECT surrendered FROM card_noted"), 1);
	assert_int_equal(status(), CARD_STATUS_INVALID);
}

static void its_holder_applies_again(void **state)
{
	(void)state;
	assert_int_equal(
	        settle(CARD_WITHDRAW, o->step[2], o->keeper, "brought-in"), 0);
	office_add_blanks(o, 0, 2);
	(void)office_issue(o, 1);
	assert_int_equal(status(), CARD_STATUS_INVALID);
}

static void one_person_alone_is_refused(void **state)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	const int64_t boss = o->step[2];

	(void)state;
	proposal = propose(boss);
	office_digest(o, before);
	assert_int_equal(
	        settle(CARD_REVOKE, boss, 0, "not-found"), HUFU_ERR_DENIED);
	assert_string_equal(o->problem.type, "role-missing");
	assert_int_equal(
	        settle(CARD_REVOKE, boss, boss, "not-found"), HUFU_ERR_DENIED);
	assert_string_equal(o->problem.type, "two-people");
	assert_int_equal(settle(CARD_REVOKE, o->desk, o->keeper, "not-found"),
	        HUFU_ERR_DENIED);
	assert_string_equal(o->problem.type, "role-missing");
	assert_int_equal(
	        settle(CARD_REVOKE, boss, o->keeper, NULL), HUFU_ERR_ARGUMENT);
	assert_int_equal(settle(CARD_CONFIRM, boss, o->keeper, "not-found"),
	        HUFU_ERR_ARGUMENT);
	proposal = 0;
	office_digest(o, after);
	assert_memory_equal(before, after, sizeof(before));
	assert_int_equal(status(), CARD_STATUS_SUSPENDED);
}

static void schema_refuses_it_too(void **state)
{
	char message[128];

	(void)state;
	assert_int_not_equal(
	        office_sql(o, "UPDATE card_noted SET settled_at = 1", message,
	                sizeof(message)),
	        0);
	assert_string_equal(message, "noted-two-people");
	assert_int_not_equal(office_sql(o, "DELETE FROM card_noted", message,
	                             sizeof(message)),
	        0);
	assert_int_equal(
	        settle(CARD_REVOKE, o->step[2], o->keeper, "not-found"), 0);
	assert_int_not_equal(office_sql(o,
	                             "UPDATE card_noted SET settled_at = 0,"
	                             " witness = NULL",
	                             message, sizeof(message)),
	        0);
	assert_string_equal(message, "noted-settled");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(is_listed_with_what_the_log_tells),
	        TEST(two_people_make_it_invalid),
	        TEST(plastic_in_hand_is_noted),
	        TEST(its_holder_applies_again),
	        TEST(one_person_alone_is_refused),
	        TEST(schema_refuses_it_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
