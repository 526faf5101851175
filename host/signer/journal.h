/*
 * The signer's memory: one append-only file. Records gather in a frame that
 * is written and synced as one; a frame is length, records, and the SHA-256
 * chained over all frames before it. A frame that a crash tore at the end
 * was never answered for and is cut off; damage before it is
 * HUFU_ERR_CORRUPT.
 */
#ifndef HOST_SIGNER_JOURNAL_H
#define HOST_SIGNER_JOURNAL_H

#include "crypto/core/bytes.h"

enum {
	JOURNAL_RECORD_MAX = 512,
	JOURNAL_FRAME_MAX = 32768,
};

struct journal;

typedef int (*journal_seen)(void *arg, uint64_t offset, struct span record);

/* Makes a journal with one record. HUFU_ERR_CONFLICT: there is one. */
HUFU_MUST_USE int journal_create(const char *path, struct span first);

/*
 * Reads it all through `seen`, whose error ends it. HUFU_ERR_NOT_FOUND: no
 * journal; HUFU_ERR_BUSY: another process has it; HUFU_ERR_CORRUPT.
 */
HUFU_MUST_USE int journal_open(
        const char *path, journal_seen seen, void *arg, struct journal **ret);
void journal_close(struct journal *j); /* NULL is legal; unsynced is lost */

/* Durable only after journal_sync(). HUFU_ERR_SPACE: sync first. */
HUFU_MUST_USE int journal_put(
        struct journal *j, struct span record, uint64_t *ret_offset);
HUFU_MUST_USE int journal_sync(struct journal *j); /* FULL, READONLY, IO */
bool journal_dirty(const struct journal *j);

/* The record at an offset that put or open named. */
HUFU_MUST_USE int journal_read(
        struct journal *j, uint64_t offset, struct writer *ret);

#endif
