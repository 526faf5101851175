#include "host/staff/totp.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

int totp_code(const uint8_t secret[TOTP_SECRET_LEN], int64_t step,
        char ret[TOTP_DIGITS + 1])
{
	uint8_t text[8], mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	for (int i = 0; i < 8; i++)
		text[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret, TOTP_SECRET_LEN, text, sizeof text, mac,
	            &len))
		return HUFU_ERR_CRYPTO;
	/* RFC 4226 section 5.3 */
	const uint8_t *at = mac + (mac[len - 1] & 15);
	uint32_t n = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 |
	             (uint32_t)at[2] << 8 | at[3];
	(void)snprintf(ret, TOTP_DIGITS + 1, "%06u", n % 1000000);
	return HUFU_OK;
}

int totp_check(const uint8_t secret[TOTP_SECRET_LEN], const char *code,
        int64_t now_s, int64_t last_step, int64_t *ret_step)
{
	int64_t now = now_s / TOTP_STEP_S;
	if (strlen(code) != TOTP_DIGITS)
		return HUFU_ERR_SIGNATURE;
	for (int64_t step = now - 1; step <= now + 1; step++) {
		char want[TOTP_DIGITS + 1];
		int r = totp_code(secret, step, want);
		if (r)
			return r;
		if (step > last_step &&
		        CRYPTO_memcmp(want, code, TOTP_DIGITS) == 0) {
			*ret_step = step;
			return HUFU_OK;
		}
	}
	return HUFU_ERR_SIGNATURE;
}

void totp_text(
        const uint8_t secret[TOTP_SECRET_LEN], char ret[TOTP_TEXT_LEN + 1])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	for (size_t i = 0; i < TOTP_TEXT_LEN; i++) {
		size_t bit = i * 5, at = bit / 8;
		unsigned two = (unsigned)secret[at] << 8 |
		               (at + 1 < TOTP_SECRET_LEN ? secret[at + 1] : 0);
		ret[i] = letters[two >> (11 - bit % 8) & 31];
	}
	ret[TOTP_TEXT_LEN] = 0;
}
