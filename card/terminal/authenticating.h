/*
 * Proving that the chip is no copy: INTERNAL AUTHENTICATE.
 */
#ifndef TERMINAL_AUTHENTICATING_H
#define TERMINAL_AUTHENTICATING_H

#include "card/terminal/terminal.h"

struct authenticating_answer {
	uint8_t challenge[CARD_CHALLENGE_LEN]; /* what was asked */
	uint8_t nonce[CARD_NONCE_LEN];
	uint8_t signature[CARD_SIGNATURE_LEN]; /* r ‖ s */
};

/* Sends a fresh random challenge; the answer is not yet verified. */
HUFU_MUST_USE int authenticating_ask(
        struct terminal *t, struct authenticating_answer *ret);

#endif
