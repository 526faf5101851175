/*
 * A verification on its way, shared by the files that make it: verify_leaf.c
 * judges the leaves of one tile, verify_level.c what is hashed over them.
 */
#ifndef HOST_LOG_VERIFY_INNER_H
#define HOST_LOG_VERIFY_INNER_H

#include "host/log/bundle.h"
#include "host/log/peaks.h"
#include "host/log/tile_files.h"
#include "host/log/verify.h"

enum { VERIFY_ROWS_AT_ONCE = 16 * TILE_WIDTH };

typedef uint8_t verify_hash[MERKLE_HASH_LEN];

/* Rows read ahead: 402 bytes are the longest with their length. */
struct row_ahead {
	uint64_t first;
	size_t count; /* slots: rows that are missing have length 0 */
	uint8_t bytes[VERIFY_ROWS_AT_ONCE][LOG_ENTRY_MAX];
	uint16_t len[VERIFY_ROWS_AT_ONCE];
};

struct level {
	size_t count; /* believed hashes of the tile being filled */
	uint64_t index;
	verify_hash hash[TILE_WIDTH];
};

struct verify {
	const struct log_verify_options *o;
	struct note_key key;
	struct log_checkpoint target; /* what all is held against */
	struct log_checkpoint next; /* stored one to come, if any */
	bool has_next;
	struct log_verdict verdict;
	struct peaks whole; /* full tiles so far */
	struct peaks tile; /* leaves of the one at hand */
	struct level levels[TILE_LEVELS];
	struct row_ahead *rows; /* NULL without a store */
	/* the tile at hand: */
	uint64_t first;
	size_t width;
	struct bundle bundle;
	bool has_tile; /* its level 0 file */
	verify_hash listed[TILE_WIDTH];
	verify_hash believed[TILE_WIDTH];
};

void verify_tell_file(
        struct verify *v, const struct tile *t, uint64_t index, int code);
void verify_tell_plain(
        struct verify *v, enum log_place place, uint64_t index, int code);

/* verify_leaf.c: fills in `bundle`, `listed` and `believed` of the tile at
 * hand and tells what differs. */
HUFU_MUST_USE int verify_leaves(struct verify *v);

/* verify_level.c: adds what is believed to the tree, and holds files and
 * stored checkpoints against it. */
HUFU_MUST_USE int verify_raise_tile(struct verify *v);
HUFU_MUST_USE int verify_edges(struct verify *v);
/* A tile's hashes, or false and the fault told. */
HUFU_MUST_USE int verify_read_hashes(struct verify *v, const struct tile *t,
        verify_hash *ret, bool *ret_whole);
/* The stored checkpoint after the last one looked at. */
int verify_look_next(struct store_tx *tx, void *arg);
void verify_root(const struct verify *v, verify_hash ret);

#endif
