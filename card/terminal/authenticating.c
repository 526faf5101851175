#include "card/terminal/authenticating.h"

#include <string.h>

#include "crypto/openssl/random.h"

int authenticating_ask(struct terminal *t, struct authenticating_answer *ret)
{
	uint8_t challenge[CARD_CHALLENGE_LEN];
	uint8_t space[256 + 2];
	struct writer answer;
	int rc = random_fill(challenge, sizeof challenge);
	if (rc != 0)
		return rc;
	const struct apdu c = {
	        .cla = CARD_CLA_ISO,
	        .ins = CARD_INS_INTERNAL_AUTHENTICATE,
	        .data = {challenge, sizeof challenge},
	        .le = APDU_LE_SHORT,
	};
	writer_init(&answer, space, sizeof space);
	rc = terminal_send(t, &c, &answer);
	if (rc == 0)
		rc = terminal_check_sw(t);
	if (rc != 0)
		return rc;
	if (answer.len != sizeof ret->answer)
		return TERMINAL_NOT_GENUINE;
	memcpy(ret->challenge, challenge, sizeof challenge);
	memcpy(ret->answer, answer.data, answer.len);
	return 0;
}
