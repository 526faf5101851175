#include "host/issue/job.h"

#include <string.h>

#include "host/issue/case_move.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_end.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/staff/staff.h"
#include "host/stock/stock.h"

enum {
	RESOLVING_ROLES = 1 << STAFF_PERSONALISER | 1 << STAFF_COUNTY_BUREAU |
	                  1 << STAFF_CITY | 1 << STAFF_PROVINCE,
};

struct giveup {
	struct issue *issue;
	const struct job_lease *lease;
	int64_t job;
	int64_t staff;
	enum job_resolution resolution;
	const char *ground;
	int64_t at_s;
	struct problem *problem;
};

static int run(struct giveup *g, store_work work)
{
	if (g->problem)
		g->problem->code = 0;
	g->at_s = issue_now_s(g->issue);
	return refusal_finish(
	        store_write(g->issue->options.store, work, g), g->problem);
}

/* "stock" in the log means blanks that no job ever took. */
static bool spoil_ground_is_valid(const char *ground)
{
	return entry_ground_is_valid(ground) && strcmp(ground, "stock") != 0;
}

static struct job_ending ending_of(const struct giveup *g)
{
	return (struct job_ending){
	        .issue = g->issue,
	        .staff = g->staff,
	        .at_s = g->at_s,
	        .ground = g->ground,
	        .problem = g->problem,
	};
}

static int spoil_work(struct store_tx *tx, void *arg)
{
	struct giveup *g = arg;
	const struct job_ending ending = ending_of(g);
	struct job_row row;
	int rc = job_row_load_leased(tx, g->lease, &row);

	if (rc == 0)
		rc = job_end_round(tx, &row, &ending);
	return rc;
}

int job_spoil(struct issue *issue, const struct job_lease *lease,
        const char *ground, struct problem *ret_problem)
{
	struct giveup g = {
	        .issue = issue,
	        .lease = lease,
	        .ground = ground,
	        .problem = ret_problem,
	};

	if (!spoil_ground_is_valid(ground))
		return refusal_no_ground(ret_problem);
	return run(&g, spoil_work);
}

/* ---- release ---- */

static int put_back(
        struct store_tx *tx, const struct giveup *g, const struct job_row *row)
{
	const struct job_card_facts nothing = {0};
	const struct entry e = {
	        .type = LOG_RELEASED,
	        .at_s = g->at_s,
	        .area = row->station_area,
	        .kind = row->kind,
	        .person = row->person,
	        .actor = row->maker,
	        .station = row->station,
	        .card = row->card_number,
	};

	int rc = stock_settle(tx, row->blank, STOCK_IN_STOCK, g->at_s);
	if (rc == 0)
		rc = job_row_put_card(tx, row->card, &nothing);
	if (rc == 0)
		rc = entry_append(tx, &e, NULL);
	return rc;
}

static int release_work(struct store_tx *tx, void *arg)
{
	struct giveup *g = arg;
	struct job_row row;
	struct job_update update;

	int rc = job_row_load_leased(tx, g->lease, &row);
	if (rc == 0 && row.state > JOB_RESERVED)
		return problem_set(g->problem, HUFU_ERR_STATE,
		        "chip-may-be-touched",
		        "芯片可能已经写入，不能退回白卡，请继续或报废。",
		        "The chip may have been touched; go on with it or "
		        "spoil it.");
	if (rc == 0 && row.state == JOB_RESERVED)
		rc = put_back(tx, g, &row);
	if (rc != 0)
		return rc;
	job_row_start_update(&row, &update);
	update.state = JOB_WAITING;
	update.station = 0;
	update.lease_until_s = 0;
	update.attempts = row.attempts > 0 ? row.attempts - 1 : 0;
	return job_row_update(tx, &row, &update);
}

int job_release(struct issue *issue, const struct job_lease *lease,
        struct problem *ret_problem)
{
	struct giveup g = {
	        .issue = issue, .lease = lease, .problem = ret_problem};

	return run(&g, release_work);
}

/* ---- later ---- */

