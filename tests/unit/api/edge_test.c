/* Signing in at the edge, and everything that must not come through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/base/clock.h"
#include "host/staff/access.h"
#include "tests/unit/api/desk.h"

#define PASSWORD "a long enough secret"
#define JSON     "Content-Type: application/json\r\n"

static struct office office;
static uint8_t secret[TOTP_SECRET_LEN];
static int64_t used_step; /* of the last code that was given */

/* What the browser keeps. */
static char cookie[160], csrf[80];

static void sql(const char *text)
{
	char message[128];
	assert_int_equal(office_sql(&office, text, message, sizeof message), 0);
}

static int invite(struct store_tx *tx, void *arg)
{
	return access_invite(tx, office.desk, clock_now_s() + 100, arg);
}

static void decode_secret(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned bits = 0, have = 0;
	size_t at = 0;
	assert_int_equal(strlen(text), TOTP_TEXT_LEN);
	for (; *text; text++) {
		bits = bits << 5 | (unsigned)(strchr(letters, *text) - letters);
		have += 5;
		if (have >= 8)
			secret[at++] = (uint8_t)(bits >> (have -= 8));
	}
}

static void take_member(const char *member, char *ret, size_t size)
{
	(void)snprintf(ret, size, "%s", desk_text(member));
}

static void take_cookie(void)
{
	const char *at = strstr(desk.reply, "Set-Cookie: ");
	assert_non_null(at);
	at += strlen("Set-Cookie: ");
	(void)snprintf(
	        cookie, sizeof cookie, "%.*s", (int)strcspn(at, ";"), at);
	assert_non_null(strstr(
	        desk.reply, "; Path=/; Secure; HttpOnly; SameSite=Strict\r\n"));
	take_member("csrf", csrf, sizeof csrf);
}

static void next_code(char ret[TOTP_DIGITS + 1])
{
	int64_t now = clock_now_s() / TOTP_STEP_S;
	used_step = used_step < now ? now : used_step + 1;
	assert_int_equal(totp_code(secret, used_step, ret), 0);
}

static void try_sign_in(const char *password, const char *code)
{
	char body[256];
	(void)snprintf(body, sizeof body,
	        "{\"login\":\"desk\",\"password\":\"%s\",\"totp\":\"%s\"}",
	        password, code);
	desk_send("POST", "/v1/session", JSON, body);
}

static void sign_in(void)
{
	char code[TOTP_DIGITS + 1];
	next_code(code);
	try_sign_in(PASSWORD, code);
	desk_expect_done();
	take_cookie();
}

static void accept_invite(const char *code)
{
	char body[256];
	(void)snprintf(body, sizeof body,
	        "{\"login\":\"desk\",\"code\":\"%s\",\"password\":\"" PASSWORD
	        "\"}",
	        code);
	desk_send("POST", "/v1/session/first", JSON, body);
}

/* A member with a password and a device, who has not signed in yet. */
static int set_up(void **state)
{
	char code[ACCESS_INVITE_LEN + 1];
	(void)state;
	used_step = 0;
	office_open(&office);
	if (desk_open_edge(&office) != 0)
		return -1;
	assert_int_equal(store_write(office.store, invite, code), 0);
	accept_invite(code);
	desk_expect_done();
	decode_secret(desk_text("secret"));
	assert_non_null(strstr(desk_text("otpauth"), desk_text("secret")));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	office_close(&office);
	return 0;
}

static void get(const char *path)
{
	char headers[256];
	(void)snprintf(headers, sizeof headers, "Cookie: a=b; %s\r\n", cookie);
	desk_send("GET", path, headers, "");
}

static void post(const char *path, const char *extra, const char *body)
{
	char headers[512];
	(void)snprintf(headers, sizeof headers,
	        JSON "Cookie: %s\r\nX-Hufu-Csrf: %s\r\n%s", cookie, csrf,
	        extra);
	desk_send("POST", path, headers, body);
}

static void signs_in_and_out(void **state)
{
	(void)state;
	sign_in();
	assert_string_equal(desk_text("version"), "test");
	assert_int_equal(strlen(csrf), 64);
	get("/v1/session");
	desk_expect_done();
	assert_string_equal(desk_text("csrf"), csrf);
	post("/v1/session/end", "", "{}");
	desk_expect_done();
	assert_non_null(strstr(desk.reply, "Max-Age=0"));
	get("/v1/session");
	desk_expect_problem(401, "session-over");
}

static void a_code_counts_once(void **state)
{
	char code[TOTP_DIGITS + 1];
	(void)state;
	next_code(code);
	try_sign_in(PASSWORD, code);
	desk_expect_done();
	try_sign_in(PASSWORD, code);
	desk_expect_problem(401, "sign-in");
}

