#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "host/base/cleanup.h"
#include "host/base/local_socket.h"
#include "tests/unit/api/desk.h"

static struct office office;

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	return desk_open(&office);
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	office_close(&office);
	return 0;
}

static void a_stranger_is_told_nothing(void **state)
{
	(void)state;
	desk_act_as(0);
	desk_ask("GET", "/v1/cards", "");
	desk_expect_problem(403, "stranger");
	desk_ask("GET", "/v1/nothing", "");
	desk_expect_problem(403, "stranger");
	desk_ask("POST", "/v1/persons/find", "{\"id_number\":\"x\"}");
	desk_expect_problem(403, "stranger");
}

static void the_socket_is_for_its_group(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(desk.socket_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_true(S_ISSOCK(st.st_mode));
}

static void refuses_requests_with_two_meanings(void **state)
{
	static const char *const bad[] = {
	        "GET /v1/cards HTTP/1.1\r\nConnection: close\r\n\r\n",
	        "GET /v1/cards HTTP/1.1\r\nHost: a\r\nHost: b\r\n"
	        "Connection: close\r\n\r\n",
	        "POST /v1/persons/find HTTP/1.1\r\nHost: a\r\n"
	        "Content-Length: 2\r\nContent-Length: 2\r\n"
	        "Connection: close\r\n\r\n{}",
	        "POST /v1/persons/find HTTP/1.1\r\nHost: a\r\n"
	        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"
	        "Connection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	};

	(void)state;
	desk_act_as(office.desk);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		desk_exchange(bad[i], strlen(bad[i]));
		/* libevent refuses some of them by itself, in HTML. */
		assert_int_equal(desk.status, 400);
	}
}

static void knows_its_calls_and_methods(void **state)
{
	(void)state;
	desk_act_as(office.desk);
	desk_ask("GET", "/v1/nothing", "");
	desk_expect_problem(404, "no-such-call");
	desk_ask("GET", "/v1/cards/0", "");
	desk_expect_problem(404, "no-such-call");
	desk_ask("GET", "/v1/cards/01", "");
	desk_expect_problem(404, "no-such-call");
	desk_ask("GET", "/v1/cards/99999999999999999999", "");
	desk_expect_problem(404, "no-such-call");
	desk_ask("GET", "/v1/cards/../status", "");
	desk_expect_problem(404, "no-such-call");
	desk_ask("GET", "/v1/persons/find", "");
	desk_expect_problem(405, "no-such-call");
	desk_ask("POST", "/v1/cards/1", "{}");
	desk_expect_problem(405, "no-such-call");
	desk_ask("GET", "/v1/cards/77", "");
	desk_expect_problem(404, "no-such-card");
	desk_ask("GET", "/v1/cards?after=-1", "");
	desk_expect_problem(400, "query-number");
	desk_ask("GET", "/v1/cards?phase=lovely", "");
	desk_expect_problem(400, "unknown-word");
}

static void takes_strict_json_only(void **state)
{
	static const struct {
		const char *body;
		const char *slug;
	} bad[] = {
	        {"", "json"},
	        {"[]", "json"},
	        {"{\"id_number\":\"1\",\"id_number\":\"1\"}", "json"},
	        {"{\"id_number\":\"1\"} x", "json"},
	        {"{}", "json-member"},
	        {"{\"id_number\":1}", "json-member"},
	        {"{\"id_number\":\"1234567890123456789\"}", "json-member"},
	        {"{\"id_number\":\"1\",\"extra\":1}", "json-member"},
	};
	_free_ char *deep = malloc(8000);

	(void)state;
	desk_act_as(office.desk);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		desk_ask("POST", "/v1/persons/find", bad[i].body);
		desk_expect_problem(400, bad[i].slug);
	}
	assert_non_null(deep);
	memset(deep, '[', 7999);
	deep[7999] = '\0';
	desk_ask("POST", "/v1/persons/find", deep);
	desk_expect_problem(400, "json");
	desk_ask("GET", "/v1/cards", "{}");
	desk_expect_problem(400, "unexpected-body");
}

