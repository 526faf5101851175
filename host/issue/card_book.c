#include "host/issue/card_book.h"

#include "host/base/clock.h"
#include "host/issue/card_row.h"
#include "host/issue/case_move.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_row.h"
#include "host/issue/refusal.h"
#include "host/person/person.h"
#include "host/staff/staff.h"
#include "host/stock/stock.h"

enum {
	LOSS_DAYS_MIN = 5, /* of a temporary loss: 管理办法 */
	LOSS_DAYS_MAX = 15,
	DAY_S = 86400,
	DESK_ROLES = 1 << STAFF_TOWNSHIP | 1 << STAFF_COUNTY_CENTRE,
	/* who makes the cards also sends them off */
	SENDING_ROLES = DESK_ROLES | 1 << STAFF_PERSONALISER,
	BUREAU_ROLES = 1 << STAFF_COUNTY_BUREAU | 1 << STAFF_CITY |
	               1 << STAFF_PROVINCE,
};

struct acting {
	struct issue *issue;
	const struct card_act *act;
	const struct policy *policy;
	int64_t at_s;
	struct card_record record; /* before, then after */
	struct problem *problem;
};

/* What the delivery area's desk may do, the place of application may too. */
static int check_may(struct store_tx *tx, const struct acting *a)
{
	const struct card_move *move =
	        card_table_find(a->record.phase, a->act->event);
	struct application application;

	if (!move || move->by == CARD_BY_SYSTEM)
		return refusal_of_card(a->record.phase, a->problem);
	if (move->by == CARD_BY_BUREAU)
		return staff_check_any(tx, a->act->staff, BUREAU_ROLES,
		        a->record.area, a->problem);

	if (move->by == CARD_BY_MAKER)
		return staff_check(tx, a->act->staff, STAFF_PERSONALISER,
		        a->record.area, a->problem);

	uint32_t roles =
	        a->act->event == CARD_SEND ? SENDING_ROLES : DESK_ROLES;
	int rc = application_read(tx, a->record.application, &application);
	if (rc < 0)
		return rc;
	rc = staff_check_any(tx, a->act->staff, roles,
	        application.delivery_area, a->problem);
	if (rc == HUFU_ERR_DENIED)
		rc = staff_check_any(
		        tx, a->act->staff, roles, a->record.area, a->problem);
	return rc;
}

static int check_days(const struct acting *a, int64_t *ret_lift_at_s)
{
	int64_t days = a->act->days;

	if (a->act->event != CARD_LOSE_TEMPORARY)
		return 0;
	if (days == 0)
		days = a->policy->temporary_loss_days;
	if (days < LOSS_DAYS_MIN || days > LOSS_DAYS_MAX)
		return problem_set(a->problem, HUFU_ERR_ARGUMENT,
		        "temporary-loss-days",
		        "临时挂失的天数应在 %d 到 %d 之间，请改正。",
		        "A temporary loss lasts %d to %d days; correct it.",
		        LOSS_DAYS_MIN, LOSS_DAYS_MAX);
	*ret_lift_at_s = a->at_s + days * DAY_S;
	return 0;
}

/* The day after the last day of a suspension, and not past the card's. */
static int check_until(const struct acting *a, int64_t *ret_lift_at_s)
{
	struct date until = a->act->until, last;

	if (!date_is_set(until))
		return 0;
	if (a->act->event == CARD_SUSPEND &&
	        date_compare(until, clock_date_of(a->at_s)) > 0 &&
	        date_parse(a->record.valid_to, &last) == 0 &&
	        date_compare(until, last) <= 0) {
		*ret_lift_at_s = clock_start_of(date_add_days(until, 1));
		return 0;
	}
	return problem_set(a->problem, HUFU_ERR_ARGUMENT, "suspension-term",
	        "暂停的截止日期须在今天之后、卡片有效期之内，且只用于暂停；"
	        "无期限的请留空。",
	        "A suspension ends after today and within the card's validity; "
	        "only a suspension has an end. Leave it out for one without "
	        "a term.");
}

/* ---- hand-over ---- */

/* The person's former card gives way in the same transaction. */
static int swap_live_card(struct store_tx *tx, const struct acting *a,
        enum application_reason reason)
{
	bool renewal = reason == APPLICATION_RENEWAL;
	int64_t old = 0;

	int rc = card_row_find_of(tx, a->record.person, CARD_LIVE, &old);
	if (rc < 0 || old == 0)
		return rc;
	const struct card_change change = {
	        .card = old,
	        .event = CARD_REPLACE,
	        .staff = a->act->staff,
	        .at_s = a->at_s,
	        .ground = renewal ? "renewed" : "new-card-handed-over",
	        .log = renewal ? LOG_RENEWED : LOG_REPLACED,
	};
	return card_row_change(tx, &change, NULL, a->problem);
}

static int check_unresolved(struct store_tx *tx, const struct acting *a)
{
	int64_t card = 0;
	int rc = card_row_find_of(
	        tx, a->record.person, 1u << CARD_UNRESOLVED, &card);

	if (rc < 0 || card == 0)
		return rc;
	return problem_set(a->problem, HUFU_ERR_CONFLICT, "card-unresolved",
	        "此人另有一张待核实的卡，请县级部门先核实或注销那张卡。",
	        "This person has another card that is unresolved; the county "
	        "bureau must confirm or cancel that one first.");
}

