/*
 * Counts for the day's table; every one can be had again from the log.
 */
#ifndef HOST_SUMMARY_H
#define HOST_SUMMARY_H

#include "host/issue/application.h"
#include "host/issue/card_book.h"

enum { SUMMARY_GROUNDS_MAX = 32 };

struct summary_ground {
	char ground[APPLICATION_GROUND_MAX + 1];
	int64_t count;
};

struct summary {
	int64_t applied;
	int64_t applications[APPLICATION_STATES]; /* by state now */
	int64_t cards[CARD_PHASES]; /* by state now */
	int64_t refused; /* at the door or by review */
	int64_t returned; /* acts of returning */
	int64_t made;
	int64_t spoiled;
	int64_t jobs_waiting;
	int64_t jobs_running;
	int64_t jobs_dead;
	int64_t oldest_waiting_at; /* when it was queued; 0: none */
	struct summary_ground refusals[SUMMARY_GROUNDS_MAX];
	size_t refusals_count;
	struct summary_ground spoilings[SUMMARY_GROUNDS_MAX];
	size_t spoilings_count;
};

HUFU_MUST_USE int summary_read(struct store_tx *tx, struct summary *ret);

#endif
