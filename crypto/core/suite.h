/*
 * The two suites of algorithms. A suite belongs to a key, never to a message:
 * intl is P-256 with SHA-256, sm is SM2 with SM3.
 */
#ifndef CORE_SUITE_H
#define CORE_SUITE_H

#include "crypto/core/bytes.h"
#include "crypto/core/sha256.h"
#include "crypto/core/sm3.h"

enum suite {
	SUITE_INTL = 1, /* also the suite byte on the card */
	SUITE_SM = 2,
};

enum { SUITE_HASH_LEN = 32 };

struct suite_hash {
	enum suite suite;
	union {
		struct sha256 sha256;
		struct sm3 sm3;
	} u;
};

void suite_hash_init(struct suite_hash *h, enum suite suite);
void suite_hash_put(struct suite_hash *h, const void *data, size_t len);
void suite_hash_done(struct suite_hash *h, uint8_t ret[SUITE_HASH_LEN]);

/* All at once. */
void suite_hash_of(
        enum suite suite, struct span in, uint8_t ret[SUITE_HASH_LEN]);

#endif
