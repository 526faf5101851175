#include "host/log/peaks.h"

#include <stdbool.h>
#include <string.h>

void peaks_put_subtree(
        struct peaks *p, uint64_t count, const uint8_t root[MERKLE_HASH_LEN])
{
	unsigned bit = (unsigned)__builtin_ctzll(count);
	uint8_t hash[MERKLE_HASH_LEN];

	memcpy(hash, root, sizeof(hash));
	for (; p->size >> bit & 1; bit++)
		merkle_node(p->hash[bit], hash, hash);
	memcpy(p->hash[bit], hash, sizeof(hash));
	p->size += count;
}

void peaks_put(struct peaks *p, const uint8_t leaf[MERKLE_HASH_LEN])
{
	peaks_put_subtree(p, 1, leaf);
}

void peaks_root(const struct peaks *p, uint8_t ret[MERKLE_HASH_LEN])
{
	uint8_t hash[MERKLE_HASH_LEN];
	bool any = false;

	merkle_empty(hash);
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(p->size >> bit & 1))
			continue;
		if (any)
			merkle_node(p->hash[bit], hash, hash);
		else
			memcpy(hash, p->hash[bit], sizeof(hash));
		any = true;
	}
	memcpy(ret, hash, sizeof(hash));
}
