/* The Merkle tree's right edge: enough to know the root of each size. */
#ifndef HOST_LOG_PEAKS_H
#define HOST_LOG_PEAKS_H

#include "crypto/core/merkle.h"

struct peaks {
	uint64_t size;
	uint8_t hash[64][MERKLE_HASH_LEN]; /* by bit of size */
};

void peaks_put(struct peaks *p, const uint8_t leaf[MERKLE_HASH_LEN]);
/* `count` leaves at once, count a power of two that divides p->size. */
void peaks_put_subtree(
        struct peaks *p, uint64_t count, const uint8_t root[MERKLE_HASH_LEN]);
void peaks_root(const struct peaks *p, uint8_t ret[MERKLE_HASH_LEN]);

#endif
