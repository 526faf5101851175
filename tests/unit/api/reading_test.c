/* What can be looked at, each by somebody who may and somebody who may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/api/metrics.h"
#include "host/api/metrics_door.h"
#include "tests/unit/api/desk.h"
#include "tests/unit/issue/publishing.h"

static struct office *const o = &publishing.office;
static int64_t card, application;

/* One card in its holder's hand, one application in review. */
static int set_up(void **state)
{
	if (publishing_set_up(state) != 0 || desk_open(o) != 0)
		return -1;
	desk.services.log = publishing.log;
	desk.services.publish = publishing.publish;
	desk.services.signer = publishing.hall.signer;
	card = office_issue(o, 1);
	office_add_person(o, 2, 0);
	application = office_apply(o, 2, APPLICATION_FIRST);
	publishing_wait();
	return 0;
}

static int tear_down(void **state)
{
	desk_close();
	return publishing_tear_down(state);
}

static void get(const char *path)
{
	desk_ask("GET", path, "");
}

static void get_one(const char *before, int64_t id, const char *behind)
{
	char path[96];

	(void)snprintf(
	        path, sizeof path, "%s%lld%s", before, (long long)id, behind);
	get(path);
}

static const char *word(const json_t *row, const char *member)
{
	const char *text = json_string_value(json_object_get(row, member));

	return text ? text : "";
}

static int64_t member(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

static void shows_how_the_office_stands(void **state)
{
	const json_t *summary, *signer;

	(void)state;
	desk_act_as(o->step[2]);
	get("/v1/status");
	desk_expect_done();
	summary = json_object_get(desk.json, "summary");
	signer = json_object_get(desk.json, "signer");
	assert_string_equal(desk_text("version"), "test");
	assert_string_equal(desk_text("area"), OFFICE_COUNTY);
	assert_int_equal(member(summary, "applied"), 2);
	assert_int_equal(member(json_object_get(summary, "cards"), "valid"), 1);
	assert_true(json_is_true(json_object_get(signer, "reachable")));
	assert_true(json_is_false(json_object_get(signer, "locked")));
	assert_true(member(json_object_get(desk.json, "log"), "size") > 0);
	assert_int_equal(member(json_object_get(desk.json, "status_list"),
	                         "sequence") > 0,
	        1);
	desk_act_as(o->desk); /* a township is no office */
	get("/v1/status");
	desk_expect_problem(403, "out-of-reach");
}

static void expect_figures(const char *text)
{
	static const char *const lines[] = {
	        "\nhufu_applications{state=\"in review\"} 1\n",
	        "\nhufu_cards{phase=\"valid\"} 1\n",
	        "\nhufu_cards_made_total 1\n",
	        "\nhufu_signer_up 1\n",
	        "\nhufu_signer_locked 0\n",
	        "\nhufu_log_entries ",
	        "\nhufu_status_list_age_seconds ",
	        "\nhufu_store_write_seconds_bucket{le=\"+Inf\"} ",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (!strstr(text, lines[i]))
			fail_msg("no %s in %s", lines[i], text);
}

static void counts_for_prometheus(void **state)
{
	(void)state;
	desk.services.metrics = metrics_new();
	desk_act_as(o->step[2]);
	get("/v1/nothing");
	get("/v1/metrics");
	expect_figures(desk.reply);
	get("/v1/metrics");
	assert_non_null(strstr(desk.reply,
	        "hufu_calls_total{method=\"GET\",call=\"/v1/metrics\","
	        "code=\"2xx\"} 1\n"));
	assert_non_null(strstr(desk.reply, "call=\"none\",code=\"4xx\"} 1\n"));
	desk_act_as(0);
	get("/v1/metrics");
	desk_expect_problem(403, "stranger");
	metrics_free(desk.services.metrics);
	desk.services.metrics = NULL;
}

static void counts_for_a_collector_without_a_name(void **state)
{
	struct metrics_door *door = NULL;
	struct problem p;
	char operators[sizeof desk.socket_path];

	(void)state;
	memcpy(operators, desk.socket_path, sizeof operators);
	desk.socket_path[strlen(desk.socket_path) - 1] = 'm';
	assert_int_equal(
	        metrics_door_open(&desk.services, desk.socket_path, &door, &p),
	        0);
	desk_act_as(0);
	get("/metrics");
	expect_figures(desk.reply);
	desk_ask("POST", "/metrics", "{}");
	assert_int_not_equal(desk.status, 200);
	get("/v1/status");
	assert_int_equal(desk.status, 404);
	metrics_door_close(door);
	memcpy(desk.socket_path, operators, sizeof operators);
}

static void lists_applications_by_what_is_asked(void **state)
{
	(void)state;
	desk_act_as(o->step[0]);
	get("/v1/applications"); /* those that are open */
	desk_expect_done();
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "applications")), 1);
	get("/v1/applications?state=handed-over");
	desk_expect_done();
	assert_int_equal(member(desk_row("applications", 0), "card"), card);
	get("/v1/applications?state=in-review&mine=1");
	desk_expect_done();
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "applications")), 1);
	assert_int_equal(
	        member(desk_row("applications", 0), "id"), application);
	assert_null(json_object_get(desk.json, "next"));
	get_one("/v1/applications?after=9223372036854775807.", application, "");
	desk_expect_done();
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "applications")), 0);
	get_one("/v1/applications?after=", application, "");
	desk_expect_problem(400, "list-place");
	get("/v1/applications?area=320107");
	desk_expect_problem(403, "out-of-reach");
	get("/v1/applications?step=x");
	desk_expect_problem(400, "query-number");
}

