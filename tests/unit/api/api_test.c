#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/api/server.h"
#include "host/base/cleanup.h"
#include "host/base/local_socket.h"
#include "tests/unit/issue/office.h"

enum { REPLY_MAX = 1 << 20 };

static struct office office;
static struct api_services services;
static struct api_server *server;
static char socket_path[128];
static char reply[REPLY_MAX];
static int status;
static json_t *json;

enum { MAP, UNMAP };
static const char *const sql[] = {
        [MAP] = "INSERT INTO staff_uid (uid, staff) VALUES (?1, ?2)",
        [UNMAP] = "DELETE FROM staff_uid WHERE uid = ?1 OR staff = ?2",
};
static const struct statements table = {"api_test", sql, 2};

static int map_uid(struct store_tx *tx, void *arg)
{
	int64_t staff = *(int64_t *)arg;
	struct query *q = query_begin(tx, &table, UNMAP);
	int r;

	query_bind_int(q, 1, getuid());
	query_bind_int(q, 2, staff);
	r = query_run(q);
	if (r < 0 || staff == 0)
		return r;
	q = query_begin(tx, &table, MAP);
	query_bind_int(q, 1, getuid());
	query_bind_int(q, 2, staff);
	return query_run(q);
}

/* From now on this process is that member; 0: a stranger. */
static void act_as(int64_t staff)
{
	assert_int_equal(store_write(office.store, map_uid, &staff), 0);
}

static int set_up(void **state)
{
	struct api_server_options o = {
	        .services = &services,
	        .socket_path = socket_path,
	        .socket_mode = 0660,
	        .threads = 2,
	};
	struct problem p;

	(void)state;
	office_open(&office);
	services = (struct api_services){
	        .store = office.store,
	        .issue = office.issue,
	        .policies = office.policies,
	        .office_area = OFFICE_COUNTY,
	        .version = "test",
	};
	(void)snprintf(
	        socket_path, sizeof socket_path, "%s/api.sock", office.folder);
	return api_server_open(&o, &server, &p);
}

static int tear_down(void **state)
{
	(void)state;
	api_server_close(server);
	json_decref(json);
	json = NULL;
	office_close(&office);
	return 0;
}

/* Sends bytes as they are and reads to the end of the connection. */
static void exchange(const char *request, size_t len)
{
	_close_ int fd = -1;
	const char *body;
	size_t done = 0, got = 0;
	ssize_t n;

	assert_int_equal(local_connect(socket_path, &fd), 0);
	while (done < len &&
	        (n = send(fd, request + done, len - done, MSG_NOSIGNAL)) > 0)
		done += (size_t)n;
	while (got < sizeof reply - 1 &&
	        (n = recv(fd, reply + got, sizeof reply - 1 - got, 0)) > 0)
		got += (size_t)n;
	reply[got] = '\0';
	status = got > 12 ? (reply[9] - '0') * 100 + (reply[10] - '0') * 10 +
	                            (reply[11] - '0')
	                  : 0;
	json_decref(json);
	body = strstr(reply, "\r\n\r\n");
	json = body ? json_loads(body + 4, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

static void ask(const char *method, const char *path, const char *body)
{
	size_t cap = strlen(body) + 512;
	_free_ char *text = malloc(cap);
	int len;

	assert_non_null(text);
	len = snprintf(text, cap,
	        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	        "Content-Length: %zu\r\n\r\n%s",
	        method, path, strlen(body), body);
	exchange(text, (size_t)len);
}

static const char *text_of(const char *member)
{
	const char *text = json_string_value(json_object_get(json, member));

	return text ? text : "";
}

/* Refused, as RFC 9457 has it, in both languages. */
static void expect_problem(int want, const char *slug)
{
	char type[96];

	(void)snprintf(type, sizeof type, "urn:hufu:problem:%s", slug);
	if (status != want || strcmp(text_of("type"), type) != 0)
		fail_msg("%d %s", status, reply);
	assert_non_null(strstr(reply, "application/problem+json"));
	assert_true(text_of("zh")[0] != '\0');
	assert_true(text_of("detail")[0] != '\0');
	assert_int_equal(
	        json_integer_value(json_object_get(json, "status")), want);
}

static void a_stranger_is_told_nothing(void **state)
{
	(void)state;
	act_as(0);
	ask("GET", "/v1/cards", "");
	expect_problem(403, "stranger");
	ask("GET", "/v1/nothing", "");
	expect_problem(403, "stranger");
	ask("POST", "/v1/persons/find", "{\"id_number\":\"x\"}");
	expect_problem(403, "stranger");
}

static void the_socket_is_for_its_group(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(socket_path, &st), 0);
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
	act_as(office.desk);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		exchange(bad[i], strlen(bad[i]));
		/* libevent refuses some of them by itself, in HTML. */
		assert_int_equal(status, 400);
	}
}

