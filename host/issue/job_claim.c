#include "host/issue/job.h"

#include "host/base/clock.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_row.h"
#include "host/issue/refusal.h"
#include "host/staff/staff.h"

enum {
	FIND_STATION,
	ADD_STATION,
	SET_STATION,
	FREE_STATION,
	LOAD_STATION,
	SEE_STATION,
	FIND_OWN,
	FIND_WAITING,
	NEXT_FENCING,
	TAKE,
	BURY,
	HEARTBEAT,
	LIST_STATIONS,
	STATEMENTS,
};

/* Leaves out the cases that the maker decided on; see the schema. */
#define NOT_DECIDED_BY_MAKER                                                   \
	" AND NOT EXISTS (SELECT 1 FROM application_act t"                     \
	" WHERE t.application = j.application AND t.staff = ?3"                \
	" AND t.event IN (1, 2, 4, 5, 6, 7))"

static const char *const sql[] = {
        [FIND_STATION] = "SELECT id FROM station WHERE name = ?1",
        [ADD_STATION] = "INSERT INTO station (name, area, maker, seen_at)"
                        " VALUES (?1, ?2, ?3, ?4)",
        [SET_STATION] = "UPDATE station SET maker = ?1, seen_at = ?2"
                        " WHERE id = ?3 AND area = ?4",
        [FREE_STATION] = "UPDATE job SET lease_until = 0, not_before ="
                         " min(not_before, ?1) WHERE station = ?2"
                         " AND lease_until > 0",
        [LOAD_STATION] = "SELECT area, maker FROM station WHERE id = ?1",
        [SEE_STATION] = "UPDATE station SET seen_at = ?1 WHERE id = ?2",
        [FIND_OWN] = "SELECT j.id, j.attempts FROM job j WHERE j.station = ?1"
                     " AND j.state BETWEEN 2 AND 10"
                     " AND j.lease_until <= ?2 AND j.not_before <= ?2"
                     " AND j.dead_at = 0" NOT_DECIDED_BY_MAKER
                     " ORDER BY j.queued_at, j.id LIMIT 1",
        [FIND_WAITING] =
                "SELECT j.id, j.attempts FROM job j"
                " WHERE j.state = 1 AND j.not_before <= ?2"
                " AND j.lease_until <= ?2 AND j.dead_at = 0"
                " AND substr(j.area, 1, length(?1)) = ?1" NOT_DECIDED_BY_MAKER
                " ORDER BY j.not_before, j.id LIMIT 1",
        /* also past what a restored store may have forgotten */
        [NEXT_FENCING] = "UPDATE issue_counter SET fencing ="
                         " max(fencing + 1, ?1) RETURNING fencing",
        [TAKE] = "UPDATE job SET station = ?1, maker = ?2, fencing = ?3,"
                 " lease_until = ?4, attempts = attempts + 1, started_ms ="
                 " CASE WHEN state = 1 THEN ?5 ELSE started_ms END"
                 " WHERE id = ?6",
        [BURY] = "UPDATE job SET dead_at = ?1, lease_until = 0,"
                 " ground = 'attempts-used-up' WHERE id = ?2",
        [HEARTBEAT] = "UPDATE job SET lease_until = ?1 WHERE id = ?2"
                      " AND fencing = ?3 AND lease_until > 0"
                      " AND state < 11",
        [LIST_STATIONS] = "SELECT s.id, s.name, s.area, s.maker, s.seen_at,"
                          " coalesce((SELECT max(j.id) FROM job j"
                          " WHERE j.station = s.id AND j.lease_until > 0),"
                          " 0) FROM station s ORDER BY s.name LIMIT ?1",
};
static const struct statements statements = {"job_claim", sql, STATEMENTS};

/* ---- stations ---- */

struct opening {
	const char *name;
	const char *area;
	int64_t maker;
	int64_t at_s;
	int64_t id;
	struct problem *problem;
};

static int find_station(struct store_tx *tx, struct opening *o)
{
	struct query *q = query_begin(tx, &statements, FIND_STATION);

	query_bind_text(q, 1, o->name);
	if (query_step(q) == STORE_ROW)
		o->id = query_int(q, 0);
	return query_end(q);
}