static void counts_what_is_late(void **state)
{
	char message[160] = "";
	(void)state;
	desk_act_as(o->step[2]);
	get("/v1/applications/overdue");
	desk_expect_done();
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "overdue")), 0);
	assert_int_equal(office_sql(o,
	                         "UPDATE application SET due = 1000000000"
	                         " WHERE state = 1",
	                         message, sizeof message),
	        0);
	get("/v1/applications/overdue?area=" OFFICE_COUNTY);
	desk_expect_done();
	const json_t *row = desk_row("overdue", 0);
	assert_string_equal(word(row, "area"), OFFICE_AREA);
	assert_string_not_equal(word(row, "name"), "");
	assert_int_equal(member(row, "step"), 1);
	assert_int_equal(member(row, "count"), 1);
	assert_true(member(row, "days_left") < -1000);
	desk_act_as(o->step[4]);
	get("/v1/applications/overdue?area=320000");
	desk_expect_done();
	assert_string_equal(word(desk_row("overdue", 0), "area"), "320100");
	get("/v1/applications/overdue?area=330000");
	desk_expect_problem(403, "out-of-reach");
}

static void tells_what_happened_to_a_person(void **state)
{
	char path[64];
	(void)state;
	int64_t person = office_card(o, card).person;
	desk_act_as(o->step[2]);
	get_one("/v1/persons/", person, "/timeline");
	desk_expect_done();
	const json_t *list = json_object_get(desk.json, "timeline");
	size_t count = json_array_size(list);
	assert_int_equal(count,
	        office_number_of(o,
	                "SELECT count(*) FROM person_log WHERE person = ?1",
	                person));
	assert_true(count > 8);
	assert_string_equal(
	        word(desk_row("timeline", 0), "event"), "handed over");
	assert_string_not_equal(word(desk_row("timeline", 0), "by"), "");
	assert_string_equal(word(desk_row("timeline", 0), "card"),
	        office_card(o, card).number);
	assert_string_equal(
	        word(desk_row("timeline", count - 1), "event"), "applied");
	for (size_t i = 1; i < count; i++)
		assert_true(member(desk_row("timeline", i - 1), "log_index") >
		            member(desk_row("timeline", i), "log_index"));
	(void)snprintf(path, sizeof path, "/v1/persons/%d/timeline?before=%d",
	        (int)person, (int)member(desk_row("timeline", 1), "log_index"));
	get(path);
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "timeline")),
	        count - 2);
	get("/v1/persons/999/timeline");
	desk_expect_problem(404, "no-such-person");
}

static void accepts_a_batch_by_its_sample(void **state)
{
	char body[64];
	(void)state;
	desk_act_as(o->step[0]);
	desk_ask("POST", "/v1/batches", "{\"applications\":[]}");
	desk_expect_problem(400, "batch-cases");
	desk_ask("POST", "/v1/batches", "{\"applications\":[999]}");
	desk_expect_problem(404, "no-application");
	(void)snprintf(
	        body, sizeof body, "{\"applications\":[%d]}", (int)application);
	desk_ask("POST", "/v1/batches", body);
	assert_int_equal(desk.status, 201);
	assert_string_equal(desk_text("state"), "drawn");
	desk_ask("POST", "/v1/batches/1/acts", "{\"act\":\"accept\"}");
	desk_expect_problem(409, "sample-not-confirmed");
	(void)snprintf(body, sizeof body,
	        "{\"act\":\"confirm\",\"application\":%d}", (int)application);
	desk_ask("POST", "/v1/batches/1/acts", body);
	desk_expect_done();
	get("/v1/batches");
	desk_expect_done();
	assert_int_equal(json_integer_value(desk_row("batches", 0)), 1);
	desk_ask("POST", "/v1/batches/1/acts", "{\"act\":\"accept\"}");
	desk_expect_done();
	assert_string_equal(desk_text("state"), "accepted");
	assert_string_equal(word(desk_row("cases", 0), "outcome"), "accepted");
	desk_act_as(o->step[1]);
	get("/v1/batches/1");
	desk_expect_problem(404, "no-batch");
}

