#include "crypto/issuer/tiles_prove.h"

#include <stdlib.h>
#include <string.h>

/* The last tile read, because neighbours in a proof share it. */
struct prover {
	const struct tiles_io *io;
	uint64_t size;
	bool loaded;
	struct tile tile;
	uint8_t bytes[TILE_LEN];
};

/* Leaves from..to-1 of the tree. */
struct range {
	uint64_t from;
	uint64_t to;
};

static int load_tile(struct prover *p, unsigned level, uint64_t index)
{
	struct tile t = {
	        (int)level, index, tile_width((int)level, index, p->size)};
	struct writer w;
	if (p->loaded && p->tile.level == t.level && p->tile.index == index)
		return HUFU_OK;
	p->loaded = false;
	writer_init(&w, p->bytes, sizeof p->bytes);
	int r = p->io->get(p->io->arg, &t, &w);
	if (r)
		return r;
	if (t.width == 0 || w.error || w.len < t.width * (size_t)TILE_HASH_LEN)
		return HUFU_ERR_CORRUPT;
	p->tile = t;
	p->loaded = true;
	return HUFU_OK;
}

/* Root of the perfect subtree of 2^height leaves that starts at `from`. */
static int get_node(struct prover *p, uint64_t from, unsigned height,
        uint8_t ret[TILE_HASH_LEN])
{
	unsigned level = height / 8;
	size_t count = (size_t)1 << height % 8;
	uint64_t first = from >> 8 * level;
	int r = load_tile(p, level, first >> 8);
	if (r)
		return r;
	if ((first & 255) + count > p->tile.width)
		return HUFU_ERR_CORRUPT;
	tiles_fold(p->bytes + (first & 255) * TILE_HASH_LEN, count, ret);
	return HUFU_OK;
}

/*
 * Hash of a range that a proof names: perfect, or ragged at the right edge of
 * the tree. Its perfect subtrees are folded from the smallest, on the right.
 */
static int get_range(
        struct prover *p, struct range range, uint8_t ret[TILE_HASH_LEN])
{
	uint8_t node[TILE_HASH_LEN];
	uint64_t len = range.to - range.from;
	uint64_t end = range.to;
	bool any = false;
	for (unsigned bit = 0; bit < 64 && len >> bit; bit++) {
		if (!(len >> bit & 1))
			continue;
		end -= UINT64_C(1) << bit;
		int r = get_node(p, end, bit, node);
		if (r)
			return r;
		if (any)
			merkle_node(node, ret, ret);
		else
			memcpy(ret, node, sizeof node);
		any = true;
	}
	return HUFU_OK;
}

/* The largest power of two smaller than n; n > 1. */
static uint64_t split(uint64_t n)
{
	uint64_t k = 1;
	while (k < n - k)
		k *= 2;
	return k;
}

/* RFC 6962 section 2.1.1, from the root down to the leaf. */
static size_t find_siblings(
        uint64_t index, uint64_t size, struct range ret[MERKLE_PROOF_MAX])
{
	struct range at = {0, size};
	size_t count = 0;
	while (at.to - at.from > 1) {
		uint64_t middle = at.from + split(at.to - at.from);
		if (index < middle) {
			ret[count++] = (struct range){middle, at.to};
			at.to = middle;
		} else {
			ret[count++] = (struct range){at.from, middle};
			at.from = middle;
		}
	}
	return count;
}

/* RFC 6962 section 2.1.2, from the root down. */
static size_t find_differences(
        uint64_t old_size, uint64_t new_size, struct range ret[])
{
	struct range at = {0, new_size};
	size_t count = 0;
	while (at.to != old_size) {
		uint64_t middle = at.from + split(at.to - at.from);
		if (old_size <= middle) {
			ret[count++] = (struct range){middle, at.to};
			at.to = middle;
		} else {
			ret[count++] = (struct range){at.from, middle};
			at.from = middle;
		}
	}
	if (at.from > 0) /* else the verifier knows it: it is the old root */
		ret[count++] = at;
	return count;
}

static int prove(const struct tiles_io *io, uint64_t size,
        const struct range *ranges, size_t count, struct merkle_proof *ret)
{
	struct merkle_proof proof = {0};
	struct prover *p = calloc(1, sizeof *p);
	int r = HUFU_OK;
	if (!p)
		return HUFU_ERR_MEMORY;
	p->io = io;
	p->size = size;
	while (count > 0 && !r) {
		r = get_range(p, ranges[--count], proof.hash[proof.count]);
		proof.count++;
	}
	free(p);
	if (!r)
		*ret = proof;
	return r;
}

int tiles_prove_inclusion(const struct tiles_io *io, uint64_t index,
        uint64_t size, struct merkle_proof *ret)
{
	struct range ranges[MERKLE_PROOF_MAX];
	if (index >= size)
		return HUFU_ERR_ARGUMENT;
	return prove(io, size, ranges, find_siblings(index, size, ranges), ret);
}

int tiles_prove_consistency(const struct tiles_io *io, uint64_t old_size,
        uint64_t new_size, struct merkle_proof *ret)
{
	struct range ranges[MERKLE_PROOF_MAX + 1];
	size_t count = 0;
	if (old_size > new_size)
		return HUFU_ERR_ARGUMENT;
	if (old_size > 0 && old_size < new_size)
		count = find_differences(old_size, new_size, ranges);
	/* only trees near 2^64 leaves could ask for one more */
	if (count > MERKLE_PROOF_MAX)
		return HUFU_ERR_LIMIT;
	return prove(io, new_size, ranges, count, ret);
}

int tiles_prove_root(
        const struct tiles_io *io, uint64_t size, uint8_t ret[MERKLE_HASH_LEN])
{
	struct merkle_proof proof;
	struct range all = {0, size};
	if (size == 0) {
		merkle_empty(ret);
		return HUFU_OK;
	}
	int r = prove(io, size, &all, 1, &proof);
	if (!r)
		memcpy(ret, proof.hash[0], MERKLE_HASH_LEN);
	return r;
}

static int take_entry(struct span bundle, unsigned at, struct writer *ret)
{
	struct reader r;
	struct span entry = {0};
	reader_init(&r, bundle);
	for (unsigned i = 0; i <= at; i++)
		entry = tiles_get_entry(&r);
	if (r.error)
		return HUFU_ERR_CORRUPT;
	writer_put_span(ret, entry);
	return ret->error;
}

int tiles_prove_entry(const struct tiles_io *io, uint64_t index, uint64_t size,
        struct writer *ret)
{
	struct tile t = {TILE_ENTRIES, index >> 8,
	        tile_width(TILE_ENTRIES, index >> 8, size)};
	size_t cap = TILE_WIDTH * (2 + (size_t)TILES_ENTRY_MAX);
	struct writer w;
	if (index >= size)
		return HUFU_ERR_ARGUMENT;
	uint8_t *space = malloc(cap);
	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&w, space, cap);
	int r = io->get(io->arg, &t, &w);
	if (!r)
		r = take_entry(writer_span(&w), (unsigned)(index & 255), ret);
	free(space);
	return r;
}
