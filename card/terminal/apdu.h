/*
 * Command and response APDUs (ISO/IEC 7816-4 sections 5.1 to 5.3).
 */
#ifndef TERMINAL_APDU_H
#define TERMINAL_APDU_H

#include "card/terminal/transport.h"

enum {
	APDU_DATA_MAX = 65535,
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

/*
 * BER-TLV (tags of one or two bytes, definite length): the value of the
 * first `tag` at the top level of `in`, or HUFU_ERR_NOT_FOUND.
 */
HUFU_MUST_USE int apdu_find_tlv(struct span in, uint16_t tag, struct span *ret);

#endif
