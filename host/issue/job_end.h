/*
 * How a round or a job ends otherwise than with a card: all inside the
 * caller's transaction.
 */
#ifndef HOST_JOB_END_H
#define HOST_JOB_END_H

#include "host/issue/job_row.h"

struct job_ending {
	struct issue *issue;
	int64_t staff; /* 0: the station itself */
	int64_t at_s;
	const char *ground;
	struct problem *problem;
};

/*
 * Spoils the blank in hand and begins the next round; past the rounds
 * allowed the job waits for a person. HUFU_ERR_STATE: no blank in hand.
 */
HUFU_MUST_USE int job_end_round(struct store_tx *tx, const struct job_row *row,
        const struct job_ending *ending);

/*
 * The card will not be made: a blank in hand is spoiled, else the number is
 * cancelled; the job is closed. The application is the caller's.
 */
HUFU_MUST_USE int job_end_close(struct store_tx *tx, const struct job_row *row,
        const struct job_ending *ending);

/* The same by application. HUFU_ERR_BUSY: a station has it in hand. */
HUFU_MUST_USE int job_end_case(struct store_tx *tx, int64_t application,
        const struct job_ending *ending);

/* Withdrawn by the applicant. HUFU_ERR_BUSY: a station has it in hand. */
HUFU_MUST_USE int job_end_withdraw(struct store_tx *tx, int64_t application,
        int64_t staff, int64_t at_s, struct problem *ret_problem);

#endif
