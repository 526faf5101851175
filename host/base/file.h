/* Files: read whole within a limit, written so that a power cut leaves the
 * old or the new one. */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "crypto/core/bytes.h"

/*
 * Reads all of it; a NUL stands behind the last byte. The caller frees.
 * HUFU_ERR_NOT_FOUND, HUFU_ERR_LIMIT when longer than max, HUFU_ERR_IO.
 */
HUFU_MUST_USE int file_read(
        const char *path, size_t max, uint8_t **ret, size_t *ret_len);

/*
 * Temporary file beside it, fsync, rename, fsync of the folder.
 * HUFU_ERR_FULL, HUFU_ERR_READONLY or HUFU_ERR_IO: the old file stands.
 */
HUFU_MUST_USE int file_write(
        const char *path, struct span content, mode_t mode);

/* The same, but HUFU_ERR_CONFLICT when there is one already. */
HUFU_MUST_USE int file_create(
        const char *path, struct span content, mode_t mode);

/* mkdir -p; folders made get `mode`. */
HUFU_MUST_USE int file_make_folder(const char *path, mode_t mode);
HUFU_MUST_USE int file_sync_folder(const char *path);
bool file_exists(const char *path);

/* errno of a failed call as HUFU_ERR_*. */
int file_error(int error_number);

/* "a/b" into ret; HUFU_ERR_SPACE if it does not fit. */
HUFU_MUST_USE int file_join(
        const char *folder, const char *name, char *ret, size_t size);

#endif
