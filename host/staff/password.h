/*
 * Passwords as PHC strings of argon2id (RFC 9106: t = 2, m = 19 MiB, p = 1).
 * At most PASSWORD_AT_ONCE are worked on at a time, so that sign-ins cannot
 * use up the machine's memory; others wait.
 */
#ifndef HOST_PASSWORD_H
#define HOST_PASSWORD_H

#include "crypto/core/bytes.h"

enum {
	PASSWORD_MIN = 10, /* bytes */
	PASSWORD_MAX = 128,
	PASSWORD_HASH_MAX = 128, /* of a PHC string, with its NUL */
	PASSWORD_AT_ONCE = 2,
};

HUFU_MUST_USE int password_hash(
        const char *password, char ret[PASSWORD_HASH_MAX]);

/*
 * 0 or HUFU_ERR_SIGNATURE. hash NULL: there is none; takes as long as if
 * there were, and never matches.
 */
HUFU_MUST_USE int password_check(const char *password, const char *hash);

#endif
