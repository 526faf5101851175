/*
 * Names of tile files (C2SP tlog-tiles): tile/<L>/<N>[.p/<W>] and
 * tile/entries/<N>[.p/<W>], N as x001/x234/067.
 */
#ifndef ISSUER_TILE_PATH_H
#define ISSUER_TILE_PATH_H

#include "crypto/core/bytes.h"

enum {
	TILE_WIDTH = 256, /* hashes, or entries, of a full tile */
	TILE_HASH_LEN = 32,
	TILE_LEN = TILE_WIDTH * TILE_HASH_LEN, /* bytes of a full tile */
	TILE_LEVELS = 8, /* levels 0 to 7 hold any 64-bit tree */
	TILE_ENTRIES = -1, /* "level" of the entry bundles */
	TILE_PATH_MAX = 64, /* with the NUL */
};

struct tile {
	int level; /* 0 to TILE_LEVELS - 1, or TILE_ENTRIES */
	uint64_t index;
	unsigned width; /* 1 to TILE_WIDTH */
};

void tile_path_encode(const struct tile *t, char ret[TILE_PATH_MAX]);

/* Strict. HUFU_ERR_MALFORMED. */
HUFU_MUST_USE int tile_path_decode(const char *path, struct tile *ret);

/* Width of tile `index` of `level` in a tree of `size`; 0: not there. */
unsigned tile_width(int level, uint64_t index, uint64_t size);

#endif
