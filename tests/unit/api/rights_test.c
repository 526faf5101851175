/*
 * Who may make which call: rights.txt, cell by cell, through the real server
 * and both of its doors; and what holds of every call there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/api/edge.h"
#include "host/api/metrics.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/base/local_socket.h"
#include "host/staff/area.h"
#include "tests/unit/api/desk.h"
#include "tests/unit/api/rights_things.h"
#include "tests/unit/issue/publishing.h"

enum {
	PATH_MAX_LEN = 160,
	BODY_MAX_LEN = 512,
	ROW_MAX = 600,
	TABLE_MAX = 64 << 10,
};

static struct office *const o = &publishing.office;
static struct api_server *edge;
static char operators[sizeof desk.socket_path];
static char edges[sizeof desk.socket_path];

/* The same role where the case lies, and elsewhere. */
static const char *const places[STAFF_ROLE_MAX + 1][2] = {
        [STAFF_VILLAGE] = {OFFICE_AREA, "320107001"},
        [STAFF_TOWNSHIP] = {OFFICE_AREA, "320107001"},
        [STAFF_COUNTY_CENTRE] = {OFFICE_COUNTY, "320107"},
        [STAFF_COUNTY_BUREAU] = {OFFICE_COUNTY, "320107"},
        [STAFF_CITY] = {"320100", "320200"},
        [STAFF_PROVINCE] = {"320000", "330000"},
        [STAFF_PERSONALISER] = {OFFICE_COUNTY, "320107"},
        [STAFF_STOCK_KEEPER] = {OFFICE_COUNTY, "320107"},
        [STAFF_KEY_CUSTODIAN] = {OFFICE_COUNTY, "320107"},
        [STAFF_AUDITOR] = {OFFICE_COUNTY, "320107"},
        [STAFF_SYSTEM_ADMIN] = {OFFICE_COUNTY, "320107"},
        [STAFF_SECURITY_ADMIN] = {OFFICE_COUNTY, "320107"},
        [STAFF_AUDIT_ADMIN] = {OFFICE_COUNTY, "320107"},
};

static int64_t members[STAFF_ROLE_MAX + 1][2];
static int64_t nobody; /* of no role */
static int64_t both; /* two roles in two areas */

static int64_t hire(
        struct store_tx *tx, const char *login, int role, const char *area)
{
	struct problem p;
	int64_t id = 0;
	assert_int_equal(staff_add(tx, login, login, STAFF_NO_UID, &id), 0);
	if (role)
		assert_int_equal(
		        staff_grant(tx, id, (enum staff_role)role, area, &p),
		        0);
	return id;
}

static int hire_all(struct store_tx *tx, void *arg)
{
	static const char *const areas[][2] = {{"320107001", "另一街道"},
	        {"320200", "另一市"}, {"330000", "另一省"}};
	struct problem p;
	char login[40];
	(void)arg;
	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
		assert_int_equal(area_add(tx, areas[i][0], areas[i][1], &p), 0);
	for (int role = 1; role <= STAFF_ROLE_MAX; role++) {
		for (int away = 0; away < 2; away++) {
			(void)snprintf(login, sizeof login, "%s-%s",
			        away ? "away" : "here",
			        staff_role_word((enum staff_role)role));
			members[role][away] =
			        hire(tx, login, role, places[role][away]);
		}
	}
	nobody = hire(tx, "nobody", 0, NULL);
	both = hire(tx, "both", STAFF_TOWNSHIP, "320107001");
	return staff_grant(tx, both, STAFF_STOCK_KEEPER, OFFICE_COUNTY, &p);
}

static int open_edge(void)
{
	const struct api_server_options options = {.services = &desk.services,
	        .socket_path = edges,
	        .socket_mode = 0660,
	        .socket_group = (gid_t)-1,
	        .door = API_EDGE,
	        .edge_uid = getuid(),
	        .threads = 1};
	struct problem p;
	return api_server_open(&options, &edge, &p);
}

static int set_up(void **state)
{
	if (publishing_set_up(state) != 0 || desk_open(o) != 0)
		return -1;
	memcpy(operators, desk.socket_path, sizeof operators);
	(void)snprintf(edges, sizeof edges, "%s/edge.sock", o->folder);
	desk.services.log = publishing.log;
	desk.services.publish = publishing.publish;
	desk.services.signer = publishing.hall.signer;
	desk.services.metrics = metrics_new();
	assert_int_equal(store_write(o->store, hire_all, NULL), 0);
	things_open(o);
	return open_edge();
}

