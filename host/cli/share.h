/*
 * A secret in shares, of which `need` bring it back and fewer tell nothing
 * but its length (Shamir over GF(256), libgfshare). What is shared is the
 * secret and the start of its SHA-256, so that wrong or mixed shares are
 * noticed when they come together and not before.
 *
 * A share is text to be printed and typed: lines "set", "name", "need",
 * "of", "number", "data" (hex, 32 bytes a line), and "sum" over all before.
 */
#ifndef CLI_SHARE_H
#define CLI_SHARE_H

#include "crypto/core/bytes.h"
#include "host/base/problem.h"

enum {
	SHARE_SECRET_MAX = 4096,
	SHARE_CHECK_LEN = 8,
	SHARE_SET_LEN = 8,
	SHARE_NAME_MAX = 32,
	SHARE_PEOPLE_MAX = 16,
	SHARE_DATA_MAX = SHARE_SECRET_MAX + SHARE_CHECK_LEN,
	SHARE_TEXT_MAX = 3 * SHARE_DATA_MAX + 1024,
};

struct share {
	uint8_t set[SHARE_SET_LEN]; /* of all shares of one splitting */
	char name[SHARE_NAME_MAX + 1]; /* of the secret: [a-z0-9._-] */
	unsigned need, of, number; /* number from 1 */
	size_t len;
	uint8_t data[SHARE_DATA_MAX];
};

/* ret has room for `of`. HUFU_ERR_ARGUMENT: need < 2, need > of, ... */
HUFU_MUST_USE int share_split(struct span secret, const char *name,
        unsigned need, unsigned of, struct share *ret);

/*
 * Appends the secret. HUFU_ERR_ARGUMENT: too few; HUFU_ERR_CONFLICT: of
 * different sets, or one twice; HUFU_ERR_SIGNATURE: one is not as it was.
 */
HUFU_MUST_USE int share_join(
        const struct share *shares, size_t count, struct writer *ret);

/* `ret` has SHARE_TEXT_MAX bytes; the text ends with a NUL. */
void share_encode(const struct share *share, char *ret);
/* HUFU_ERR_MALFORMED: no share; HUFU_ERR_SIGNATURE: mistyped. */
HUFU_MUST_USE int share_decode(const char *text, struct share *ret);

#endif
