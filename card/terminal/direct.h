/*
 * A card in the same process: unit tests, benches, power-cut tests.
 * The card is given as two functions, so that real and lying ones fit.
 */
#ifndef TERMINAL_DIRECT_H
#define TERMINAL_DIRECT_H

#include "card/terminal/transport.h"

struct direct_card {
	/* Power on or warm reset; appends the ATR. Positive: TERMINAL_*. */
	int (*power)(void *card, struct writer *ret_atr);
	/* One APDU; an empty answer means the card is gone. */
	int (*exchange)(
	        void *card, struct span command, struct writer *ret_answer);
	void *card;
	bool extended;
};

HUFU_MUST_USE int direct_new(
        const struct direct_card *card, struct transport **ret);

#endif
