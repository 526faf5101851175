#include <stdio.h>
#include <string.h>

#include "host/issue/application.h"
#include "host/issue/card_book.h"
#include "host/report/cells.h"

#define WITHIN(alias) " substr(" alias ".area, 1, length(?3)) = ?3"
/* what a verdict alone did at the door or at a correction */
/* ended by the verdict before making, whose reasons the log does not tell */
#define JUDGED                                                                 \
	"a.event = 11 AND EXISTS (SELECT 1 FROM verdict v"                     \
	" WHERE v.application = a.application AND v.stage = 3"                 \
	" AND v.at = a.at AND v.outcome <> 0)"
#define DOOR " v.stage IN (1, 2) AND v.outcome = "

enum {
	APPLIED,
	ACTS,
	VERDICTS,
	CARDS_MADE,
	CARDS_SPOILED,
	CARDS_HANDED,
	STEPS,
	OVERDUE,
	ROWS_APPLIED,
	ROWS_ACTS,
	ROWS_VERDICTS,
	ROWS_MADE,
	ROWS_SPOILED,
	ROWS_HANDED,
};

/* Cards are made and spoiled where the blank was; handed over where they
 * belong. Figure by event: acceptances and opinions for it, returns, and what
 * ends a case without a card. */
static const char *const sql[] = {
        [APPLIED] =
                "SELECT p.area, p.kind, '', count(*) FROM application p"
                " WHERE p.entered_at >= ?1 AND p.entered_at < ?2 AND" WITHIN(
                        "p") " GROUP BY 1, 2",
        [ACTS] = "SELECT p.area, p.kind, CASE WHEN ?4 = 1"
                 " THEN CAST(a.step AS TEXT) WHEN a.event = 8"
                 " THEN 'withdrawn-by-applicant'"
                 " WHEN " JUDGED " THEN 'not-eligible' ELSE a.ground END, "
                 "count(*)"
                 " FROM application_act a JOIN application p"
                 " ON p.id = a.application WHERE a.at >= ?1 AND a.at < ?2"
                 " AND CASE ?4 WHEN 1 THEN a.event IN (1, 6)"
                 " WHEN 2 THEN a.event = 2"
                 " ELSE a.event IN (4, 7, 8, 11) END AND" WITHIN(
                         "p") " GROUP BY 1, 2, 3",
        [VERDICTS] = "SELECT p.area, p.kind, ?5, count(*) FROM verdict v"
                     " JOIN application p ON p.id = v.application"
                     " WHERE v.at >= ?1 AND v.at < ?2 AND" DOOR
                     "?4 AND" WITHIN("p") " GROUP BY 1, 2",
        [CARDS_MADE] = "SELECT b.area, c.kind, '', count(*) FROM card c"
                       " JOIN blank b ON b.id = c.blank"
                       " WHERE c.made_at >= ?1 AND c.made_at < ?2 AND" WITHIN(
                               "b") " GROUP BY 1, 2",
        [CARDS_SPOILED] =
                "SELECT b.area, c.kind, '', count(*) FROM card c"
                " JOIN blank b ON b.id = c.blank"
                " WHERE c.phase = 13 AND c.ended_at >= ?1"
                " AND c.ended_at < ?2 AND" WITHIN("b") " GROUP BY 1, 2",
        [CARDS_HANDED] =
                "SELECT c.area, c.kind, '', count(*) FROM card c"
                " WHERE c.handed_over_at >= ?1"
                " AND c.handed_over_at < ?2 AND" WITHIN("c") " GROUP BY 1, 2",
        [STEPS] = "SELECT step, count(*), sum(took), max(took) FROM ("
                  "SELECT a.step AS step, a.at AS at, a.event AS event,"
                  " a.at - coalesce(lag(a.at) OVER (PARTITION BY"
                  " a.application ORDER BY a.id), p.entered_at) AS took"
                  " FROM application_act a JOIN application p"
                  " ON p.id = a.application WHERE" WITHIN(
                          "p") ")"
                               " WHERE at >= ?1 AND at < ?2 AND event IN (1, "
                               "2, 4, 5)"
                               " GROUP BY step",
        [OVERDUE] =
                "SELECT p.step, count(*) FROM application p"
                " WHERE p.state = 1 AND p.due > 0 AND p.due < ?1 AND" WITHIN(
                        "p") " GROUP BY p.step",
        [ROWS_APPLIED] = "SELECT p.id, p.id, 0, p.entered_at"
                         " FROM application p WHERE p.entered_at >= ?1"
                         " AND p.entered_at < ?2 AND" WITHIN(
                                 "p") " AND p.id > ?5 ORDER BY p.id LIMIT ?6",
        [ROWS_ACTS] = "SELECT a.id, p.id, 0, a.at FROM application_act a"
                      " JOIN application p ON p.id = a.application"
                      " WHERE a.at >= ?1 AND a.at < ?2 AND CASE ?4"
                      " WHEN 1 THEN a.event IN (1, 6)"
                      " AND (?7 IS NULL OR CAST(a.step AS TEXT) = ?7)"
                      " WHEN 2 THEN a.event = 2"
                      " AND (?7 IS NULL OR a.ground = ?7)"
                      " ELSE a.event IN (4, 7, 8, 11) AND (?7 IS NULL OR"
                      " CASE WHEN a.event = 8 THEN 'withdrawn-by-applicant'"
                      " WHEN " JUDGED " THEN 'not-eligible' ELSE a.ground END"
                      " = ?7) END AND" WITHIN(
                              "p") " AND a.id > ?5 ORDER BY a.id LIMIT ?6",
        [ROWS_VERDICTS] =
                "SELECT p.id, p.id, 0, v.at FROM verdict v"
                " JOIN application p ON p.id = v.application"
                " WHERE v.at >= ?1 AND v.at < ?2 AND" DOOR "?4"
                " AND" WITHIN("p") " AND p.id > ?5 ORDER BY p.id LIMIT ?6",
        [ROWS_MADE] = "SELECT c.id, c.application, c.id, c.made_at"
                      " FROM card c JOIN blank b ON b.id = c.blank"
                      " WHERE c.made_at >= ?1 AND c.made_at < ?2 AND" WITHIN(
                              "b") " AND c.id > ?5 ORDER BY c.id LIMIT ?6",
        [ROWS_SPOILED] = "SELECT c.id, c.application, c.id, c.ended_at"
                         " FROM card c JOIN blank b ON b.id = c.blank"
                         " WHERE c.phase = 13 AND c.ended_at >= ?1"
                         " AND c.ended_at < ?2 AND" WITHIN(
                                 "b") " AND c.id > ?5 ORDER BY c.id LIMIT ?6",
        [ROWS_HANDED] = "SELECT c.id, c.application, c.id, c.handed_over_at"
                        " FROM card c WHERE c.handed_over_at >= ?1"
                        " AND c.handed_over_at < ?2 AND" WITHIN(
                                "c") " AND c.id > ?5 ORDER BY c.id LIMIT ?6",
};
static const struct statements table = {
        "report", sql, sizeof sql / sizeof *sql};

