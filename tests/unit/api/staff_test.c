/* Who may do what changes by the security administrator's hand alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/base/file.h"
#include "host/staff/staff.h"
#include "tests/unit/api/desk.h"

#define LEAVER_UID "64001"

static struct office office;
static int64_t security, system_admin;

static int64_t hire(const char *login, uid_t uid, enum staff_role role)
{
	char message[128], sql[256];
	int64_t id;

	(void)snprintf(sql, sizeof sql,
	        "INSERT INTO staff (login, title) VALUES ('%s', '%s');"
	        "INSERT INTO staff_uid (uid, staff) VALUES (%u, (SELECT id"
	        " FROM staff WHERE login = '%s'))",
	        login, login, (unsigned)uid, login);
	assert_int_equal(office_sql(&office, sql, message, sizeof message), 0);
	id = office_number(&office, "SELECT max(id) FROM staff");
	(void)snprintf(sql, sizeof sql,
	        "INSERT INTO staff_role (staff, role, area)"
	        " VALUES (%lld, %d, '00')",
	        (long long)id, role);
	assert_int_equal(office_sql(&office, sql, message, sizeof message), 0);
	return id;
}

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	security = hire("security", 60001, STAFF_SECURITY_ADMIN);
	system_admin = hire("system", 60002, STAFF_SYSTEM_ADMIN);
	if (desk_open(&office) != 0)
		return -1;
	desk_act_as(security);
	desk_ask("POST", "/v1/staff",
	        "{\"login\":\"leaver\",\"title\":\"测试员\",\"uid\":" LEAVER_UID
	        ",\"roles\":[{\"role\":\"township\",\"area\":\"320106001\"},"
	        "{\"role\":\"personaliser\",\"area\":\"320106\"}]}");
	desk_expect_done();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	office_close(&office);
	return 0;
}

static void act(const char *body)
{
	desk_ask("POST", "/v1/staff/acts", body);
}

static int64_t roles(void)
{
	return office_number(&office,
	        "SELECT count(*) FROM staff_role JOIN staff ON id = staff"
	        " WHERE login = 'leaver'");
}

static void a_role_is_revoked_and_granted(void **state)
{
	struct log_entry e;

	(void)state;
	assert_int_equal(roles(), 2);
	act("{\"act\":\"revoke\",\"login\":\"leaver\",\"roles\":"
	    "[{\"role\":\"personaliser\",\"area\":\"320106\"}]}");
	desk_expect_done();
	assert_int_equal(roles(), 1);
	e = office_log_entry(&office, 0);
	assert_int_equal(e.type, LOG_RIGHTS);
	assert_string_equal(e.ground, "revoked-personaliser");
	assert_string_equal(e.area, "320106");
	/* the auditor can be shown by whom */
	assert_true(e.present & LOG_HAS(LOG_ACTOR));
	act("{\"act\":\"revoke\",\"login\":\"leaver\",\"roles\":"
	    "[{\"role\":\"personaliser\",\"area\":\"320106\"}]}");
	desk_expect_problem(404, "no-such-right");
	act("{\"act\":\"grant\",\"login\":\"leaver\",\"roles\":"
	    "[{\"role\":\"stock-keeper\",\"area\":\"320106\"}]}");
	desk_expect_done();
	assert_int_equal(roles(), 2);
	assert_string_equal(
	        office_log_entry(&office, 0).ground, "granted-stock-keeper");
	act("{\"act\":\"grant\",\"login\":\"leaver\",\"roles\":"
	    "[{\"role\":\"city\",\"area\":\"320100\"}]}");
	desk_expect_done();
}

static void who_is_dismissed_can_do_nothing(void **state)
{
	(void)state;
	act("{\"act\":\"dismiss\",\"login\":\"leaver\"}");
	desk_expect_done();
	assert_int_equal(roles(), 0);
	assert_int_equal(office_number(&office, "SELECT count(*) FROM staff_uid"
	                                        " WHERE uid = " LEAVER_UID),
	        0);
	assert_int_equal(office_number(&office, "SELECT active FROM staff"
	                                        " WHERE login = 'leaver'"),
	        0);
	assert_string_equal(office_log_entry(&office, 0).ground, "dismissed");
	act("{\"act\":\"dismiss\",\"login\":\"leaver\"}");
	desk_expect_problem(404, "no-such-staff");
}

