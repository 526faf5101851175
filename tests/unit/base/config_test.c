#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/config.h"
#include "host/base/json.h"

static struct problem problem;

static struct config *parse(const char *text)
{
	struct config *c = NULL;

	assert_int_equal(config_parse(text, "x.ini", &c, &problem), 0);
	return c;
}

static void reads_what_it_is_asked_for(void **state)
{
	static const struct config_choice colours[] = {
	        {"red", 1}, {"blue", 2}, {NULL, 0}};
	struct config *c = parse(
	        "\xEF\xBB\xBF; comment\r\n[a]\r\ntext = 虎符 x\r\n"
	        "n=-5\r\nflag = yes\r\nday = 2026-08-01\r\ncolour = blue\r\n"
	        "[station west]\nk = 1\n[station east]\nk = 2\n");

	(void)state;
	assert_string_equal(config_text(c, "a", "text", ""), "虎符 x");
	assert_string_equal(config_text(c, "a", "other", "-"), "-");
	assert_int_equal(config_number(c, "a", "n",
	                         &(struct config_int){-9, 9, 0, true}),
	        -5);
	assert_true(config_bool(c, "a", "flag", false));
	assert_true(config_bool(c, "a", "flag2", true));
	assert_int_equal(config_word(c, "a", "colour", colours), 2);
	assert_int_equal(config_word(c, "a", "colour2", colours), 1);
	assert_int_equal(config_date(c, "a", "day", true).day, 1);
	assert_false(date_is_set(config_date(c, "a", "day2", false)));
	assert_string_equal(config_section(c, "station ", 0), "station west");
	assert_string_equal(config_section(c, "station ", 1), "station east");
	assert_null(config_section(c, "station ", 2));
	assert_true(config_has(c, "station west", "k"));
	assert_true(config_has(c, "station east", "k"));
	assert_int_equal(config_done(c, &problem), 0);
	config_free(c);
}

static void names_file_line_and_key(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
	        {"[a]\nn = 1\nm = 2\n", "x.ini line 3, m: unknown key"},
	        {"[b]\nn = 1\n", "x.ini line 2, n: unknown key"},
	        {"n = 1\n[a]\n", "x.ini line 1, n: unknown key"},
	        {"[a]\nn = x\n", "x.ini line 2, n: must be a whole number"},
	        {"[a]\nn = 100\n", "x.ini line 2, n: must be a whole number"},
	        {"[a]\nn =\n", "x.ini line 2, n: must be a whole number"},
	        {"[a]\nf = maybe\n", "x.ini line 2, f: must be yes or no"},
	        {"[a]\nd = 2026-02-30\n", "x.ini line 2, d: must be a date"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct config *c = parse(cases[i].text);

		(void)config_number(
		        c, "a", "n", &(struct config_int){0, 9, 0, false});
		(void)config_bool(c, "a", "f", false);
		(void)config_date(c, "a", "d", false);
		assert_int_equal(config_done(c, &problem), HUFU_ERR_CONFIG);
		if (!strstr(problem.en, cases[i].says))
			fail_msg("%zu: %s", i, problem.en);
		assert_non_null(strstr(problem.zh, "x.ini 第 "));
		config_free(c);
	}
}

static void refuses_files_that_can_be_misread(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
	        {"[a]\nn = 1\nn = 2\n", "line 3, n: this key stands twice"},
	        {"[a]\nn = 1\n[a]\nn = 2\n", "line 4, n: this key stands"},
	        {"[a]\njunk\n", "line 2, -: this line is not understood"},
	        {"[a\nn = 1\n", "line 1, -: this line is not understood"},
	        {"[a]\nn = 1\n  2\n", "line 3, -: a line may not begin"},
	        {"[a]\n = 1\n", "line 2"},
	};
	struct config *c = NULL;
	char text[400] = "[a]\nlong = ";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(
		        config_parse(cases[i].text, "x.ini", &c, &problem),
		        HUFU_ERR_CONFIG);
		if (!strstr(problem.en, cases[i].says))
			fail_msg("%zu: %s", i, problem.en);
	}
	memset(text + 11, 'x', 300);
	assert_int_equal(
	        config_parse(text, "x.ini", &c, &problem), HUFU_ERR_CONFIG);
	assert_non_null(strstr(problem.en, "line 2, -: this line is too long"));
	(void)snprintf(text, sizeof text, "[%0100d]\nn = 1\n", 7);
	assert_int_equal(
	        config_parse(text, "x.ini", &c, &problem), HUFU_ERR_CONFIG);
	assert_null(c);
	assert_int_equal(config_open("/nowhere/x.ini", &c, &problem),
	        HUFU_ERR_NOT_FOUND);
}

