/*
 * Where `update` keeps lists: a folder of generations, each whole and
 * verified, and `current`, a symbolic link to the one in force. Switching it
 * is one rename, so a reader sees the old lists or the new ones.
 */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include <hufu/error.h>

#include "crypto/core/bytes.h"

enum { STORE_PATH_MAX = 3072 }; /* leaves room for a file's name */

/* The generation in force; `store` NULL: the user's own. NOT_FOUND. */
HUFU_MUST_USE int store_current(const char *store, char ret[STORE_PATH_MAX]);

struct store {
	char path[STORE_PATH_MAX - 64];
	char old[STORE_PATH_MAX]; /* "" at first */
	char fresh[STORE_PATH_MAX]; /* being filled */
	int lock;
};

/*
 * For one writer: makes what is missing, removes what was not finished and
 * begins a generation. HUFU_ERR_BUSY: another update is running.
 */
HUFU_MUST_USE int store_begin(const char *store, struct store *ret);
/* A file of the fresh generation, with the folders it needs, on the disk. */
HUFU_MUST_USE int store_write(
        const struct store *s, const char *name, struct span content);
/* Below fresh; nothing there is no failure. */
HUFU_MUST_USE int store_remove(const struct store *s, const char *name);
/* Puts the fresh generation in force and removes those before the old. */
HUFU_MUST_USE int store_switch(struct store *s);
void store_done(struct store *s); /* removes a fresh one not in force */

#endif
