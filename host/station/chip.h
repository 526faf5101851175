/*
 * The chip of the card in work: finding it again, opening its channel with
 * the signer's session keys, and doing a piece of work that may lose the
 * card in the middle.
 */
#ifndef STATION_CHIP_H
#define STATION_CHIP_H

#include "host/station/saga.h"

/* Makes the reader that the card is parked on ready; 0 or TERMINAL_*. */
HUFU_MUST_USE int chip_open(struct saga *s);
void chip_detach(struct saga *s); /* lets the card and the reader go */

/*
 * Runs `work` with the job's own card on the reader, its channel and job
 * open; after a lost link once more, a few times. `work` answers 0,
 * TERMINAL_*, errors, or a chip_end. Answers 0 or a saga_end.
 */
HUFU_MUST_USE int chip_run(struct saga *s, int (*work)(struct saga *s));

/* Only finds the card and reads its serial. 0 or a saga_end. */
HUFU_MUST_USE int chip_see(struct saga *s);

/* work()'s way of ending the act itself: CHIP_END + saga_end. */
enum { CHIP_END = 1000 };

#endif
