/*
 * Reading a card's files, as a merchant does: no keys. In an open secure
 * channel the files that need rights can be read too.
 */
#ifndef TERMINAL_READING_H
#define TERMINAL_READING_H

#include <hufu/verify.h>

#include "card/terminal/authenticating.h"
#include "card/terminal/terminal.h"

enum {
	READING_FILE_MAX = 65536,
	READING_ELEMENTS_MAX = 32, /* as hufu_verify_chip() takes */
};

/*
 * Appends the whole file. TERMINAL_NOT_READABLE (6982): its rights are
 * missing; HUFU_ERR_NOT_FOUND: there is none; HUFU_ERR_SPACE: w is small.
 */
HUFU_MUST_USE int reading_get_file(
        struct terminal *t, uint16_t file, struct writer *w);

/* A card as hufu_verify_chip() wants it; everything points inside. */
struct reading_card {
	struct hufu_chip chip;
	struct hufu_bytes elements[READING_ELEMENTS_MAX];
	struct authenticating_answer answer;
	struct writer space;
};

/* `space` takes the files' bytes and must stay as long as the card. */
void reading_card_init(
        struct reading_card *card, uint8_t *space, size_t space_cap);

/*
 * Reads the signed object and these element files, then has the chip sign a
 * fresh challenge. The verdict is hufu_verify_chip()'s.
 */
HUFU_MUST_USE int reading_get_card(struct terminal *t, const uint16_t *files,
        size_t count, struct reading_card *ret);

#endif
