#include "host/issue/application.h"

#include <string.h>

#include "host/issue/card_row.h"
#include "host/issue/case_move.h"
#include "host/issue/correction.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_end.h"
#include "host/issue/judging.h"
#include "host/issue/refusal.h"
#include "host/issue/returned.h"
#include "host/log/entry.h"
#include "host/policy/calendar.h"
#include "host/staff/staff.h"

enum {
	DESK_ROLES = 1 << STAFF_VILLAGE | 1 << STAFF_TOWNSHIP |
	             1 << STAFF_COUNTY_CENTRE,
};

/* One act on its way through the writer thread. */
struct acting {
	struct issue *issue;
	const struct application_act *act;
	const struct policy *policy; /* the case's own */
	const struct case_move *move;
	struct application before;
	struct application now;
	int64_t at_s;
	struct application_receipt receipt;
	int outcome;
	struct problem *problem;
};

/* ---- who may ---- */

static int check_step_role(struct store_tx *tx, const struct acting *a)
{
	const struct policy_step *step;
	char area[AREA_CODE_MAX + 1];

	if (a->before.step > a->policy->step_count)
		return HUFU_ERR_CONFIG;
	step = &a->policy->step[a->before.step - 1];
	if (!area_code_at(a->before.area, step->level, area))
		issue_copy_text(area, sizeof(area), a->before.area);
	return staff_check(tx, a->act->staff, (enum staff_role)step->role, area,
	        a->problem);
}

static int check_may(struct store_tx *tx, const struct acting *a)
{
	int64_t staff = a->act->staff;

	switch (a->move->by) {
	case CASE_BY_STEP:
		return check_step_role(tx, a);
	case CASE_BY_PROVINCE:
		return staff_check(
		        tx, staff, STAFF_PROVINCE, a->before.area, a->problem);
	case CASE_BY_DESK:
		if (staff == 0)
			return 0;
		return staff_check_any(
		        tx, staff, DESK_ROLES, a->before.area, a->problem);
	case CASE_BY_SYSTEM:
		break;
	}
	return refusal_of_application(a->before.state, a->problem);
}

static int check_texts(const struct acting *a)
{
	const struct application_act *act = a->act;
	bool given = act->ground && act->ground[0];
	struct returned returned;

	if ((given || a->move->needs_ground) &&
	        !entry_ground_is_valid(act->ground))
		return refusal_no_ground(a->problem);
	if ((act->note && strnlen(act->note, APPLICATION_NOTE_MAX + 1) >
	                          APPLICATION_NOTE_MAX) ||
	        (act->field && strnlen(act->field, APPLICATION_FIELD_MAX + 1) >
	                               APPLICATION_FIELD_MAX))
		return problem_set(a->problem, HUFU_ERR_LIMIT, "text-too-long",
		        "说明最多 %d 个字节，项目名最多 %d 个字节，请缩短。",
		        "A note has %d bytes at most, a field's name %d; "
		        "shorten it.",
		        APPLICATION_NOTE_MAX, APPLICATION_FIELD_MAX);
	if (act->event == APPLICATION_RETURN &&
	        returned_parse(act->field, &returned) < 0)
		return problem_set(a->problem, HUFU_ERR_ARGUMENT,
		        "return-field",
		        "可以退回更正的有卡种、材料、照片和其他，每项一次。",
		        "What can be returned is kind, materials, photo and "
		        "other, each once.");
	return 0;
}

/* ---- what an act changes beyond the state ---- */

static int set_due(struct acting *a)
{
	if (a->now.step > a->policy->step_count)
		return HUFU_ERR_CONFIG;
	a->now.due_s = calendar_deadline(issue_calendar(a->issue), a->at_s,
	        a->policy->step[a->now.step - 1].working_days, NULL);
	return 0;
}

/* Before the last step the case goes on to the next one. */
static int accept(struct store_tx *tx, struct acting *a)
{
	(void)tx;
	if (a->before.step < a->before.steps) {
		a->now.state = APPLICATION_IN_REVIEW;
		a->now.step++;
		return set_due(a);
	}
	a->now.due_s = 0;
	return 0;
}

