#include "host/issue/job.h"

#include "host/issue/issue_inner.h"

enum { LIST, STATEMENTS };

static const char *const sql[] = {
        [LIST] = "SELECT id, application, card, state, station, round,"
                 " attempts, fencing, lease_until, not_before, dead_at,"
                 " ground, started_ms, issued_ms FROM job WHERE id > ?1"
                 " AND (?2 = 0 OR state = ?2) AND (?3 = 0 OR station = ?3)"
                 " AND (?4 = 0 OR dead_at > 0) AND (?5 = 0 OR state < 11)"
                 " ORDER BY id LIMIT ?6",
};
static const struct statements statements = {"job_list", sql, STATEMENTS};

static void fill(struct query *q, struct job *ret)
{
	int64_t started_ms = query_int(q, 12);
	int64_t issued_ms = query_int(q, 13);

	*ret = (struct job){
	        .id = query_int(q, 0),
	        .application = query_int(q, 1),
	        .card = query_int(q, 2),
	        .state = (enum job_state)query_int(q, 3),
	        .station = query_int(q, 4),
	        .round = query_int(q, 5),
	        .attempts = query_int(q, 6),
	        .fencing = query_int(q, 7),
	        .lease_until_s = query_int(q, 8),
	        .not_before_s = query_int(q, 9),
	        .dead_at_s = query_int(q, 10),
	        .made_ms = issued_ms > 0 ? issued_ms - started_ms : 0,
	};
	issue_copy_text(ret->ground, sizeof(ret->ground), query_text(q, 11));
}

int job_list(struct store_tx *tx, const struct job_filter *filter,
        struct job *ret, size_t cap, size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, LIST);
	size_t n = 0;

	query_bind_int(q, 1, filter->after);
	query_bind_int(q, 2, filter->state);
	query_bind_int(q, 3, filter->station);
	query_bind_int(q, 4, filter->dead);
	query_bind_int(q, 5, filter->open);
	query_bind_int(q, 6, (int64_t)cap);
	while (n < cap && query_step(q) == STORE_ROW)
		fill(q, &ret[n++]);
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}

const char *job_state_name(enum job_state state)
{
	static const char *const names[JOB_STATES] = {
	        [JOB_WAITING] = "WAITING",
	        [JOB_RESERVED] = "RESERVED",
	        [JOB_CHIP_INTENT] = "CHIP_INTENT",
	        [JOB_KEYED] = "KEYED",
	        [JOB_LOGGED] = "LOGGED",
	        [JOB_SIGNED] = "SIGNED",
	        [JOB_CHIP_VERIFIED] = "CHIP_VERIFIED",
	        [JOB_PRINT_INTENT] = "PRINT_INTENT",
	        [JOB_PRINT_DONE] = "PRINT_DONE",
	        [JOB_CHECKED] = "CHECKED",
	        [JOB_ISSUED] = "ISSUED",
	        [JOB_CLOSED] = "CLOSED",
	};

	return (unsigned)state < JOB_STATES ? names[state] : NULL;
}