static int add_station(struct store_tx *tx, struct opening *o)
{
	struct query *q = query_begin(tx, &statements, ADD_STATION);

	query_bind_text(q, 1, o->name);
	query_bind_text(q, 2, o->area);
	query_bind_int(q, 3, o->maker);
	query_bind_int(q, 4, o->at_s);
	int rc = query_run(q);
	if (rc == 0)
		o->id = store_tx_last_id(tx);
	return rc;
}

/* Blanks lie in the station's area, so it cannot change. */
static int set_station(struct store_tx *tx, struct opening *o)
{
	struct query *q = query_begin(tx, &statements, SET_STATION);

	query_bind_int(q, 1, o->maker);
	query_bind_int(q, 2, o->at_s);
	query_bind_int(q, 3, o->id);
	query_bind_text(q, 4, o->area);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	if (store_tx_changes(tx) != 1)
		return problem_set(o->problem, HUFU_ERR_CONFIG, "station-area",
		        "这个制卡点已登记在另一地区，请换一个名称。",
		        "This station is registered in another area; give it "
		        "another name.");
	q = query_begin(tx, &statements, FREE_STATION);
	query_bind_int(q, 1, o->at_s);
	query_bind_int(q, 2, o->id);
	return query_run(q);
}

static int open_work(struct store_tx *tx, void *arg)
{
	struct opening *o = arg;
	int rc = find_station(tx, o);

	if (rc < 0)
		return rc;
	return o->id ? set_station(tx, o) : add_station(tx, o);
}

int job_open_station(struct issue *issue, const char *name, const char *area,
        int64_t operator_staff, int64_t *ret_station,
        struct problem *ret_problem)
{
	struct opening o = {
	        .name = name,
	        .area = area,
	        .maker = operator_staff,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};

	if (ret_problem)
		ret_problem->code = 0;
	int rc = store_write(issue->options.store, open_work, &o);
	if (rc < 0)
		return refusal_finish(rc, ret_problem);
	*ret_station = o.id;
	return 0;
}

int job_list_stations(struct store_tx *tx, struct job_station *ret, size_t cap,
        size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, LIST_STATIONS);
	size_t n = 0;

	query_bind_int(q, 1, (int64_t)cap);
	while (n < cap && query_step(q) == STORE_ROW) {
		struct job_station *s = &ret[n++];
		*s = (struct job_station){
		        .id = query_int(q, 0),
		        .operator_staff = query_int(q, 3),
		        .seen_at_s = query_int(q, 4),
		        .job = query_int(q, 5),
		};
		issue_copy_text(s->name, sizeof(s->name), query_text(q, 1));
		issue_copy_text(s->area, sizeof(s->area), query_text(q, 2));
	}
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}

/* ---- claiming ---- */

struct claim {
	struct issue *issue;
	int64_t station;
	int64_t maker;
	char area[AREA_CODE_MAX + 1]; /* prefix of those it serves */
	int64_t at_s;
	int64_t job;
	int64_t attempts;
	struct job_lease lease;
	struct problem *problem;
};

static int load_station(struct store_tx *tx, struct claim *c)
{
	struct query *q = query_begin(tx, &statements, LOAD_STATION);
	char area[AREA_CODE_MAX + 1] = "";
	int rc = HUFU_ERR_NOT_FOUND;

	query_bind_int(q, 1, c->station);
	if (query_step(q) == STORE_ROW) {
		issue_copy_text(area, sizeof(area), query_text(q, 0));
		c->maker = query_int(q, 1);
		rc = 0;
	}
	int end = query_end(q);
	if (end < 0 || rc < 0)
		return end < 0 ? end : rc;
	card_row_area_prefix(area, c->area);
	return staff_check(tx, c->maker, STAFF_PERSONALISER, area, c->problem);
}

static int see_station(struct store_tx *tx, const struct claim *c)
{
	struct query *q = query_begin(tx, &statements, SEE_STATION);

	query_bind_int(q, 1, c->at_s);
	query_bind_int(q, 2, c->station);
	return query_run(q);
}

