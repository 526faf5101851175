/*
 * SHA-256 (FIPS 180-4).
 */
#ifndef CORE_SHA256_H
#define CORE_SHA256_H

#include "crypto/core/bytes.h"

enum { SHA256_LEN = 32, SHA256_BLOCK = 64 };

struct sha256 {
	uint32_t state[8];
	uint64_t total; /* bytes put so far */
	uint8_t block[SHA256_BLOCK];
};

void sha256_init(struct sha256 *h);
void sha256_put(struct sha256 *h, const void *data, size_t len);
void sha256_done(struct sha256 *h, uint8_t ret[SHA256_LEN]); /* wipes *h */

/* All at once. */
void sha256_of(struct span in, uint8_t ret[SHA256_LEN]);

#endif
