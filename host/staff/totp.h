/* One-time codes by time (RFC 6238): HMAC-SHA-1, 30 seconds, 6 digits. */
#ifndef HOST_TOTP_H
#define HOST_TOTP_H

#include "crypto/core/bytes.h"

enum {
	TOTP_SECRET_LEN = 20,
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
	TOTP_TEXT_LEN = 32, /* the secret in Base32 (RFC 4648), no padding */
};

/* `step` is the time divided by TOTP_STEP_S. HUFU_ERR_CRYPTO. */
HUFU_MUST_USE int totp_code(const uint8_t secret[TOTP_SECRET_LEN], int64_t step,
        char ret[TOTP_DIGITS + 1]);

/*
 * A code of this step, the one before or the one after, if later than
 * `last_step`. HUFU_ERR_SIGNATURE: none of them.
 */
HUFU_MUST_USE int totp_check(const uint8_t secret[TOTP_SECRET_LEN],
        const char *code, int64_t now_s, int64_t last_step, int64_t *ret_step);

void totp_text(
        const uint8_t secret[TOTP_SECRET_LEN], char ret[TOTP_TEXT_LEN + 1]);

#endif
