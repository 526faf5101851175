/*
 * Files that hold secrets: readable by their owner alone, written so that
 * after a crash there is the old file or the new one, never half of it.
 */
#ifndef OPENSSL_SECRET_FILE_H
#define OPENSSL_SECRET_FILE_H

#include "crypto/core/bytes.h"

enum { SECRET_FILE_MAX = 65536 };

/*
 * Appends the contents. HUFU_ERR_DENIED: not a regular file, mode wider than
 * 0600, or an owner that is neither this process's user nor root;
 * NOT_FOUND, IO, LIMIT (past SECRET_FILE_MAX), SPACE. No symbolic links.
 */
HUFU_MUST_USE int secret_file_read(const char *path, struct writer *ret);

/* Makes the file with mode 0600. HUFU_ERR_CONFLICT: it is there already. */
HUFU_MUST_USE int secret_file_create(const char *path, struct span contents);

/* The same, in place of the old file if there is one. */
HUFU_MUST_USE int secret_file_replace(const char *path, struct span contents);

#endif
