#include "host/issue/application.h"

#include <string.h>

#include "host/issue/issue_inner.h"
#include "host/issue/judging.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/person/person.h"
#include "host/policy/calendar.h"
#include "host/staff/staff.h"
#include "host/store/sealed.h"

enum {
	FIND_REQUEST,
	NEXT_ID,
	ADD,
	STATEMENTS,
};

static const char *const sql[] = {
        [FIND_REQUEST] = "SELECT id, state FROM application"
                         " WHERE request_key = ?1",
        [NEXT_ID] = "SELECT coalesce(max(id), 0) + 1 FROM application",
        [ADD] = "INSERT INTO application (id, person, kind, reason, ground,"
                " acting, gravely_ill, habitual, state, step, steps, area,"
                " delivery_area, materials, entered_by, entered_at,"
                " step_since, due, last_ground, request_key, rule_version,"
                " sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10,"
                " ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17, ?18, ?19, ?20)",
};
static const struct statements statements = {
        "application_apply", sql, STATEMENTS};

enum {
	AGENT_MAX = 1024,
	ENTERING_ROLES = 1 << STAFF_VILLAGE | 1 << STAFF_TOWNSHIP |
	                 1 << STAFF_COUNTY_CENTRE,
};

struct apply {
	struct issue *issue;
	const struct application_request *request;
	struct application_receipt receipt;
	int outcome; /* 0 or APPLICATION_* */
	struct problem *problem;
};

static int check_request(const struct application_request *r, struct problem *p)
{
	if (area_code_level(r->area) == AREA_NONE ||
	        (r->delivery_area &&
	                area_code_level(r->delivery_area) == AREA_NONE))
		return problem_set(p, HUFU_ERR_ARGUMENT, "area-code",
		        "受理地区或领卡地区代码不对，请按 GB/T 2260 填写。",
		        "The area of acceptance or delivery is no code of "
		        "GB/T 2260; correct it.");
	if (r->kind < 1 || r->kind > POLICY_KINDS_MAX ||
	        r->reason < APPLICATION_FIRST ||
	        r->reason > APPLICATION_REPLACEMENT)
		return problem_set(p, HUFU_ERR_ARGUMENT, "application-kind",
		        "请选择卡种和申请事由（首次、换领、补领）。",
		        "Choose the kind of card and the reason: first, "
		        "renewal or replacement.");
	if ((r->reason == APPLICATION_REPLACEMENT) !=
	                (r->ground != APPLICATION_GROUND_NONE) ||
	        r->ground > APPLICATION_OTHER)
		return problem_set(p, HUFU_ERR_ARGUMENT, "replacement-ground",
		        "补领要说明原因，其他事由不填原因。",
		        "A replacement needs its ground; the other reasons "
		        "have none.");
	if (r->photo.len > APPLICATION_PHOTO_MAX)
		return problem_set(p, HUFU_ERR_LIMIT, "photo-too-large",
		        "照片太大，请重新拍照或压缩到 %d KB 以内。",
		        "The photo is too large; take it again or bring it "
		        "below %d KB.",
		        APPLICATION_PHOTO_MAX / 1024);
	return 0;
}

/* Name, ID number, phone and relation, a line each: sealed as one. */
static int encode_agent(const struct application_agent *a, struct writer *w)
{
	const char *const line[] = {
	        a->name, a->id_number, a->phone, a->relation};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		if (line[i] && strchr(line[i], '\n'))
			return HUFU_ERR_ARGUMENT;
		writer_put_text(w, line[i] ? line[i] : "");
		writer_put_u8(w, '\n');
	}
	return w->error == HUFU_ERR_SPACE ? HUFU_ERR_LIMIT : w->error;
}