/* A correction is judged like an application: by today's rules. */
static int correct(struct store_tx *tx, struct acting *a)
{
	const struct judging judging = {a->issue, CASE_AT_CORRECTION, a->at_s};
	struct eligibility_verdict verdict;

	int rc = correction_make(tx, a->act, a->at_s, &a->now, a->problem);
	if (rc == 0)
		rc = judging_run(tx, &judging, &a->now, &verdict, a->problem);
	if (rc == 0)
		rc = case_row_add_verdict(
		        tx, a->now.id, judging.stage, a->at_s, &verdict);
	if (rc < 0)
		return rc;

	a->now.last_ground[0] = '\0';
	if (verdict.outcome != ELIGIBILITY_YES && verdict.count > 0)
		issue_copy_text(a->now.last_ground, sizeof(a->now.last_ground),
		        verdict.reason[0].code);
	switch (verdict.outcome) {
	case ELIGIBILITY_INCOMPLETE:
		/* what is missing may be something else */
		a->now.last_field[0] = '\0';
		a->now.state = APPLICATION_RETURNED;
		return 0;
	case ELIGIBILITY_REFER:
		a->now.state = APPLICATION_REFERRED;
		return 0;
	case ELIGIBILITY_NO:
		a->now.state = APPLICATION_REJECTED;
		a->outcome = judging_explain(
		        &verdict, APPLICATION_REFUSED, a->problem);
		return 0;
	case ELIGIBILITY_YES:
		break;
	}
	return set_due(a);
}

static int opinion_for(struct store_tx *tx, struct acting *a)
{
	(void)tx;
	return set_due(a);
}

/* Queued: only while no station has the job in hand. */
static int withdraw(struct store_tx *tx, struct acting *a)
{
	if (a->before.state != APPLICATION_QUEUED)
		return 0;
	return job_end_withdraw(
	        tx, a->before.id, a->act->staff, a->at_s, a->problem);
}

static int change(struct store_tx *tx, struct acting *a)
{
	switch (a->act->event) {
	case APPLICATION_ACCEPT:
		return accept(tx, a);
	case APPLICATION_CORRECT:
		return correct(tx, a);
	case APPLICATION_OPINION_FOR:
		return opinion_for(tx, a);
	case APPLICATION_WITHDRAW:
		return withdraw(tx, a);
	case APPLICATION_RETURN:
		issue_copy_text(a->now.last_field, sizeof(a->now.last_field),
		        a->act->field);
		break;
	default:
		break;
	}
	a->now.due_s = 0;
	return 0;
}

/* ---- what is written down ---- */

static int64_t act_step(const struct acting *a)
{
	return a->move->by == CASE_BY_PROVINCE ? CASE_OPINION_STEP
	                                       : a->before.step;
}

static const char *log_ground(const struct acting *a)
{
	switch (a->act->event) {
	case APPLICATION_ACCEPT:
		return "accepted";
	case APPLICATION_OPINION_FOR:
		return "opinion-for";
	case APPLICATION_WITHDRAW:
		return "withdrawn-by-applicant";
	default:
		return a->act->ground;
	}
}

static int append(struct store_tx *tx, const struct acting *a,
        enum log_type type, const char *ground, uint64_t *ret_index)
{
	const struct entry e = {
	        .type = type,
	        .at_s = a->at_s,
	        .area = a->before.area,
	        .ground = ground,
	        .kind = a->now.kind,
	        .number = (uint64_t)act_step(a),
	        .person = a->before.person,
	        .actor = a->act->staff,
	};

	return entry_append(tx, &e, ret_index);
}

static int log_override(struct store_tx *tx, const struct acting *a)
{
	const struct entry e = {
	        .type = LOG_OVERRIDE,
	        .at_s = a->at_s,
	        .area = a->before.area,
	        .ground = a->act->photo_override.ground,
	        .kind = a->now.kind,
	        .number = (uint64_t)a->act->photo_override.fault,
	        .person = a->before.person,
	        .actor = a->act->staff,
	};
	return entry_append(tx, &e, NULL);
}

/* A correction that the rules refuse or send upward says so as well. */
static int log_act(struct store_tx *tx, struct acting *a)
{
	int rc = append(
	        tx, a, a->move->log, log_ground(a), &a->receipt.log_index);

	if (rc < 0 || a->act->event != APPLICATION_CORRECT)
		return rc;
	if (a->act->photo_override.ground)
		rc = log_override(tx, a);
	if (rc < 0)
		return rc;
	if (a->now.state == APPLICATION_REJECTED)
		return append(tx, a, LOG_REJECTED, "not-eligible", NULL);
	if (a->now.state == APPLICATION_REFERRED)
		return append(tx, a, LOG_REFERRED, "not-eligible", NULL);
	if (a->now.state == APPLICATION_RETURNED)
		return append(tx, a, LOG_RETURNED, "incomplete", NULL);
	return 0;
}

