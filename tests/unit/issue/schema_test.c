/* What the schema refuses by itself, whoever writes the SQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/issue/office.h"

static struct office office;
static struct office *const o = &office;

/* Person 1 holds card 1 and has applied for a renewal, in the queue as card
 * 2; person 2 has a returned application; person 3 an ended one. */
static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 5);
	assert_int_equal(office_issue(o, 1), 1);
	(void)office_queue(o, 1, APPLICATION_RENEWAL);
	office_add_person(o, 2, 0);
	int64_t id = office_apply(o, 2, APPLICATION_FIRST);
	assert_int_equal(
	        office_act(o, id, APPLICATION_RETURN, o->step[0], "why"), 0);
	office_add_person(o, 3, 0);
	id = office_apply(o, 3, APPLICATION_FIRST);
	assert_int_equal(
	        office_act(o, id, APPLICATION_REJECT, o->step[0], "why"), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static void refuses(const char *sql, const char *message)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	char got[200];

	office_digest(o, before);
	assert_int_equal(
	        office_sql(o, sql, got, sizeof(got)), SQLITE_CONSTRAINT);
	assert_string_equal(got, message);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static void nothing_can_be_deleted(void **state)
{
	static const char *const tables[][2] = {
	        {"application", "application-kept"},
	        {"application_act", "act-kept"},
	        {"verdict", "verdict-kept"},
	        {"photo", "photo-kept"},
	        {"station", "station-kept"},
	        {"card", "card-kept"},
	        {"status_entry", "status-kept"},
	        {"job", "job-kept"},
	        {"making_fact", "fact-kept"},
	        {"blank", "blank-kept"},
	        {"blank_batch", "batch-kept"},
	        {"issue_counter", "counter-kept"},
	};
	char sql[64];

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		(void)snprintf(
		        sql, sizeof(sql), "DELETE FROM %s", tables[i][0]);
		refuses(sql, tables[i][1]);
	}
}

#define COPY_APPLICATION(state)                                                \
	"INSERT INTO application (person, kind, reason, ground, acting,"       \
	" gravely_ill, habitual, state, step, steps, area, delivery_area,"     \
	" materials, entered_at, step_since, rule_version)"                    \
	" SELECT person, kind, reason, ground, acting, gravely_ill, habitual," \
	" " state ", 1, steps, area, delivery_area, materials, entered_at,"    \
	" step_since, rule_version FROM application WHERE person = 2"

static void one_open_application_a_person(void **state)
{
	(void)state;
	refuses(COPY_APPLICATION("1"),
	        "UNIQUE constraint failed: application.person");
	assert_int_equal(office_sql(o, COPY_APPLICATION("8"), NULL, 0), 0);
	assert_int_equal(office_sql(o, "UPDATE application SET person = person",
	                         NULL, 0),
	        0);
	refuses("UPDATE application SET state = 1 WHERE person = 3",
	        "application-ended");
	refuses("UPDATE application SET person = 3 WHERE person = 2",
	        "application-fixed");
	refuses("UPDATE application SET entered_by = NULL WHERE person = 2",
	        "application-fixed");
	/* balance with the log: the copy above was not logged */
	office_close(o);
	assert_int_equal(setup(state), 0);
}

static void roles_of_a_case_stay_apart(void **state)
{
	char sql[256];

	(void)state;
#define ACT(event, step, staff)                                                \
	((void)snprintf(sql, sizeof(sql),                                      \
	         "INSERT INTO application_act (application, event, step,"      \
	         " staff, at, log_index) SELECT id, %d, %d, %d, 0, 0"          \
	         " FROM application WHERE person = 2",                         \
	         event, step, (int)(staff)),                                   \
	        sql)
	refuses(ACT(1, 1, o->desk), "who-entered-does-not-decide");
	refuses(ACT(7, 100, o->desk), "who-entered-does-not-decide");
	refuses(ACT(1, 2, o->step[0]), "one-person-one-step");
	refuses(ACT(3, 1, o->step[0]), "who-decided-does-not-enter");
	refuses("UPDATE application_act SET staff = 1", "act-kept");
	refuses("INSERT INTO application_act (application, event, step, at,"
	        " log_index) VALUES (1, 1, 1, 0, 0)",
	        "CHECK constraint failed: event NOT IN (1, 2, 4, 5, 6, 7) OR"
	        " staff IS NOT NULL");
	/* person 1's first case: every step was accepted once */
	(void)snprintf(sql, sizeof(sql),
	        "INSERT INTO application_act (application, event, step, staff,"
	        " at, log_index) VALUES (1, 1, 1, %d, 0, 0)",
	        (int)o->step[0]);
	refuses(sql, "UNIQUE constraint failed: application_act.application,"
	             " application_act.step");
	/* who made it does not decide on it any more */
	(void)snprintf(sql, sizeof(sql),
	        "INSERT INTO application_act (application, event, step, staff,"
	        " at, log_index) VALUES (1, 4, 1, %d, 0, 0)",
	        (int)o->maker[0]);
	refuses(sql, "who-decided-does-not-make");
	(void)snprintf(
	        sql, sizeof(sql), "UPDATE job SET maker = %d", (int)o->step[4]);
	refuses(sql, "who-decided-does-not-make");
}

