#include "crypto/core/merkle.h"

#include "crypto/core/mem.h"
#include "crypto/core/sha256.h"

void merkle_leaf(struct span entry, uint8_t ret[MERKLE_HASH_LEN])
{
	struct sha256 h;
	sha256_init(&h);
	sha256_put(&h, "\x00", 1);
	sha256_put(&h, entry.data, entry.len);
	sha256_done(&h, ret);
}

void merkle_node(const uint8_t left[MERKLE_HASH_LEN],
        const uint8_t right[MERKLE_HASH_LEN], uint8_t ret[MERKLE_HASH_LEN])
{
	struct sha256 h;
	sha256_init(&h);
	sha256_put(&h, "\x01", 1);
	sha256_put(&h, left, MERKLE_HASH_LEN);
	sha256_put(&h, right, MERKLE_HASH_LEN);
	sha256_done(&h, ret);
}

void merkle_empty(uint8_t ret[MERKLE_HASH_LEN])
{
	sha256_of((struct span){NULL, 0}, ret);
}

static bool hash_equal(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, MERKLE_HASH_LEN) == 0;
}

/* RFC 9162 section 2.1.3.2 */
int merkle_check_inclusion(const struct merkle_proof *proof, uint64_t index,
        uint64_t size, const uint8_t leaf[MERKLE_HASH_LEN],
        const uint8_t root[MERKLE_HASH_LEN])
{
	uint8_t hash[MERKLE_HASH_LEN];
	if (index >= size || proof->count > MERKLE_PROOF_MAX)
		return HUFU_ERR_PROOF;
	uint64_t node = index, last = size - 1;
	memcpy(hash, leaf, sizeof hash);
	for (size_t i = 0; i < proof->count; i++) {
		if (last == 0)
			return HUFU_ERR_PROOF; /* too long */
		if ((node & 1) || node == last) {
			merkle_node(proof->hash[i], hash, hash);
			while (!(node & 1) && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			merkle_node(hash, proof->hash[i], hash);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && hash_equal(hash, root) ? HUFU_OK : HUFU_ERR_PROOF;
}

/*
 * RFC 9162 section 2.1.4.2: both roots are rebuilt from the same hashes.
 * `seed` is where both start, `next` the proof's first hash after it.
 */
static int check_from(const struct merkle_proof *proof, size_t next,
        uint64_t node, uint64_t last, uint8_t both[2][MERKLE_HASH_LEN])
{
	for (size_t i = next; i < proof->count; i++) {
		if (last == 0)
			return HUFU_ERR_PROOF;
		if ((node & 1) || node == last) {
			merkle_node(proof->hash[i], both[0], both[0]);
			merkle_node(proof->hash[i], both[1], both[1]);
			while (!(node & 1) && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			merkle_node(both[1], proof->hash[i], both[1]);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 ? HUFU_OK : HUFU_ERR_PROOF;
}

int merkle_check_consistency(const struct merkle_proof *proof,
        uint64_t old_size, const uint8_t old_root[MERKLE_HASH_LEN],
        uint64_t new_size, const uint8_t new_root[MERKLE_HASH_LEN])
{
	uint8_t both[2][MERKLE_HASH_LEN];
	if (old_size > new_size || proof->count > MERKLE_PROOF_MAX)
		return HUFU_ERR_PROOF;
	if (old_size == 0) {
		merkle_empty(both[0]);
		if (!hash_equal(both[0], old_root))
			return HUFU_ERR_PROOF;
	}
	if (old_size == new_size && !hash_equal(old_root, new_root))
		return HUFU_ERR_PROOF;
	if (old_size == 0 || old_size == new_size)
		return proof->count == 0 ? HUFU_OK : HUFU_ERR_PROOF;
	if (proof->count == 0)
		return HUFU_ERR_PROOF;

	uint64_t node = old_size - 1, last = new_size - 1;
	while (node & 1) {
		node >>= 1;
		last >>= 1;
	}
	/* an old tree that is one full subtree is its own start */
	bool full = (old_size & (old_size - 1)) == 0;
	const uint8_t *seed = full ? old_root : proof->hash[0];
	memcpy(both[0], seed, MERKLE_HASH_LEN);
	memcpy(both[1], seed, MERKLE_HASH_LEN);
	int rc = check_from(proof, full ? 0 : 1, node, last, both);
	if (rc)
		return rc;
	bool same =
	        hash_equal(both[0], old_root) && hash_equal(both[1], new_root);
	return same ? HUFU_OK : HUFU_ERR_PROOF;
}
