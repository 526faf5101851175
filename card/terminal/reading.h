/*
 * Reading a card's files, as a merchant does: no keys.
 */
#ifndef TERMINAL_READING_H
#define TERMINAL_READING_H

#include "card/terminal/terminal.h"

enum { READING_FILE_MAX = 65536 };

struct reading_attributes {
	enum card_suite suite;
	uint32_t command_max; /* bytes of an extended command, 0: short only */
	uint32_t answer_max;
};

/* EF.ATR/INFO. */
HUFU_MUST_USE int reading_get_attributes(
        struct terminal *t, struct reading_attributes *ret);

/*
 * Appends the whole file. TERMINAL_NOT_READABLE (6982): its rights are
 * missing; HUFU_ERR_NOT_FOUND: there is none; HUFU_ERR_SPACE: w is small.
 */
HUFU_MUST_USE int reading_get_file(
        struct terminal *t, uint16_t file, struct writer *w);

#endif