#define NEW_CARD(person, number, idx, key)                                     \
	"INSERT INTO card (application, round, person, number, kind, area,"    \
	" phase, list, idx, making_key, log_index) SELECT application, "       \
	"9, " person ", " number ", kind, area, 1, list, " idx ", " key ", 0"  \
	" FROM card WHERE id = 1"

static void number_index_and_key_are_unique(void **state)
{
	(void)state;
	assert_int_equal(office_sql(o,
	                         "INSERT INTO status_entry (list, idx)"
	                         " VALUES (1, 9999)",
	                         NULL, 0),
	        0);
	refuses(NEW_CARD("3", "number", "9999", "randomblob(16)"),
	        "UNIQUE constraint failed: card.number");
	refuses(NEW_CARD("3", "'00000000000000001'", "idx", "randomblob(16)"),
	        "UNIQUE constraint failed: card.list, card.idx");
	refuses(NEW_CARD("3", "'00000000000000001'", "9999", "making_key"),
	        "UNIQUE constraint failed: card.making_key");
	refuses(NEW_CARD("1", "'00000000000000001'", "9999", "randomblob(16)"),
	        "UNIQUE constraint failed: card.person");
	refuses("UPDATE card SET number = '00000000000000001' WHERE id = 1",
	        "card-fixed");
	refuses("UPDATE card SET idx = 9999 WHERE id = 1", "card-fixed");
	refuses("UPDATE card SET blank = (SELECT blank FROM card WHERE id = 1)"
	        " WHERE id = 2",
	        "UNIQUE constraint failed: card.blank");
}

static void live_card_needs_an_issued_blank(void **state)
{
	(void)state;
	refuses("UPDATE card SET phase = 5 WHERE id = 2", "card-without-blank");
	refuses("UPDATE card SET blank = NULL WHERE id = 1",
	        "card-without-blank");
}

static void status_follows_the_card(void **state)
{
	(void)state;
	assert_int_equal(
	        office_number(o, "SELECT value FROM status_entry s JOIN card c"
	                         " USING (list, idx) WHERE c.id = 1"),
	        CARD_STATUS_VALID);
	refuses("UPDATE status_entry SET idx = 9998", "status-final");
	refuses("INSERT INTO status_entry (list, idx, value) VALUES (1, 9, 0)",
	        "status-starts-suspended");
	int64_t version = office_number(o, "SELECT version FROM status_list");
	assert_int_equal(
	        office_card_act(o, 1, CARD_REVOKE, o->step[2], "misused"), 0);
	assert_int_equal(office_number(o, "SELECT version FROM status_list"),
	        version + 1);
	refuses("UPDATE status_entry SET value = 0 WHERE value = 1",
	        "status-final");
	refuses("UPDATE card SET phase = 5 WHERE id = 1", "status-final");
}

static void queue_goes_forward_only(void **state)
{
	(void)state;
	refuses("UPDATE job SET fencing = fencing - 1 WHERE id = 1",
	        "fencing-shrinks");
	refuses("UPDATE job SET state = 1 WHERE id = 1", "job-ended");
	refuses("UPDATE issue_counter SET fencing = 0", "counter-shrinks");
	refuses("UPDATE issue_counter SET serial_floor = -1",
	        "counter-shrinks");
	refuses("UPDATE making_fact SET sealed = x'00' WHERE fact = 6",
	        "fact-once");
	refuses("UPDATE verdict SET outcome = 0", "verdict-kept");
	refuses("UPDATE photo SET sealed = x'00'", "photo-kept");
}

static void rows_point_to_rows(void **state)
{
	(void)state;
	refuses("INSERT INTO photo (application, at, sealed)"
	        " VALUES (99, 0, x'00')",
	        "FOREIGN KEY constraint failed");
	refuses("UPDATE card SET blank = 99 WHERE id = 2",
	        "FOREIGN KEY constraint failed");
	refuses("UPDATE job SET station = 99", "FOREIGN KEY constraint failed");
	refuses("INSERT INTO status_entry (list, idx) VALUES (9, 0)",
	        "NOT NULL constraint failed: status_entry.version");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(nothing_can_be_deleted),
	        TEST(one_open_application_a_person),
	        TEST(roles_of_a_case_stay_apart),
	        TEST(number_index_and_key_are_unique),
	        TEST(live_card_needs_an_issued_blank),
	        TEST(status_follows_the_card),
	        TEST(queue_goes_forward_only),
	        TEST(rows_point_to_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
