/*
 * Accepting many cases together. A random sample of them, a tenth and three
 * at least, is looked at and confirmed one by one first; the schema holds
 * that. Each case then gets its own act and log entry, or its own refusal.
 *
 * Whoever drops a batch and draws again finds what was not confirmed yet in
 * the new sample as well. A batch is its drawer's alone: to anyone else it
 * is HUFU_ERR_NOT_FOUND.
 */
#ifndef HOST_BATCH_H
#define HOST_BATCH_H

#include "host/issue/application.h"

enum batch_state {
	BATCH_DRAWN = 1,
	BATCH_ACCEPTED = 2,
	BATCH_DROPPED = 3,
};

enum batch_outcome {
	BATCH_WAITS = 0,
	BATCH_CASE_ACCEPTED = 1,
	BATCH_CASE_REFUSED = 2,
};

enum {
	BATCH_CASES_MAX = 200,
	BATCH_SAMPLE_MIN = 3, /* all, when there are fewer */
	BATCH_SAMPLE_PERCENT = 10,
	BATCH_REFUSAL_MAX = 48,
	BATCH_OPEN_MAX = 50,
};

struct batch_case {
	int64_t application;
	int64_t step; /* that it waited for when it was drawn */
	bool sampled;
	int64_t confirmed_at_s; /* 0: not */
	enum batch_outcome outcome;
	char refusal[BATCH_REFUSAL_MAX + 1]; /* slug of the problem */
};

struct batch {
	int64_t id;
	int64_t staff;
	int64_t at_s;
	enum batch_state state;
	size_t count;
	struct batch_case cases[BATCH_CASES_MAX]; /* by application */
};

/* HUFU_ERR_ARGUMENT: none, too many, one twice; HUFU_ERR_STATE: not in
 * review; HUFU_ERR_DENIED: the step is not theirs. */
HUFU_MUST_USE int batch_draw(struct issue *issue, int64_t staff,
        const int64_t *applications, size_t count, int64_t *ret_id,
        struct problem *ret_problem);

HUFU_MUST_USE int batch_read(struct store_tx *tx, int64_t id, int64_t staff,
        struct batch *ret, struct problem *ret_problem);
/* Those drawn and neither accepted nor dropped, the latest first. */
HUFU_MUST_USE int batch_list_open(struct store_tx *tx, int64_t staff,
        int64_t ret[BATCH_OPEN_MAX], size_t *ret_count);

struct batch_act {
	int64_t batch;
	int64_t staff;
	int64_t application; /* to confirm */
};

/* HUFU_ERR_ARGUMENT: not in the sample; HUFU_ERR_STATE: the batch has
 * ended, or the case has left its step. Again: 0, nothing changes. */
HUFU_MUST_USE int batch_confirm(struct issue *issue,
        const struct batch_act *act, struct problem *ret_problem);
HUFU_MUST_USE int batch_drop(struct issue *issue, const struct batch_act *act,
        struct problem *ret_problem);
/* HUFU_ERR_STATE: the sample is not confirmed. May be asked again after a
 * crash, and goes on. What became of each case, batch_read() tells. */
HUFU_MUST_USE int batch_accept(struct issue *issue, const struct batch_act *act,
        struct problem *ret_problem);

#endif
