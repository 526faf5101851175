#include "host/issue/case_row.h"

#include <stdio.h>
#include <string.h>

#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"
#include "host/store/sealed.h"

enum {
	VERDICTS_MAX = 64, /* of one application: corrections are few */
	CODES_MAX = 512,
};

enum {
	LOAD,
	UPDATE,
	ADD_ACT,
	NEXT_ACT,
	NEXT_VERDICT,
	ADD_VERDICT,
	LIST_VERDICTS,
	NEXT_PHOTO,
	ADD_PHOTO,
	LAST_PHOTO,
	HISTORY,
	HAS_OPINION,
	STATEMENTS,
};

static const char *const sql[] = {
        [LOAD] = "SELECT a.person, a.kind, a.reason, a.ground, a.acting,"
                 " a.gravely_ill, a.habitual, a.state, a.step, a.steps,"
                 " a.area, a.delivery_area, a.materials, a.rule_version,"
                 " a.entered_by, a.entered_at, a.step_since, a.due,"
                 " a.last_ground, a.last_field,"
                 " (SELECT max(id) FROM card WHERE application = a.id)"
                 " FROM application a WHERE a.id = ?1",
        [UPDATE] = "UPDATE application SET state = ?1, step = ?2,"
                   " step_since = ?3, due = ?4, last_ground = ?5,"
                   " last_field = ?6, kind = ?7, materials = ?8"
                   " WHERE id = ?9 AND state = ?10 AND step = ?11",
        [ADD_ACT] = "INSERT INTO application_act (id, application, event,"
                    " step, staff, at, ground, field, sealed, log_index)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        [NEXT_ACT] = "SELECT coalesce(max(id), 0) + 1 FROM application_act",
        [NEXT_VERDICT] = "SELECT coalesce(max(number), 0) + 1 FROM verdict"
                         " WHERE application = ?1",
        [ADD_VERDICT] = "INSERT INTO verdict (application, number, stage, at,"
                        " outcome, rule_version, sealed)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [LIST_VERDICTS] = "SELECT number, stage, at, outcome, rule_version,"
                          " sealed FROM verdict WHERE application = ?1"
                          " ORDER BY number",
        [NEXT_PHOTO] = "SELECT coalesce(max(id), 0) + 1 FROM photo",
        [ADD_PHOTO] = "INSERT INTO photo (id, application, at, sealed)"
                      " VALUES (?1, ?2, ?3, ?4)",
        [LAST_PHOTO] = "SELECT id, sealed FROM photo WHERE application = ?1"
                       " ORDER BY id DESC LIMIT 1",
        [HISTORY] = "SELECT id, at, staff, event, step, ground, field,"
                    " sealed, log_index FROM application_act"
                    " WHERE application = ?1 ORDER BY id",
        [HAS_OPINION] = "SELECT 1 FROM application_act WHERE application = ?1"
                        " AND event = 6 LIMIT 1",
};
static const struct statements statements = {"case_row", sql, STATEMENTS};

static void fill(struct query *q, int64_t id, struct application *ret)
{
	*ret = (struct application){
	        .id = id,
	        .person = query_int(q, 0),
	        .kind = (unsigned)query_int(q, 1),
	        .reason = (enum application_reason)query_int(q, 2),
	        .ground = (enum application_ground)query_int(q, 3),
	        .acting = (enum eligibility_acting)query_int(q, 4),
	        .gravely_ill = query_int(q, 5) != 0,
	        .habitual = query_int(q, 6) != 0,
	        .state = (enum application_state)query_int(q, 7),
	        .step = query_int(q, 8),
	        .steps = query_int(q, 9),
	        .materials = (uint32_t)query_int(q, 12),
	        .entered_by = query_int(q, 14),
	        .entered_at_s = query_int(q, 15),
	        .step_since_s = query_int(q, 16),
	        .due_s = query_int(q, 17),
	        .card = query_int(q, 20),
	};
	issue_copy_text(ret->area, sizeof(ret->area), query_text(q, 10));
	issue_copy_text(ret->delivery_area, sizeof(ret->delivery_area),
	        query_text(q, 11));
	issue_copy_text(ret->rule_version, sizeof(ret->rule_version),
	        query_text(q, 13));
	issue_copy_text(
	        ret->last_ground, sizeof(ret->last_ground), query_text(q, 18));
	issue_copy_text(
	        ret->last_field, sizeof(ret->last_field), query_text(q, 19));
}