static int tear_down(void **state)
{
	api_server_close(edge);
	memcpy(desk.socket_path, operators, sizeof operators);
	desk_close();
	metrics_free(desk.services.metrics);
	publishing_wait();
	return publishing_tear_down(state);
}

/* ---- asking ---- */

static struct session session;
static const char *csrf_of(char space[EDGE_CSRF_LEN + 1])
{
	edge_csrf(&session, space);
	return space;
}

static void sign_in(int64_t staff, bool fresh)
{
	char sql[400], hex[2 * SHA256_DIGEST_LENGTH + 1], message[128];
	uint8_t hash[SHA256_DIGEST_LENGTH];
	int64_t now = clock_now_s();
	memset(&session, 0, sizeof session);
	memcpy(session.token, &staff, sizeof staff);
	SHA256(session.token, sizeof session.token, hash);
	for (size_t i = 0; i < sizeof hash; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	(void)snprintf(sql, sizeof sql,
	        "INSERT OR REPLACE INTO session (token, staff, created, used,"
	        " fresh_until, certificate) VALUES"
	        " (x'%s', %lld, %lld, %lld, %lld, '')",
	        hex, (long long)staff, (long long)now, (long long)now,
	        (long long)(fresh ? now + 500 : 0));
	if (office_sql(o, sql, message, sizeof message) != 0)
		fail_msg("session: %s", message);
}

/* An answer that goes on: its beginning. */
static void ask_stream(const char *path, const char *headers)
{
	char text[1024];
	int fd = -1;
	int len = snprintf(text, sizeof text,
	        "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	        "%s\r\n",
	        path, headers);
	assert_int_equal(local_connect(desk.socket_path, &fd), 0);
	assert_int_equal(send(fd, text, (size_t)len, MSG_NOSIGNAL), len);
	ssize_t got = recv(fd, desk.reply, DESK_REPLY_MAX - 1, 0);
	close(fd);
	assert_true(got > 12);
	desk.reply[got] = 0;
	desk.status = (desk.reply[9] - '0') * 100 +
	              (desk.reply[10] - '0') * 10 + (desk.reply[11] - '0');
	const char *body = strstr(desk.reply, "\r\n\r\n");
	json_decref(desk.json);
	desk.json = body ? json_loads(body + 4, 0, NULL) : NULL;
}

static void ask_with(const char *method, const char *path, const char *headers,
        const char *body)
{
	if (strcmp(path, "/v1/events") == 0)
		ask_stream(path, headers);
	else
		desk_send(method, path, headers, body);
}

static void ask(enum api_door door, int64_t staff, const char *method,
        const char *path, const char *body)
{
	char headers[512] = "", csrf[EDGE_CSRF_LEN + 1];
	if (door == API_OPERATOR) {
		memcpy(desk.socket_path, operators, sizeof operators);
		desk_act_as(staff);
	} else {
		struct api_call call = {0};
		memcpy(desk.socket_path, edges, sizeof edges);
		sign_in(staff, true);
		edge_set_cookie(&call, &session);
		(void)snprintf(headers, sizeof headers,
		        "Content-Type: application/json\r\n"
		        "Cookie: %.*s\r\nX-Hufu-Csrf: %s\r\n",
		        (int)strcspn(call.cookie, ";"), call.cookie,
		        csrf_of(csrf));
	}
	ask_with(method, path, headers, body);
}

/* ---- one row ---- */

struct row {
	char cells[STAFF_ROLE_MAX][2];
	char method[8];
	char pattern[64];
	char act[24];
	char path[PATH_MAX_LEN];
	char body[BODY_MAX_LEN];
	int line;
};

static char *table;
static int faults; /* every cell is told of before the test fails */

static void cut(const char **at, char *ret, size_t size)
{
	*at += strspn(*at, " |");
	size_t len = strcspn(*at, "|\n");
	size_t kept = len;
	while (kept && (*at)[kept - 1] == ' ')
		kept--;
	assert_true(kept < size);
	memcpy(ret, *at, kept);
	ret[kept] = 0;
	*at += len;
}

/* NULL at the end. */
static const char *read_row(const char *at, struct row *ret)
{
	char call[96] = "";
	*ret = (struct row){.line = ret->line};
	for (;; at += strcspn(at, "\n") + 1) {
		ret->line++;
		if (!*at)
			return NULL;
		if (*at == ' ')
			break;
	}
	for (int i = 0; i < STAFF_ROLE_MAX; i++, at += 3) {
		assert_true(at[0] == ' ');
		memcpy(ret->cells[i], at + 1, 2);
	}
	cut(&at, call, sizeof call);
	cut(&at, ret->path, sizeof ret->path);
	cut(&at, ret->body, sizeof ret->body);
	assert_true(sscanf(call, "%7s %63s %23s", ret->method, ret->pattern,
	                    ret->act) >= 2);
	return at + (*at == '\n');
}

static const char *body_of_answer(void)
{
	const char *body = strstr(desk.reply, "\r\n\r\n");
	return body ? body + 4 : "";
}

static bool of_right(const char *type)
{
	static const char *const types[] = {"role-missing", "out-of-reach",
	        "session-over", "csrf", "proof-needed", "stranger",
	        "not-the-edge", "own-rights"};
	const char *colon = strrchr(type, ':');
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (colon && strcmp(colon + 1, types[i]) == 0)
			return true;
	return false;
}

struct asked {
	const struct row *row;
	enum api_door door;
	int64_t staff;
};

static void ask_row(const struct asked *a, bool known)
{
	char path[PATH_MAX_LEN], body[BODY_MAX_LEN];
	things_fill(a->row->path, known, path, sizeof path);
	things_fill(a->row->body, known, body, sizeof body);
	ask(a->door, a->staff, a->row->method, path, body);
}

static bool names_a_thing(const struct row *row)
{
	return strchr(row->path, '$') || strchr(row->body, '$');
}

/* The sign that the answer amounts to. */
static char sign_of(const struct asked *a)
{
	if (desk.status >= 200 && desk.status < 300)
		return '+';
	if (desk.status == 403 && of_right(desk_text("type")))
		return '-';
	if (desk.status != 404 || !names_a_thing(a->row))
		return of_right(desk_text("type")) ? '?' : 'h';
	char *first = strdup(body_of_answer());
	assert_non_null(first);
	ask_row(a, false);
	bool same = desk.status == 404 && strcmp(first, body_of_answer()) == 0;
	free(first);
	return same ? '0' : 'h';
}

static bool is_about_sessions(const struct row *row)
{
	return strcmp(row->method, "POST") == 0 &&
	       (strncmp(row->path, "/v1/session", 11) == 0 ||
	               strcmp(row->path, "/v1/password") == 0);
}

/* What acts change. The log is not asked: lists are published meanwhile. */
static int64_t state_of_office(void)
{
	static const char sql[] =
	        "SELECT (SELECT count(*) + 10 * total(state) + total(step)"
	        " FROM application)"
	        " + (SELECT count(*) FROM application_act)"
	        " + (SELECT total(id * phase) FROM card)"
	        " + (SELECT total(id * state + dead_at) FROM job)"
	        " + (SELECT total(id * state) FROM blank)"
	        " + (SELECT count(*) + total(active) FROM staff)"
	        " + (SELECT count(*) FROM staff_role)"
	        " + (SELECT count(*) FROM staff_access)"
	        " + (SELECT count(*) FROM card_noted)"
	        " + (SELECT count(*) + total(state) FROM batch)"
	        " + (SELECT count(*) FROM area)"
	        " + (SELECT count(*) FROM person)";
	return office_number(o, sql);
}

/* Calls date their entries by the machine's clock, the office by its own. */
static void set_clock(void)
{
	int64_t now = clock_now_s();
	if (o->now_s < now)
		o->now_s = now;
}

static void make_ready(const struct row *row)
{
	char space[BODY_MAX_LEN];
	set_clock();
	things_fill(row->path, true, space, sizeof space);
	things_fill(row->body, true, space, sizeof space);
	if (strstr(row->path, "/proof"))
		publishing_wait(); /* the list signs the log so far */
}

static char wanted(const struct row *row, int role, int away, int door)
{
	if (door == API_OPERATOR && is_about_sessions(row))
		return 'h'; /* the system user is who asks: no session here */
	return row->cells[role - 1][away];
}

static void check_cell(const struct row *row, int role, int away, int door)
{
	struct asked a = {row, (enum api_door)door, members[role][away]};
	char want = wanted(row, role, away, door), got;
	make_ready(row);
	int64_t before = state_of_office();
	ask_row(&a, true);
	got = sign_of(&a);
	bool refused = got == '-' || got == '0';
	bool kept = state_of_office() == before;
	if (got == '+' && strcmp(row->method, "POST") == 0)
		things_forget();
	if (got == want && (kept || !refused))
		return;
	faults++;
	print_error("rights.txt:%d: %s %s %s, %s %s, %s door: %c, not %c%s "
	            "(%d %.200s)\n",
	        row->line, row->method, row->pattern, row->act,
	        staff_role_word((enum staff_role)role),
	        away ? "elsewhere" : "here",
	        door == API_EDGE ? "edge" : "operator's", got, want,
	        kept ? "" : ", and something changed", desk.status,
	        body_of_answer());
}

static void check_row(const struct row *row)
{
	things_forget();
	for (int role = 1; role <= STAFF_ROLE_MAX; role++)
		for (int away = 0; away < 2; away++)
			for (int door = 0; door < 2; door++)
				check_cell(row, role, away, door);
}

static void read_table(void)
{
	uint8_t *text = NULL;
	size_t len = 0;
	assert_int_equal(file_read(HUFU_RIGHTS, TABLE_MAX, &text, &len), 0);
	table = malloc(len + 1);
	assert_non_null(table);
	memcpy(table, text, len);
	table[len] = 0;
	free(text);
}

static void each_cell_holds_at_both_doors(void **state)
{
	struct row row = {0};
	int rows = 0;
	(void)state;
	read_table();
	for (const char *at = table; (at = read_row(at, &row)); rows++)
		check_row(&row);
	assert_true(rows > 60);
	assert_int_equal(faults, 0);
	free(table);
}

static void every_call_stands_in_the_table(void **state)
{
	(void)state;
	read_table();
	for (size_t i = 0; i < api_routes_count; i++) {
		const struct api_route *route = &api_routes[i];
		char want[96];
		if (route->flags & API_OPEN)
			continue;
		(void)snprintf(want, sizeof want, "| %s %s ",
		        route->method == EVHTTP_REQ_GET ? "GET" : "POST",
		        route->path);
		if (!strstr(table, want))
			fail_msg("rights.txt says nothing of%s", want + 1);
	}
	free(table);
}

/* ---- every call there is ---- */

static void path_of(const struct api_route *route, char ret[PATH_MAX_LEN])
{
	size_t len = 0;
	for (const char *at = route->path; *at; at++) {
		ret[len++] = *at == '{' ? '1' : *at;
		if (*at == '{')
			at = strchr(at, '}');
	}
	ret[len] = 0;
}

typedef void (*route_check)(
        const struct api_route *route, const char *method, const char *path);

static void of_every_call(route_check check)
{
	for (size_t i = 0; i < api_routes_count; i++) {
		char path[PATH_MAX_LEN];
		path_of(&api_routes[i], path);
		check(&api_routes[i],
		        api_routes[i].method == EVHTTP_REQ_GET ? "GET" : "POST",
		        path);
	}
}

/* Refused before anything is asked of whoever it is. */
static void is_nobodys(
        const struct api_route *route, const char *method, const char *path)
{
	(void)method;
	bool open = strcmp(path, "/v1/session") == 0 ||
	            strcmp(path, "/v1/session/first") == 0;
	if (route->flags & API_OPEN)
		assert_true(open && route->roles == 0 &&
		            route->method == EVHTTP_REQ_POST);
	else
		assert_true(route->roles != 0);
	assert_true((route->roles & ~(uint32_t)ROLES_ALL) == 0);
}

static void no_call_is_left_without_a_role(void **state)
{
	(void)state;
	of_every_call(is_nobodys);
}

static void refuses_a_stranger(
        const struct api_route *route, const char *method, const char *path)
{
	(void)route;
	ask(API_OPERATOR, 0, method, path, "");
	desk_expect_problem(403, "stranger");
}

static void a_stranger_makes_no_call(void **state)
{
	(void)state;
	of_every_call(refuses_a_stranger);
}

static void refuses_the_roleless(
        const struct api_route *route, const char *method, const char *path)
{
	if (route->flags & API_OPEN)
		return;
	for (int door = 0; door < 2; door++) {
		ask((enum api_door)door, nobody, method, path, "");
		desk_expect_problem(403, "role-missing");
	}
}

static void who_has_no_role_makes_no_call(void **state)
{
	(void)state;
	of_every_call(refuses_the_roleless);
}

static void refuses_without_session(
        const struct api_route *route, const char *method, const char *path)
{
	if (route->flags & API_OPEN)
		return;
	memcpy(desk.socket_path, edges, sizeof edges);
	ask_with(method, path, "Content-Type: application/json\r\n", "");
	desk_expect_problem(401, "session-over");
}

static void without_a_session_there_is_nothing_at_the_edge(void **state)
{
	(void)state;
	of_every_call(refuses_without_session);
}

static void ask_at_the_edge(
        const char *method, const char *path, const char *more, bool fresh)
{
	struct api_call call = {0};
	char headers[512];
	memcpy(desk.socket_path, edges, sizeof edges);
	sign_in(members[STAFF_SECURITY_ADMIN][0], fresh);
	edge_set_cookie(&call, &session);
	(void)snprintf(headers, sizeof headers,
	        "Content-Type: application/json\r\nCookie: %.*s\r\n%s",
	        (int)strcspn(call.cookie, ";"), call.cookie, more);
	ask_with(method, path, headers, "");
}

static void refuses_without_csrf(
        const struct api_route *route, const char *method, const char *path)
{
	char more[128], csrf[EDGE_CSRF_LEN + 1];
	if (route->method != EVHTTP_REQ_POST || route->flags & API_OPEN)
		return;
	ask_at_the_edge(method, path, "", true);
	desk_expect_problem(403, "csrf");
	ask_at_the_edge(method, path, "X-Hufu-Csrf: 0\r\n", true);
	desk_expect_problem(403, "csrf");
	(void)snprintf(more, sizeof more,
	        "X-Hufu-Csrf: %s\r\n"
	        "Origin: https://elsewhere.example\r\n",
	        csrf_of(csrf));
	ask_at_the_edge(method, path, more, true);
	desk_expect_problem(403, "csrf");
}

static void no_act_passes_without_the_pages_header(void **state)
{
	(void)state;
	of_every_call(refuses_without_csrf);
}

/* What changes a case, a card, a job, stock or rights asks for proof. */
static void asks_for_proof(
        const struct api_route *route, const char *method, const char *path)
{
	static const char *const without[] = {"/v1/session", "/v1/password",
	        "/v1/persons/find", "/v1/photo/check", "/v1/cards/find",
	        "/v1/cards/1/scan"};
	char more[128], csrf[EDGE_CSRF_LEN + 1];
	bool want = route->method == EVHTTP_REQ_POST &&
	            /* typing in a case takes longer than a proof lasts */
	            strcmp(path, "/v1/applications") != 0;
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		if (strncmp(path, without[i], strlen(without[i])) == 0)
			want = false;
	assert_int_equal((route->flags & API_FRESH) != 0, want);
	if (!want)
		return;
	sign_in(members[STAFF_SECURITY_ADMIN][0], false);
	(void)snprintf(more, sizeof more, "X-Hufu-Csrf: %s\r\n", csrf_of(csrf));
	ask_at_the_edge(method, path, more, false);
	desk_expect_problem(403, "proof-needed");
}

static void acts_ask_for_proof(void **state)
{
	(void)state;
	of_every_call(asks_for_proof);
}

/* A clerk of another township who also counts the blanks of this county. */
static void two_roles_do_not_add_up(void **state)
{
	char path[PATH_MAX_LEN];
	(void)state;
	things_forget();
	things_fill("/v1/applications/$step1", true, path, sizeof path);
	ask(API_EDGE, both, "GET", path, "");
	desk_expect_problem(404, "no-application");
	ask(API_EDGE, both, "GET", "/v1/applications", "");
	desk_expect_done();
	assert_int_equal(
	        json_array_size(json_object_get(desk.json, "applications")), 0);
	ask(API_EDGE, both, "GET", "/v1/applications?area=" OFFICE_AREA, "");
	desk_expect_problem(403, "out-of-reach");
	ask(API_EDGE, both, "GET", "/v1/stock", "");
	desk_expect_done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(no_call_is_left_without_a_role),
	        cmocka_unit_test(every_call_stands_in_the_table),
	        cmocka_unit_test(a_stranger_makes_no_call),
	        cmocka_unit_test(who_has_no_role_makes_no_call),
	        cmocka_unit_test(
	                without_a_session_there_is_nothing_at_the_edge),
	        cmocka_unit_test(no_act_passes_without_the_pages_header),
	        cmocka_unit_test(acts_ask_for_proof),
	        cmocka_unit_test(two_roles_do_not_add_up),
	        cmocka_unit_test(each_cell_holds_at_both_doors),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
