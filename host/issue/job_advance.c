#include "host/issue/job.h"

#include "crypto/openssl/random.h"
#include "host/base/clock.h"
#include "host/issue/card_row.h"
#include "host/issue/case_move.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_row.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/signer/client.h"
#include "host/stock/stock.h"

/* What a step must leave behind, and what it writes into the log. */
struct step_rule {
	enum log_type log; /* 0: none, or done by the card's own move */
	enum job_fact needs[3]; /* ends with 0 */
};

static const struct step_rule rules[JOB_STATES] = {
        [JOB_KEYED] = {LOG_KEYED, {JOB_FACT_CHIP_KEY}},
        [JOB_LOGGED] = {LOG_SIGNED, {JOB_FACT_QR_TBS, JOB_FACT_CHIP_TBS}},
        [JOB_SIGNED] = {0, {JOB_FACT_QR_SIGNATURE, JOB_FACT_CHIP_SIGNATURE}},
        [JOB_PRINT_DONE] = {LOG_PRINTED, {0}},
};

struct advancing {
	struct issue *issue;
	struct job_lease *lease;
	const struct job_step *step;
	int64_t at_s;
	struct job_row row;
	struct problem *problem;
};

static int put_facts(struct store_tx *tx, const struct advancing *a)
{
	for (size_t i = 0; i < a->step->facts_count; i++) {
		const struct job_fact_value *f = &a->step->facts[i];
		int rc = job_row_put_fact(tx, a->row.card, f->fact, f->value);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int check_facts(struct store_tx *tx, const struct advancing *a)
{
	const struct step_rule *rule = &rules[a->step->to];

	for (size_t i = 0; i < 3 && rule->needs[i]; i++) {
		bool there = false;
		int rc = job_row_has_fact(
		        tx, a->row.card, rule->needs[i], &there);
		if (rc < 0)
			return rc;
		if (!there)
			return HUFU_ERR_STATE;
	}
	return 0;
}

/* ---- the entry that binds both byte strings ---- */

static int bind_signed(struct store_tx *tx, const struct advancing *a,
        const uint8_t salt[LOG_SALT_LEN], uint8_t ret[LOG_HASH_LEN])
{
	uint8_t qr[SIGNER_TBS_MAX], chip[SIGNER_TBS_MAX];
	struct writer qr_tbs, chip_tbs;

	writer_init(&qr_tbs, qr, sizeof(qr));
	writer_init(&chip_tbs, chip, sizeof(chip));
	int rc = job_row_get_fact(tx, a->row.card, JOB_FACT_QR_TBS, &qr_tbs);
	if (rc == 0)
		rc = job_row_get_fact(
		        tx, a->row.card, JOB_FACT_CHIP_TBS, &chip_tbs);
	if (rc == 0)
		log_bind_signed(salt, writer_span(&qr_tbs),
		        writer_span(&chip_tbs), ret);
	bytes_wipe(qr, sizeof(qr));
	bytes_wipe(chip, sizeof(chip));
	return rc == HUFU_ERR_SPACE ? HUFU_ERR_LIMIT : rc;
}

static int append(struct store_tx *tx, const struct advancing *a,
        enum log_type type, const uint8_t *binding, const uint8_t *salt,
        uint64_t *ret_index)
{
	const struct entry e = {
	        .type = type,
	        .at_s = a->at_s,
	        .area = a->row.station_area,
	        .kind = a->row.kind,
	        .person = a->row.person,
	        .actor = a->row.maker,
	        .station = a->row.station,
	        .card = a->row.card_number,
	        .binding = binding,
	        .salt = salt,
	};

	return entry_append(tx, &e, ret_index);
}

static int note_signed(struct store_tx *tx, int64_t card, uint64_t index)
{
	struct job_card_facts facts;
	int rc = job_row_get_card(tx, card, &facts);

	if (rc < 0)
		return rc;
	facts.signed_index = index;
	return job_row_put_card(tx, card, &facts);
}

static int log_signed(struct store_tx *tx, const struct advancing *a)
{
	uint8_t salt[LOG_SALT_LEN], binding[LOG_HASH_LEN];
	uint64_t index = 0;

	int rc = random_fill(salt, sizeof(salt));
	if (rc == 0)
		rc = bind_signed(tx, a, salt, binding);
	if (rc == 0)
		rc = append(tx, a, LOG_SIGNED, binding, salt, &index);
	if (rc == 0)
		rc = job_row_put_fact(tx, a->row.card, JOB_FACT_SIGNED_SALT,
		        span_of(salt, sizeof(salt)));
	if (rc == 0)
		rc = note_signed(tx, a->row.card, index);
	bytes_wipe(salt, sizeof(salt));
	return rc;
}

static int log_step(struct store_tx *tx, const struct advancing *a)
{
	enum log_type type = rules[a->step->to].log;

	if (type == LOG_SIGNED)
		return log_signed(tx, a);
	return type ? append(tx, a, type, NULL, NULL, NULL) : 0;
}

/* ---- the end ---- */

static int settle(struct store_tx *tx, const struct advancing *a)
{
	const struct card_change made = {
	        .card = a->row.card,
	        .event = CARD_MAKE,
	        .staff = a->row.maker,
	        .at_s = a->at_s,
	        .log_area = a->row.station_area,
	        .log_station = a->row.station,
	};
	const struct case_push push = {
	        .application = a->row.application,
	        .event = APPLICATION_MAKE,
	        .at_s = a->at_s,
	        .staff = a->row.maker,
	};

	int rc = stock_settle(tx, a->row.blank, STOCK_ISSUED, a->at_s);
	if (rc == 0)
		rc = card_row_change(tx, &made, NULL, a->problem);
	if (rc == 0)
		rc = case_move_push(tx, &push, a->problem);
	return rc;
}

static int advance_work(struct store_tx *tx, void *arg)
{
	struct advancing *a = arg;
	bool last = a->step->to == JOB_ISSUED;
	struct job_update update;

	int rc = job_row_load_leased(tx, a->lease, &a->row);
	if (rc != 0)
		return rc;
	if (a->row.state < JOB_RESERVED || a->row.state > JOB_CHECKED ||
	        a->step->to != a->row.state + 1)
		return HUFU_ERR_STATE;
	rc = put_facts(tx, a);
	if (rc == 0)
		rc = check_facts(tx, a);
	if (rc == 0)
		rc = log_step(tx, a);
	if (rc == 0 && last)
		rc = settle(tx, a);
	if (rc < 0)
		return rc;
	job_row_start_update(&a->row, &update);
	update.state = a->step->to;
	update.lease_until_s = last ? 0 : a->at_s + a->issue->options.lease_s;
	update.issued_ms = last ? clock_now_ms() : 0;
	rc = job_row_update(tx, &a->row, &update);
	if (rc == 0)
		rc = job_row_load(tx, a->row.id, &a->row);
	return rc;
}

int job_advance(struct issue *issue, struct job_lease *lease,
        const struct job_step *step, struct problem *ret_problem)
{
	struct advancing a = {
	        .issue = issue,
	        .lease = lease,
	        .step = step,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};

	if (ret_problem)
		ret_problem->code = 0;
	if (step->facts_count > JOB_STEP_FACTS_MAX)
		return problem_from_code(ret_problem, HUFU_ERR_ARGUMENT);
	int rc = store_write(issue->options.store, advance_work, &a);
	if (rc != 0)
		return refusal_finish(rc, ret_problem);
	job_row_fill_lease(&a.row, lease);
	return 0;
}
