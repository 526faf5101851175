#include "crypto/issuer/tiles.h"

#include <stdlib.h>
#include <string.h>

enum {
	PEAKS = 64,
	BUNDLE_MAX = TILE_WIDTH * (2 + TILES_ENTRY_MAX),
};

/* A growing array of bytes. */
struct heap {
	uint8_t *data;
	size_t len;
	size_t cap;
};

struct level {
	uint64_t first; /* index of the first tile held */
	struct heap hashes; /* from there on */
	size_t flushed; /* bytes of them that have been put */
};

struct tiles {
	uint64_t size;
	/* root of the perfect subtree for each bit of size */
	uint8_t peaks[PEAKS][TILE_HASH_LEN];
	struct level levels[TILE_LEVELS];
	struct heap entries; /* framed, of the bundles held */
	struct heap ends; /* size_t: end in entries, for each entry */
};

static int reserve(struct heap *h, size_t more)
{
	if (h->cap - h->len >= more)
		return HUFU_OK;
	size_t cap = h->cap * 2 > h->len + more ? h->cap * 2 : h->len + more;
	uint8_t *data = realloc(h->data, cap);
	if (!data)
		return HUFU_ERR_MEMORY;
	h->data = data;
	h->cap = cap;
	return HUFU_OK;
}

static void add(struct heap *h, const void *data, size_t len)
{
	if (len)
		memcpy(h->data + h->len, data, len);
	h->len += len;
}

static void drop_front(struct heap *h, size_t len)
{
	h->len -= len;
	if (h->len && len)
		memmove(h->data, h->data + len, h->len);
}

int tiles_new(struct tiles **ret)
{
	struct tiles *t = calloc(1, sizeof *t);
	if (!t)
		return HUFU_ERR_MEMORY;
	*ret = t;
	return HUFU_OK;
}

void tiles_free(struct tiles *t)
{
	if (!t)
		return;
	for (int i = 0; i < TILE_LEVELS; i++)
		free(t->levels[i].hashes.data);
	free(t->entries.data);
	free(t->ends.data);
	free(t);
}

uint64_t tiles_size(const struct tiles *t)
{
	return t->size;
}

void tiles_root(const struct tiles *t, uint8_t ret[MERKLE_HASH_LEN])
{
	bool any = false;
	merkle_empty(ret);
	for (unsigned bit = 0; bit < PEAKS; bit++) {
		if (!(t->size >> bit & 1))
			continue;
		if (any)
			merkle_node(t->peaks[bit], ret, ret);
		else
			memcpy(ret, t->peaks[bit], TILE_HASH_LEN);
		any = true;
	}
}

static int make_room(struct tiles *t, size_t entry_len)
{
	int r = reserve(&t->entries, 2 + entry_len);
	if (!r)
		r = reserve(&t->ends, sizeof(size_t));
	/* one more leaf completes a subtree for each low bit that is set */
	for (unsigned i = 0; i < TILE_LEVELS && !r; i++) {
		uint64_t low = (UINT64_C(1) << 8 * i) - 1;
		if ((t->size & low) == low)
			r = reserve(&t->levels[i].hashes, TILE_HASH_LEN);
	}
	return r;
}

static void add_leaf(struct tiles *t, uint8_t hash[TILE_HASH_LEN])
{
	unsigned bit = 0;
	add(&t->levels[0].hashes, hash, TILE_HASH_LEN);
	for (; t->size >> bit & 1; bit++) {
		merkle_node(t->peaks[bit], hash, hash);
		if ((bit + 1) % 8 == 0)
			add(&t->levels[(bit + 1) / 8].hashes, hash,
			        TILE_HASH_LEN);
	}
	memcpy(t->peaks[bit], hash, TILE_HASH_LEN);
	t->size++;
}

static void add_entry(struct tiles *t, struct span entry)
{
	uint8_t len[2] = {(uint8_t)(entry.len >> 8), (uint8_t)entry.len};
	add(&t->entries, len, sizeof len);
	add(&t->entries, entry.data, entry.len);
	add(&t->ends, &t->entries.len, sizeof t->entries.len);
}

int tiles_append(struct tiles *t, struct span entry)
{
	uint8_t hash[TILE_HASH_LEN];
	if (entry.len > TILES_ENTRY_MAX || t->size == UINT64_MAX)
		return HUFU_ERR_LIMIT;
	int r = make_room(t, entry.len);
	if (r)
		return r;
	merkle_leaf(entry, hash);
	add_entry(t, entry);
	add_leaf(t, hash);
	return HUFU_OK;
}

static size_t entry_end(const struct tiles *t, size_t count)
{
	size_t end = 0;
	if (count)
		memcpy(&end, t->ends.data + (count - 1) * sizeof end,
		        sizeof end);
	return end;
}

static int flush_entries(const struct tiles *t, const struct tiles_io *io)
{
	size_t total = t->ends.len / sizeof(size_t);
	size_t flushed = t->levels[0].flushed / TILE_HASH_LEN;
	for (size_t at = 0; at < total; at += TILE_WIDTH) {
		size_t width =
		        total - at < TILE_WIDTH ? total - at : TILE_WIDTH;
		if (at + width <= flushed)
			continue;
		struct tile tile = {TILE_ENTRIES,
		        t->levels[0].first + at / TILE_WIDTH, (unsigned)width};
		size_t start = entry_end(t, at);
		int r = io->put(io->arg, &tile,
		        span_of(t->entries.data + start,
		                entry_end(t, at + width) - start));
		if (r)
			return r;
	}
	return HUFU_OK;
}

