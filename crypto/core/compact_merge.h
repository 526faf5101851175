/*
 * A delta onto a coded snapshot, giving a coded snapshot, in one pass per
 * part and a few hundred bytes of memory: for a machine that keeps its list
 * in flash.
 */
#ifndef CORE_COMPACT_MERGE_H
#define CORE_COMPACT_MERGE_H

#include "crypto/core/compact_list.h"

/* Takes the new body, piece by piece in order; an error ends the merge. */
struct compact_sink {
	int (*put)(void *ctx, struct span bytes);
	void *ctx;
};

/* The most bytes that compact_list_merge() will put. */
size_t compact_list_merged_max(
        const struct compact_list *snapshot, const struct compact_list *delta);

/*
 * Codes as for compact_list_apply(). *ret is a snapshot with the delta's
 * sequence and times and no body yet: keep it by compact_list_encode() and
 * read it back by compact_list_decode() and compact_list_attach(). It bears
 * no signature, so it is kept where only the merging program writes.
 */
HUFU_MUST_USE int compact_list_merge(const struct compact_list *snapshot,
        const struct compact_list *delta, const struct compact_sink *sink,
        struct compact_list *ret);

#endif
