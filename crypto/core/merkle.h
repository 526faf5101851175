/*
 * Merkle tree of RFC 6962 section 2.1 over SHA-256: hashes and proofs.
 * A proof is an array of 32-byte hashes, lowest level first.
 */
#ifndef CORE_MERKLE_H
#define CORE_MERKLE_H

#include "crypto/core/bytes.h"

enum {
	MERKLE_HASH_LEN = 32,
	MERKLE_PROOF_MAX = 64, /* hashes */
};

struct merkle_proof {
	size_t count;
	uint8_t hash[MERKLE_PROOF_MAX][MERKLE_HASH_LEN];
};

void merkle_leaf(struct span entry, uint8_t ret[MERKLE_HASH_LEN]);
void merkle_node(const uint8_t left[MERKLE_HASH_LEN],
        const uint8_t right[MERKLE_HASH_LEN], uint8_t ret[MERKLE_HASH_LEN]);
void merkle_empty(uint8_t ret[MERKLE_HASH_LEN]);

/*
 * HUFU_OK or HUFU_ERR_PROOF. Every tree extends the empty one, and itself,
 * with an empty proof.
 */
HUFU_MUST_USE int merkle_check_inclusion(const struct merkle_proof *proof,
        uint64_t index, uint64_t size, const uint8_t leaf[MERKLE_HASH_LEN],
        const uint8_t root[MERKLE_HASH_LEN]);
HUFU_MUST_USE int merkle_check_consistency(const struct merkle_proof *proof,
        uint64_t old_size, const uint8_t old_root[MERKLE_HASH_LEN],
        uint64_t new_size, const uint8_t new_root[MERKLE_HASH_LEN]);

#endif
