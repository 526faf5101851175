#include "host/issue/card_sweep.h"

#include "host/base/clock.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"

struct sweep {
	struct issue *issue;
	bool lifts;
	int64_t at_s;
	char today[DATE_TEXT_LEN + 1];
	size_t changed; /* in this transaction */
	struct problem *problem;
};

static int find(
        struct store_tx *tx, const struct sweep *s, struct card_change *change)
{
	change->event = CARD_LIFT;
	change->ground = "term-ended";
	int rc = card_row_find_term(tx, s->at_s, &change->card);
	if (rc == 0 && change->card == 0 && s->lifts)
		rc = card_row_find_lift(tx, s->at_s, &change->card);
	if (rc == 0 && change->card == 0) {
		change->event = CARD_EXPIRE;
		change->ground = "expired";
		rc = card_row_find_expired(tx, s->today, &change->card);
	}
	return rc;
}

static int sweep_work(struct store_tx *tx, void *arg)
{
	struct sweep *s = arg;

	s->changed = 0;
	while (s->changed < CARD_SWEEP_BATCH) {
		struct card_change change = {.at_s = s->at_s};
		int rc = find(tx, s, &change);
		if (rc < 0 || change.card == 0)
			return rc;
		rc = card_row_change(tx, &change, NULL, s->problem);
		if (rc < 0)
			return rc;
		s->changed++;
	}
	return 0;
}

int card_book_sweep(
        struct issue *issue, size_t *ret_changed, struct problem *ret_problem)
{
	struct sweep s = {
	        .issue = issue,
	        .at_s = issue_now_s(issue),
	        .problem = ret_problem,
	};
	const struct policy *policy = NULL;
	size_t total = 0;

	if (ret_problem)
		ret_problem->code = 0;
	int rc = issue_policy_today(issue, &policy, ret_problem);
	if (rc < 0)
		return rc;
	s.lifts = policy->temporary_loss_lifts;
	date_format(clock_date_of(s.at_s), s.today);
	do {
		rc = store_write(issue->options.store, sweep_work, &s);
		if (rc < 0)
			return refusal_finish(rc, ret_problem);
		total += s.changed;
	} while (s.changed == CARD_SWEEP_BATCH);
	*ret_changed = total;
	return 0;
}