/* An empty one would be the same for everybody who sends it. */
static void a_request_key_has_its_length(void **state)
{
	static const char *const bad[] = {"", "0",
	        "00112233445566778899aabbccddee",
	        "00112233445566778899AABBCCDDEEFF"};
	char body[160];

	(void)state;
	desk_act_as(office.desk);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		(void)snprintf(body, sizeof body,
		        "{\"id_number\":\"1\",\"kind\":1,\"area\":"
		        "\"320106001\",\"request_key\":\"%s\"}",
		        bad[i]);
		desk_ask("POST", "/v1/applications", body);
		desk_expect_problem(400, "request-key");
	}
}

static void refuses_a_body_past_its_limit(void **state)
{
	enum { LEN = 9 << 20 };
	_free_ char *body = malloc(LEN + 1);

	(void)state;
	desk_act_as(office.desk);
	assert_non_null(body);
	memset(body, ' ', LEN);
	body[LEN] = '\0';
	desk_ask("POST", "/v1/persons/find", body);
	desk_expect_problem(413, "body-too-large");
}

static void shows_persons_masked(void **state)
{
	char id[19], body[64], hidden[19];

	(void)state;
	office_add_person(&office, 1, 0);
	office_id_number(1, id);
	desk_act_as(office.desk);
	(void)snprintf(body, sizeof body, "{\"id_number\":\"%s\"}", id);
	desk_ask("POST", "/v1/persons/find", body);
	/* The desk's township is the person's home. */
	assert_int_equal(desk.status, 200);
	(void)snprintf(hidden, sizeof hidden, "%.14s", id);
	assert_null(strstr(desk.reply, hidden));
	assert_non_null(strstr(desk_text("id_number"), "**********"));
	assert_non_null(strstr(desk_text("name"), "*"));
	office_id_number(2, id);
	(void)snprintf(body, sizeof body, "{\"id_number\":\"%s\"}", id);
	desk_ask("POST", "/v1/persons/find", body);
	desk_expect_problem(404, "no-such-person");
	assert_null(strstr(desk.reply, id));
}

#define HEAD "姓名,公民身份号码,户籍地代码,身份类别,建档立卡\n"

static void imports_for_those_who_may(void **state)
{
	static const char csv[] =
	        HEAD "测试甲,11010519491231002X,320106001,退役军官,是\n"
	             "测?,11010519491231002X,320106001,退役军官,是\n";
	const json_t *issue;

	(void)state;
	desk_act_as(office.desk);
	desk_ask("POST", "/v1/persons/import", csv);
	desk_expect_problem(403, "role-missing");
	desk_act_as(office.step[2]); /* the county bureau */
	desk_ask("POST", "/v1/persons/import?check_only=1", csv);
	assert_int_equal(desk.status, 200);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "added")), 0);
	desk_ask("POST", "/v1/persons/import", csv);
	assert_int_equal(desk.status, 200);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "added")), 1);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "refused")), 1);
	issue = json_array_get(json_object_get(desk.json, "issues"), 0);
	assert_int_equal(json_integer_value(json_object_get(issue, "line")), 3);
	assert_string_equal(json_string_value(json_object_get(issue, "code")),
	        "name-character");
	assert_null(strstr(desk.reply, "11010519491231002X"));
	desk_ask("POST", "/v1/persons/import", csv);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "unchanged")), 1);
	desk_ask("POST", "/v1/persons/import", "姓名,颜色\n");
	desk_expect_problem(400, "column-unknown");
}

static void import_warns_of_an_unknown_area(void **state)
{
	static const char csv[] =
	        HEAD "测试甲,11010519491231002X,999999,退役军官,是\n";
	static const char village[] =
	        HEAD "测试甲,11010519491231002X,320106099001,退役军官,是\n";

	(void)state;
	desk_act_as(office.step[2]);
	desk_ask("POST", "/v1/persons/import", csv);
	assert_int_equal(desk.status, 200);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "added")), 1);
	const json_t *issue =
	        json_array_get(json_object_get(desk.json, "issues"), 0);
	assert_string_equal(json_string_value(json_object_get(issue, "code")),
	        "residence-unknown");
	assert_true(json_is_true(json_object_get(issue, "warning")));
	desk_ask("POST", "/v1/persons/import?check_only=1", village);
	issue = json_array_get(json_object_get(desk.json, "issues"), 0);
	assert_string_equal(json_string_value(json_object_get(issue, "code")),
	        "residence-unknown");
}