static void says_what_is_missing(void **state)
{
	struct config *c = parse("[a]\nn = 1\n");

	(void)state;
	assert_string_equal(config_text(c, "a", "path", CONFIG_REQUIRED), "");
	assert_int_equal(config_done(c, &problem), HUFU_ERR_CONFIG);
	assert_string_equal(problem.en, "x.ini, [a]: path is missing; add it.");
	config_free(c);
	c = parse("[a]\nn = 1\n");
	(void)config_has(c, "a", "n");
	config_refuse(c, "a", "n", "不行。", "will not do");
	config_refuse(c, "a", "n", "第二", "second");
	assert_int_equal(config_done(c, &problem), HUFU_ERR_CONFIG);
	assert_string_equal(problem.en, "x.ini line 2, n: will not do");
	assert_string_equal(problem.zh, "x.ini 第 2 行，n：不行。");
	config_free(c);
}

static int read_json(const char *text)
{
	_cleanup_(json_cleanup) json_t *j = NULL;
	struct json_reader r;
	int code = json_parse(span_of_text(text), &j, &problem);

	if (code < 0)
		return code;
	json_reader_init(&r, j);
	(void)json_get_text(&r, "name", 8, true);
	(void)json_get_int(&r, "count", 0, 9, 5);
	(void)json_get_bool(&r, "flag", false);
	(void)json_get_date(&r, "day", false);
	(void)json_get_array(&r, "list", 2, false);
	(void)json_get_object(&r, "more", false);
	return json_reader_done(&r, &problem);
}

static void refuses_loose_json(void **state)
{
	static const char *const bad[] = {"", "null", "[]", "{", "{}",
	        "{\"name\":1}", "{\"name\":\"123456789\"}",
	        "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"a\",}",
	        "{\"name\":\"a\"} x", "{\"name\":\"a\\u0000\"}",
	        "{\"name\":\"\xFF\"}", "{\"name\":\"a\",\"x\":1}",
	        "{\"name\":\"a\",\"count\":10}",
	        "{\"name\":\"a\",\"count\":1.0}",
	        "{\"name\":\"a\",\"count\":\"1\"}",
	        "{\"name\":\"a\",\"count\":99999999999999999999}",
	        "{\"name\":\"a\",\"flag\":1}",
	        "{\"name\":\"a\",\"day\":\"2026-02-30\"}",
	        "{\"name\":\"a\",\"list\":[1,2,3]}",
	        "{\"name\":\"a\",\"list\":{}}", "{\"name\":\"a\",\"more\":[]}"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		memset(&problem, 0, sizeof problem);
		if (read_json(bad[i]) != HUFU_ERR_ARGUMENT)
			fail_msg("taken: %s", bad[i]);
		assert_true(problem.zh[0] && problem.en[0]);
	}
	assert_int_equal(read_json("{\"name\":\"a\"}"), 0);
	assert_int_equal(
	        read_json("{\"name\":\"虎符\",\"count\":9,\"flag\":true,"
	                  "\"day\":\"2026-08-01\",\"list\":[1],"
	                  "\"more\":{}}"),
	        0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_what_it_is_asked_for),
	        cmocka_unit_test(names_file_line_and_key),
	        cmocka_unit_test(refuses_files_that_can_be_misread),
	        cmocka_unit_test(says_what_is_missing),
	        cmocka_unit_test(refuses_loose_json),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
