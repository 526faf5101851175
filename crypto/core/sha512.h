/*
 * SHA-512 (FIPS 180-4); Ed25519 needs it.
 */
#ifndef CORE_SHA512_H
#define CORE_SHA512_H

#include "crypto/core/bytes.h"

enum { SHA512_LEN = 64, SHA512_BLOCK = 128 };

struct sha512 {
	uint64_t state[8];
	uint64_t total; /* bytes put so far */
	uint8_t block[SHA512_BLOCK];
};

void sha512_init(struct sha512 *h);
void sha512_put(struct sha512 *h, const void *data, size_t len);
void sha512_done(struct sha512 *h, uint8_t ret[SHA512_LEN]); /* wipes *h */

#endif
