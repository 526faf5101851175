/*
 * The published folder: checkpoint and tile/ (C2SP tlog-tiles). Files appear
 * whole (temporary name, fsync, rename, fsync of the folder) and keep their
 * bytes; a partial tile goes when the full one stands.
 */
#ifndef HOST_LOG_TILE_FILES_H
#define HOST_LOG_TILE_FILES_H

#include "crypto/core/note.h"
#include "crypto/issuer/tiles.h"
#include "host/log/log.h"

enum { TILE_FILES_PATH_MAX = 512, TILE_FILES_BUNDLE_MAX = 256 * 65537 };

struct tile_files {
	const char *folder;
	uint64_t size; /* of the tree whose tiles stand there, at least */
};

/* Both as struct tiles_io wants them, `arg` a struct tile_files. */
struct tiles_io tile_files_io(struct tile_files *files);

/* A file below the folder, exactly. free() it. As file_read(). */
HUFU_MUST_USE int tile_files_read(const char *folder, const struct tile *t,
        uint8_t **ret, size_t *ret_len);

/* Takes away the partial files of tiles that became full below `size`. */
void tile_files_tidy(const char *folder, uint64_t old_size, uint64_t size);

/*
 * What a signed note says, if `key` signed it and its origin is the key's
 * name. HUFU_ERR_SIGNATURE: not by this key, or of another origin.
 */
HUFU_MUST_USE int tile_files_open_note(struct span note,
        const struct note_key *key, struct log_checkpoint *ret);

/* HUFU_ERR_NOT_FOUND: nothing published yet. */
HUFU_MUST_USE int tile_files_read_checkpoint(const char *folder,
        const struct note_key *key, struct log_checkpoint *ret);
HUFU_MUST_USE int tile_files_write_checkpoint(
        const char *folder, const struct log_checkpoint *c);

#endif
