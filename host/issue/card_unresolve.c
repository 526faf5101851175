#include "host/issue/card_unresolve.h"

#include "host/issue/card_row.h"
#include "host/issue/case_move.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_row.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/stock/stock.h"

enum {
	NOTE,
	ADD_LIST,
	ADD_STATUS,
	SUSPEND,
	NEXT,
	DONE,
	SKIP_SERIALS,
	CLOSE_JOB,
	STRAY_BLANK,
	STATEMENTS,
};

static const char *const sql[] = {
        [NOTE] = "INSERT INTO card_noted (list, idx, log_index, at, area,"
                 " kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                 " ON CONFLICT DO UPDATE SET log_index = ?3, at = ?4,"
                 " area = ?5, kind = ?6, done_at = NULL",
        [ADD_LIST] = "INSERT INTO status_list (list) VALUES (?1)"
                     " ON CONFLICT DO NOTHING",
        [ADD_STATUS] = "INSERT INTO status_entry (list, idx) VALUES (?1, ?2)"
                       " ON CONFLICT DO NOTHING",
        [SUSPEND] = "UPDATE status_entry SET value = 2 WHERE list = ?1"
                    " AND idx = ?2 AND value = 0",
        [NEXT] = "SELECT n.list, n.idx, c.id, c.phase, n.log_index, n.area,"
                 " n.kind, s.value FROM card_noted n"
                 " JOIN status_entry s ON s.list = n.list AND s.idx = n.idx"
                 " LEFT JOIN card c ON c.list = n.list AND c.idx = n.idx"
                 " WHERE n.done_at IS NULL LIMIT 1",
        [DONE] = "UPDATE card_noted SET done_at = ?1 WHERE list = ?2"
                 " AND idx = ?3",
        [SKIP_SERIALS] = "UPDATE issue_counter SET serial_floor = max("
                         "serial_floor, (SELECT coalesce(max(last), 0)"
                         " FROM card_serial)) + ?1",
        [CLOSE_JOB] = "UPDATE job SET state = 12, lease_until = 0,"
                      " ground = 'unresolved' WHERE card = ?1"
                      " AND state < 11",
        [STRAY_BLANK] = "SELECT b.id, b.area FROM blank b WHERE b.state = 2"
                        " AND NOT EXISTS (SELECT 1 FROM card c"
                        " JOIN job j ON j.card = c.id"
                        " WHERE c.blank = b.id AND j.state BETWEEN 2 AND 10)"
                        " LIMIT 1",
};
static const struct statements statements = {"card_unresolve", sql, STATEMENTS};

static int run_on(
        struct store_tx *tx, int which, const struct card_noted *noted)
{
	struct query *q = query_begin(tx, &statements, which);

	query_bind_int(q, 1, noted->status_list);
	if (which != ADD_LIST)
		query_bind_int(q, 2, noted->status_index);
	if (which == NOTE) {
		query_bind_int(q, 3, (int64_t)noted->log_index);
		query_bind_int(q, 4, noted->at_s);
		query_bind_text(q, 5, noted->area);
		query_bind_int(q, 6, noted->kind);
	}
	return query_run(q);
}

int card_book_note(struct store_tx *tx, const struct card_noted *noted)
{
	int rc = run_on(tx, NOTE, noted);

	if (rc == 0)
		rc = run_on(tx, ADD_LIST, noted);
	if (rc == 0)
		rc = run_on(tx, ADD_STATUS, noted);
	if (rc == 0)
		rc = run_on(tx, SUSPEND, noted);
	return rc;
}

struct unresolve {
	int64_t at_s;
	struct card_unresolved done;
	struct problem *problem;
};

struct noted_card {
	struct card_noted noted;
	int64_t card; /* 0: nobody knows whose it is */
	enum card_phase phase;
	bool invalid; /* the published list says so, for good */
};

/* 1: there is one, 0: all are done. */
static int next(struct store_tx *tx, struct noted_card *ret)
{
	struct query *q = query_begin(tx, &statements, NEXT);
	int found = 0;

	if (query_step(q) == STORE_ROW) {
		ret->noted.status_list = (uint32_t)query_int(q, 0);
		ret->noted.status_index = (uint32_t)query_int(q, 1);
		ret->card = query_int(q, 2);
		ret->phase = (enum card_phase)query_int(q, 3);
		ret->noted.log_index = (uint64_t)query_int(q, 4);
		issue_copy_text(ret->noted.area, sizeof(ret->noted.area),
		        query_text(q, 5));
		ret->noted.kind = (uint32_t)query_int(q, 6);
		ret->invalid = query_int(q, 7) == CARD_STATUS_INVALID;
		found = 1;
	}
	int rc = query_end(q);
	return rc < 0 ? rc : found;
}

static int close_job(struct store_tx *tx, int64_t card)
{
	struct query *q = query_begin(tx, &statements, CLOSE_JOB);

	query_bind_int(q, 1, card);
	return query_run(q);
}

