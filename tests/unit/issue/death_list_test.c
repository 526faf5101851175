/* The list of the dead: what each row does to person, card, application. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/issue/death_list.h"
#include "host/person/person.h"
#include "tests/unit/issue/office.h"

#define HEAD "\xe5\xa7\x93\xe5\x90\x8d,id_number,date_of_death\n"
enum { ROWS_MAX = 400 };

static struct office office;
static struct office *const o = &office;
static struct death_row rows[ROWS_MAX];
static size_t count;
static char csv[64 << 10];

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 20);
	memcpy(csv, HEAD, sizeof(HEAD));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static void add(const char *number, const char *day)
{
	size_t len = strlen(csv);

	(void)snprintf(csv + len, sizeof(csv) - len, "x,%s,%s\n", number, day);
}

static void add_person(int n)
{
	char number[19];

	office_id_number(n, number);
	add(number, "2026-08-01");
}

static void take(void *arg, const struct death_row *row)
{
	(void)arg;
	assert_true(count < ROWS_MAX);
	rows[count++] = *row;
}

static int import(bool check_only)
{
	const struct death_list_options options = {.store = o->store,
	        .staff = o->step[2],
	        .at_s = o->now_s,
	        .check_only = check_only,
	        .report = take};

	count = 0;
	memset(rows, 0, sizeof(rows));
	return death_list_import(
	        &options, span_of(csv, strlen(csv)), &o->problem);
}

static int64_t deaths(void)
{
	return office_number(o, "SELECT count(*) FROM person WHERE dead = 1");
}

static void each_row_has_its_result(void **state)
{
	char number[19];

	(void)state;
	office_add_person(o, 1, 0);
	office_add_person(o, 2, 0);
	add_person(1);
	add_person(77); /* nobody */
	office_id_number(2, number);
	number[17] = number[17] == '0' ? '1' : '0';
	add(number, "2026-08-01");
	office_id_number(2, number);
	add(number, "2026-08-04"); /* tomorrow */
	add(number, "1066-10-14");
	add(number, "");
	add(number, "2026-02-30");
	add(number, "20260803");
	add_person(1);
	(void)snprintf(csv + strlen(csv), 32, "%s", "x,\"a\"b,c\nx\n");
	static const enum death_outcome want[] = {DEATH_NOTED,
	        DEATH_NOT_ON_FILE, DEATH_BAD_NUMBER, DEATH_BAD_DATE,
	        DEATH_BAD_DATE, DEATH_BAD_DATE, DEATH_BAD_DATE, DEATH_NOTED,
	        DEATH_REPEATED, DEATH_BAD_ROW, DEATH_BAD_ROW};
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	for (int run = 0; run < 3; run++) {
		office_digest(o, before);
		assert_int_equal(import(run != 1), 0);
		office_digest(o, after);
		assert_int_equal(
		        memcmp(before, after, SHA256_LEN) == 0, run != 1);
		assert_int_equal(count, sizeof(want) / sizeof(*want));
		for (size_t i = 0; i < count; i++) {
			bool again = run == 2 && want[i] == DEATH_NOTED;
			assert_int_equal(
			        rows[i].outcome, again ? DEATH_KNOWN : want[i]);
			assert_int_equal(rows[i].line, i + 2);
			assert_non_null(death_outcome_zh(rows[i].outcome));
			assert_non_null(death_outcome_en(rows[i].outcome));
		}
		assert_int_equal(deaths(), run == 0 ? 0 : 2);
	}
	/* and to write it again changes nothing */
	office_digest(o, before);
	assert_int_equal(import(false), 0);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static int64_t application_at(int n, int steps)
{
	office_add_person(o, n, 0);
	int64_t id = office_apply(o, n, APPLICATION_FIRST);
	for (int i = 0; i < steps; i++)
		assert_int_equal(
		        office_act(o, id, APPLICATION_ACCEPT, o->step[i], NULL),
		        0);
	return id;
}