static int check_alive(struct store_tx *tx, const struct acting *a)
{
	struct eligibility_person facts;
	int rc = person_load_facts(tx, a->record.person, &facts);

	if (rc < 0 || !facts.dead)
		return rc;
	return problem_set(a->problem, HUFU_ERR_STATE, "holder-dead",
	        "登记册记载此人已去世，此卡不能发放或恢复：请收回注销；如登记"
	        "有误，请先更正登记册。",
	        "The registry has this person as dead, so the card is neither "
	        "handed over nor resumed: withdraw and cancel it, or mend the "
	        "registry first if it is wrong.");
}

static int before_hand_over(struct store_tx *tx, struct acting *a)
{
	const struct hand_over_at at = {a->record.id, a->act->staff, a->at_s};
	struct application application;

	int rc = check_alive(tx, a);
	if (rc == 0)
		rc = check_unresolved(tx, a);
	if (rc == 0)
		rc = hand_over_check(tx, a->record.person, a->act->hand_over,
		        clock_date_of(a->at_s), a->problem);
	if (rc == 0)
		rc = hand_over_keep(tx, &at, a->act->hand_over);
	if (rc == 0)
		rc = application_read(tx, a->record.application, &application);
	if (rc == 0)
		rc = swap_live_card(tx, a, application.reason);
	return rc;
}

static int push(struct store_tx *tx, const struct acting *a,
        enum application_event event)
{
	const struct case_push p = {
	        .application = a->record.application,
	        .event = event,
	        .at_s = a->at_s,
	        .staff = a->act->staff,
	};

	return case_move_push(tx, &p, a->problem);
}

/* ---- a card that a restored store had forgotten ---- */

/* The log said that a blank was issued, though not for which card. */
static int claim_blank(struct store_tx *tx, const struct acting *a)
{
	struct job_card_facts facts;

	int rc = job_row_get_card(tx, a->record.id, &facts);
	if (rc < 0 || facts.blank != 0)
		return rc;
	rc = stock_find_unclaimed(tx, a->record.area, &facts.blank);
	if (rc < 0 || facts.blank == 0)
		return rc;
	return job_row_put_card(tx, a->record.id, &facts);
}

static int before_confirm(struct store_tx *tx, struct acting *a)
{
	int rc = check_alive(tx, a);

	if (rc == 0)
		rc = claim_blank(tx, a);
	if (rc == 0)
		rc = swap_live_card(tx, a, APPLICATION_REPLACEMENT);
	return rc;
}

static int after_confirm(struct store_tx *tx, const struct acting *a)
{
	struct application application;

	int rc = application_read(tx, a->record.application, &application);
	if (rc == 0 && application.state == APPLICATION_QUEUED) {
		rc = push(tx, a, APPLICATION_MAKE);
		application.state = APPLICATION_MADE;
	}
	if (rc == 0 && application.state == APPLICATION_MADE)
		rc = push(tx, a, APPLICATION_HAND_OVER);
	return rc;
}

/* A card that ends before it was handed over takes its application along:
 * the applicant applies again. */
static int lapse_application(struct store_tx *tx, const struct acting *a)
{
	const struct case_push p = {
	        .application = a->record.application,
	        .event = APPLICATION_LAPSE,
	        .at_s = a->at_s,
	        .ground = a->act->ground && a->act->ground[0] ? a->act->ground
	                                                      : "card-ended",
	};
	struct application application;

	int rc = application_read(tx, p.application, &application);
	if (rc < 0 || application.state >= APPLICATION_HANDED_OVER)
		return rc;
	return case_move_push(tx, &p, a->problem);
}

static int after(struct store_tx *tx, const struct acting *a)
{
	switch (a->record.phase) {
	case CARD_HANDED_OVER:
		if (a->act->event == CARD_HAND_OVER)
			return push(tx, a, APPLICATION_HAND_OVER);
		if (a->act->event == CARD_CONFIRM)
			return after_confirm(tx, a);
		return 0;
	case CARD_WITHDRAWN:
	case CARD_CANCELLED:
		return lapse_application(tx, a);
	default:
		return 0;
	}
}

static int act_work(struct store_tx *tx, void *arg)
{
	struct acting *a = arg;
	struct card_change change = {
	        .card = a->act->card,
	        .event = a->act->event,
	        .staff = a->act->staff,
	        .at_s = a->at_s,
	        .ground = a->act->ground,
	};

	int rc = card_book_read(tx, a->act->card, &a->record);
	if (rc == HUFU_ERR_NOT_FOUND)
		return refusal_no_card(a->problem);
	if (rc == 0)
		rc = issue_policy_today(a->issue, &a->policy, a->problem);
	if (rc == 0)
		rc = check_may(tx, a);
	if (rc == 0)
		rc = check_days(a, &change.lift_at_s);
	if (rc == 0)
		rc = check_until(a, &change.lift_at_s);
	if (rc == 0 && (a->act->event == CARD_RESUME || change.lift_at_s != 0))
		rc = check_alive(tx, a);
	if (rc == 0 && a->act->event == CARD_HAND_OVER)
		rc = before_hand_over(tx, a);
	if (rc == 0 && a->act->event == CARD_HAND_OVER && !change.ground)
		change.ground = hand_over_ground(a->act->hand_over->collector);
	if (rc == 0 && a->act->event == CARD_CONFIRM)
		rc = before_confirm(tx, a);
	if (rc == 0)
		rc = card_row_change(tx, &change, &a->record, a->problem);
	if (rc == 0)
		rc = after(tx, a);
	return rc;
}

int card_book_act(struct issue *issue, const struct card_act *act,
        struct card_record *ret, struct problem *ret_problem)
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
	*ret = a.record;
	return 0;
}