static void says_the_same_of_every_mistake(void **state)
{
	char code[TOTP_DIGITS + 1], first[DESK_REPLY_MAX / 256];
	(void)state;
	next_code(code);
	try_sign_in("another long secret", code);
	desk_expect_problem(401, "sign-in");
	take_member("zh", first, sizeof first);
	try_sign_in(PASSWORD, "000000");
	desk_expect_problem(401, "sign-in");
	assert_string_equal(desk_text("zh"), first);
	desk_send("POST", "/v1/session", JSON,
	        "{\"login\":\"nobody\",\"password\":\"" PASSWORD
	        "\",\"totp\":\"123456\"}");
	desk_expect_problem(401, "sign-in");
	assert_string_equal(desk_text("zh"), first);
	/* invited, but the device is not shown to work: no session by it */
	assert_int_equal(
	        office_number(&office, "SELECT count(*) FROM session"), 0);
}

static int unlock(struct store_tx *tx, void *arg)
{
	return access_unlock(tx, *(int64_t *)arg);
}

static void locks_after_five_mistakes_until_unlocked(void **state)
{
	char code[TOTP_DIGITS + 1];
	(void)state;
	for (int i = 0; i < ACCESS_FAILURES_MAX; i++) {
		try_sign_in("another long secret", "000000");
		desk_expect_problem(401, "sign-in");
	}
	next_code(code);
	try_sign_in(PASSWORD, code); /* right, but too late */
	desk_expect_problem(429, "sign-in-locked");
	assert_int_equal(
	        office_number(&office, "SELECT failures FROM staff_access"),
	        ACCESS_FAILURES_MAX);
	assert_int_equal(store_write(office.store, unlock, &office.desk), 0);
	try_sign_in(PASSWORD, code);
	desk_expect_done();
	assert_int_equal(
	        office_number(&office, "SELECT failures FROM staff_access"), 0);
}

static void needs_the_pages_own_header(void **state)
{
	char headers[256], keep[sizeof csrf];
	(void)state;
	sign_in();
	(void)snprintf(headers, sizeof headers, JSON "Cookie: %s\r\n", cookie);
	desk_send("POST", "/v1/session/end", headers, "{}");
	desk_expect_problem(403, "csrf");
	memcpy(keep, csrf, sizeof keep);
	csrf[5] = csrf[5] == '0' ? '1' : '0';
	post("/v1/session/end", "", "{}");
	desk_expect_problem(403, "csrf");
	memcpy(csrf, keep, sizeof keep);
	post("/v1/session/end", "Origin: https://elsewhere.example\r\n", "{}");
	desk_expect_problem(403, "csrf");
	post("/v1/session/end", "Sec-Fetch-Site: cross-site\r\n", "{}");
	desk_expect_problem(403, "csrf");
	post("/v1/session/end", "Origin: https://localhost\r\n", "{}");
	desk_expect_done();
}

static void a_form_of_another_site_signs_nobody_in(void **state)
{
	(void)state;
	desk_send("POST", "/v1/session", "Content-Type: text/plain\r\n",
	        "{\"login\":\"desk\"}");
	desk_expect_problem(400, "content-type");
	desk_send("POST", "/v1/session", JSON "Sec-Fetch-Site: cross-site\r\n",
	        "{\"login\":\"desk\"}");
	desk_expect_problem(403, "csrf");
}

static void a_planted_session_is_no_session(void **state)
{
	char planted[sizeof cookie];
	(void)state;
	(void)snprintf(cookie, sizeof cookie, "__Host-hufu=%064d", 7);
	get("/v1/session");
	desk_expect_problem(401, "session-over");
	memcpy(planted, cookie, sizeof planted);
	sign_in();
	assert_string_not_equal(cookie, planted);
	/* two cookies of the name: whose is it? */
	char both[400];
	(void)snprintf(
	        both, sizeof both, "Cookie: %s; %s\r\n", cookie, planted);
	desk_send("GET", "/v1/session", both, "");
	desk_expect_problem(401, "session-over");
}

static void proving_oneself_changes_the_token(void **state)
{
	char body[64], code[TOTP_DIGITS + 1], old[sizeof cookie];
	(void)state;
	sign_in();
	sql("UPDATE session SET fresh_until = 0");
	post("/v1/applications/1/acts", "", "{\"event\":\"accept\"}");
	desk_expect_problem(403, "proof-needed");
	memcpy(old, cookie, sizeof old);
	next_code(code);
	(void)snprintf(body, sizeof body, "{\"totp\":\"%s\"}", code);
	post("/v1/session/proof", "", body);
	desk_expect_done();
	take_cookie();
	assert_string_not_equal(cookie, old);
	post("/v1/applications/1/acts", "", "{\"event\":\"accept\"}");
	assert_int_equal(desk.status, 404); /* heard now: no such case */
	memcpy(cookie, old, sizeof old);
	get("/v1/session");
	desk_expect_problem(401, "session-over");
}

static void ends_by(const char *statement)
{
	sign_in();
	get("/v1/session");
	desk_expect_done();
	sql(statement);
	get("/v1/session");
	desk_expect_problem(401, "session-over");
}

static void ends_when_idle(void **state)
{
	(void)state;
	ends_by("UPDATE session SET used = used - 901");
}

static void ends_after_half_a_day(void **state)
{
	(void)state;
	ends_by("UPDATE session SET created = created - 43201");
}

