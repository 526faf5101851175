/*
 * A log's folder in which every file may be anything: byte 0 and 1 are the
 * tree's size, then come tile (length, bytes) and bundle.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/tiles_prove.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int get(void *arg, const struct tile *t, struct writer *ret)
{
	struct reader r = *(const struct reader *)arg;
	struct span hashes = reader_get_span(&r, reader_get_u16(&r));
	writer_put_span(ret, t->level == TILE_ENTRIES
	                             ? reader_get_span(&r, reader_left(&r))
	                             : hashes);
	return ret->error ? ret->error : r.error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r;
	struct tiles *t;
	struct merkle_proof proof;
	uint8_t space[512], root[MERKLE_HASH_LEN];
	struct writer w;
	reader_init(&r, span_of(data, size));
	uint64_t leaves = reader_get_u16(&r);
	struct tiles_io io = {&r, NULL, get};
	if (r.error)
		return 0;
	if (tiles_load(&io, leaves, &t) == HUFU_OK) {
		tiles_root(t, root);
		if (tiles_append(t, span_of(data, size < 65536 ? size : 0)))
			abort();
		tiles_free(t);
	}
	writer_init(&w, space, sizeof space);
	if (tiles_prove_inclusion(&io, leaves / 2, leaves, &proof) > 0 ||
	        tiles_prove_consistency(&io, leaves / 3, leaves, &proof) > 0 ||
	        tiles_prove_entry(&io, leaves / 2, leaves, &w) > 0)
		abort(); /* an error or success, nothing else */
	return 0;
}