int application_read(struct store_tx *tx, int64_t id, struct application *ret)
{
	struct query *q = query_begin(tx, &statements, LOAD);

	query_bind_int(q, 1, id);
	int rc = query_step(q);
	if (rc == STORE_ROW)
		fill(q, id, ret);
	return query_end_one(q, rc);
}

int case_row_update(struct store_tx *tx, const struct application *before,
        const struct application *now)
{
	struct query *q = query_begin(tx, &statements, UPDATE);

	query_bind_int(q, 1, now->state);
	query_bind_int(q, 2, now->step);
	query_bind_int(q, 3, now->step_since_s);
	query_bind_int(q, 4, now->due_s);
	query_bind_text(q, 5, now->last_ground);
	query_bind_text(q, 6, now->last_field);
	query_bind_int(q, 7, now->kind);
	query_bind_int(q, 8, now->materials);
	query_bind_int(q, 9, before->id);
	query_bind_int(q, 10, before->state);
	query_bind_int(q, 11, before->step);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_STATE;
}

/* The one number that `which` selects; `key` 0: it takes none. */
static int read_number(
        struct store_tx *tx, int which, int64_t key, int64_t *ret)
{
	struct query *q = query_begin(tx, &statements, which);
	int64_t value = 0;

	if (key)
		query_bind_int(q, 1, key);
	if (query_step(q) == STORE_ROW)
		value = query_int(q, 0);
	int rc = query_end(q);
	if (rc == 0)
		*ret = value;
	return rc;
}

int case_row_add_act(struct store_tx *tx, const struct case_act *act,
        struct problem *ret_problem)
{
	int64_t id = 0;
	int rc = read_number(tx, NEXT_ACT, 0, &id);
	if (rc < 0)
		return rc;

	const struct sealed_at at = {"application_act", "sealed", id};
	struct query *q = query_begin(tx, &statements, ADD_ACT);
	query_bind_int(q, 1, id);
	query_bind_int(q, 2, act->application);
	query_bind_int(q, 3, act->event);
	query_bind_int(q, 4, act->step);
	if (act->staff)
		query_bind_int(q, 5, act->staff);
	else
		query_bind_null(q, 5);
	query_bind_int(q, 6, act->at_s);
	query_bind_text(q, 7, act->ground ? act->ground : "");
	query_bind_text(q, 8, act->field ? act->field : "");
	if (act->note && act->note[0])
		sealed_bind(q, 9, &at, span_of_text(act->note));
	else
		query_bind_null(q, 9);
	query_bind_int(q, 10, (int64_t)act->log_index);
	return refusal_of_constraint(tx, query_run(q), ret_problem);
}

/* Codes of the reasons, separated by blanks; what does not fit is left. */
static void encode_codes(const struct eligibility_verdict *v, struct writer *w)
{
	for (size_t i = 0; i < v->count; i++) {
		const char *code = v->reason[i].code;
		if (w->cap - w->len < strlen(code) + 1)
			return;
		if (i > 0)
			writer_put_u8(w, ' ');
		writer_put_text(w, code);
	}
}

int case_row_add_verdict(struct store_tx *tx, int64_t application,
        enum case_stage stage, int64_t at_s,
        const struct eligibility_verdict *verdict)
{
	int64_t number = 1;
	int rc = stage == CASE_AT_ACCEPTANCE
	                 ? 0
	                 : read_number(tx, NEXT_VERDICT, application, &number);
	if (rc < 0)
		return rc;
	if (number >= VERDICTS_MAX)
		return HUFU_ERR_LIMIT;

	uint8_t codes[CODES_MAX];
	struct writer w;
	writer_init(&w, codes, sizeof(codes));
	encode_codes(verdict, &w);

	const struct sealed_at at = {
	        "verdict", "sealed", application * VERDICTS_MAX + number};
	struct query *q = query_begin(tx, &statements, ADD_VERDICT);
	query_bind_int(q, 1, application);
	query_bind_int(q, 2, number);
	query_bind_int(q, 3, stage);
	query_bind_int(q, 4, at_s);
	query_bind_int(q, 5, verdict->outcome);
	query_bind_text(q, 6, verdict->version);
	if (w.len > 0)
		sealed_bind(q, 7, &at, writer_span(&w));
	else
		query_bind_null(q, 7);
	return query_run(q);
}