static int flush_level(
        const struct tiles *t, unsigned level, const struct tiles_io *io)
{
	const struct level *l = &t->levels[level];
	for (size_t at = 0; at < l->hashes.len; at += TILE_LEN) {
		size_t left = l->hashes.len - at;
		size_t len = left < TILE_LEN ? left : TILE_LEN;
		if (at + len <= l->flushed)
			continue;
		struct tile tile = {(int)level, l->first + at / TILE_LEN,
		        (unsigned)(len / TILE_HASH_LEN)};
		int r = io->put(
		        io->arg, &tile, span_of(l->hashes.data + at, len));
		if (r)
			return r;
	}
	return HUFU_OK;
}

static void forget_flushed(struct tiles *t)
{
	size_t entries = t->ends.len / sizeof(size_t);
	size_t full = entries / TILE_WIDTH * TILE_WIDTH;
	size_t cut = entry_end(t, full);
	drop_front(&t->entries, cut);
	drop_front(&t->ends, full * sizeof(size_t));
	for (size_t i = 0; i < entries - full; i++) {
		size_t end = entry_end(t, i + 1) - cut;
		memcpy(t->ends.data + i * sizeof end, &end, sizeof end);
	}
	for (unsigned i = 0; i < TILE_LEVELS; i++) {
		struct level *l = &t->levels[i];
		size_t tiles = l->hashes.len / TILE_LEN;
		drop_front(&l->hashes, tiles * TILE_LEN);
		l->first += tiles;
		l->flushed = l->hashes.len;
	}
}

int tiles_flush(struct tiles *t, const struct tiles_io *io)
{
	int r = flush_entries(t, io);
	for (unsigned i = 0; i < TILE_LEVELS && !r; i++)
		r = flush_level(t, i, io);
	if (!r)
		forget_flushed(t);
	return r;
}

struct span tiles_get_entry(struct reader *bundle)
{
	return reader_get_span(bundle, reader_get_u16(bundle));
}

void tiles_fold(const uint8_t *hashes, size_t count, uint8_t ret[TILE_HASH_LEN])
{
	uint8_t peaks[9][TILE_HASH_LEN];
	uint8_t hash[TILE_HASH_LEN];
	for (size_t i = 0; i < count; i++) {
		unsigned bit = 0;
		memcpy(hash, hashes + i * TILE_HASH_LEN, sizeof hash);
		for (; i >> bit & 1; bit++)
			merkle_node(peaks[bit], hash, hash);
		memcpy(peaks[bit], hash, sizeof hash);
	}
	memcpy(ret, hash, sizeof hash);
}

static void load_peaks(struct tiles *t, unsigned level)
{
	const uint8_t *at = t->levels[level].hashes.data;
	for (unsigned bit = 8; bit-- > 0;) {
		size_t count = (size_t)1 << bit;
		if (!(t->size >> (8 * level + bit) & 1))
			continue;
		tiles_fold(at, count, t->peaks[8 * level + bit]);
		at += count * TILE_HASH_LEN;
	}
}

static int load_level(
        struct tiles *t, unsigned level, const struct tiles_io *io)
{
	struct level *l = &t->levels[level];
	uint64_t hashes = t->size >> 8 * level;
	struct tile tile = {(int)level, hashes >> 8, (unsigned)(hashes & 255)};
	struct writer w;
	l->first = tile.index;
	if (tile.width == 0)
		return HUFU_OK;
	int r = reserve(&l->hashes, TILE_LEN);
	if (r)
		return r;
	writer_init(&w, l->hashes.data, TILE_LEN);
	r = io->get(io->arg, &tile, &w);
	if (r)
		return r;
	if (w.error || w.len < tile.width * (size_t)TILE_HASH_LEN)
		return HUFU_ERR_CORRUPT;
	l->hashes.len = tile.width * (size_t)TILE_HASH_LEN;
	l->flushed = l->hashes.len;
	load_peaks(t, level);
	return HUFU_OK;
}

/* The entries must be those whose hashes stand in the tile. */
static int take_entries(struct tiles *t, struct span bundle, size_t count)
{
	struct reader r;
	uint8_t hash[TILE_HASH_LEN];
	reader_init(&r, bundle);
	for (size_t i = 0; i < count; i++) {
		struct span entry = tiles_get_entry(&r);
		if (r.error)
			return HUFU_ERR_CORRUPT;
		merkle_leaf(entry, hash);
		if (memcmp(t->levels[0].hashes.data + i * TILE_HASH_LEN, hash,
		            sizeof hash) != 0)
			return HUFU_ERR_CORRUPT;
		int e = reserve(&t->entries, 2 + entry.len);
		if (!e)
			e = reserve(&t->ends, sizeof(size_t));
		if (e)
			return e;
		add_entry(t, entry);
	}
	return HUFU_OK;
}

static int load_entries(struct tiles *t, const struct tiles_io *io)
{
	struct tile tile = {
	        TILE_ENTRIES, t->size >> 8, (unsigned)(t->size & 255)};
	struct writer w;
	if (tile.width == 0)
		return HUFU_OK;
	uint8_t *space = malloc(BUNDLE_MAX);
	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&w, space, BUNDLE_MAX);
	int r = io->get(io->arg, &tile, &w);
	if (!r)
		r = take_entries(t, writer_span(&w), tile.width);
	free(space);
	return r;
}

int tiles_load(const struct tiles_io *io, uint64_t size, struct tiles **ret)
{
	struct tiles *t;
	int r = tiles_new(&t);
	if (r)
		return r;
	t->size = size;
	for (unsigned i = 0; i < TILE_LEVELS && !r; i++)
		r = load_level(t, i, io);
	if (!r)
		r = load_entries(t, io);
	if (r)
		tiles_free(t);
	else
		*ret = t;
	return r;
}