static void knows_its_calls_and_methods(void **state)
{
	(void)state;
	act_as(office.desk);
	ask("GET", "/v1/nothing", "");
	expect_problem(404, "no-such-call");
	ask("GET", "/v1/cards/0", "");
	expect_problem(404, "no-such-call");
	ask("GET", "/v1/cards/01", "");
	expect_problem(404, "no-such-call");
	ask("GET", "/v1/cards/99999999999999999999", "");
	expect_problem(404, "no-such-call");
	ask("GET", "/v1/cards/../status", "");
	expect_problem(404, "no-such-call");
	ask("GET", "/v1/persons/find", "");
	expect_problem(405, "no-such-call");
	ask("POST", "/v1/cards/1", "{}");
	expect_problem(405, "no-such-call");
	ask("GET", "/v1/cards/77", "");
	expect_problem(404, "no-such-card");
	ask("GET", "/v1/cards?after=-1", "");
	expect_problem(400, "query-number");
	ask("GET", "/v1/cards?phase=lovely", "");
	expect_problem(400, "unknown-word");
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
	act_as(office.desk);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ask("POST", "/v1/persons/find", bad[i].body);
		expect_problem(400, bad[i].slug);
	}
	assert_non_null(deep);
	memset(deep, '[', 7999);
	deep[7999] = '\0';
	ask("POST", "/v1/persons/find", deep);
	expect_problem(400, "json");
	ask("GET", "/v1/cards", "{}");
	expect_problem(400, "unexpected-body");
}

static void refuses_a_body_past_its_limit(void **state)
{
	enum { LEN = 9 << 20 };
	_free_ char *body = malloc(LEN + 1);

	(void)state;
	act_as(office.desk);
	assert_non_null(body);
	memset(body, ' ', LEN);
	body[LEN] = '\0';
	ask("POST", "/v1/persons/find", body);
	expect_problem(413, "body-too-large");
}

static void shows_persons_masked(void **state)
{
	char id[19], body[64], hidden[19];

	(void)state;
	office_add_person(&office, 1, 0);
	office_id_number(1, id);
	act_as(office.desk);
	(void)snprintf(body, sizeof body, "{\"id_number\":\"%s\"}", id);
	ask("POST", "/v1/persons/find", body);
	/* The desk's township is the person's home. */
	assert_int_equal(status, 200);
	(void)snprintf(hidden, sizeof hidden, "%.14s", id);
	assert_null(strstr(reply, hidden));
	assert_non_null(strstr(text_of("id_number"), "**********"));
	assert_non_null(strstr(text_of("name"), "*"));
	office_id_number(2, id);
	(void)snprintf(body, sizeof body, "{\"id_number\":\"%s\"}", id);
	ask("POST", "/v1/persons/find", body);
	expect_problem(404, "no-such-person");
	assert_null(strstr(reply, id));
}

#define HEAD "姓名,公民身份号码,户籍地代码,身份类别,建档立卡\n"