int application_list_verdicts(struct store_tx *tx, int64_t id,
        struct application_verdict *ret, size_t cap, size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, LIST_VERDICTS);
	size_t n = 0;
	int rc = 0;

	query_bind_int(q, 1, id);
	while (n < cap && rc == 0 && query_step(q) == STORE_ROW) {
		struct application_verdict *v = &ret[n++];
		const struct sealed_at at = {"verdict", "sealed",
		        id * VERDICTS_MAX + query_int(q, 0)};
		*v = (struct application_verdict){
		        .stage = query_int(q, 1),
		        .at_s = query_int(q, 2),
		        .outcome = (enum eligibility_outcome)query_int(q, 3),
		};
		issue_copy_text(v->rule_version, sizeof(v->rule_version),
		        query_text(q, 4));
		if (!query_is_null(q, 5))
			rc = sealed_get_text(
			        q, 5, &at, v->codes, sizeof(v->codes));
	}
	int end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	*ret_count = n;
	return 0;
}

int case_row_add_photo(struct store_tx *tx, int64_t application, int64_t at_s,
        struct span photo)
{
	int64_t id = 0;
	int rc = read_number(tx, NEXT_PHOTO, 0, &id);
	if (rc < 0)
		return rc;

	const struct sealed_at at = {"photo", "sealed", id};
	struct query *q = query_begin(tx, &statements, ADD_PHOTO);
	query_bind_int(q, 1, id);
	query_bind_int(q, 2, application);
	query_bind_int(q, 3, at_s);
	sealed_bind(q, 4, &at, photo);
	return query_run(q);
}

int application_read_photo(struct store_tx *tx, int64_t id, struct writer *ret)
{
	struct query *q = query_begin(tx, &statements, LAST_PHOTO);
	int rc = HUFU_ERR_NOT_FOUND;

	query_bind_int(q, 1, id);
	if (query_step(q) == STORE_ROW) {
		const struct sealed_at at = {
		        "photo", "sealed", query_int(q, 0)};
		rc = sealed_get(q, 1, &at, ret);
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

static int fill_history(struct query *q, struct application_history *h)
{
	const struct sealed_at at = {
	        "application_act", "sealed", query_int(q, 0)};

	*h = (struct application_history){
	        .at_s = query_int(q, 1),
	        .staff = query_int(q, 2),
	        .event = (enum application_event)query_int(q, 3),
	        .step = query_int(q, 4),
	        .log_index = (uint64_t)query_int(q, 8),
	};
	issue_copy_text(h->ground, sizeof(h->ground), query_text(q, 5));
	issue_copy_text(h->field, sizeof(h->field), query_text(q, 6));
	if (query_is_null(q, 7))
		return 0;
	return sealed_get_text(q, 7, &at, h->note, sizeof(h->note));
}

int application_list_history(struct store_tx *tx, int64_t id,
        struct application_history *ret, size_t cap, size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, HISTORY);
	size_t n = 0;
	int rc = 0;

	query_bind_int(q, 1, id);
	while (n < cap && rc == 0 && query_step(q) == STORE_ROW)
		rc = fill_history(q, &ret[n++]);
	int end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	*ret_count = n;
	return 0;
}

int case_row_has_opinion(struct store_tx *tx, int64_t application, bool *ret)
{
	int64_t found = 0;
	int rc = read_number(tx, HAS_OPINION, application, &found);

	if (rc == 0)
		*ret = found != 0;
	return rc;
}
