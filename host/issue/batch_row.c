#include "host/issue/batch_row.h"

#include "host/issue/issue_inner.h"

enum {
	NEXT,
	ADD,
	ADD_CASE,
	OWES,
	CONFIRM,
	END,
	NOTE,
	WAS_ACCEPTED,
	LOAD,
	CASES,
	LIST_OPEN,
	STATEMENTS,
};

static const char *const sql[] = {
        [NEXT] = "SELECT coalesce(max(id), 0) + 1 FROM batch",
        [ADD] = "INSERT INTO batch (id, staff, at) VALUES (?1, ?2, ?3)",
        [ADD_CASE] = "INSERT INTO batch_case (batch, application, step,"
                     " sampled) VALUES (?1, ?2, ?3, ?4)",
        [OWES] = "SELECT 1 FROM batch_case c JOIN batch b ON b.id = c.batch"
                 " WHERE c.application = ?1 AND c.step = ?2"
                 " AND c.sampled = 1 AND c.confirmed_at IS NULL"
                 " AND b.staff = ?3 LIMIT 1",
        [CONFIRM] = "UPDATE batch_case SET confirmed_at = ?1"
                    " WHERE batch = ?2 AND application = ?3",
        [END] = "UPDATE batch SET state = ?1 WHERE id = ?2",
        [NOTE] = "UPDATE batch_case SET outcome = ?1, refusal = ?2"
                 " WHERE batch = ?3 AND application = ?4",
        [WAS_ACCEPTED] = "SELECT 1 FROM application_act"
                         " WHERE application = ?1 AND staff = ?2"
                         " AND event = 1 AND step = ?3 AND at >= ?4 LIMIT 1",
        [LOAD] = "SELECT at, state FROM batch WHERE id = ?1 AND staff = ?2",
        [CASES] = "SELECT application, step, sampled, confirmed_at, outcome,"
                  " refusal FROM batch_case WHERE batch = ?1"
                  " ORDER BY application",
        [LIST_OPEN] = "SELECT id FROM batch WHERE staff = ?1 AND state = 1"
                      " ORDER BY id DESC LIMIT ?2",
};
static const struct statements statements = {"batch_row", sql, STATEMENTS};

static int add_case(
        struct store_tx *tx, int64_t batch, const struct batch_case *c)
{
	struct query *q = query_begin(tx, &statements, ADD_CASE);

	query_bind_int(q, 1, batch);
	query_bind_int(q, 2, c->application);
	query_bind_int(q, 3, c->step);
	query_bind_int(q, 4, c->sampled);
	return query_run(q);
}

int batch_row_add(struct store_tx *tx, struct batch *batch)
{
	struct query *q = query_begin(tx, &statements, NEXT);

	if (query_step(q) == STORE_ROW)
		batch->id = query_int(q, 0);
	int rc = query_end(q);
	if (rc < 0)
		return rc;
	q = query_begin(tx, &statements, ADD);
	query_bind_int(q, 1, batch->id);
	query_bind_int(q, 2, batch->staff);
	query_bind_int(q, 3, batch->at_s);
	rc = query_run(q);
	for (size_t i = 0; rc == 0 && i < batch->count; i++)
		rc = add_case(tx, batch->id, &batch->cases[i]);
	return rc;
}

/* Ends a query of which only matters whether it has a row. */
static int end_any(struct query *q, bool *ret)
{
	bool any = query_step(q) == STORE_ROW;
	int rc = query_end(q);

	if (rc == 0)
		*ret = any;
	return rc;
}

int batch_row_owes(struct store_tx *tx, const struct batch *batch,
        const struct batch_case *c, bool *ret)
{
	struct query *q = query_begin(tx, &statements, OWES);

	query_bind_int(q, 1, c->application);
	query_bind_int(q, 2, c->step);
	query_bind_int(q, 3, batch->staff);
	return end_any(q, ret);
}

int batch_row_confirm(struct store_tx *tx, const struct batch *batch,
        const struct batch_case *c)
{
	struct query *q = query_begin(tx, &statements, CONFIRM);

	query_bind_int(q, 1, c->confirmed_at_s);
	query_bind_int(q, 2, batch->id);
	query_bind_int(q, 3, c->application);
	return query_run(q);
}

int batch_row_end(
        struct store_tx *tx, const struct batch *batch, enum batch_state state)
{
	struct query *q = query_begin(tx, &statements, END);

	query_bind_int(q, 1, state);
	query_bind_int(q, 2, batch->id);
	return query_run(q);
}

int batch_row_note(struct store_tx *tx, const struct batch *batch,
        const struct batch_case *c)
{
	struct query *q = query_begin(tx, &statements, NOTE);

	query_bind_int(q, 1, c->outcome);
	query_bind_text(q, 2, c->refusal);
	query_bind_int(q, 3, batch->id);
	query_bind_int(q, 4, c->application);
	return query_run(q);
}

int batch_row_was_accepted(struct store_tx *tx, const struct batch *batch,
        const struct batch_case *c, bool *ret)
{
	struct query *q = query_begin(tx, &statements, WAS_ACCEPTED);

	query_bind_int(q, 1, c->application);
	query_bind_int(q, 2, batch->staff);
	query_bind_int(q, 3, c->step);
	query_bind_int(q, 4, batch->at_s);
	return end_any(q, ret);
}

static void fill_case(struct query *q, struct batch_case *c)
{
	*c = (struct batch_case){
	        .application = query_int(q, 0),
	        .step = query_int(q, 1),
	        .sampled = query_int(q, 2) != 0,
	        .confirmed_at_s = query_int(q, 3),
	        .outcome = (enum batch_outcome)query_int(q, 4),
	};
	issue_copy_text(c->refusal, sizeof(c->refusal), query_text(q, 5));
}

int batch_read(struct store_tx *tx, int64_t id, int64_t staff,
        struct batch *ret, struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &statements, LOAD);

	query_bind_int(q, 1, id);
	query_bind_int(q, 2, staff);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		*ret = (struct batch){
		        .id = id,
		        .staff = staff,
		        .at_s = query_int(q, 0),
		        .state = (enum batch_state)query_int(q, 1),
		};
	rc = query_end_one(q, rc);
	if (rc == HUFU_ERR_NOT_FOUND)
		return problem_set(ret_problem, rc, "no-batch",
		        "您没有这一批，请从自己的批次中选择。",
		        "You have no such batch; choose one of your own.");
	if (rc < 0)
		return rc;
	q = query_begin(tx, &statements, CASES);
	query_bind_int(q, 1, id);
	while (ret->count < BATCH_CASES_MAX && query_step(q) == STORE_ROW)
		fill_case(q, &ret->cases[ret->count++]);
	return query_end(q);
}

int batch_list_open(struct store_tx *tx, int64_t staff,
        int64_t ret[BATCH_OPEN_MAX], size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, LIST_OPEN);
	size_t n = 0;

	query_bind_int(q, 1, staff);
	query_bind_int(q, 2, BATCH_OPEN_MAX);
	while (n < BATCH_OPEN_MAX && query_step(q) == STORE_ROW)
		ret[n++] = query_int(q, 0);
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}
