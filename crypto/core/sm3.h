/*
 * SM3 (GB/T 32905-2016).
 */
#ifndef CORE_SM3_H
#define CORE_SM3_H

#include "crypto/core/bytes.h"

enum { SM3_LEN = 32, SM3_BLOCK = 64 };

struct sm3 {
	uint32_t state[8];
	uint64_t total; /* bytes put so far */
	uint8_t block[SM3_BLOCK];
};

void sm3_init(struct sm3 *h);
void sm3_put(struct sm3 *h, const void *data, size_t len);
void sm3_done(struct sm3 *h, uint8_t ret[SM3_LEN]); /* wipes *h */

/* All at once. */
void sm3_of(struct span in, uint8_t ret[SM3_LEN]);

#endif
