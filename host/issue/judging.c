#include "host/issue/judging.h"

#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/issue_inner.h"
#include "host/person/person.h"

enum { CARDS };

static const char *const sql[] = {
        [CARDS] = "SELECT coalesce(max(phase IN (5, 6, 7)), 0),"
                  " coalesce(max(phase IN (1, 2, 3, 4)), 0),"
                  " coalesce(max(phase IN (8, 9, 10, 12)"
                  " AND handed_over_at > 0), 0),"
                  " coalesce(max(phase = 14), 0)"
                  " FROM card WHERE person = ?1",
};
static const struct statements statements = {"judging", sql, 1};

int judging_look_up_cards(
        struct store_tx *tx, int64_t person, struct judging_cards *ret)
{
	struct query *q = query_begin(tx, &statements, CARDS);
	struct judging_cards cards = {0};

	query_bind_int(q, 1, person);
	if (query_step(q) == STORE_ROW) {
		cards.live = query_int(q, 0) != 0;
		cards.pending = query_int(q, 1) != 0;
		cards.ended = query_int(q, 2) != 0;
		cards.unresolved = query_int(q, 3) != 0;
	}
	int rc = query_end(q);
	if (rc == 0)
		*ret = cards;
	return rc;
}

static enum eligibility_purpose purpose_of(enum application_reason reason)
{
	switch (reason) {
	case APPLICATION_RENEWAL:
		return ELIGIBILITY_RENEWAL;
	case APPLICATION_REPLACEMENT:
		return ELIGIBILITY_REPLACEMENT;
	case APPLICATION_FIRST:
		break;
	}
	return ELIGIBILITY_FIRST;
}

int judging_run(struct store_tx *tx, const struct judging *judging,
        const struct application *application, struct eligibility_verdict *ret,
        struct problem *ret_problem)
{
	const struct policy *policy = NULL;
	struct eligibility_person person;
	struct judging_cards cards;

	int rc = issue_policy_today(judging->issue, &policy, ret_problem);
	if (rc == 0)
		rc = person_load_facts(tx, application->person, &person);
	if (rc == 0)
		rc = judging_look_up_cards(tx, application->person, &cards);
	if (rc < 0)
		return rc;

	/* Where, with which papers, and that there is a card to renew, was
	 * settled at acceptance; its own pending card is no reason against
	 * making it. */
	bool making = judging->stage == CASE_BEFORE_MAKING;
	bool renewing = application->reason == APPLICATION_RENEWAL;
	struct eligibility_application asked = {
	        .kind = application->kind,
	        .purpose = purpose_of(application->reason),
	        .acting = application->acting,
	        .gravely_ill = application->gravely_ill,
	        .materials = making ? UINT32_MAX : application->materials,
	        .habitual = making || application->habitual,
	        .has_live_card = cards.live || (making && renewing),
	        .has_pending_card =
	                judging->stage == CASE_AT_ACCEPTANCE && cards.pending,
	};
	issue_copy_text(asked.area, sizeof(asked.area), application->area);
	eligibility_judge(
	        &person, &asked, policy, clock_date_of(judging->at_s), ret);
	return 0;
}

static void add_sentence(char *text, size_t size, const char *sentence)
{
	size_t used = strlen(text);
	size_t len = strlen(sentence);

	if (used + len + 2 > size)
		return;
	if (used > 0)
		text[used++] = ' ';
	memcpy(text + used, sentence, len + 1);
}

int judging_explain(const struct eligibility_verdict *verdict, int code,
        struct problem *ret_problem)
{
	if (!ret_problem)
		return code;
	ret_problem->code = code;
	ret_problem->zh[0] = ret_problem->en[0] = '\0';
	(void)snprintf(ret_problem->type, sizeof(ret_problem->type), "%s",
	        code < 0 ? "not-eligible-now" : "not-eligible");
	for (size_t i = 0; i < verdict->count; i++) {
		add_sentence(ret_problem->zh, sizeof(ret_problem->zh),
		        verdict->reason[i].zh);
		add_sentence(ret_problem->en, sizeof(ret_problem->en),
		        verdict->reason[i].en);
	}
	return code;
}