static int insert(struct store_tx *tx, const struct application *a,
        const struct application_request *r, struct problem *p)
{
	const struct sealed_at at = {"application", "sealed", a->id};
	uint8_t agent[AGENT_MAX];
	struct writer w;

	writer_init(&w, agent, sizeof(agent));
	int rc =
	        a->acting == ELIGIBILITY_SELF ? 0 : encode_agent(&r->agent, &w);
	if (rc < 0)
		return rc;
	struct query *q = query_begin(tx, &statements, ADD);

	query_bind_int(q, 1, a->id);
	query_bind_int(q, 2, a->person);
	query_bind_int(q, 3, a->kind);
	query_bind_int(q, 4, a->reason);
	query_bind_int(q, 5, a->ground);
	query_bind_int(q, 6, a->acting);
	query_bind_int(q, 7, a->gravely_ill);
	query_bind_int(q, 8, a->habitual);
	query_bind_int(q, 9, a->state);
	query_bind_int(q, 10, a->steps);
	query_bind_text(q, 11, a->area);
	query_bind_text(q, 12, a->delivery_area);
	query_bind_int(q, 13, a->materials);
	if (a->entered_by)
		query_bind_int(q, 14, a->entered_by);
	else
		query_bind_null(q, 14);
	query_bind_int(q, 15, a->entered_at_s);
	query_bind_int(q, 16, a->due_s);
	query_bind_text(q, 17, a->last_ground);
	if (r->request_key)
		query_bind_blob(
		        q, 18, span_of(r->request_key, APPLICATION_KEY_LEN));
	else
		query_bind_null(q, 18);
	query_bind_text(q, 19, a->rule_version);
	if (w.len > 0)
		sealed_bind(q, 20, &at, writer_span(&w));
	else
		query_bind_null(q, 20);
	rc = refusal_of_constraint(tx, query_run(q), p);
	bytes_wipe(agent, sizeof(agent));
	return rc;
}

/* The state that a verdict at the door leads to, and its log entry. */
static enum application_state door_state(
        enum eligibility_outcome outcome, enum log_type *ret_log)
{
	switch (outcome) {
	case ELIGIBILITY_INCOMPLETE:
		*ret_log = LOG_RETURNED;
		return APPLICATION_RETURNED;
	case ELIGIBILITY_REFER:
		*ret_log = LOG_REFERRED;
		return APPLICATION_REFERRED;
	case ELIGIBILITY_NO:
		*ret_log = LOG_REJECTED;
		return APPLICATION_REJECTED;
	case ELIGIBILITY_YES:
		break;
	}
	*ret_log = 0;
	return APPLICATION_IN_REVIEW;
}

/* The schema's `ground` stays in the office; the log says no more than it
 * must, because a ground may be a crime. */
static int log_door(struct store_tx *tx, const struct application *a,
        enum log_type second, const struct application_override *override,
        uint64_t *ret_index)
{
	struct entry e = {
	        .type = LOG_APPLIED,
	        .at_s = a->entered_at_s,
	        .area = a->area,
	        .kind = a->kind,
	        .number = (uint64_t)a->reason,
	        .person = a->person,
	        .actor = a->entered_by,
	};
	uint64_t index = 0;
	int rc = entry_append(tx, &e, &index);

	if (rc == 0 && second) {
		e.type = second;
		e.ground =
		        second == LOG_RETURNED ? "incomplete" : "not-eligible";
		e.number = 0;
		e.actor = 0;
		rc = entry_append(tx, &e, NULL);
	}
	if (rc == 0 && override->ground) {
		e.type = LOG_OVERRIDE;
		e.ground = override->ground;
		e.number = (uint64_t) override->fault;
		e.actor = a->entered_by;
		rc = entry_append(tx, &e, NULL);
	}
	if (rc == 0)
		*ret_index = index;
	return rc;
}

static int find_request(struct store_tx *tx, struct apply *apply, bool *found)
{
	struct query *q = query_begin(tx, &statements, FIND_REQUEST);

	query_bind_blob(q, 1,
	        span_of(apply->request->request_key, APPLICATION_KEY_LEN));
	if (query_step(q) == STORE_ROW) {
		apply->receipt.id = query_int(q, 0);
		apply->receipt.state = (enum application_state)query_int(q, 1);
		apply->outcome = APPLICATION_REPEATED;
		*found = true;
	}
	return query_end(q);
}

static int next_id(struct store_tx *tx, int64_t *ret)
{
	struct query *q = query_begin(tx, &statements, NEXT_ID);

	if (query_step(q) == STORE_ROW)
		*ret = query_int(q, 0);
	return query_end(q);
}

static int find_person(struct store_tx *tx, const struct application_request *r,
        int64_t *ret, struct problem *p)
{
	int rc = person_find(tx, r->id_number, ret);

	if (rc == HUFU_ERR_NOT_FOUND)
		return problem_set(p, rc, "no-person",
		        "没有此人的档案，请先建档立卡，再来申请。",
		        "There is no file of this person; the person must be "
		        "registered first.");
	return rc;
}

