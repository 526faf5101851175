/*
 * Giving out what a new card needs before it is made: number, index of the
 * status list (suspended from then on), key of the round and CAN.
 */
#ifndef HOST_CARD_ALLOT_H
#define HOST_CARD_ALLOT_H

#include "host/issue/application.h"

struct card_allotment {
	const struct application *application;
	int64_t round; /* from 1; each spoiled blank begins another */
	int64_t at_s;
	uint64_t log_index; /* of the entry that led to it */
};

/*
 * HUFU_ERR_FULL: no number of this area and year, or no index of the list,
 * is left; HUFU_ERR_CONFLICT: the person has a pending card.
 */
HUFU_MUST_USE int card_allot(struct store_tx *tx, const struct issue *issue,
        const struct card_allotment *allotment, int64_t *ret_card,
        struct problem *ret_problem);

#endif