static void imports_for_those_who_may(void **state)
{
	static const char csv[] =
	        HEAD "测试甲,11010519491231002X,320106001,退役军官,是\n"
	             "测?,11010519491231002X,320106001,退役军官,是\n";
	const json_t *issue;

	(void)state;
	act_as(office.desk);
	ask("POST", "/v1/persons/import", csv);
	expect_problem(403, "role-missing");
	act_as(office.step[2]); /* the county bureau */
	ask("POST", "/v1/persons/import?check_only=1", csv);
	assert_int_equal(status, 200);
	assert_int_equal(json_integer_value(json_object_get(json, "added")), 0);
	ask("POST", "/v1/persons/import", csv);
	assert_int_equal(status, 200);
	assert_int_equal(json_integer_value(json_object_get(json, "added")), 1);
	assert_int_equal(
	        json_integer_value(json_object_get(json, "refused")), 1);
	issue = json_array_get(json_object_get(json, "issues"), 0);
	assert_int_equal(json_integer_value(json_object_get(issue, "line")), 3);
	assert_string_equal(json_string_value(json_object_get(issue, "code")),
	        "name-character");
	assert_null(strstr(reply, "11010519491231002X"));
	ask("POST", "/v1/persons/import", csv);
	assert_int_equal(
	        json_integer_value(json_object_get(json, "unchanged")), 1);
	ask("POST", "/v1/persons/import", "姓名,颜色\n");
	expect_problem(400, "column-unknown");
}

static void import_warns_of_an_unknown_area(void **state)
{
	static const char csv[] =
	        HEAD "测试甲,11010519491231002X,999999,退役军官,是\n";
	static const char village[] =
	        HEAD "测试甲,11010519491231002X,320106099001,退役军官,是\n";

	(void)state;
	act_as(office.step[2]);
	ask("POST", "/v1/persons/import", csv);
	assert_int_equal(status, 200);
	assert_int_equal(json_integer_value(json_object_get(json, "added")), 1);
	const json_t *issue =
	        json_array_get(json_object_get(json, "issues"), 0);
	assert_string_equal(json_string_value(json_object_get(issue, "code")),
	        "residence-unknown");
	assert_true(json_is_true(json_object_get(issue, "warning")));
	ask("POST", "/v1/persons/import?check_only=1", village);
	issue = json_array_get(json_object_get(json, "issues"), 0);
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
	act_as(office.step[2]);
	ask("POST", "/v1/persons/import?check_only=1", csv);
	assert_int_equal(office_card(&office, held).phase, CARD_HANDED_OVER);
	ask("POST", "/v1/persons/import", csv);
	assert_int_equal(status, 200);
	assert_int_equal(
	        json_integer_value(json_object_get(json, "suspended")), 1);
	assert_int_equal(office_card(&office, held).phase, CARD_SUSPENDED);
	assert_string_equal(office_card(&office, held).ground, "holder-dead");
	ask("POST", "/v1/persons/import", csv);
	assert_int_equal(
	        json_integer_value(json_object_get(json, "suspended")), 0);
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
	act_as(office.step[4]); /* the province itself may not */
	ask("POST", "/v1/areas", area);
	expect_problem(403, "role-missing");
	ask("POST", "/v1/staff", staff);
	expect_problem(403, "role-missing");
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
	act_as(office.desk);
	for (int i = 0; i < 50; i++) {
		_close_ int fd = -1;
		assert_int_equal(local_connect(socket_path, &fd), 0);
		assert_int_equal(send(fd, half, sizeof half - 1, MSG_NOSIGNAL),
		        sizeof half - 1);
	}
	exchange("\x16\x03\x01 not http\r\n\r\n", 16);
	assert_int_not_equal(status, 200);
	ask("GET", "/v1/cards?area=" OFFICE_AREA, "");
	assert_int_equal(status, 200);
	assert_int_equal(json_array_size(json_object_get(json, "cards")), 0);
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
