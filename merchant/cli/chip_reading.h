/*
 * What a merchant reads from a chip: the signed object, every element that
 * needs no CAN, and the chip's answer to a fresh challenge.
 */
#ifndef CLI_CHIP_READING_H
#define CLI_CHIP_READING_H

#include <hufu/verify.h>

#include "card/terminal/authenticating.h"

enum {
	CHIP_READING_ELEMENTS = 7,
	CHIP_READING_OBJECT_MAX = 4096,
	CHIP_READING_ELEMENT_MAX = 1024,
};

struct chip_reading {
	uint8_t object[CHIP_READING_OBJECT_MAX];
	uint8_t files[CHIP_READING_ELEMENTS][CHIP_READING_ELEMENT_MAX];
	struct hufu_bytes file[CHIP_READING_ELEMENTS];
	struct authenticating_answer answer;
	struct hufu_chip chip; /* points into the rest; face is NULL */
};

/* 0, TERMINAL_* or an error; *ret may not be moved afterwards. */
HUFU_MUST_USE int chip_reading_take(
        struct terminal *t, struct chip_reading *ret);

#endif
