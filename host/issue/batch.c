#include "host/issue/batch.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/openssl/random.h"
#include "host/base/cleanup.h"
#include "host/issue/batch_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/refusal.h"

/* ---- drawing ---- */

struct drawing {
	struct issue *issue;
	struct batch batch;
	struct problem *problem;
};

static int look_at_case(
        struct store_tx *tx, struct drawing *d, struct batch_case *c)
{
	struct application a;
	int rc = application_check_accept(
	        tx, d->issue, c->application, d->batch.staff, d->problem);

	if (rc == 0)
		rc = application_read(tx, c->application, &a);
	if (rc < 0)
		return rc;
	c->step = a.step;
	return batch_row_owes(tx, &d->batch, c, &c->sampled);
}

/* Each of those left is as likely as any other. */
static int draw_one(struct batch *b, size_t left)
{
	uint32_t nth = 0;
	int rc = random_below((uint32_t)left, &nth);

	for (size_t i = 0; rc == 0 && i < b->count; i++) {
		if (b->cases[i].sampled)
			continue;
		if (nth-- == 0) {
			b->cases[i].sampled = true;
			break;
		}
	}
	return rc;
}

static int draw_sample(struct batch *b)
{
	size_t want = (b->count * BATCH_SAMPLE_PERCENT + 99) / 100;
	size_t have = 0;
	int rc = 0;

	if (want < BATCH_SAMPLE_MIN)
		want = BATCH_SAMPLE_MIN;
	if (want > b->count)
		want = b->count;
	for (size_t i = 0; i < b->count; i++)
		have += b->cases[i].sampled;
	for (; rc == 0 && have < want; have++)
		rc = draw_one(b, b->count - have);
	return rc;
}

static int draw_work(struct store_tx *tx, void *arg)
{
	struct drawing *d = arg;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < d->batch.count; i++)
		rc = look_at_case(tx, d, &d->batch.cases[i]);
	if (rc == 0)
		rc = draw_sample(&d->batch);
	return rc == 0 ? batch_row_add(tx, &d->batch) : rc;
}

static int by_number(const void *a, const void *b)
{
	const struct batch_case *x = a, *y = b;

	return (x->application > y->application) -
	       (x->application < y->application);
}

static int fill_cases(struct drawing *d, const int64_t *applications)
{
	struct batch *b = &d->batch;

	for (size_t i = 0; i < b->count; i++)
		b->cases[i].application = applications[i];
	qsort(b->cases, b->count, sizeof(*b->cases), by_number);
	for (size_t i = 1; i < b->count; i++)
		if (b->cases[i].application == b->cases[i - 1].application)
			return HUFU_ERR_ARGUMENT;
	return 0;
}

int batch_draw(struct issue *issue, int64_t staff, const int64_t *applications,
        size_t count, int64_t *ret_id, struct problem *ret_problem)
{
	_free_ struct drawing *d = calloc(1, sizeof(*d));

	if (!d)
		return refusal_finish(HUFU_ERR_MEMORY, ret_problem);
	d->issue = issue;
	d->problem = ret_problem;
	d->batch.staff = staff;
	d->batch.at_s = issue_now_s(issue);
	d->batch.count = count;
	if (count < 1 || count > BATCH_CASES_MAX ||
	        fill_cases(d, applications) < 0)
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT,
		        "batch-cases", "一批须有 1 至 %d 份申请，不能重复。",
		        "A batch has 1 to %d applications, each once.",
		        BATCH_CASES_MAX);
	int rc = store_write(issue->options.store, draw_work, d);
	if (rc < 0)
		return refusal_finish(rc, ret_problem);
	*ret_id = d->batch.id;
	return 0;
}

/* ---- confirming, dropping ---- */

struct acting {
	struct issue *issue;
	const struct batch_act *act;
	struct batch batch;
	int64_t at_s;
	struct problem *problem;
};

static int refuse_ended(struct problem *p)
{
	return problem_set(p, HUFU_ERR_STATE, "batch-ended",
	        "这一批已经办结，请另选一批。",
	        "This batch has ended; choose another.");
}

static struct batch_case *find_case(struct batch *b, int64_t application)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->cases[i].application == application)
			return &b->cases[i];
	return NULL;
}

static int load(struct store_tx *tx, struct acting *a)
{
	return batch_read(
	        tx, a->act->batch, a->act->staff, &a->batch, a->problem);
}

/* A case that is no longer where it was drawn shows a fault in the batch. */
static int check_still_there(
        struct store_tx *tx, const struct batch_case *c, struct problem *p)
{
	struct application now;
	int rc = application_read(tx, c->application, &now);

	if (rc < 0)
		return rc;
	if (now.state != APPLICATION_IN_REVIEW)
		return refusal_of_application(now.state, p);
	if (now.step == c->step)
		return 0;
	return problem_set(p, HUFU_ERR_STATE, "case-moved-on",
	        "这份申请已到另一环节，请刷新待办列表。",
	        "This application is at another step now; refresh the list.");
}

