/* One command APDU (ISO/IEC 7816-4), short or extended length. */
#ifndef CARD_APDU_H
#define CARD_APDU_H

#include "crypto/core/bytes.h"

struct apdu {
	uint8_t cla, ins, p1, p2;
	bool extended;
	bool le_present;
	size_t le; /* 256 or 65536 for the coding 0; 0 when absent */
	struct span data;
};

/* Spans point into `in`. HUFU_ERR_MALFORMED when lengths disagree. */
HUFU_MUST_USE int apdu_decode(struct span in, struct apdu *ret);

#endif
