#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/staff/area.h"
#include "host/staff/staff.h"

static char folder[64], path[96];
static struct store *store;

static int set_up(void **state)
{
	struct store_options o = {.url = path, .create = true};

	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-staff-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/db", folder);
	return store_open(&o, &store, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store);
	return unlink(path) | rmdir(folder);
}

static int add_areas(struct store_tx *tx)
{
	static const char *const codes[] = {"320000", "320100", "320106",
	        "320106001", "320106001001", "441900"};
	struct problem p;

	for (int i = 0; i < 5; i++)
		assert_int_equal(area_add(tx, codes[i], "测试", &p), 0);
	return 0;
}

static int do_areas(struct store_tx *tx, void *arg)
{
	struct problem p;
	struct area a;

	(void)arg;
	assert_int_equal(area_add(tx, "320106", "x", &p), HUFU_ERR_NOT_FOUND);
	assert_string_equal(p.type, "area-parent");
	assert_int_equal(add_areas(tx), 0);
	assert_int_equal(area_add(tx, "320106", "x", &p), HUFU_ERR_CONFLICT);
	assert_int_equal(area_add(tx, "32010", "x", &p), HUFU_ERR_ARGUMENT);
	assert_int_equal(area_add(tx, "000000", "x", &p), HUFU_ERR_ARGUMENT);
	assert_int_equal(area_add(tx, "32010a", "x", &p), HUFU_ERR_ARGUMENT);
	assert_int_equal(area_add(tx, "330106", "x", &p), HUFU_ERR_NOT_FOUND);
	/* A county right below its province, and a township below a city. */
	assert_int_equal(area_add(tx, "329001", "x", &p), 0);
	assert_int_equal(area_add(tx, "320100001", "x", &p), 0);
	assert_int_equal(area_find(tx, "320106001", &a), 0);
	assert_int_equal(a.level, AREA_TOWNSHIP);
	assert_string_equal(a.name, "测试");
	assert_int_equal(area_find(tx, "320107", &a), HUFU_ERR_NOT_FOUND);
	return 0;
}

static void knows_the_tree_of_areas(void **state)
{
	(void)state;
	assert_int_equal(store_write(store, do_areas, NULL), 0);
}

static int do_roles(struct store_tx *tx, void *arg)
{
	struct problem p;
	struct staff s;
	int64_t clerk = 0, boss = 0;

	(void)arg;
	assert_int_equal(add_areas(tx), 0);
	assert_int_equal(staff_add(tx, "clerk", "测试员一", 2001, &clerk), 0);
	assert_int_equal(staff_add(tx, "boss", "测试员二", 2002, &boss), 0);
	assert_int_equal(
	        staff_grant(tx, clerk, STAFF_TOWNSHIP, "320106001", &p), 0);
	assert_int_equal(staff_grant(tx, boss, STAFF_CITY, "320100", &p), 0);
	assert_int_equal(staff_grant(tx, boss, STAFF_CITY, "999999", &p),
	        HUFU_ERR_CONFLICT);
	assert_int_equal(
	        staff_check(tx, clerk, STAFF_TOWNSHIP, "320106001", &p), 0);
	assert_int_equal(
	        staff_check(tx, clerk, STAFF_TOWNSHIP, "320106001001", &p), 0);
	assert_int_equal(staff_check(tx, clerk, STAFF_TOWNSHIP, "320106", &p),
	        HUFU_ERR_DENIED);
	assert_string_equal(p.type, "role-missing");
	assert_non_null(strstr(p.zh, "乡镇"));
	assert_non_null(strstr(p.en, "township"));
	assert_int_equal(staff_check(tx, clerk, STAFF_CITY, "320106001", &p),
	        HUFU_ERR_DENIED);
	assert_int_equal(staff_check(tx, boss, STAFF_CITY, "320106", &p), 0);
	assert_int_equal(staff_check(tx, boss, STAFF_CITY, "320000", &p),
	        HUFU_ERR_DENIED);
	assert_int_equal(
	        staff_check_any(tx, boss,
	                1U << STAFF_CITY | 1U << STAFF_PROVINCE, "320106", &p),
	        0);
	assert_int_equal(staff_revoke(tx, boss, STAFF_CITY, "320100"), 0);
	assert_int_equal(staff_revoke(tx, boss, STAFF_CITY, "320100"),
	        HUFU_ERR_NOT_FOUND);
	assert_int_equal(staff_check(tx, boss, STAFF_CITY, "320106", &p),
	        HUFU_ERR_DENIED);
	assert_int_equal(staff_find_by_uid(tx, 2001, &s), 0);
	assert_string_equal(s.login, "clerk");
	assert_int_equal(staff_find_by_login(tx, "boss", &s), 0);
	assert_int_equal(s.id, boss);
	assert_int_equal(staff_dismiss(tx, clerk), 0);
	assert_int_equal(staff_find_by_uid(tx, 2001, &s), HUFU_ERR_NOT_FOUND);
	assert_int_equal(
	        staff_check(tx, clerk, STAFF_TOWNSHIP, "320106001", &p),
	        HUFU_ERR_DENIED);
	assert_int_equal(staff_find(tx, clerk, &s), 0);
	assert_false(s.active);
	assert_int_equal(staff_dismiss(tx, clerk), HUFU_ERR_NOT_FOUND);
	return 0;
}