static int write_down(struct store_tx *tx, struct acting *a)
{
	int rc = log_act(tx, a);
	if (rc < 0)
		return rc;

	const struct case_act act = {
	        .application = a->before.id,
	        .event = a->act->event,
	        .step = act_step(a),
	        .staff = a->act->staff,
	        .at_s = a->at_s,
	        .ground = a->act->ground,
	        .field = a->act->field,
	        .note = a->act->note,
	        .log_index = a->receipt.log_index,
	};
	rc = case_row_add_act(tx, &act, a->problem);
	if (rc == 0)
		rc = case_row_update(tx, &a->before, &a->now);
	return rc;
}

/* The old card is void from the moment the replacement is accepted. */
static int void_old_card(struct store_tx *tx, struct acting *a)
{
	int64_t card = 0;

	if (a->before.step != 1 || a->before.reason != APPLICATION_REPLACEMENT)
		return 0;
	int rc = card_row_find_of(tx, a->before.person, CARD_LIVE, &card);
	if (rc < 0 || card == 0)
		return rc;
	const struct card_change change = {
	        .card = card,
	        .event = CARD_REPLACE,
	        .staff = a->act->staff,
	        .at_s = a->at_s,
	        .ground = "replacement-accepted",
	};
	return card_row_change(tx, &change, NULL, a->problem);
}

static int after_accept(struct store_tx *tx, struct acting *a)
{
	int rc = void_old_card(tx, a);

	if (rc == 0 && a->now.state == APPLICATION_DECIDED)
		rc = case_move_queue(tx, a->issue, &a->now,
		        a->receipt.log_index, a->problem);
	return rc;
}

static int start(struct store_tx *tx, struct acting *a)
{
	int rc = application_read(tx, a->act->application, &a->before);

	if (rc == HUFU_ERR_NOT_FOUND)
		return refusal_no_application(a->problem);
	if (rc == 0)
		rc = issue_policy_of(a->issue, a->before.rule_version,
		        &a->policy, a->problem);
	if (rc < 0)
		return rc;
	a->move = case_table_find(a->before.state, a->act->event);
	if (!a->move)
		return refusal_of_application(a->before.state, a->problem);
	a->now = a->before;
	a->now.state = a->move->to;
	a->now.step_since_s = a->at_s;
	issue_copy_text(
	        a->now.last_ground, sizeof(a->now.last_ground), a->act->ground);
	return 0;
}

static int act_work(struct store_tx *tx, void *arg)
{
	struct acting *a = arg;

	int rc = start(tx, a);
	if (rc == 0)
		rc = check_may(tx, a);
	if (rc == 0)
		rc = check_texts(a);
	if (rc == 0)
		rc = change(tx, a);
	if (rc == 0)
		rc = write_down(tx, a);
	if (rc == 0 && a->act->event == APPLICATION_ACCEPT)
		rc = after_accept(tx, a);
	a->receipt.id = a->before.id;
	a->receipt.state = a->now.state;
	return rc;
}

int application_check_accept(struct store_tx *tx, struct issue *issue,
        int64_t id, int64_t staff, struct problem *ret_problem)
{
	const struct application_act act = {
	        .application = id,
	        .event = APPLICATION_ACCEPT,
	        .staff = staff,
	};
	struct acting a = {
	        .issue = issue,
	        .act = &act,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};
	int rc = start(tx, &a);

	return rc == 0 ? check_may(tx, &a) : rc;
}

int application_act(struct issue *issue, const struct application_act *act,
        struct application_receipt *ret, struct problem *ret_problem)
{
	struct acting a = {
	        .issue = issue,
	        .act = act,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};

	if (ret_problem)
		ret_problem->code = 0;
	int rc = store_write(issue->options.store, act_work, &a);
	if (rc < 0)
		return refusal_finish(rc, ret_problem);
	*ret = a.receipt;
	return a.outcome;
}
