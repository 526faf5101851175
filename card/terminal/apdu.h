/*
 * Command and response APDUs (ISO/IEC 7816-4 sections 5.1 to 5.3).
 */
#ifndef TERMINAL_APDU_H
#define TERMINAL_APDU_H

#include "card/terminal/transport.h"

enum {
	APDU_DATA_MAX = 2048, /* more than any card of ours takes */
	APDU_FRAME_MAX = APDU_DATA_MAX + 10, /* extended, with Le */
	APDU_LE_NONE = 0,
	APDU_LE_SHORT = 256, /* all that a short answer holds */
	APDU_LE_EXTENDED = 65536, /* all that an extended answer holds */
};

struct apdu {
	uint8_t cla, ins, p1, p2;
	struct span data;
	uint32_t le; /* bytes expected; APDU_LE_NONE: no Le field */
};

/* Short form where it fits; HUFU_ERR_LIMIT if it does not and !extended. */
HUFU_MUST_USE int apdu_encode(
        const struct apdu *a, bool extended, struct writer *w);
/* Strict inverse of apdu_encode(); ret->data points into `in`. */
HUFU_MUST_USE int apdu_decode(struct span in, struct apdu *ret);

/*
 * One command to its end: follows 61xx with GET RESPONSE and repeats once
 * with the Le of 6Cxx. Appends the data without the status word.
 */
HUFU_MUST_USE int apdu_exchange(struct transport *t, const struct apdu *a,
        struct writer *ret_data, uint16_t *ret_sw);

#endif
