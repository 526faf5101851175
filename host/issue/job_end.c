#include "host/issue/job_end.h"

#include "host/issue/card_allot.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"
#include "host/stock/stock.h"

static int end_card(struct store_tx *tx, const struct job_row *row,
        const struct job_ending *e, enum card_event event, uint64_t *ret_index)
{
	struct card_record card;
	const struct card_change change = {
	        .card = row->card,
	        .event = event,
	        .staff = e->staff ? e->staff : row->maker,
	        .at_s = e->at_s,
	        .ground = e->ground,
	        .log_area = event == CARD_SPOIL ? row->station_area : NULL,
	        .log_station = row->station,
	};
	int rc = card_row_change(tx, &change, &card, e->problem);

	if (rc == 0)
		*ret_index = card.log_index;
	return rc;
}

/* A replayed log may have told of this blank's end before. */
static int spoil_card(struct store_tx *tx, const struct job_row *row,
        const struct job_ending *e, uint64_t *ret_index)
{
	int rc = stock_settle(tx, row->blank, STOCK_SPOILED, e->at_s);

	if (rc == HUFU_ERR_STATE)
		return end_card(tx, row, e, CARD_CANCEL, ret_index);
	if (rc == 0)
		rc = end_card(tx, row, e, CARD_SPOIL, ret_index);
	return rc;
}

int job_end_round(struct store_tx *tx, const struct job_row *row,
        const struct job_ending *ending)
{
	struct application application;
	struct card_allotment next = {
	        .application = &application,
	        .round = row->round + 1,
	        .at_s = ending->at_s,
	};
	struct job_update update;

	if (!row->blank)
		return problem_set(ending->problem, HUFU_ERR_STATE,
		        "job-without-blank",
		        "这个任务还没有取用白卡，不能报废，请释放任务。",
		        "This job has taken no blank yet, so nothing can be "
		        "spoiled; release it instead.");
	job_row_start_update(row, &update);
	int rc = spoil_card(tx, row, ending, &next.log_index);
	if (rc == 0)
		rc = application_read(tx, row->application, &application);
	if (rc == 0)
		rc = card_allot(tx, ending->issue, &next, &update.card,
		        ending->problem);
	if (rc < 0)
		return rc;

	update.state = JOB_WAITING;
	update.round = next.round;
	update.station = 0;
	update.attempts = 0;
	update.lease_until_s = 0;
	update.ground = ending->ground;
	update.not_before_s =
	        ending->at_s + issue_back_off_s(ending->issue, row->round);
	update.dead_at_s = row->round >= ending->issue->options.attempts_max
	                           ? ending->at_s
	                           : 0;
	return job_row_update(tx, row, &update);
}

int job_end_close(struct store_tx *tx, const struct job_row *row,
        const struct job_ending *ending)
{
	struct job_update update;
	uint64_t index = 0;

	int rc = row->blank ? spoil_card(tx, row, ending, &index)
	                    : end_card(tx, row, ending, CARD_CANCEL, &index);
	if (rc < 0)
		return rc;
	job_row_start_update(row, &update);
	update.state = JOB_CLOSED;
	update.lease_until_s = 0;
	update.ground = ending->ground;
	return job_row_update(tx, row, &update);
}

int job_end_case(struct store_tx *tx, int64_t application,
        const struct job_ending *ending)
{
	struct job_row row;
	int64_t job = 0;

	int rc = job_row_find_of(tx, application, &job);
	if (rc == 0)
		rc = job_row_load(tx, job, &row);
	if (rc < 0)
		return rc;
	if (row.state != JOB_WAITING || row.lease_until_s > ending->at_s)
		return problem_set(ending->problem, HUFU_ERR_BUSY,
		        "card-in-making",
		        "卡正在制作，不能撤回，请等制成后再办理。",
		        "The card is being made; wait until that is done.");
	return job_end_close(tx, &row, ending);
}

int job_end_withdraw(struct store_tx *tx, int64_t application, int64_t staff,
        int64_t at_s, struct problem *ret_problem)
{
	const struct job_ending ending = {
	        .staff = staff,
	        .at_s = at_s,
	        .ground = "withdrawn-by-applicant",
	        .problem = ret_problem,
	};

	return job_end_case(tx, application, &ending);
}