static void start(struct application *a, const struct apply *apply)
{
	const struct application_request *r = apply->request;

	*a = (struct application){
	        .kind = r->kind,
	        .reason = r->reason,
	        .ground = r->ground,
	        .acting = r->acting,
	        .gravely_ill = r->gravely_ill,
	        .habitual = r->habitual,
	        .materials = r->materials,
	        .entered_by = r->entered_by,
	        .entered_at_s = issue_now_s(apply->issue),
	};
	issue_copy_text(a->area, sizeof(a->area), r->area);
	issue_copy_text(a->delivery_area, sizeof(a->delivery_area),
	        r->delivery_area ? r->delivery_area : r->area);
}

/* A replacement needs a card that it replaces, also one lost or expired. */
static int check_cards(
        struct store_tx *tx, const struct application *a, struct problem *p)
{
	struct judging_cards cards;

	if (a->reason != APPLICATION_REPLACEMENT)
		return 0;
	int rc = judging_look_up_cards(tx, a->person, &cards);
	if (rc < 0)
		return rc;
	if (!cards.live && !cards.ended)
		return problem_set(p, HUFU_ERR_CONFLICT, "nothing-to-replace",
		        "此人没有领过卡，请按首次申领办理。",
		        "This person never had a card; apply for a first one.");
	return 0;
}

static int judge(struct store_tx *tx, struct apply *apply,
        struct application *a, struct eligibility_verdict *verdict)
{
	const struct judging judging = {
	        apply->issue, CASE_AT_ACCEPTANCE, a->entered_at_s};
	const struct policy *policy = NULL;

	int rc = issue_policy_today(apply->issue, &policy, apply->problem);
	if (rc == 0)
		rc = judging_run(tx, &judging, a, verdict, apply->problem);
	if (rc < 0)
		return rc;
	a->steps = policy->step_count;
	a->due_s = calendar_deadline(issue_calendar(apply->issue),
	        a->entered_at_s, policy->step[0].working_days, NULL);
	issue_copy_text(
	        a->rule_version, sizeof(a->rule_version), policy->version);
	if (verdict->count > 0 && verdict->outcome != ELIGIBILITY_YES)
		issue_copy_text(a->last_ground, sizeof(a->last_ground),
		        verdict->reason[0].code);
	return 0;
}

static int take_in(struct store_tx *tx, struct apply *apply,
        struct application *a, const struct eligibility_verdict *verdict)
{
	const struct application_request *r = apply->request;
	enum log_type second;

	a->state = door_state(verdict->outcome, &second);
	int rc = next_id(tx, &a->id);
	if (rc == 0)
		rc = insert(tx, a, r, apply->problem);
	if (rc == 0)
		rc = case_row_add_verdict(tx, a->id, CASE_AT_ACCEPTANCE,
		        a->entered_at_s, verdict);
	if (rc == 0 && r->photo.len > 0)
		rc = case_row_add_photo(tx, a->id, a->entered_at_s, r->photo);
	if (rc == 0)
		rc = log_door(tx, a, second, &r->photo_override,
		        &apply->receipt.log_index);
	if (rc < 0)
		return rc;
	apply->receipt.id = a->id;
	apply->receipt.state = a->state;
	if (a->state == APPLICATION_REJECTED)
		apply->outcome = judging_explain(
		        verdict, APPLICATION_REFUSED, apply->problem);
	return 0;
}

static int apply_work(struct store_tx *tx, void *arg)
{
	struct apply *apply = arg;
	const struct application_request *r = apply->request;
	struct eligibility_verdict verdict;
	struct application a;
	bool repeated = false;
	int rc = 0;

	if (r->request_key)
		rc = find_request(tx, apply, &repeated);
	if (rc < 0 || repeated)
		return rc;
	if (r->entered_by)
		rc = staff_check_any(tx, r->entered_by, ENTERING_ROLES, r->area,
		        apply->problem);
	start(&a, apply);
	if (rc == 0)
		rc = find_person(tx, r, &a.person, apply->problem);
	if (rc == 0)
		rc = check_cards(tx, &a, apply->problem);
	if (rc == 0)
		rc = judge(tx, apply, &a, &verdict);
	if (rc == 0)
		rc = take_in(tx, apply, &a, &verdict);
	return rc;
}

int application_apply(struct issue *issue,
        const struct application_request *request,
        struct application_receipt *ret, struct problem *ret_problem)
{
	struct apply apply = {
	        .issue = issue, .request = request, .problem = ret_problem};

	if (ret_problem)
		ret_problem->code = 0;
	int rc = check_request(request, ret_problem);
	if (rc < 0)
		return rc;
	rc = store_write(issue->options.store, apply_work, &apply);
	if (rc < 0)
		return refusal_finish(rc, ret_problem);
	*ret = apply.receipt;
	return apply.outcome;
}