static void imported_death_stops_the_card(void **state)
{
	char id[2][19], csv[512];

	(void)state;
	office_add_blanks(&office, 0, 2);
	int64_t held = office_issue(&office, 1);
	office_add_person(&office, 2, 0);
	(void)office_queue(&office, 2, APPLICATION_FIRST);
	int64_t made = office_make(&office, 0, 2);
	office_id_number(1, id[0]);
	office_id_number(2, id[1]);
	(void)snprintf(csv, sizeof csv,
	        "姓名,公民身份号码,户籍地代码,身份类别,建档立卡,已去世\n"
	        "测试一,%s,320106001,退役军官,是,是\n"
	        "测试二,%s,320106001,退役军官,是,是\n",
	        id[0], id[1]);
	desk_act_as(office.step[2]);
	desk_ask("POST", "/v1/persons/import?check_only=1", csv);
	assert_int_equal(office_card(&office, held).phase, CARD_HANDED_OVER);
	desk_ask("POST", "/v1/persons/import", csv);
	assert_int_equal(desk.status, 200);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "suspended")), 1);
	assert_int_equal(office_card(&office, held).phase, CARD_SUSPENDED);
	assert_string_equal(office_card(&office, held).ground, "holder-dead");
	desk_ask("POST", "/v1/persons/import", csv);
	assert_int_equal(
	        json_integer_value(json_object_get(desk.json, "suspended")), 0);
	/* and none is given out */
	assert_int_equal(office_card_act(&office, made, CARD_HAND_OVER,
	                         office.desk, NULL),
	        HUFU_ERR_STATE);
	assert_string_equal(office.problem.type, "holder-dead");
}

static void areas_and_staff_take_their_administrators(void **state)
{
	static const char area[] = "{\"code\":\"320106777\",\"name\":\"测\"}";
	static const char staff[] =
	        "{\"login\":\"new\",\"title\":\"测试员\",\"uid\":64000,"
	        "\"roles\":[{\"role\":\"township\",\"area\":\"320106\"}]}";
	int64_t before = office_number(&office, "SELECT count(*) FROM staff");

	(void)state;
	desk_act_as(office.step[4]); /* the province itself may not */
	desk_ask("POST", "/v1/areas", area);
	desk_expect_problem(403, "role-missing");
	desk_ask("POST", "/v1/staff", staff);
	desk_expect_problem(403, "role-missing");
	assert_int_equal(
	        office_number(&office, "SELECT count(*) FROM staff"), before);
	assert_int_equal(office_number(&office, "SELECT count(*) FROM area"
	                                        " WHERE code = '320106777'"),
	        0);
}

static void keeps_answering_after_broken_clients(void **state)
{
	static const char half[] =
	        "POST /v1/persons/find HTTP/1.1\r\nHost: a\r\n"
	        "Content-Length: 100\r\n\r\n{";

	(void)state;
	desk_act_as(office.desk);
	for (int i = 0; i < 50; i++) {
		_close_ int fd = -1;
		assert_int_equal(local_connect(desk.socket_path, &fd), 0);
		assert_int_equal(send(fd, half, sizeof half - 1, MSG_NOSIGNAL),
		        sizeof half - 1);
	}
	desk_exchange("\x16\x03\x01 not http\r\n\r\n", 16);
	assert_int_not_equal(desk.status, 200);
	desk_ask("GET", "/v1/cards?area=" OFFICE_AREA, "");
	assert_int_equal(desk.status, 200);
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "cards")), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(a_stranger_is_told_nothing),
	        TEST(the_socket_is_for_its_group),
	        TEST(refuses_requests_with_two_meanings),
	        TEST(knows_its_calls_and_methods),
	        TEST(takes_strict_json_only),
	        TEST(a_request_key_has_its_length),
	        TEST(refuses_a_body_past_its_limit),
	        TEST(shows_persons_masked),
	        TEST(imports_for_those_who_may),
	        TEST(import_warns_of_an_unknown_area),
	        TEST(imported_death_stops_the_card),
	        TEST(areas_and_staff_take_their_administrators),
	        TEST(keeps_answering_after_broken_clients),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
