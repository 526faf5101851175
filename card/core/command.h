/*
 * One command as the card got it (ISO/IEC 7816-4), short or extended.
 */
#ifndef CARD_COMMAND_H
#define CARD_COMMAND_H

#include "crypto/core/bytes.h"

struct command {
	uint8_t cla, ins, p1, p2;
	bool extended;
	bool le_present;
	uint32_t le; /* 256 or 65536 for the coding 0; 0 when absent */
	struct span data;
};

/* Spans point into `in`. HUFU_ERR_MALFORMED when lengths disagree. */
HUFU_MUST_USE int command_decode(struct span in, struct command *ret);

/* P1 and P2 as one number. */
uint16_t command_p1p2(const struct command *in);

#endif
