/*
 * Command and response APDUs (ISO/IEC 7816-4 sections 5.1 to 5.3).
 */
#ifndef TERMINAL_COMMAND_H
#define TERMINAL_COMMAND_H

#include "card/terminal/transport.h"

enum {
	COMMAND_DATA_MAX = 2048, /* more than any card of ours takes */
	COMMAND_FRAME_MAX = COMMAND_DATA_MAX + 10, /* extended, with Le */
	COMMAND_LE_NONE = 0,
	COMMAND_LE_SHORT = 256, /* all that a short answer holds */
	COMMAND_LE_EXTENDED = 65536, /* all that an extended answer holds */
};

struct command {
	uint8_t cla, ins, p1, p2;
	struct span data;
	uint32_t le; /* bytes expected; COMMAND_LE_NONE: no Le field */
};

/* Short form where it fits; HUFU_ERR_LIMIT if it does not and !extended. */
HUFU_MUST_USE int command_encode(
        const struct command *a, bool extended, struct writer *w);
/* Strict inverse of command_encode(); ret->data points into `in`. */
HUFU_MUST_USE int command_decode(struct span in, struct command *ret);

/*
 * One command to its end: follows 61xx with GET RESPONSE and repeats once
 * with the Le of 6Cxx. Appends the data without the status word.
 */
HUFU_MUST_USE int command_exchange(struct transport *t, const struct command *a,
        struct writer *ret_data, uint16_t *ret_sw);

#endif
