/*
 * Tiles in memory, by path, with faults to order.
 */
#ifndef TEST_TILE_FOLDER_H
#define TEST_TILE_FOLDER_H

#include "crypto/issuer/tiles.h"

enum { TILE_FOLDER_MAX = 4096 };

struct tile_folder {
	struct {
		char path[TILE_PATH_MAX];
		uint8_t *bytes;
		size_t len;
	} files[TILE_FOLDER_MAX];
	size_t count;
	unsigned puts;
	unsigned fail_at; /* the put that fails, from 1; 0: none */
};

struct tiles_io tile_folder_io(struct tile_folder *f);
/* NULL: none. */
struct span tile_folder_find(const struct tile_folder *f, const char *path);
void tile_folder_done(struct tile_folder *f);

#endif
