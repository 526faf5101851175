/*
 * The 17 digits of a card number: issuing area 6 (GB/T 2260), kind 1, year
 * 2, serial 7, check digit 1 (ISO/IEC 7064 MOD 11,10). The project's own
 * format; nothing else knows its shape.
 */
#ifndef HOST_CARD_NUMBER_H
#define HOST_CARD_NUMBER_H

#include <stdint.h>

#include <hufu/error.h>

enum {
	CARD_NUMBER_LEN = 17,
	CARD_NUMBER_SERIAL_MAX = 9999999,
};

struct card_number {
	char area[7]; /* six digits */
	uint32_t kind; /* 1 to 9 */
	uint32_t year; /* 0 to 99 */
	uint32_t serial; /* 1 to CARD_NUMBER_SERIAL_MAX */
};

/* HUFU_ERR_ARGUMENT when a part is out of range. */
HUFU_MUST_USE int card_number_format(
        const struct card_number *parts, char ret[CARD_NUMBER_LEN + 1]);

/* HUFU_ERR_MALFORMED: not 17 digits; HUFU_ERR_SIGNATURE: check digit. */
HUFU_MUST_USE int card_number_parse(const char *text, struct card_number *ret);

#endif
