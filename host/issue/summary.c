#include "host/issue/summary.h"

#include "host/issue/issue_inner.h"

enum {
	BY_STATE,
	BY_PHASE,
	RETURNED,
	JOBS,
	REFUSALS,
	SPOILINGS,
	STATEMENTS,
};

static const char *const sql[] = {
        [BY_STATE] = "SELECT state, count(*) FROM application GROUP BY state",
        [BY_PHASE] = "SELECT phase, count(*), sum(made_at > 0) FROM card"
                     " GROUP BY phase",
        [RETURNED] = "SELECT count(*) FROM application_act WHERE event = 2",
        [JOBS] = "SELECT coalesce(sum(dead_at > 0 AND state < 11), 0),"
                 " coalesce(sum(dead_at = 0 AND state < 11"
                 " AND (state > 1 OR lease_until > 0)), 0),"
                 " coalesce(sum(dead_at = 0 AND state = 1"
                 " AND lease_until = 0), 0),"
                 " coalesce(min(CASE WHEN dead_at = 0 AND state = 1"
                 " AND lease_until = 0 THEN queued_at END), 0) FROM job",
        [REFUSALS] = "SELECT last_ground, count(*) FROM application"
                     " WHERE state = 8 GROUP BY last_ground"
                     " ORDER BY 2 DESC, 1 LIMIT ?1",
        /* a card may also be ended as spoiled without a blank: none is */
        [SPOILINGS] = "SELECT ground, count(*) FROM card WHERE phase = 13"
                      " GROUP BY ground ORDER BY 2 DESC, 1 LIMIT ?1",
};
static const struct statements statements = {"summary", sql, STATEMENTS};

static int read_states(struct store_tx *tx, struct summary *s)
{
	struct query *q = query_begin(tx, &statements, BY_STATE);

	while (query_step(q) == STORE_ROW) {
		int64_t state = query_int(q, 0);
		if (state <= 0 || state >= APPLICATION_STATES)
			continue;
		s->applications[state] = query_int(q, 1);
		s->applied += query_int(q, 1);
	}
	s->refused = s->applications[APPLICATION_REJECTED];
	return query_end(q);
}

static int read_phases(struct store_tx *tx, struct summary *s)
{
	struct query *q = query_begin(tx, &statements, BY_PHASE);

	while (query_step(q) == STORE_ROW) {
		int64_t phase = query_int(q, 0);
		if (phase <= 0 || phase >= CARD_PHASES)
			continue;
		s->cards[phase] = query_int(q, 1);
		s->made += query_int(q, 2);
	}
	s->spoiled = s->cards[CARD_SPOILED];
	return query_end(q);
}

static int read_returned(struct store_tx *tx, struct summary *s)
{
	struct query *q = query_begin(tx, &statements, RETURNED);

	if (query_step(q) == STORE_ROW)
		s->returned = query_int(q, 0);
	return query_end(q);
}

static int read_jobs(struct store_tx *tx, struct summary *s)
{
	struct query *q = query_begin(tx, &statements, JOBS);

	if (query_step(q) == STORE_ROW) {
		s->jobs_dead = query_int(q, 0);
		s->jobs_running = query_int(q, 1);
		s->jobs_waiting = query_int(q, 2);
		s->oldest_waiting_at = query_int(q, 3);
	}
	return query_end(q);
}

static int read_grounds(struct store_tx *tx, int which,
        struct summary_ground ret[SUMMARY_GROUNDS_MAX], size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, which);
	size_t n = 0;

	query_bind_int(q, 1, SUMMARY_GROUNDS_MAX);
	while (n < SUMMARY_GROUNDS_MAX && query_step(q) == STORE_ROW) {
		issue_copy_text(
		        ret[n].ground, sizeof(ret[n].ground), query_text(q, 0));
		ret[n++].count = query_int(q, 1);
	}
	*ret_count = n;
	return query_end(q);
}

int summary_read(struct store_tx *tx, struct summary *ret)
{
	struct summary s = {0};

	int rc = read_states(tx, &s);
	if (rc == 0)
		rc = read_phases(tx, &s);
	if (rc == 0)
		rc = read_returned(tx, &s);
	if (rc == 0)
		rc = read_jobs(tx, &s);
	if (rc == 0)
		rc = read_grounds(tx, REFUSALS, s.refusals, &s.refusals_count);
	if (rc == 0)
		rc = read_grounds(
		        tx, SPOILINGS, s.spoilings, &s.spoilings_count);
	if (rc == 0)
		*ret = s;
	return rc;
}
