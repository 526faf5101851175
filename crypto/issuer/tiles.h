/*
 * Growing a log's tiles (C2SP tlog-tiles) in memory: append entries, ask for
 * the root, write the tiles out. Only the right edge and what has not been
 * written yet is held.
 *
 * Everything is deterministic, so a flush that failed is repeated as a whole,
 * and the same builder, given a `put` that compares, re-checks a log.
 */
#ifndef ISSUER_TILES_H
#define ISSUER_TILES_H

#include "crypto/core/merkle.h"
#include "crypto/issuer/tile_path.h"

enum { TILES_ENTRY_MAX = 65535 };

struct tiles;

/* Where tiles go and come from; both answer 0 or HUFU_ERR_*. */
struct tiles_io {
	void *arg;
	int (*put)(void *arg, const struct tile *t, struct span bytes);
	/* At least t->width hashes (or entries): a wider file serves too. */
	int (*get)(void *arg, const struct tile *t, struct writer *ret);
};

HUFU_MUST_USE int tiles_new(struct tiles **ret); /* an empty tree */
void tiles_free(struct tiles *t); /* NULL is legal */

/*
 * The tree of `size` entries from its stored right edge: the partial tile of
 * each level and the partial entry bundle; hold tiles_root() against the
 * checkpoint. HUFU_ERR_CORRUPT: a tile lacks its hashes, or the bundle's
 * entries do not have the hashes of the tile.
 */
HUFU_MUST_USE int tiles_load(
        const struct tiles_io *io, uint64_t size, struct tiles **ret);

uint64_t tiles_size(const struct tiles *t);
void tiles_root(const struct tiles *t, uint8_t ret[MERKLE_HASH_LEN]);

/* HUFU_ERR_LIMIT: entry too long; HUFU_ERR_MEMORY. Then nothing changed. */
HUFU_MUST_USE int tiles_append(struct tiles *t, struct span entry);

/*
 * Puts every tile and bundle that grew since the last flush: those that
 * became full, and the partial ones at the edge. Forgets the full ones only
 * when all has been put.
 */
HUFU_MUST_USE int tiles_flush(struct tiles *t, const struct tiles_io *io);

/* Root of the perfect subtree over `count` hashes, a power of two to 256. */
void tiles_fold(
        const uint8_t *hashes, size_t count, uint8_t ret[TILE_HASH_LEN]);

/* Next entry of a bundle, HUFU_ERR_TRUNCATED in the reader if broken. */
struct span tiles_get_entry(struct reader *bundle);

#endif