static void shows_an_application_with_its_history(void **state)
{
	(void)state;
	desk_act_as(o->step[0]);
	get_one("/v1/applications/", application, "");
	desk_expect_done();
	assert_int_equal(desk_number("id"), application);
	assert_string_equal(desk_text("state"), "in-review");
	assert_string_equal(
	        word(desk_row("verdicts", 0), "outcome"), "eligible");
	get_one("/v1/applications/", office_card(o, card).application, "");
	desk_expect_done();
	assert_string_equal(desk_text("state"), "handed-over");
	assert_string_equal(word(desk_row("history", 0), "event"), "accept");
	assert_int_equal(member(desk_row("history", 0), "staff"), o->step[0]);
	get_one("/v1/applications/", application, "/photo");
	assert_int_equal(desk.status, 200);
	assert_non_null(strstr(desk.reply, "Content-Type: image/jpeg"));
	assert_non_null(strstr(desk.reply, "Content-Length: 64"));
	get("/v1/applications/999");
	desk_expect_problem(404, "no-application");
	get("/v1/applications/999/photo");
	desk_expect_problem(404, "no-application");
}

static void lists_and_finds_cards(void **state)
{
	struct card_record c = office_card(o, card);
	char body[64];

	(void)state;
	desk_act_as(o->desk);
	get("/v1/cards?phase=handed-over");
	desk_expect_done();
	assert_string_equal(word(desk_row("cards", 0), "number"), c.number);
	get("/v1/cards?phase=lost");
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "cards")), 0);
	(void)snprintf(body, sizeof body, "{\"number\":\"%s\"}", c.number);
	desk_ask("POST", "/v1/cards/find", body);
	desk_expect_done();
	assert_int_equal(desk_number("id"), card);
	get_one("/v1/cards/", card, "");
	desk_expect_done();
	assert_string_equal(desk_text("number"), c.number);
	assert_string_equal(desk_text("phase"), "handed-over");
	assert_string_equal(desk_text("status"), "valid");
	assert_int_equal(desk_number("status_index"), c.status_index);
	/* whose it is stands nowhere */
	assert_null(json_object_get(desk.json, "name"));
	desk_ask("POST", "/v1/cards/find", "{\"number\":\"1\"}");
	desk_expect_problem(404, "no-such-card");
}

static void proves_a_card(void **state)
{
	(void)state;
	desk_act_as(o->desk);
	get_one("/v1/cards/", card, "/proof");
	assert_int_equal(desk.status, 200);
	assert_non_null(strstr(desk.reply, "\r\n\r\nc2sp.org/tlog-proof@v1\n"));
	assert_non_null(strstr(desk.reply, HALL_ORIGIN));
	get("/v1/cards/999/proof");
	desk_expect_problem(404, "no-such-card");
}

static void lists_jobs_and_stations(void **state)
{
	(void)state;
	desk_act_as(o->maker[0]);
	get("/v1/jobs");
	desk_expect_done();
	assert_int_equal(member(desk_row("jobs", 0), "card"), card);
	assert_string_equal(word(desk_row("jobs", 0), "state"), "ISSUED");
	get("/v1/jobs?open=1");
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "jobs")), 0);
	get("/v1/jobs?dead=1");
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "jobs")), 0);
	get("/v1/stations"); /* none is run by this test */
	desk_expect_done();
	assert_true(json_is_array(json_object_get(desk.json, "stations")));
	desk_act_as(o->desk);
	get("/v1/jobs");
	desk_expect_problem(403, "out-of-reach");
	get("/v1/stations");
	desk_expect_problem(403, "out-of-reach");
}

static void shows_the_stock(void **state)
{
	(void)state;
	desk_act_as(o->keeper);
	get("/v1/stock");
	desk_expect_done();
	assert_int_equal(desk_number("received"), 10);
	assert_int_equal(desk_number("issued"), 1);
	assert_int_equal(desk_number("in_stock"), 9);
	assert_int_equal(desk_number("difference"), 0);
	assert_string_equal(word(desk_row("stations", 0), "station"), "hall-1");
	get("/v1/stock?area=320107");
	desk_expect_problem(403, "out-of-reach");
}

int main(void)
{
#define TEST(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
	        TEST(shows_how_the_office_stands),
	        TEST(counts_for_prometheus),
	        TEST(counts_for_a_collector_without_a_name),
	        TEST(lists_applications_by_what_is_asked),
	        TEST(counts_what_is_late),
	        TEST(shows_an_application_with_its_history),
	        TEST(lists_and_finds_cards),
	        TEST(proves_a_card),
	        TEST(lists_jobs_and_stations),
	        TEST(shows_the_stock),
	        TEST(tells_what_happened_to_a_person),
	        TEST(accepts_a_batch_by_its_sample),
	};

	/* they only look: one office serves them all */
	return cmocka_run_group_tests_name(
	        "api_reading", tests, set_up, tear_down);
}
