/*
 * Moving a case along the state table for the system: queueing after the
 * last step, and what follows from jobs and cards.
 */
#ifndef HOST_CASE_MOVE_H
#define HOST_CASE_MOVE_H

#include "host/issue/case_row.h"

struct case_push {
	int64_t application;
	enum application_event event; /* QUEUE, MAKE, LAPSE, HAND_OVER */
	int64_t at_s;
	int64_t staff; /* who caused it; 0: nobody */
	const char *ground; /* LAPSE: why, in the office's words */
	const char *log_ground; /* what the log may say; NULL: `ground` */
};

/* HUFU_ERR_STATE when the table has no such move. */
HUFU_MUST_USE int case_move_push(struct store_tx *tx,
        const struct case_push *push, struct problem *ret_problem);

/* Decided: gives out a card and puts the job into the queue. */
HUFU_MUST_USE int case_move_queue(struct store_tx *tx,
        const struct issue *issue, struct application *application,
        uint64_t log_index, struct problem *ret_problem);

#endif
