/* A made card beside its record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "tests/double/people/portrait.h"
#include "tests/unit/api/desk.h"

#define QR_TEXT "NCFTEST0123456789ABCDEFGHIJKLMNOP"

static struct office office;
static int64_t card, unprinted;

static int64_t queue(int n)
{
	static const struct portrait who = {false, 40, 3};
	struct application_receipt receipt;
	char number[19];
	size_t len;
	_free_ uint8_t *jpeg = portrait_draw(&who, &len);
	office_add_person(&office, n, 0);
	struct application_request request =
	        office_request(&office, n, APPLICATION_FIRST, number);
	request.photo = span_of(jpeg, len);
	assert_int_equal(application_apply(office.issue, &request, &receipt,
	                         &office.problem),
	        0);
	office_decide(&office, receipt.id);
	return receipt.id;
}

static int64_t make(int n, enum job_state to)
{
	struct job_lease lease;
	(void)queue(n);
	assert_int_equal(job_claim(office.issue, office.station[0], &lease,
	                         &office.problem),
	        0);
	assert_int_equal(office_reserve(&office, &lease, n), 0);
	office_step_to(&office, &lease, JOB_SIGNED);
	assert_int_equal(job_write_fact(office.issue, &lease, JOB_FACT_QR_TEXT,
	                         span_of(QR_TEXT, strlen(QR_TEXT))),
	        0);
	office_step_to(&office, &lease, to);
	return lease.card;
}

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	office_add_blanks(&office, 0, 5);
	card = make(1, JOB_ISSUED);
	unprinted = make(2, JOB_SIGNED);
	return desk_open(&office);
}

static int tear_down(void **state)
{
	(void)state;
	desk_close();
	office_close(&office);
	return 0;
}

static void get_face(int64_t id, const char *side)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/v1/cards/%lld/faces/%s",
	        (long long)id, side);
	desk_ask("GET", path, "");
}

static void scan(int64_t id, const char *text)
{
	char path[64], body[128];
	(void)snprintf(path, sizeof path, "/v1/cards/%lld/scan", (long long)id);
	(void)snprintf(body, sizeof body, "{\"text\":\"%s\"}", text);
	desk_ask("POST", path, body);
}

static void shows_both_faces(void **state)
{
	static const char *const sides[] = {"front", "back"};
	(void)state;
	desk_act_as(office.maker[0]);
	for (size_t i = 0; i < 2; i++) {
		get_face(card, sides[i]);
		assert_int_equal(desk.status, 200);
		const char *body = strstr(desk.reply, "\r\n\r\n");
		assert_non_null(strstr(desk.reply, "image/png"));
		assert_memory_equal(body + 4, "\x89PNG", 4);
	}
	get_face(card, "edge");
	desk_expect_problem(404, "no-such-face");
}

static void has_no_face_before_the_print(void **state)
{
	(void)state;
	desk_act_as(office.maker[0]);
	get_face(unprinted, "front");
	desk_expect_problem(409, "not-printed");
	scan(unprinted, QR_TEXT);
	desk_expect_problem(409, "not-printed");
	get_face(999, "front");
	desk_expect_problem(404, "no-such-card");
}

static void shows_no_face_to_who_sees_no_file(void **state)
{
	(void)state;
	desk_act_as(office.keeper);
	get_face(card, "front");
	assert_int_equal(desk.status, 403);
	scan(card, QR_TEXT);
	assert_int_equal(desk.status, 403);
}

static void compares_what_was_scanned(void **state)
{
	(void)state;
	desk_act_as(office.maker[0]);
	scan(card, QR_TEXT);
	desk_expect_done();
	assert_true(json_is_true(json_object_get(desk.json, "same")));
	scan(card, QR_TEXT "Q");
	desk_expect_done();
	assert_true(json_is_false(json_object_get(desk.json, "same")));
	assert_non_null(strstr(desk_text("en"), "Do not let it go"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(shows_both_faces),
	        cmocka_unit_test(has_no_face_before_the_print),
	        cmocka_unit_test(shows_no_face_to_who_sees_no_file),
	        cmocka_unit_test(compares_what_was_scanned),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