/* Its number is the LOG_SIGNED entry: all that is known of such a card. */
static int log_unrecorded(struct store_tx *tx, const struct unresolve *u,
        const struct card_noted *noted)
{
	const struct entry e = {
	        .type = LOG_UNRESOLVED,
	        .at_s = u->at_s,
	        .area = noted->area,
	        .ground = "no-record",
	        .kind = noted->kind,
	        .number = noted->log_index,
	};

	return entry_append(tx, &e, NULL);
}

/* An ended card gives nothing to wait for: the applicant applies again. */
static int lapse(struct store_tx *tx, const struct unresolve *u,
        const struct card_record *card)
{
	const struct case_push push = {
	        .application = card->application,
	        .event = APPLICATION_LAPSE,
	        .at_s = u->at_s,
	        .ground = card->ground,
	};
	struct application application;
	int rc = application_read(tx, push.application, &application);

	if (rc < 0 || application.state >= APPLICATION_HANDED_OVER)
		return rc;
	return case_move_push(tx, &push, u->problem);
}

/* A card whose end the store knows already stays ended. */
static int unresolve_one(
        struct store_tx *tx, struct unresolve *u, const struct noted_card *n)
{
	enum card_phase to;
	struct card_record card;
	const struct card_change change = {
	        .card = n->card,
	        .event = n->invalid ? CARD_VOID : CARD_UNRESOLVE,
	        .at_s = u->at_s,
	        .ground = n->invalid ? "published-invalid" : "restored",
	};

	if (n->card == 0) {
		u->done.suspended++;
		return log_unrecorded(tx, u, &n->noted);
	}
	if (card_book_next(n->phase, change.event, &to) < 0)
		return 0;
	int rc = card_row_change(tx, &change, &card, u->problem);
	if (rc == 0)
		rc = close_job(tx, n->card);
	u->done.suspended += !n->invalid;
	u->done.cancelled += n->invalid;
	if (rc == 0 && n->invalid)
		rc = lapse(tx, u, &card);
	return rc;
}

static int mark_done(
        struct store_tx *tx, int64_t at_s, const struct card_noted *noted)
{
	struct query *q = query_begin(tx, &statements, DONE);

	query_bind_int(q, 1, at_s);
	query_bind_int(q, 2, noted->status_list);
	query_bind_int(q, 3, noted->status_index);
	return query_run(q);
}

static int skip_serials(struct store_tx *tx)
{
	struct query *q = query_begin(tx, &statements, SKIP_SERIALS);

	query_bind_int(q, 1, CARD_SERIAL_SKIP);
	return query_run(q);
}

/* ---- blanks that no job holds any more ---- */

/* 1: there is one, 0: there is none. */
static int next_stray(struct store_tx *tx, int64_t *ret_blank,
        char ret_area[AREA_CODE_MAX + 1])
{
	struct query *q = query_begin(tx, &statements, STRAY_BLANK);
	int found = 0;

	if (query_step(q) == STORE_ROW) {
		*ret_blank = query_int(q, 0);
		issue_copy_text(ret_area, AREA_CODE_MAX + 1, query_text(q, 1));
		found = 1;
	}
	int rc = query_end(q);
	return rc < 0 ? rc : found;
}

/* Nobody knows how far its chip got: such plastic is destroyed. */
static int spoil_strays(struct store_tx *tx, struct unresolve *u)
{
	char area[AREA_CODE_MAX + 1];
	const struct entry e = {
	        .type = LOG_SPOILED,
	        .at_s = u->at_s,
	        .area = area,
	        .ground = "restored",
	};
	int64_t blank = 0;
	int rc;

	while ((rc = next_stray(tx, &blank, area)) == 1) {
		rc = stock_settle(tx, blank, STOCK_SPOILED, u->at_s);
		if (rc == 0)
			rc = entry_append(tx, &e, NULL);
		if (rc < 0)
			return rc;
		u->done.blanks++;
	}
	return rc;
}

static int unresolve_work(struct store_tx *tx, void *arg)
{
	struct unresolve *u = arg;
	struct noted_card n;
	int rc;

	while ((rc = next(tx, &n)) == 1) {
		rc = unresolve_one(tx, u, &n);
		if (rc == 0)
			rc = mark_done(tx, u->at_s, &n.noted);
		if (rc < 0)
			return rc;
	}
	if (rc == 0)
		rc = spoil_strays(tx, u);
	if (rc == 0 &&
	        u->done.suspended + u->done.cancelled + u->done.blanks > 0)
		rc = skip_serials(tx);
	return rc;
}

int card_book_unresolve(struct issue *issue, struct card_unresolved *ret,
        struct problem *ret_problem)
{
	struct unresolve u = {
	        .at_s = issue_now_s(issue), .problem = ret_problem};

	if (ret_problem)
		ret_problem->code = 0;
	int rc = store_write(issue->options.store, unresolve_work, &u);
	if (rc < 0)
		return refusal_finish(rc, ret_problem);
	*ret = u.done;
	return 0;
}
