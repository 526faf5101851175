/* POST /v1/cards/unrecorded/acts: two people, the right ones, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/card_unrecorded.h"
#include "tests/unit/api/desk.h"

enum { INDEX = 77, SIGNED_AT = 5 };

static struct office office;

static int note(struct store_tx *tx, void *arg)
{
	return card_book_note(tx, arg);
}

static int set_up(void **state)
{
	struct card_noted noted = {.status_list = OFFICE_LIST,
	        .status_index = INDEX,
	        .log_index = SIGNED_AT,
	        .at_s = 1700000000,
	        .kind = 1,
	        .area = OFFICE_COUNTY};
	struct card_unresolved done = {0};

	(void)state;
	office_open(&office);
	office.now_s = clock_now_s();
	assert_int_equal(store_write(office.store, note, &noted), 0);
	assert_int_equal(
	        card_book_unresolve(office.issue, &done, &office.problem), 0);
	return desk_open(&office);
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	office_check(&office);
	office_close(&office);
	return 0;
}

static void settle(unsigned list, unsigned index, const char *event)
{
	char body[256];

	(void)snprintf(body, sizeof body,
	        "{\"event\":\"%s\",\"status_list\":%u,\"status_index\":%u,"
	        "\"ground\":\"not-found\"}",
	        event, list, index);
	desk_ask("POST", "/v1/cards/unrecorded/acts", body);
}

/* The number of what was just proposed. */
static int64_t proposed(void)
{
	assert_int_equal(desk.status, 202);
	return json_integer_value(
	        json_object_get(json_object_get(desk.json, "proposal"), "id"));
}

static void answer_proposal(int64_t id, const char *event)
{
	char path[64], body[64];

	(void)snprintf(
	        path, sizeof path, "/v1/proposals/%lld/acts", (long long)id);
	(void)snprintf(body, sizeof body, "{\"event\":\"%s\"}", event);
	desk_ask("POST", path, body);
}

/* Still suspended, and nothing was written. */
static void expect_untouched(int64_t log_size)
{
	assert_int_equal(office_number(&office,
	                         "SELECT value FROM status_entry WHERE idx ="
	                         " 77"),
	        CARD_STATUS_SUSPENDED);
	assert_int_equal(office_log_size(&office), log_size);
}

static void two_people_end_it(void **state)
{
	(void)state;
	desk_act_as(office.step[2]);
	desk_ask("GET", "/v1/cards?phase=unresolved", "");
	desk_expect_done();
	assert_string_equal(json_string_value(json_object_get(
	                            desk_row("unrecorded", 0), "reference")),
	        "1/77");
	settle(OFFICE_LIST, INDEX, "revoke");
	int64_t id = proposed();
	desk_act_as(office.keeper);
	desk_ask("GET", "/v1/proposals", "");
	desk_expect_done();
	assert_string_equal(json_string_value(json_object_get(
	                            desk_row("proposals", 0), "proposer")),
	        "step3");
	answer_proposal(id, "confirm");
	desk_expect_done();
	assert_string_equal(desk_text("reference"), "1/77");
	assert_string_equal(desk_text("status"), "invalid");
	assert_string_equal(desk_text("phase"), "withdrawn");
	assert_string_equal(desk_text("ground"), "not-found");
	assert_int_equal(desk_number("log_index"), SIGNED_AT);
	assert_true(desk_number("settled_at") > 0);
	assert_int_equal(
	        office_number(&office,
	                "SELECT value FROM status_entry WHERE idx = 77"),
	        CARD_STATUS_INVALID);
	answer_proposal(id, "confirm");
	desk_expect_problem(404, "no-such-proposal");
	desk_act_as(office.step[2]);
	settle(OFFICE_LIST, INDEX, "revoke");
	desk_expect_problem(409, "card-settled");
	desk_ask("GET", "/v1/cards?phase=unresolved", "");
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "unrecorded")), 0);
}

static void the_same_person_is_not_two(void **state)
{
	int64_t size = office_log_size(&office);

	(void)state;
	desk_act_as(office.step[2]);
	settle(OFFICE_LIST, INDEX, "revoke");
	int64_t id = proposed();
	answer_proposal(id, "confirm");
	desk_expect_problem(403, "two-people");
	desk_act_as(office.desk); /* of a township: it does not see it */
	answer_proposal(id, "confirm");
	desk_expect_problem(404, "no-such-proposal");
	desk_act_as(office.keeper);
	answer_proposal(id, "vanish");
	desk_expect_problem(400, "unknown-word");
	answer_proposal(id + 1, "confirm");
	desk_expect_problem(404, "no-such-proposal");
	answer_proposal(id, "refuse");
	desk_expect_done();
	answer_proposal(id, "confirm");
	desk_expect_problem(404, "no-such-proposal");
	expect_untouched(size);
}

static void other_roles_are_refused(void **state)
{
	const int64_t wrong[] = {office.maker[0], office.keeper};
	int64_t size = office_log_size(&office);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		desk_act_as(wrong[i]);
		settle(OFFICE_LIST, INDEX, "revoke");
		desk_expect_problem(403, "role-missing");
	}
	desk_act_as(office.desk); /* of a township: it does not see the card */
	settle(OFFICE_LIST, INDEX, "revoke");
	desk_expect_problem(404, "no-such-card");
	desk_act_as(0);
	settle(OFFICE_LIST, INDEX, "revoke");
	desk_expect_problem(403, "stranger");
	expect_untouched(size);
}

static void an_unknown_card_or_event_is_refused(void **state)
{
	int64_t size = office_log_size(&office);

	(void)state;
	desk_act_as(office.step[2]);
	settle(OFFICE_LIST, INDEX + 1, "revoke");
	desk_expect_problem(404, "no-such-card");
	settle(OFFICE_LIST + 1, INDEX, "revoke");
	desk_expect_problem(404, "no-such-card");
	settle(OFFICE_LIST, INDEX, "confirm");
	desk_expect_problem(400, "unrecorded-event");
	settle(OFFICE_LIST, INDEX, "vanish");
	desk_expect_problem(400, "unrecorded-event");
	desk_ask("POST", "/v1/cards/unrecorded/acts",
	        "{\"event\":\"revoke\",\"ground\":\"not-found\","
	        "\"status_index\":77}");
	desk_expect_problem(404, "no-such-card");
	expect_untouched(size);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(two_people_end_it),
	        TEST(the_same_person_is_not_two),
	        TEST(other_roles_are_refused),
	        TEST(an_unknown_card_or_event_is_refused),
	};

	return cmocka_run_group_tests_name("api_unrecorded", tests, NULL, NULL);
}