static void all_roles_of_a_request_or_none(void **state)
{
	int64_t log = office_log_size(&office);

	(void)state;
	act("{\"act\":\"grant\",\"login\":\"leaver\",\"roles\":"
	    "[{\"role\":\"city\",\"area\":\"320106\"},"
	    "{\"role\":\"city\",\"area\":\"999999\"}]}");
	desk_expect_problem(400, "area-unknown");
	act("{\"act\":\"grant\",\"login\":\"leaver\",\"roles\":"
	    "[{\"role\":\"city\",\"area\":\"320106\"},"
	    "{\"role\":\"stock-keeper\",\"area\":\"320106\"}]}");
	desk_expect_problem(409, "role-conflict");
	assert_int_equal(roles(), 2);
	assert_int_equal(office_log_size(&office), log);
}

static void refuses_what_it_does_not_know(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *slug;
	} bad[] = {
	        {"{\"act\":\"promote\",\"login\":\"leaver\"}", 400,
	                "unknown-word"},
	        {"{\"act\":\"grant\",\"login\":\"leaver\"}", 400,
	                "unknown-word"},
	        {"{\"act\":\"revoke\",\"login\":\"leaver\",\"roles\":[]}", 400,
	                "unknown-word"},
	        {"{\"act\":\"dismiss\",\"login\":\"leaver\",\"roles\":[]}", 400,
	                "unknown-word"},
	        {"{\"act\":\"grant\",\"login\":\"leaver\",\"roles\":"
	         "[{\"role\":\"king\",\"area\":\"320106\"}]}",
	                400, "unknown-role"},
	        {"{\"act\":\"dismiss\",\"login\":\"nobody\"}", 404,
	                "no-such-staff"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		act(bad[i].body);
		desk_expect_problem(bad[i].status, bad[i].slug);
	}
	desk_ask("POST", "/v1/staff",
	        "{\"login\":\"Not A Login\",\"title\":\"t\",\"uid\":64002,"
	        "\"roles\":[]}");
	desk_expect_problem(409, "staff-exists");
	assert_int_equal(roles(), 2);
}

static void nobody_else_and_not_oneself(void **state)
{
	static const char grant[] =
	        "{\"act\":\"grant\",\"login\":\"security\",\"roles\":"
	        "[{\"role\":\"auditor\",\"area\":\"320106\"}]}";
	static const char dismiss[] =
	        "{\"act\":\"dismiss\",\"login\":\"security\"}";
	const int64_t others[] = {system_admin, office.step[4], office.desk};

	(void)state;
	act(grant);
	desk_expect_problem(403, "own-rights");
	act(dismiss);
	desk_expect_problem(403, "own-rights");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		desk_act_as(others[i]);
		act(dismiss);
		desk_expect_problem(403, "role-missing");
	}
	assert_int_equal(office_number(&office, "SELECT count(*) FROM staff"
	                                        " WHERE NOT active"),
	        0);
}

static void areas_and_backups_are_the_system_administrators(void **state)
{
	char body[160], path[128];

	(void)state;
	(void)snprintf(path, sizeof path, "%s/copy.db", office.folder);
	(void)snprintf(body, sizeof body, "{\"path\":\"%s\"}", path);
	desk_ask("POST", "/v1/backups", body);
	desk_expect_problem(403, "role-missing");
	assert_false(file_exists(path));
	desk_act_as(system_admin);
	desk_ask("POST", "/v1/backups", body);
	desk_expect_done();
	assert_true(file_exists(path));
	desk_ask("POST", "/v1/backups", body);
	desk_expect_problem(409, "backup-exists");
	desk_ask("POST", "/v1/backups", "{\"path\":\"copy.db\"}");
	desk_expect_problem(400, "relative-path");
	assert_int_equal(unlink(path), 0);
	desk_ask("POST", "/v1/areas",
	        "{\"code\":\"320106777\",\"name\":\"测试街道\"}");
	desk_expect_done();
	assert_int_equal(office_number(&office, "SELECT count(*) FROM area"
	                                        " WHERE code = '320106777'"),
	        1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(a_role_is_revoked_and_granted),
	        TEST(who_is_dismissed_can_do_nothing),
	        TEST(all_roles_of_a_request_or_none),
	        TEST(refuses_what_it_does_not_know),
	        TEST(nobody_else_and_not_oneself),
	        TEST(areas_and_backups_are_the_system_administrators),
	};

	return cmocka_run_group_tests_name("api_staff", tests, NULL, NULL);
}