static void card_is_suspended_and_what_is_open_lapses(void **state)
{
	(void)state;
	int64_t held = office_issue(o, 1);
	int64_t renewal = office_apply(o, 1, APPLICATION_RENEWAL);
	int64_t returned = application_at(2, 0);
	assert_int_equal(office_act(o, returned, APPLICATION_RETURN, o->step[0],
	                         "unclear"),
	        0);
	int64_t referred = application_at(3, 1);
	assert_int_equal(
	        office_act(o, referred, APPLICATION_REFER, o->step[1], "why"),
	        0);
	int64_t queued = application_at(4, 5);
	for (int n = 1; n <= 4; n++)
		add_person(n);
	assert_int_equal(import(true), 0);
	assert_int_equal(rows[0].things.card, held);
	assert_int_equal(office_card(o, held).phase, CARD_HANDED_OVER);
	assert_int_equal(import(false), 0);
	assert_int_equal(rows[0].things.card, held);
	assert_int_equal(office_card(o, held).phase, CARD_SUSPENDED);
	assert_string_equal(office_card(o, held).ground, "holder-dead");
	const int64_t lapsed[] = {renewal, returned, referred, queued};
	for (int i = 0; i < 4; i++) {
		struct application a = office_application(o, lapsed[i]);
		assert_int_equal(rows[i].things.application, lapsed[i]);
		assert_int_equal(a.state, APPLICATION_REJECTED);
		assert_string_equal(a.last_ground, "holder-dead");
	}
	assert_int_equal(office_job(o, queued).state, JOB_CLOSED);
	assert_int_equal(
	        office_card(o, office_application(o, queued).card).phase,
	        CARD_CANCELLED);
}

static void card_on_its_way_is_not_handed_over(void **state)
{
	struct job_lease lease;

	(void)state;
	int64_t first = application_at(1, 5);
	int64_t made = office_make(o, 0, 1);
	int64_t making = application_at(2, 5);
	assert_int_equal(
	        job_claim(o->issue, o->station[0], &lease, &o->problem), 0);
	add_person(1);
	add_person(2);
	assert_int_equal(import(false), 0);
	assert_int_equal(rows[0].things.pending, made);
	assert_int_equal(rows[1].things.pending, lease.card);
	assert_int_equal(office_application(o, first).state, APPLICATION_MADE);
	assert_int_equal(
	        office_application(o, making).state, APPLICATION_QUEUED);
	assert_int_equal(
	        office_card_act(o, made, CARD_HAND_OVER, o->desk, NULL),
	        HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "holder-dead");
}

static void refuses_a_file_that_is_no_list(void **state)
{
	(void)state;
	memcpy(csv, "id_number\n1\n", 13);
	assert_int_equal(import(false), HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "death-list-head");
	csv[0] = '\0';
	assert_int_equal(import(false), HUFU_ERR_ARGUMENT);
	memset(csv, '\n', DEATH_LIST_ROWS_MAX + 2);
	csv[DEATH_LIST_ROWS_MAX + 2] = '\0';
	assert_int_equal(import(false), HUFU_ERR_LIMIT);
	assert_int_equal(count, 0);
}

static void takes_chinese_columns_and_many_rows(void **state)
{
	enum { MANY = 300 };

	(void)state;
	(void)snprintf(csv, sizeof(csv), "%s",
	        "\xef\xbb\xbf\xe6\xad\xbb\xe4\xba\xa1\xe6\x97\xa5\xe6\x9c\x9f,"
	        "\xe5\x85\xac\xe6\xb0\x91\xe8\xba\xab\xe4\xbb\xbd\xe5\x8f\xb7"
	        "\xe7\xa0\x81\r\n");
	office_add_persons(o, 1, MANY);
	for (int n = 1; n <= MANY; n++) {
		char number[19];
		size_t len = strlen(csv);
		office_id_number(n, number);
		(void)snprintf(csv + len, sizeof(csv) - len,
		        "2026/07/31, %s \r\n", number);
	}
	int64_t size = office_log_size(o);
	assert_int_equal(import(false), 0);
	assert_int_equal(count, MANY);
	assert_int_equal(deaths(), MANY);
	assert_int_equal(office_log_size(o), size + MANY);
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_PERSON_CHANGED);
	assert_string_equal(e.area, OFFICE_COUNTY);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(each_row_has_its_result),
	        TEST(card_is_suspended_and_what_is_open_lapses),
	        TEST(card_on_its_way_is_not_handed_over),
	        TEST(refuses_a_file_that_is_no_list),
	        TEST(takes_chinese_columns_and_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