static int confirm_work(struct store_tx *tx, void *arg)
{
	struct acting *a = arg;
	int rc = load(tx, a);

	if (rc < 0)
		return rc;
	if (a->batch.state != BATCH_DRAWN)
		return refuse_ended(a->problem);
	struct batch_case *c = find_case(&a->batch, a->act->application);
	if (!c || !c->sampled)
		return problem_set(a->problem, HUFU_ERR_ARGUMENT,
		        "not-in-sample",
		        "这份申请不在抽查之列，请从抽查名单中打开。",
		        "This application is not in the sample; open one "
		        "from the sample.");
	if (c->confirmed_at_s)
		return 0;
	rc = check_still_there(tx, c, a->problem);
	if (rc < 0)
		return rc;
	c->confirmed_at_s = a->at_s;
	return batch_row_confirm(tx, &a->batch, c);
}

static int drop_work(struct store_tx *tx, void *arg)
{
	struct acting *a = arg;
	int rc = load(tx, a);

	if (rc < 0)
		return rc;
	if (a->batch.state != BATCH_DRAWN)
		return refuse_ended(a->problem);
	return batch_row_end(tx, &a->batch, BATCH_DROPPED);
}

static int run(struct acting *a, store_work work)
{
	return refusal_finish(
	        store_write(a->issue->options.store, work, a), a->problem);
}

static struct acting *begin(struct issue *issue, const struct batch_act *act,
        struct problem *ret_problem)
{
	struct acting *a = calloc(1, sizeof(*a));

	if (a)
		*a = (struct acting){
		        .issue = issue,
		        .act = act,
		        .at_s = issue_now_s(issue),
		        .problem = ret_problem,
		};
	return a;
}

int batch_confirm(struct issue *issue, const struct batch_act *act,
        struct problem *ret_problem)
{
	_free_ struct acting *a = begin(issue, act, ret_problem);

	return a ? run(a, confirm_work)
	         : refusal_finish(HUFU_ERR_MEMORY, ret_problem);
}

int batch_drop(struct issue *issue, const struct batch_act *act,
        struct problem *ret_problem)
{
	_free_ struct acting *a = begin(issue, act, ret_problem);

	return a ? run(a, drop_work)
	         : refusal_finish(HUFU_ERR_MEMORY, ret_problem);
}

/* ---- accepting ---- */

static int count_unconfirmed(const struct batch *b)
{
	int n = 0;

	for (size_t i = 0; i < b->count; i++)
		n += b->cases[i].sampled && !b->cases[i].confirmed_at_s;
	return n;
}

static int begin_work(struct store_tx *tx, void *arg)
{
	struct acting *a = arg;
	int rc = load(tx, a);

	if (rc < 0 || a->batch.state == BATCH_ACCEPTED)
		return rc;
	if (a->batch.state != BATCH_DRAWN)
		return refuse_ended(a->problem);
	int left = count_unconfirmed(&a->batch);
	if (left > 0)
		return problem_set(a->problem, HUFU_ERR_STATE,
		        "sample-not-confirmed",
		        "还有 %d 份抽查申请没有核对，请逐份打开并确认。",
		        "%d applications of the sample are still to be "
		        "opened and confirmed, one by one.",
		        left);
	return batch_row_end(tx, &a->batch, BATCH_ACCEPTED);
}

struct accepting {
	struct acting *a;
	struct batch_case *c;
	struct problem problem;
};

static int look_work(struct store_tx *tx, void *arg)
{
	struct accepting *one = arg;

	return check_still_there(tx, one->c, &one->problem);
}

static int note_work(struct store_tx *tx, void *arg)
{
	struct accepting *one = arg;
	bool done = false;
	int rc = 0;

	/* accepted before a crash, and not noted here */
	if (one->c->outcome == BATCH_CASE_REFUSED)
		rc = batch_row_was_accepted(tx, &one->a->batch, one->c, &done);
	if (done) {
		one->c->outcome = BATCH_CASE_ACCEPTED;
		one->c->refusal[0] = '\0';
	}
	return rc == 0 ? batch_row_note(tx, &one->a->batch, one->c) : rc;
}

static int accept_case(struct acting *a, struct batch_case *c)
{
	struct store *store = a->issue->options.store;
	struct accepting one = {.a = a, .c = c};
	const struct application_act act = {
	        .application = c->application,
	        .event = APPLICATION_ACCEPT,
	        .staff = a->act->staff,
	};
	struct application_receipt receipt;

	int rc = store_read(store, look_work, &one);
	if (rc == 0)
		rc = application_act(a->issue, &act, &receipt, &one.problem);
	c->outcome = rc < 0 ? BATCH_CASE_REFUSED : BATCH_CASE_ACCEPTED;
	if (rc < 0)
		issue_copy_text(c->refusal, sizeof(c->refusal),
		        one.problem.code ? one.problem.type : "failed");
	return store_write(store, note_work, &one);
}

int batch_accept(struct issue *issue, const struct batch_act *act,
        struct problem *ret_problem)
{
	_free_ struct acting *a = begin(issue, act, ret_problem);
	int rc;

	if (!a)
		return refusal_finish(HUFU_ERR_MEMORY, ret_problem);
	rc = run(a, begin_work);
	for (size_t i = 0; rc == 0 && i < a->batch.count; i++)
		if (a->batch.cases[i].outcome == BATCH_WAITS)
			rc = accept_case(a, &a->batch.cases[i]);
	return refusal_finish(rc, ret_problem);
}