static int find(struct store_tx *tx, struct claim *c, int which)
{
	struct query *q = query_begin(tx, &statements, which);

	if (which == FIND_OWN)
		query_bind_int(q, 1, c->station);
	else
		query_bind_text(q, 1, c->area);
	query_bind_int(q, 2, c->at_s);
	query_bind_int(q, 3, c->maker);
	c->job = 0;
	if (query_step(q) == STORE_ROW) {
		c->job = query_int(q, 0);
		c->attempts = query_int(q, 1);
	}
	return query_end(q);
}

/* Claimed too often without getting anywhere: a person must look. */
static int bury(struct store_tx *tx, const struct claim *c)
{
	struct query *q = query_begin(tx, &statements, BURY);

	query_bind_int(q, 1, c->at_s);
	query_bind_int(q, 2, c->job);
	return query_run(q);
}

static int choose(struct store_tx *tx, struct claim *c)
{
	for (;;) {
		int rc = find(tx, c, FIND_OWN);
		if (rc == 0 && c->job == 0)
			rc = find(tx, c, FIND_WAITING);
		if (rc < 0 || c->job == 0 ||
		        c->attempts < c->issue->options.attempts_max)
			return rc;
		rc = bury(tx, c);
		if (rc < 0)
			return rc;
	}
}

static int next_fencing(struct store_tx *tx, int64_t *ret)
{
	struct query *q = query_begin(tx, &statements, NEXT_FENCING);

	query_bind_int(q, 1, clock_now_ms());
	if (query_step(q) == STORE_ROW)
		*ret = query_int(q, 0);
	return query_end(q);
}

static int take(struct store_tx *tx, struct claim *c)
{
	struct job_row row;
	int64_t fencing = 0;

	int rc = next_fencing(tx, &fencing);
	if (rc < 0)
		return rc;
	struct query *q = query_begin(tx, &statements, TAKE);
	query_bind_int(q, 1, c->station);
	query_bind_int(q, 2, c->maker);
	query_bind_int(q, 3, fencing);
	query_bind_int(q, 4, c->at_s + c->issue->options.lease_s);
	query_bind_int(q, 5, clock_now_ms());
	query_bind_int(q, 6, c->job);
	rc = refusal_of_constraint(tx, query_run(q), c->problem);
	if (rc == 0)
		rc = job_row_load(tx, c->job, &row);
	if (rc == 0)
		job_row_fill_lease(&row, &c->lease);
	return rc;
}

static int claim_work(struct store_tx *tx, void *arg)
{
	struct claim *c = arg;

	int rc = load_station(tx, c);
	if (rc == 0)
		rc = see_station(tx, c);
	if (rc == 0)
		rc = choose(tx, c);
	if (rc == 0 && c->job)
		rc = take(tx, c);
	return rc;
}

int job_claim(struct issue *issue, int64_t station, struct job_lease *ret,
        struct problem *ret_problem)
{
	struct claim c = {
	        .issue = issue,
	        .station = station,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};

	if (ret_problem)
		ret_problem->code = 0;
	int rc = store_write(issue->options.store, claim_work, &c);
	if (rc < 0)
		return refusal_finish(rc, ret_problem);
	if (c.job == 0)
		return JOB_NONE;
	*ret = c.lease;
	return 0;
}

struct beat {
	const struct job_lease *lease;
	int64_t until_s;
	bool stale;
};

static int beat_work(struct store_tx *tx, void *arg)
{
	struct beat *b = arg;
	struct query *q = query_begin(tx, &statements, HEARTBEAT);

	query_bind_int(q, 1, b->until_s);
	query_bind_int(q, 2, b->lease->job);
	query_bind_int(q, 3, b->lease->fencing);
	int rc = query_run(q);
	b->stale = store_tx_changes(tx) != 1;
	return rc;
}

int job_heartbeat(struct issue *issue, const struct job_lease *lease)
{
	struct beat b = {
	        .lease = lease,
	        .until_s = issue_now_s(issue) + issue->options.lease_s,
	};
	int rc = store_write(issue->options.store, beat_work, &b);

	if (rc < 0)
		return rc;
	return b.stale ? JOB_STALE : 0;
}