static void roles_reach_what_lies_within(void **state)
{
	(void)state;
	assert_int_equal(store_write(store, do_roles, NULL), 0);
}

static int do_separation(struct store_tx *tx, void *arg)
{
	struct problem p;
	int64_t id = 0;

	(void)arg;
	assert_int_equal(staff_add(tx, "a", "a", 1, &id), 0);
	assert_int_equal(staff_grant(tx, id, STAFF_SYSTEM_ADMIN, "00", &p), 0);
	for (int role = 1; role <= STAFF_ROLE_MAX; role++)
		if (role != STAFF_SYSTEM_ADMIN)
			assert_int_equal(
			        staff_grant(tx, id, (enum staff_role)role, "00",
			                &p),
			        HUFU_ERR_CONFLICT);
	assert_int_equal(staff_add(tx, "b", "b", 2, &id), 0);
	assert_int_equal(staff_grant(tx, id, STAFF_PERSONALISER, "00", &p), 0);
	assert_int_equal(staff_grant(tx, id, STAFF_STOCK_KEEPER, "00", &p),
	        HUFU_ERR_CONFLICT);
	assert_int_equal(staff_grant(tx, id, STAFF_AUDITOR, "00", &p),
	        HUFU_ERR_CONFLICT);
	assert_int_equal(staff_grant(tx, id, STAFF_AUDIT_ADMIN, "00", &p),
	        HUFU_ERR_CONFLICT);
	assert_int_equal(staff_grant(tx, id, STAFF_CITY, "00", &p), 0);
	assert_int_equal(staff_add(tx, "c", "c", 2, &id), HUFU_ERR_CONFLICT);
	assert_int_equal(staff_add(tx, "b", "b", 3, &id), HUFU_ERR_CONFLICT);
	assert_int_equal(staff_add(tx, "B", "b", 3, &id), HUFU_ERR_CONFLICT);
	assert_int_equal(staff_add(tx, "", "b", 3, &id), HUFU_ERR_CONFLICT);
	return 0;
}

static void separates_the_three_administrators(void **state)
{
	(void)state;
	assert_int_equal(store_write(store, do_separation, NULL), 0);
}

static void names_roles_as_the_schema_does(void **state)
{
	(void)state;
	for (int role = 1; role <= STAFF_ROLE_MAX; role++)
		assert_int_equal(
		        staff_role_of(staff_role_word((enum staff_role)role)),
		        role);
	assert_int_equal(staff_role_of("king"), 0);
	assert_null(staff_role_word(0));
	assert_null(staff_role_word(STAFF_ROLE_MAX + 1));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(knows_the_tree_of_areas),
	        TEST(roles_reach_what_lies_within),
	        TEST(separates_the_three_administrators),
	        cmocka_unit_test(names_roles_as_the_schema_does),
	};

	return cmocka_run_group_tests_name("staff", tests, NULL, NULL);
}
