#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "host/log/audit.h"
#include "tests/unit/issue/office.h"

struct look {
	int64_t id;
	void *ret;
	int rc;
};

static int look_application(struct store_tx *tx, void *arg)
{
	struct look *l = arg;

	return application_read(tx, l->id, l->ret);
}

static int look_card(struct store_tx *tx, void *arg)
{
	struct look *l = arg;

	return card_book_read(tx, l->id, l->ret);
}

static int look_job(struct store_tx *tx, void *arg)
{
	struct look *l = arg;
	const struct job_filter all = {.after = 0};
	static struct job jobs[2000];
	size_t count = 0;

	int rc = job_list(tx, &all, jobs, 2000, &count);
	for (size_t i = 0; i < count; i++)
		if (jobs[i].application == l->id)
			memcpy(l->ret, &jobs[i], sizeof(jobs[i]));
	return rc;
}

static int look_balance(struct store_tx *tx, void *arg)
{
	struct look *l = arg;

	return stock_read_balance(tx, NULL, l->ret);
}

static void look(struct office *o, store_work work, int64_t id, void *ret)
{
	struct look l = {.id = id, .ret = ret};

	assert_int_equal(store_read(o->store, work, &l), 0);
}

struct application office_application(struct office *o, int64_t id)
{
	struct application a;

	look(o, look_application, id, &a);
	return a;
}

struct card_record office_card(struct office *o, int64_t id)
{
	struct card_record c;

	look(o, look_card, id, &c);
	return c;
}

struct job office_job(struct office *o, int64_t application)
{
	struct job j = {0};

	look(o, look_job, application, &j);
	assert_int_equal(j.application, application);
	return j;
}

struct stock_balance office_balance(struct office *o)
{
	struct stock_balance b;

	look(o, look_balance, 0, &b);
	return b;
}

/* ---- past the office, on the database itself ---- */

static sqlite3 *open_db(struct office *o)
{
	if (o->db)
		return o->db;
	assert_int_equal(sqlite3_open(o->database, &o->db), SQLITE_OK);
	(void)sqlite3_busy_timeout(o->db, 2000);
	assert_int_equal(sqlite3_exec(o->db, "PRAGMA foreign_keys = ON", NULL,
	                         NULL, NULL),
	        SQLITE_OK);
	return o->db;
}

int64_t office_number_of(struct office *o, const char *sql, int64_t of)
{
	sqlite3 *db = open_db(o);
	sqlite3_stmt *stmt = NULL;
	int64_t v = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_bind_parameter_count(stmt) > 0)
		(void)sqlite3_bind_int64(stmt, 1, of);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		v = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return v;
}

int64_t office_number(struct office *o, const char *sql)
{
	return office_number_of(o, sql, 0);
}

int office_sql(struct office *o, const char *sql, char *message, size_t size)
{
	sqlite3 *db = open_db(o);

	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (message)
		(void)snprintf(message, size, "%s", sqlite3_errmsg(db));
	if (!sqlite3_get_autocommit(db))
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static void hash_row(struct sha256 *h, sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const void *data = sqlite3_column_blob(stmt, i);
		int len = sqlite3_column_bytes(stmt, i);
		sha256_put(h, &len, sizeof(len));
		if (len > 0)
			sha256_put(h, data, (size_t)len);
	}
}

static void hash_rows(struct sha256 *h, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		hash_row(h, stmt);
	(void)sqlite3_finalize(stmt);
}

void office_digest(struct office *o, uint8_t ret[SHA256_LEN])
{
	static const char *const tables[] = {
	        "SELECT * FROM application",
	        "SELECT * FROM application_act",
	        "SELECT * FROM blank",
	        "SELECT * FROM blank_batch",
	        "SELECT * FROM card",
	        "SELECT * FROM card_noted",
	        "SELECT * FROM card_serial",
	        "SELECT * FROM death",
	        "SELECT * FROM hand_over",
	        "SELECT * FROM issue_counter",
	        "SELECT * FROM job",
	        "SELECT * FROM log_checkpoint",
	        "SELECT * FROM log_entry",
	        "SELECT * FROM log_salt",
	        "SELECT * FROM making_fact",
	        "SELECT * FROM person",
	        "SELECT * FROM person_ground",
	        "SELECT * FROM photo",
	        "SELECT * FROM staff",
	        "SELECT * FROM staff_role",
	        "SELECT * FROM station",
	        "SELECT * FROM status_entry",
	        "SELECT * FROM status_list",
	        "SELECT * FROM verdict",
	};
	sqlite3 *db = open_db(o);
	struct sha256 h;

	sha256_init(&h);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		hash_rows(&h, db, tables[i]);
	sha256_done(&h, ret);
}

int64_t office_log_size(struct office *o)
{
	return office_number(o, "SELECT count(*) FROM log_entry");
}

struct log_entry office_log_entry(struct office *o, int back)
{
	sqlite3 *db = open_db(o);
	sqlite3_stmt *stmt = NULL;
	struct log_entry e;

	assert_int_equal(sqlite3_prepare_v2(db,
	                         "SELECT entry FROM log_entry ORDER BY idx DESC"
	                         " LIMIT 1 OFFSET ?1",
	                         -1, &stmt, NULL),
	        SQLITE_OK);
	(void)sqlite3_bind_int(stmt, 1, back);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	struct span bytes = span_of(sqlite3_column_blob(stmt, 0),
	        (size_t)sqlite3_column_bytes(stmt, 0));
	assert_int_equal(log_entry_decode(bytes, &e), 0);
	(void)sqlite3_finalize(stmt);
	return e;
}