static int defer_work(struct store_tx *tx, void *arg)
{
	struct giveup *g = arg;
	struct job_row row;
	struct job_update update;

	int rc = job_row_load_leased(tx, g->lease, &row);
	if (rc != 0)
		return rc;
	job_row_start_update(&row, &update);
	if (row.state == JOB_WAITING)
		update.station = 0;
	update.lease_until_s = 0;
	update.ground = g->ground;
	update.not_before_s =
	        g->at_s + issue_back_off_s(g->issue, row.attempts);
	if (row.attempts >= g->issue->options.attempts_max)
		update.dead_at_s = g->at_s;
	return job_row_update(tx, &row, &update);
}

int job_defer(struct issue *issue, const struct job_lease *lease,
        const char *ground, struct problem *ret_problem)
{
	struct giveup g = {
	        .issue = issue,
	        .lease = lease,
	        .ground = ground,
	        .problem = ret_problem,
	};

	if (!entry_ground_is_valid(ground))
		return refusal_no_ground(ret_problem);
	return run(&g, defer_work);
}

/* ---- a person decides ---- */

static int retry(
        struct store_tx *tx, const struct giveup *g, const struct job_row *row)
{
	struct job_update update;

	job_row_start_update(row, &update);
	update.attempts = 0;
	update.dead_at_s = 0;
	update.lease_until_s = 0;
	update.not_before_s = g->at_s;
	update.ground = g->ground;
	return job_row_update(tx, row, &update);
}

static int close_for_good(
        struct store_tx *tx, const struct giveup *g, const struct job_row *row)
{
	const struct job_ending ending = ending_of(g);
	const struct case_push push = {
	        .application = row->application,
	        .event = APPLICATION_LAPSE,
	        .at_s = g->at_s,
	        .staff = g->staff,
	        .ground = g->ground,
	};

	int rc = job_end_close(tx, row, &ending);
	if (rc == 0)
		rc = case_move_push(tx, &push, g->problem);
	return rc;
}

static int check_resolve(
        struct store_tx *tx, const struct giveup *g, const struct job_row *row)
{
	struct application application;
	bool running = row->lease_until_s > g->at_s;
	bool ended = row->state >= JOB_ISSUED;
	bool stuck = row->dead_at_s != 0 || row->state > JOB_WAITING;

	if (running || ended || !stuck)
		return problem_set(g->problem, HUFU_ERR_STATE, "job-not-stuck",
		        "这个任务没有等待人工处理，请刷新后再看。",
		        "This job does not wait for a person; refresh and look "
		        "again.");
	int rc = application_read(tx, row->application, &application);
	if (rc < 0)
		return rc;
	return staff_check_any(
	        tx, g->staff, RESOLVING_ROLES, application.area, g->problem);
}

static int resolve_work(struct store_tx *tx, void *arg)
{
	struct giveup *g = arg;
	const struct job_ending ending = ending_of(g);
	struct job_row row;

	int rc = job_row_load(tx, g->job, &row);
	if (rc == HUFU_ERR_NOT_FOUND)
		return problem_set(g->problem, rc, "no-job",
		        "没有这个制卡任务，请核对编号。",
		        "There is no such job; check its number.");
	if (rc == 0)
		rc = check_resolve(tx, g, &row);
	if (rc < 0)
		return rc;
	switch (g->resolution) {
	case JOB_RETRY:
		return retry(tx, g, &row);
	case JOB_RESOLVE_SPOIL:
		return job_end_round(tx, &row, &ending);
	case JOB_RESOLVE_CLOSE:
		return close_for_good(tx, g, &row);
	}
	return HUFU_ERR_ARGUMENT;
}

int job_resolve(struct issue *issue, const struct job_decision *decision,
        struct problem *ret_problem)
{
	struct giveup g = {
	        .issue = issue,
	        .job = decision->job,
	        .staff = decision->staff,
	        .resolution = decision->resolution,
	        .ground = decision->ground,
	        .problem = ret_problem,
	};

	if (!spoil_ground_is_valid(decision->ground))
		return refusal_no_ground(ret_problem);
	return run(&g, resolve_work);
}
