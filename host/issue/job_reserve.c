#include "host/issue/job.h"

#include <string.h>

#include "crypto/openssl/random.h"
#include "host/base/clock.h"
#include "host/issue/case_move.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_end.h"
#include "host/issue/judging.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/stock/stock.h"

struct reserving {
	struct issue *issue;
	struct job_lease *lease;
	const uint8_t *serial;
	int64_t at_s;
	struct job_row row;
	struct eligibility_verdict verdict;
	int outcome; /* JOB_INELIGIBLE, which is kept, or 0 */
	struct problem *problem;
};

/* What must go upward needs the opinion that it was given. */
static int judge(struct store_tx *tx, struct reserving *r, bool *ret_eligible)
{
	const struct judging judging = {r->issue, CASE_BEFORE_MAKING, r->at_s};
	struct application application;
	bool opinion = false;

	int rc = application_read(tx, r->row.application, &application);
	if (rc == 0)
		rc = judging_run(
		        tx, &judging, &application, &r->verdict, r->problem);
	if (rc == 0)
		rc = case_row_add_verdict(tx, application.id, judging.stage,
		        r->at_s, &r->verdict);
	if (rc == 0)
		rc = case_row_has_opinion(tx, application.id, &opinion);
	if (rc < 0)
		return rc;
	*ret_eligible = r->verdict.outcome == ELIGIBILITY_YES ||
	                (r->verdict.outcome == ELIGIBILITY_REFER && opinion);
	return 0;
}

static int close_ineligible(struct store_tx *tx, struct reserving *r)
{
	const struct job_ending ending = {
	        .issue = r->issue,
	        .at_s = r->at_s,
	        .ground = "not-eligible",
	        .problem = r->problem,
	};
	const struct case_push push = {
	        .application = r->row.application,
	        .event = APPLICATION_LAPSE,
	        .at_s = r->at_s,
	        .ground = r->verdict.count > 0 ? r->verdict.reason[0].code
	                                       : "not-eligible",
	        .log_ground = "not-eligible",
	};

	int rc = job_end_close(tx, &r->row, &ending);
	if (rc == 0)
		rc = case_move_push(tx, &push, r->problem);
	if (rc == 0)
		r->outcome = judging_explain(
		        &r->verdict, JOB_INELIGIBLE, r->problem);
	return rc;
}

static int no_blank(int outcome, struct problem *p)
{
	if (outcome == STOCK_FOREIGN)
		return problem_set(p, JOB_FOREIGN_BLANK, "foreign-blank",
		        "读卡器上的卡不是本制卡点库存的白卡，请取出，换白卡。",
		        "The card on the reader is no blank of this station's "
		        "stock; take it out and lay a blank on.");
	return problem_set(p, JOB_NO_BLANK, "no-blank",
	        "本制卡点账上已没有白卡，请先领用入库。",
	        "The books show no blank at this station; receive some first.");
}

static int log_reserved(
        struct store_tx *tx, const struct reserving *r, uint64_t *ret_index)
{
	uint8_t salt[LOG_SALT_LEN], binding[LOG_HASH_LEN];
	const struct entry e = {
	        .type = LOG_RESERVED,
	        .at_s = r->at_s,
	        .area = r->row.station_area,
	        .kind = r->row.kind,
	        .person = r->row.person,
	        .actor = r->row.maker,
	        .station = r->row.station,
	        .card = r->row.card_number,
	        .binding = binding,
	        .salt = salt,
	};

	int rc = random_fill(salt, sizeof(salt));
	if (rc < 0)
		return rc;
	log_bind_reserved(salt, span_of(r->serial, CARD_SERIAL_LEN), binding);
	rc = entry_append(tx, &e, ret_index);
	if (rc == 0)
		rc = job_row_put_fact(tx, r->row.card, JOB_FACT_RESERVED_SALT,
		        span_of(salt, sizeof(salt)));
	bytes_wipe(salt, sizeof(salt));
	return rc;
}

static int write_card(
        struct store_tx *tx, struct reserving *r, int64_t blank, uint64_t index)
{
	struct eligibility_person person;
	struct job_card_facts facts = {
	        .blank = blank,
	        .reserved_index = index,
	        .benefits = r->verdict.benefits,
	};

	int rc = person_load_facts(tx, r->row.person, &person);
	if (rc < 0)
		return rc;
	facts.classes = person.classes;
	date_format(r->verdict.day, facts.valid_from);
	date_format(r->verdict.valid_to, facts.valid_to);
	return refusal_of_constraint(
	        tx, job_row_put_card(tx, r->row.card, &facts), r->problem);
}

static int take_blank(struct store_tx *tx, struct reserving *r)
{
	const struct stock_reservation reservation = {
	        r->row.station, r->serial, r->at_s};
	struct job_update update;
	int64_t blank = 0;
	uint64_t index = 0;

	int rc = stock_reserve(tx, &reservation, &blank);
	if (rc > 0)
		return no_blank(rc, r->problem);
	if (rc == 0)
		rc = log_reserved(tx, r, &index);
	if (rc == 0)
		rc = write_card(tx, r, blank, index);
	if (rc < 0)
		return rc;
	job_row_start_update(&r->row, &update);
	update.state = JOB_RESERVED;
	update.lease_until_s = r->at_s + r->issue->options.lease_s;
	return job_row_update(tx, &r->row, &update);
}

static int reserve_work(struct store_tx *tx, void *arg)
{
	struct reserving *r = arg;
	bool eligible = false;

	int rc = job_row_load_leased(tx, r->lease, &r->row);
	if (rc == 0 && r->row.state != JOB_WAITING)
		rc = HUFU_ERR_STATE;
	if (rc == 0)
		rc = judge(tx, r, &eligible);
	if (rc != 0)
		return rc;
	if (!eligible)
		return close_ineligible(tx, r);
	rc = take_blank(tx, r);
	if (rc == 0)
		rc = job_row_load(tx, r->row.id, &r->row);
	return rc;
}

int job_reserve(struct issue *issue, struct job_lease *lease,
        const uint8_t serial[CARD_SERIAL_LEN], struct problem *ret_problem)
{
	struct reserving r = {
	        .issue = issue,
	        .lease = lease,
	        .serial = serial,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};

	if (ret_problem)
		ret_problem->code = 0;
	int rc = store_write(issue->options.store, reserve_work, &r);
	if (rc != 0)
		return refusal_finish(rc, ret_problem);
	if (r.outcome == 0)
		job_row_fill_lease(&r.row, lease);
	return r.outcome;
}
