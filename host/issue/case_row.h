/*
 * The rows behind an application: loading, changing state by compare-and-
 * set, acts and verdicts. All inside the caller's transaction.
 */
#ifndef HOST_CASE_ROW_H
#define HOST_CASE_ROW_H

#include "host/issue/application.h"
#include "host/issue/case_table.h"

struct case_act {
	int64_t application;
	enum application_event event;
	int64_t step;
	int64_t staff; /* 0: the system, or the applicant at a kiosk */
	int64_t at_s;
	const char *ground; /* NULL: none */
	const char *field;
	const char *note;
	uint64_t log_index;
};

/* HUFU_ERR_CONFLICT from the schema's triggers, already in words. */
HUFU_MUST_USE int case_row_add_act(struct store_tx *tx,
        const struct case_act *act, struct problem *ret_problem);

/*
 * Writes state, step, times, last ground and field, kind and materials of
 * *now over the row that was *before. HUFU_ERR_STATE: it is not that any
 * more.
 */
HUFU_MUST_USE int case_row_update(struct store_tx *tx,
        const struct application *before, const struct application *now);

enum case_stage {
	CASE_AT_ACCEPTANCE = 1,
	CASE_AT_CORRECTION = 2,
	CASE_BEFORE_MAKING = 3,
};

HUFU_MUST_USE int case_row_add_verdict(struct store_tx *tx, int64_t application,
        enum case_stage stage, int64_t at_s,
        const struct eligibility_verdict *verdict);

HUFU_MUST_USE int case_row_add_photo(struct store_tx *tx, int64_t application,
        int64_t at_s, struct span photo);

/* An opinion from above spoke for the applicant. 0 or 1 in *ret. */
HUFU_MUST_USE int case_row_has_opinion(
        struct store_tx *tx, int64_t application, bool *ret);

#endif
