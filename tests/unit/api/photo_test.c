/* A photo at the counter: told at once, refused, or taken with a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/log_entry.h"
#include "host/api/call.h"
#include "host/base/cleanup.h"
#include "host/photo/ask.h"
#include "tests/double/people/defect.h"
#include "tests/unit/api/desk.h"

static struct office office;
static struct photo_checker checker = {.program = HUFU_PHOTO};
static int next_person = 1;

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	if (desk_open(&office) != 0)
		return -1;
	desk.services.photo = &checker;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	office_close(&office);
	return 0;
}

static json_t *photo_of(enum defect defect)
{
	static const struct portrait who = {false, 40, 3};
	size_t len;
	_free_ uint8_t *jpeg = defect_draw(&who, defect, &len);
	assert_non_null(jpeg);
	return call_base64(span_of(jpeg, len));
}

static void ask(const char *path, json_t *body)
{
	_free_ char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	desk_ask("POST", path, text);
}

static void check(enum defect defect)
{
	ask("/v1/photo/check", json_pack("{s:o}", "photo", photo_of(defect)));
}

static void apply(enum defect defect, const char *reason)
{
	char number[19];
	office_add_person(&office, next_person, 0);
	office_id_number(next_person++, number);
	json_t *body = json_pack("{s:s, s:i, s:s, s:[sss], s:o}", "id_number",
	        number, "kind", 1, "area", OFFICE_AREA, "materials", "photo",
	        "id-card", "discharge", "photo", photo_of(defect));
	if (reason)
		json_object_set_new(
		        body, "override", json_pack("{s:s}", "reason", reason));
	ask("/v1/applications", body);
}

static const json_t *of(const char *object, const char *member)
{
	return json_object_get(json_object_get(desk.json, object), member);
}

static void tells_what_it_saw(void **state)
{
	(void)state;
	desk_act_as(office.desk);
	check(DEFECT_NONE);
	desk_expect_done();
	assert_true(json_is_true(json_object_get(desk.json, "ok")));
	assert_true(json_is_null(json_object_get(desk.json, "reason")));
	assert_int_equal(json_integer_value(of("measures", "eyes")), 2);
	assert_memory_equal(desk_text("picture"), "/9j/", 4); /* a JPEG */

	check(DEFECT_TILTED);
	desk_expect_done();
	assert_true(json_is_false(json_object_get(desk.json, "ok")));
	assert_string_equal(
	        json_string_value(of("reason", "code")), "photo-tilted");
	assert_true(json_is_true(json_object_get(desk.json, "may_override")));
}

static void is_for_who_takes_photos(void **state)
{
	(void)state;
	desk_act_as(office.keeper);
	check(DEFECT_NONE);
	assert_int_equal(desk.status, 403);
}

static void refuses_an_application_for_its_photo(void **state)
{
	(void)state;
	desk_act_as(office.desk);
	apply(DEFECT_TWO_FACES, NULL);
	desk_expect_problem(400, "photo-faces");
	assert_true(json_is_true(json_object_get(desk.json, "may_override")));
	apply(DEFECT_TWO_FACES, "because");
	desk_expect_problem(400, "unknown-word");
	assert_int_equal(
	        office_number(&office, "SELECT count(*) FROM application"), 0);
}

static void takes_one_with_a_reason_and_logs_it(void **state)
{
	(void)state;
	desk_act_as(office.desk);
	apply(DEFECT_EYES_COVERED, "medical");
	assert_int_equal(desk.status, 201);
	struct log_entry entry = office_log_entry(&office, 0);
	assert_int_equal(entry.type, LOG_OVERRIDE);
	assert_string_equal(entry.ground, "medical");
	assert_int_equal(entry.number, PHOTO_EYES);
	assert_int_equal(office_log_entry(&office, 1).type, LOG_APPLIED);
	assert_true(entry.present & LOG_HAS(LOG_ACTOR));
	apply(DEFECT_NONE, "medical"); /* there was nothing to override */
	assert_int_equal(desk.status, 201);
	assert_int_equal(office_log_entry(&office, 0).type, LOG_APPLIED);
}

static void overrides_no_broken_file(void **state)
{
	(void)state;
	desk_act_as(office.desk);
	ask("/v1/applications",
	        json_pack("{s:s, s:i, s:s, s:s, s:{s:s}}", "id_number", "1",
	                "kind", 1, "area", OFFICE_AREA, "photo",
	                "bm90IGEgcGhvdG8h", "override", "reason", "other"));
	desk_expect_problem(400, "photo-not-jpeg");
	assert_null(json_object_get(desk.json, "may_override"));
}

static void says_try_again_when_the_checker_dies(void **state)
{
	(void)state;
	desk_act_as(office.desk);
	checker.program = "/bin/false";
	check(DEFECT_NONE);
	desk_expect_problem(503, "photo-checker");
	apply(DEFECT_NONE, "other");
	desk_expect_problem(503, "photo-checker");
	checker.program = HUFU_PHOTO;
	check(DEFECT_NONE);
	desk_expect_done();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_what_it_saw),
	        cmocka_unit_test(is_for_who_takes_photos),
	        cmocka_unit_test(refuses_an_application_for_its_photo),
	        cmocka_unit_test(takes_one_with_a_reason_and_logs_it),
	        cmocka_unit_test(overrides_no_broken_file),
	        cmocka_unit_test(says_try_again_when_the_checker_dies),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