/* Which statements tell of a figure, and with what third word. */
static const struct source {
	enum report_figure figure;
	int count, rows;
	int64_t choice; /* ?4 */
	const char *detail; /* ?5 of VERDICTS */
} sources[] = {
        {REPORT_APPLIED, APPLIED, ROWS_APPLIED, 0, NULL},
        {REPORT_ACCEPTED, ACTS, ROWS_ACTS, 1, NULL},
        {REPORT_RETURNED, ACTS, ROWS_ACTS, 2, NULL},
        {REPORT_RETURNED, VERDICTS, ROWS_VERDICTS, ELIGIBILITY_INCOMPLETE,
                "incomplete"},
        {REPORT_REJECTED, ACTS, ROWS_ACTS, 3, NULL},
        {REPORT_REJECTED, VERDICTS, ROWS_VERDICTS, ELIGIBILITY_NO,
                "not-eligible"},
        {REPORT_MADE, CARDS_MADE, ROWS_MADE, 0, NULL},
        {REPORT_SPOILED, CARDS_SPOILED, ROWS_SPOILED, 0, NULL},
        {REPORT_HANDED_OVER, CARDS_HANDED, ROWS_HANDED, 0, NULL},
};

static struct query *begin(
        struct store_tx *tx, const struct report_span *span, int which)
{
	char prefix[AREA_CODE_MAX + 1];
	int64_t bounds[2];
	struct query *q = query_begin(tx, &table, which);
	report_bounds(span, bounds);
	area_code_prefix(span->area, prefix);
	query_bind_int(q, 1, bounds[0]);
	query_bind_int(q, 2, bounds[1]);
	query_bind_text(q, 3, prefix);
	return q;
}

