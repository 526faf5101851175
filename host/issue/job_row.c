#include "host/issue/job_row.h"

#include <string.h>

#include "host/issue/issue_inner.h"
#include "host/store/sealed.h"

enum {
	LOAD,
	UPDATE,
	ADD,
	FIND_OF,
	GET_CARD,
	PUT_CARD,
	PUT_FACT,
	GET_FACT,
	STATEMENTS,
};

static const char *const sql[] = {
        [LOAD] = "SELECT j.application, j.card, c.blank, c.person, j.state,"
                 " j.round, j.station, j.maker, j.fencing, j.lease_until,"
                 " j.attempts, j.dead_at, c.kind, c.number, s.area,"
                 " c.making_key, b.serial, c.reserved_index, c.signed_index"
                 " FROM job j JOIN card c ON c.id = j.card"
                 " LEFT JOIN station s ON s.id = j.station"
                 " LEFT JOIN blank b ON b.id = c.blank WHERE j.id = ?1",
        [UPDATE] = "UPDATE job SET state = ?1, card = ?2, round = ?3,"
                   " station = ?4, attempts = ?5, lease_until = ?6,"
                   " not_before = ?7, dead_at = ?8, ground = ?9,"
                   " issued_ms = ?10"
                   " WHERE id = ?11 AND fencing = ?12 AND state = ?13",
        [ADD] = "INSERT INTO job (application, card, area, state, round,"
                " not_before, queued_at) VALUES (?1, ?2, ?3, 1, 1, ?4, ?4)",
        [FIND_OF] = "SELECT id FROM job WHERE application = ?1",
        [GET_CARD] = "SELECT blank, reserved_index, signed_index, valid_from,"
                     " valid_to, benefits, classes FROM card WHERE id = ?1",
        [PUT_CARD] = "UPDATE card SET blank = ?1, reserved_index = ?2,"
                     " signed_index = ?3, valid_from = ?4, valid_to = ?5,"
                     " benefits = ?6, classes = ?7 WHERE id = ?8",
        [PUT_FACT] = "INSERT INTO making_fact (id, card, fact, sealed)"
                     " VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (id) DO UPDATE SET sealed = ?4",
        [GET_FACT] = "SELECT sealed FROM making_fact WHERE id = ?1",
};
static const struct statements statements = {"job_row", sql, STATEMENTS};

static void copy_bytes(struct span from, void *ret, size_t len)
{
	memset(ret, 0, len);
	if (from.len == len)
		memcpy(ret, from.data, len);
}

static void fill(struct query *q, int64_t id, struct job_row *ret)
{
	*ret = (struct job_row){
	        .id = id,
	        .application = query_int(q, 0),
	        .card = query_int(q, 1),
	        .blank = query_int(q, 2),
	        .person = query_int(q, 3),
	        .state = (enum job_state)query_int(q, 4),
	        .round = query_int(q, 5),
	        .station = query_int(q, 6),
	        .maker = query_int(q, 7),
	        .fencing = query_int(q, 8),
	        .lease_until_s = query_int(q, 9),
	        .attempts = query_int(q, 10),
	        .dead_at_s = query_int(q, 11),
	        .kind = (uint32_t)query_int(q, 12),
	        .reserved_index = (uint64_t)query_int(q, 17),
	        .signed_index = (uint64_t)query_int(q, 18),
	};
	issue_copy_text(
	        ret->card_number, sizeof(ret->card_number), query_text(q, 13));
	issue_copy_text(ret->station_area, sizeof(ret->station_area),
	        query_text(q, 14));
	copy_bytes(query_blob(q, 15), ret->key, sizeof(ret->key));
	copy_bytes(query_blob(q, 16), ret->serial, sizeof(ret->serial));
}

int job_row_load(struct store_tx *tx, int64_t id, struct job_row *ret)
{
	struct query *q = query_begin(tx, &statements, LOAD);

	query_bind_int(q, 1, id);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		fill(q, id, ret);
	return query_end_one(q, rc);
}

int job_row_load_leased(
        struct store_tx *tx, const struct job_lease *lease, struct job_row *ret)
{
	struct job_row row;
	int rc = job_row_load(tx, lease->job, &row);

	if (rc == HUFU_ERR_NOT_FOUND)
		return JOB_STALE;
	if (rc < 0)
		return rc;
	if (row.fencing != lease->fencing || row.state != lease->state ||
	        row.lease_until_s == 0)
		return JOB_STALE;
	*ret = row;
	return 0;
}

void job_row_fill_lease(const struct job_row *row, struct job_lease *ret)
{
	*ret = (struct job_lease){
	        .job = row->id,
	        .fencing = row->fencing,
	        .station = row->station,
	        .state = row->state,
	        .application = row->application,
	        .card = row->card,
	        .round = row->round,
	        .attempts = row->attempts,
	        .reserved_index = row->reserved_index,
	        .signed_index = row->signed_index,
	};
	memcpy(ret->key, row->key, sizeof(ret->key));
	memcpy(ret->serial, row->serial, sizeof(ret->serial));
}

