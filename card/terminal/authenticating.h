/*
 * Proving that the chip is no copy: INTERNAL AUTHENTICATE.
 */
#ifndef TERMINAL_AUTHENTICATING_H
#define TERMINAL_AUTHENTICATING_H

#include "card/terminal/terminal.h"

struct authenticating_answer {
	uint8_t challenge[CARD_CHALLENGE_LEN]; /* what was asked */
	uint8_t answer[CARD_NONCE_LEN + CARD_SIGNATURE_LEN]; /* nonce, r ‖ s */
};

/*
 * Sends a fresh random challenge; hufu_verify_chip() judges the answer.
 * TERMINAL_NOT_GENUINE: it is not even of an answer's length.
 */
HUFU_MUST_USE int authenticating_ask(
        struct terminal *t, struct authenticating_answer *ret);

#endif