static void ends_when_rights_change(void **state)
{
	(void)state;
	ends_by("DELETE FROM staff_role WHERE staff ="
	        " (SELECT id FROM staff WHERE login = 'desk')");
	sql("INSERT INTO staff_role (staff, role, area) SELECT id, 2,"
	    " '320106' FROM staff WHERE login = 'desk'");
	ends_by("INSERT INTO staff_role (staff, role, area) SELECT id, 3,"
	        " '320106' FROM staff WHERE login = 'desk'");
}

static void ends_with_the_employment(void **state)
{
	(void)state;
	ends_by("UPDATE staff SET active = 0 WHERE login = 'desk'");
	assert_int_equal(
	        office_number(&office, "SELECT count(*) FROM staff_access"
	                               " WHERE password IS NOT NULL"),
	        0);
}

static void is_bound_to_its_certificate(void **state)
{
	static const char print[] =
	        "X-Client-Fingerprint: "
	        "00112233445566778899aabbccddeeff00112233\r\n";
	char code[TOTP_DIGITS + 1], body[256], headers[512];
	(void)state;
	next_code(code);
	(void)snprintf(body, sizeof body,
	        "{\"login\":\"desk\",\"password\":\"" PASSWORD
	        "\",\"totp\":\"%s\"}",
	        code);
	(void)snprintf(headers, sizeof headers,
	        JSON "X-Client-Verify: SUCCESS\r\n%s", print);
	desk_send("POST", "/v1/session", headers, body);
	desk_expect_done();
	take_cookie();
	get("/v1/session");
	desk_expect_problem(401, "session-over");
	(void)snprintf(headers, sizeof headers,
	        "X-Client-Verify: FAILED\r\n%sCookie: %s\r\n", print, cookie);
	desk_send("GET", "/v1/session", headers, "");
	desk_expect_problem(401, "session-over");
	(void)snprintf(headers, sizeof headers,
	        "X-Client-Verify: SUCCESS\r\n%sCookie: %s\r\n", print, cookie);
	desk_send("GET", "/v1/session", headers, "");
	desk_expect_done();
}

static void only_nginx_is_heard(void **state)
{
	(void)state;
	sign_in();
	desk_close();
	struct api_server_options options = {.services = &desk.services,
	        .socket_path = desk.socket_path,
	        .socket_mode = 0666,
	        .socket_group = (gid_t)-1,
	        .door = API_EDGE,
	        .edge_uid = getuid() + 1};
	struct problem p;
	assert_int_equal(api_server_open(&options, &desk.server, &p), 0);
	get("/v1/session");
	desk_expect_problem(403, "not-the-edge");
}

static void an_invitation_ends_when_the_device_works(void **state)
{
	char code[ACCESS_INVITE_LEN + 1];
	(void)state;
	assert_int_equal(store_write(office.store, invite, code), 0);
	accept_invite("ABCDEFGHJKLMNPQR");
	desk_expect_problem(401, "invitation");
	accept_invite(code);
	desk_expect_done();
	accept_invite(code); /* the picture was lost: again */
	desk_expect_done();
	decode_secret(desk_text("secret"));
	used_step = 0;
	sign_in();
	accept_invite(code);
	desk_expect_problem(401, "invitation");
}

static void an_invitation_runs_out(void **state)
{
	char code[ACCESS_INVITE_LEN + 1];
	(void)state;
	assert_int_equal(store_write(office.store, invite, code), 0);
	sql("UPDATE staff_access SET invite_until = 1");
	accept_invite(code);
	desk_expect_problem(401, "invitation");
}

static void changes_a_password_and_ends_other_sessions(void **state)
{
	char first[sizeof cookie];
	(void)state;
	sign_in();
	memcpy(first, cookie, sizeof first);
	sign_in();
	post("/v1/password", "",
	        "{\"password\":\"" PASSWORD "\",\"new_password\":\"short\"}");
	desk_expect_problem(400, "weak-password");
	post("/v1/password", "",
	        "{\"password\":\"wrong wrong wrong\",\"new_password\":"
	        "\"another long secret\"}");
	desk_expect_problem(401, "sign-in");
	post("/v1/password", "",
	        "{\"password\":\"" PASSWORD
	        "\",\"new_password\":\"another long secret\"}");
	desk_expect_done();
	get("/v1/session");
	desk_expect_done();
	memcpy(cookie, first, sizeof first);
	get("/v1/session");
	desk_expect_problem(401, "session-over");
}

int main(void)
{
#define EACH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        EACH(signs_in_and_out),
	        EACH(a_code_counts_once),
	        EACH(says_the_same_of_every_mistake),
	        EACH(locks_after_five_mistakes_until_unlocked),
	        EACH(needs_the_pages_own_header),
	        EACH(a_form_of_another_site_signs_nobody_in),
	        EACH(a_planted_session_is_no_session),
	        EACH(proving_oneself_changes_the_token),
	        EACH(ends_when_idle),
	        EACH(ends_after_half_a_day),
	        EACH(ends_when_rights_change),
	        EACH(ends_with_the_employment),
	        EACH(is_bound_to_its_certificate),
	        EACH(only_nginx_is_heard),
	        EACH(an_invitation_ends_when_the_device_works),
	        EACH(an_invitation_runs_out),
	        EACH(changes_a_password_and_ends_other_sessions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
