#include "host/issue/case_move.h"

#include "host/issue/card_allot.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_row.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"

static int log_push(struct store_tx *tx, const struct case_push *push,
        const struct case_move *move, const struct application *a,
        uint64_t *ret_index)
{
	const struct entry e = {
	        .type = move->log,
	        .at_s = push->at_s,
	        .area = a->area,
	        .ground = push->log_ground ? push->log_ground : push->ground,
	        .kind = a->kind,
	        .person = a->person,
	        .actor = push->staff,
	};

	return entry_append(tx, &e, ret_index);
}

int case_move_push(struct store_tx *tx, const struct case_push *push,
        struct problem *ret_problem)
{
	struct application before, now;
	uint64_t index = 0;

	int rc = application_read(tx, push->application, &before);
	if (rc == HUFU_ERR_NOT_FOUND)
		return refusal_no_application(ret_problem);
	if (rc < 0)
		return rc;
	const struct case_move *move =
	        case_table_find(before.state, push->event);
	if (!move || move->by != CASE_BY_SYSTEM)
		return refusal_of_application(before.state, ret_problem);

	if (move->log)
		rc = log_push(tx, push, move, &before, &index);
	now = before;
	now.state = move->to;
	now.step_since_s = push->at_s;
	now.due_s = 0;
	if (push->ground)
		issue_copy_text(
		        now.last_ground, sizeof(now.last_ground), push->ground);
	if (rc == 0)
		rc = case_row_update(tx, &before, &now);
	if (rc < 0 || push->event != APPLICATION_LAPSE)
		return rc;

	const struct case_act act = {
	        .application = push->application,
	        .event = push->event,
	        .step = before.step,
	        .staff = push->staff,
	        .at_s = push->at_s,
	        .ground = push->ground,
	        .log_index = index,
	};
	return case_row_add_act(tx, &act, ret_problem);
}

int case_move_queue(struct store_tx *tx, const struct issue *issue,
        struct application *application, uint64_t log_index,
        struct problem *ret_problem)
{
	const struct card_allotment allotment = {
	        .application = application,
	        .round = 1,
	        .at_s = application->step_since_s,
	        .log_index = log_index,
	};
	const struct case_push push = {
	        .application = application->id,
	        .event = APPLICATION_QUEUE,
	        .at_s = application->step_since_s,
	};
	int64_t card = 0;

	int rc = card_allot(tx, issue, &allotment, &card, ret_problem);
	if (rc == 0)
		rc = job_row_add(tx, application, card, allotment.at_s);
	if (rc == 0)
		rc = case_move_push(tx, &push, ret_problem);
	if (rc == 0)
		application->state = APPLICATION_QUEUED;
	return rc;
}