void job_row_start_update(const struct job_row *row, struct job_update *ret)
{
	*ret = (struct job_update){
	        .state = row->state,
	        .card = row->card,
	        .round = row->round,
	        .station = row->station,
	        .attempts = row->attempts,
	        .lease_until_s = row->lease_until_s,
	        .dead_at_s = row->dead_at_s,
	};
}

int job_row_update(struct store_tx *tx, const struct job_row *row,
        const struct job_update *update)
{
	struct query *q = query_begin(tx, &statements, UPDATE);

	query_bind_int(q, 1, update->state);
	query_bind_int(q, 2, update->card);
	query_bind_int(q, 3, update->round);
	if (update->station)
		query_bind_int(q, 4, update->station);
	else
		query_bind_null(q, 4);
	query_bind_int(q, 5, update->attempts);
	query_bind_int(q, 6, update->lease_until_s);
	query_bind_int(q, 7, update->not_before_s);
	query_bind_int(q, 8, update->dead_at_s);
	query_bind_text(q, 9, update->ground ? update->ground : "");
	query_bind_int(q, 10, update->issued_ms);
	query_bind_int(q, 11, row->id);
	query_bind_int(q, 12, row->fencing);
	query_bind_int(q, 13, row->state);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : JOB_STALE;
}

int job_row_add(struct store_tx *tx, const struct application *application,
        int64_t card, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, ADD);

	query_bind_int(q, 1, application->id);
	query_bind_int(q, 2, card);
	query_bind_text(q, 3, application->area);
	query_bind_int(q, 4, at_s);
	return query_run(q);
}

int job_row_find_of(struct store_tx *tx, int64_t application, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &statements, FIND_OF);

	query_bind_int(q, 1, application);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		*ret_id = query_int(q, 0);
	return query_end_one(q, rc);
}

int job_row_get_card(
        struct store_tx *tx, int64_t card, struct job_card_facts *ret)
{
	struct query *q = query_begin(tx, &statements, GET_CARD);

	query_bind_int(q, 1, card);
	int rc = query_step(q);
	if (rc == STORE_ROW) {
		*ret = (struct job_card_facts){
		        .blank = query_int(q, 0),
		        .reserved_index = (uint64_t)query_int(q, 1),
		        .signed_index = (uint64_t)query_int(q, 2),
		        .benefits = (uint32_t)query_int(q, 5),
		        .classes = (uint32_t)query_int(q, 6),
		};
		issue_copy_text(ret->valid_from, sizeof(ret->valid_from),
		        query_text(q, 3));
		issue_copy_text(
		        ret->valid_to, sizeof(ret->valid_to), query_text(q, 4));
	}
	return query_end_one(q, rc);
}

static void bind_or_null(struct query *q, int at, int64_t v)
{
	if (v)
		query_bind_int(q, at, v);
	else
		query_bind_null(q, at);
}

int job_row_put_card(
        struct store_tx *tx, int64_t card, const struct job_card_facts *facts)
{
	struct query *q = query_begin(tx, &statements, PUT_CARD);

	bind_or_null(q, 1, facts->blank);
	bind_or_null(q, 2, (int64_t)facts->reserved_index);
	bind_or_null(q, 3, (int64_t)facts->signed_index);
	query_bind_text(q, 4, facts->valid_from);
	query_bind_text(q, 5, facts->valid_to);
	query_bind_int(q, 6, facts->benefits);
	query_bind_int(q, 7, facts->classes);
	query_bind_int(q, 8, card);
	return query_run(q);
}

static int64_t fact_id(int64_t card, enum job_fact fact)
{
	return card * 16 + fact;
}

int job_row_put_fact(struct store_tx *tx, int64_t card, enum job_fact fact,
        struct span value)
{
	if (fact <= 0 || fact >= JOB_FACTS)
		return HUFU_ERR_ARGUMENT;
	if (value.len > JOB_FACT_MAX)
		return HUFU_ERR_LIMIT;

	const struct sealed_at at = {
	        "making_fact", "sealed", fact_id(card, fact)};
	struct query *q = query_begin(tx, &statements, PUT_FACT);
	query_bind_int(q, 1, at.row);
	query_bind_int(q, 2, card);
	query_bind_int(q, 3, fact);
	sealed_bind(q, 4, &at, value);
	return query_run(q);
}

int job_row_get_fact(struct store_tx *tx, int64_t card, enum job_fact fact,
        struct writer *ret)
{
	const struct sealed_at at = {
	        "making_fact", "sealed", fact_id(card, fact)};
	struct query *q = query_begin(tx, &statements, GET_FACT);
	int rc = HUFU_ERR_NOT_FOUND;

	query_bind_int(q, 1, at.row);
	if (query_step(q) == STORE_ROW)
		rc = sealed_get(q, 0, &at, ret);
	int end = query_end(q);
	return end < 0 ? end : rc;
}

int job_row_has_fact(
        struct store_tx *tx, int64_t card, enum job_fact fact, bool *ret)
{
	struct query *q = query_begin(tx, &statements, GET_FACT);

	query_bind_int(q, 1, fact_id(card, fact));
	int rc = query_step(q);
	int end = query_end(q);
	if (end < 0)
		return end;
	*ret = rc == STORE_ROW;
	return 0;
}