static void take(
        struct query *q, enum report_figure figure, struct cells *cells)
{
	struct report_cell key = {
	        .figure = figure, .kind = (uint32_t)query_int(q, 1)};
	const char *detail = query_text(q, 2);
	(void)snprintf(key.area, sizeof key.area, "%s", query_text(q, 0));
	(void)snprintf(
	        key.detail, sizeof key.detail, "%s", detail ? detail : "");
	struct report_cell *cell = cells_at(cells, &key);
	if (cell)
		cell->records += query_int(q, 3);
}

static int count_source(struct store_tx *tx, const struct report_span *span,
        const struct source *source, struct cells *cells)
{
	struct query *q = begin(tx, span, source->count);
	if (source->count == ACTS || source->count == VERDICTS)
		query_bind_int(q, 4, source->choice);
	if (source->count == VERDICTS)
		query_bind_text(q, 5, source->detail);
	while (cells->error == HUFU_OK && query_step(q) == STORE_ROW)
		take(q, source->figure, cells);
	int r = query_end(q);
	return r ? r : cells->error;
}

int report_count_records(struct store_tx *tx, const struct report_span *span,
        struct cells *cells)
{
	int r = HUFU_OK;
	for (size_t i = 0; r == HUFU_OK && i < sizeof sources / sizeof *sources;
	        i++)
		r = count_source(tx, span, &sources[i], cells);
	return r;
}

int report_time_steps(struct store_tx *tx, const struct report_span *span,
        struct report_step steps[REPORT_STEPS_MAX + 1])
{
	struct query *q = begin(tx, span, STEPS);
	while (query_step(q) == STORE_ROW) {
		int64_t step = query_int(q, 0);
		if (step < 1 || step > REPORT_STEPS_MAX)
			continue;
		steps[step].acts = query_int(q, 1);
		steps[step].sum_s = query_int(q, 2);
		steps[step].worst_s = query_int(q, 3);
	}
	int r = query_end(q);
	if (r)
		return r;
	q = begin(tx, span, OVERDUE);
	query_bind_int(q, 1, span->now_s);
	while (query_step(q) == STORE_ROW) {
		int64_t step = query_int(q, 0);
		if (step >= 1 && step <= REPORT_STEPS_MAX)
			steps[step].overdue = query_int(q, 1);
	}
	return query_end(q);
}

/* The source of a figure; one that a verdict alone told when asked so. */
static const struct source *find_source(const struct report_rows *which)
{
	const struct source *found = NULL;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const struct source *s = &sources[i];
		if (s->figure != which->figure)
			continue;
		if (!s->detail)
			found = s;
		else if (which->detail && strcmp(s->detail, which->detail) == 0)
			return s;
	}
	return found;
}

int report_list_rows(struct store_tx *tx, const struct report_span *span,
        const struct report_rows *which, struct report_row *ret, size_t cap,
        size_t *ret_count, int64_t *ret_next)
{
	const struct source *s = find_source(which);
	size_t n = 0;
	int64_t last = 0;
	if (!s)
		return HUFU_ERR_ARGUMENT;
	struct query *q = begin(tx, span, s->rows);
	if (s->rows == ROWS_ACTS || s->rows == ROWS_VERDICTS)
		query_bind_int(q, 4, s->choice);
	query_bind_int(q, 5, which->after);
	query_bind_int(q, 6, (int64_t)cap);
	if (s->rows == ROWS_ACTS)
		query_bind_text(q, 7, which->detail);
	while (n < cap && query_step(q) == STORE_ROW) {
		last = query_int(q, 0);
		ret[n++] = (struct report_row){.application = query_int(q, 1),
		        .card = query_int(q, 2),
		        .at_s = query_int(q, 3)};
	}
	int r = query_end(q);
	if (r)
		return r;
	*ret_count = n;
	*ret_next = n == cap ? last : 0;
	return HUFU_OK;
}