/* ---- invariants ---- */

/* Reads the log as an outsider does, and counts with the auditor's rules. */
static void audit_log(struct office *o, struct log_audit *audit)
{
	sqlite3 *db = open_db(o);
	sqlite3_stmt *stmt = NULL;

	memset(audit, 0, sizeof(*audit));
	assert_int_equal(sqlite3_prepare_v2(db,
	                         "SELECT entry FROM log_entry ORDER BY idx", -1,
	                         &stmt, NULL),
	        SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct log_audit_fault fault;
		struct log_entry e;
		struct span bytes = span_of(sqlite3_column_blob(stmt, 0),
		        (size_t)sqlite3_column_bytes(stmt, 0));
		assert_int_equal(log_entry_decode(bytes, &e), 0);
		if (log_audit_entry(audit, &e, &fault) != 0)
			fail_msg("log entry %d, %s: %s", (int)fault.index,
			        log_type_name(e.type), fault.en);
	}
	(void)sqlite3_finalize(stmt);
}

static void check_stock(struct office *o, const struct log_balance *log)
{
	const struct stock_balance b = office_balance(o);

	assert_int_equal(b.difference, 0);
	assert_int_equal(b.received, log->received);
	assert_int_equal(b.count[STOCK_IN_STOCK], log->in_stock);
	assert_int_equal(b.count[STOCK_RESERVED], log->reserved);
	assert_int_equal(b.count[STOCK_ISSUED], log->issued);
	assert_int_equal(b.count[STOCK_SPOILED], log->spoiled);
	assert_int_equal(b.count[STOCK_MISSING], log->missing);
	assert_int_equal(b.destroyed, log->destroyed);
}

static void check_cards(struct office *o)
{
	static const char *const none[] = {
	        /* the list says what the cards say */
	        "SELECT count(*) FROM card c JOIN status_entry s USING (list,"
	        " idx) WHERE s.value <> CASE WHEN c.phase = 5 THEN 0"
	        " WHEN c.phase BETWEEN 8 AND 13 THEN 1 ELSE 2 END",
	        "SELECT count(*) FROM (SELECT person FROM card WHERE phase IN"
	        " (5, 6, 7) GROUP BY person HAVING count(*) > 1)",
	        "SELECT count(*) FROM (SELECT person FROM card WHERE phase IN"
	        " (1, 2, 3, 4) GROUP BY person HAVING count(*) > 1)",
	        "SELECT count(*) FROM (SELECT person FROM application WHERE"
	        " state < 7 GROUP BY person HAVING count(*) > 1)",
	        "SELECT count(*) FROM (SELECT blank FROM card WHERE blank IS"
	        " NOT NULL GROUP BY blank HAVING count(*) > 1)",
	        /* every card that left the machine has an issued blank */
	        "SELECT count(*) FROM card c LEFT JOIN blank b ON b.id ="
	        " c.blank WHERE c.phase BETWEEN 2 AND 7 AND b.state IS NOT 3",
	        /* queued means: one open job; made means: an issued one */
	        "SELECT count(*) FROM application a LEFT JOIN job j ON"
	        " j.application = a.id WHERE a.state = 5 AND (j.id IS NULL OR"
	        " (j.state > 10 AND j.ground IS NOT 'unresolved'))",
	        "SELECT count(*) FROM application a LEFT JOIN job j ON"
	        " j.application = a.id WHERE a.state IN (6, 7) AND j.state IS"
	        " NOT 11 AND j.ground IS NOT 'unresolved'",
	        /* a reserved blank is in some job's hand */
	        "SELECT count(*) FROM blank b LEFT JOIN card c ON c.blank ="
	        " b.id LEFT JOIN job j ON j.card = c.id WHERE b.state = 2 AND"
	        " (j.state IS NULL OR j.state NOT BETWEEN 2 AND 10)",
	        /* the dead hold no card that is or will be good by itself */
	        "SELECT count(*) FROM card c JOIN person p ON p.id = c.person"
	        " WHERE p.dead = 1 AND (c.phase IN (5, 6)"
	        " OR (c.phase = 7 AND c.lift_at > 0))",
	        /* an end is kept only where it will be looked at */
	        "SELECT count(*) FROM card WHERE lift_at > 0"
	        " AND phase NOT IN (6, 7)",
	        "SELECT count(*) FROM pragma_foreign_key_check",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (office_number(o, none[i]) != 0)
			fail_msg("broken: %s", none[i]);
}

void office_check(struct office *o)
{
	struct log_audit audit;

	audit_log(o, &audit);
	check_stock(o, &audit.balance);
	check_cards(o);
	assert_int_equal(office_number(o, "SELECT count(*) FROM application"),
	        audit.events[LOG_APPLIED]);
	/* confirming a card may be its first hand-over, too */
	int64_t held = office_number(
	        o, "SELECT count(*) FROM card WHERE handed_over_at > 0");
	assert_in_range(held, audit.events[LOG_HANDED_OVER],
	        audit.events[LOG_HANDED_OVER] + audit.events[LOG_OVERRIDE]);
	assert_int_equal(office_number(o, "SELECT count(*) FROM parcel_card"
	                                  " WHERE found = 0"),
	        audit.events[LOG_PARCEL_MISSING]);
	log_audit_done(&audit);
}
