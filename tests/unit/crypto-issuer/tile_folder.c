#include "tests/unit/crypto-issuer/tile_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t find(const struct tile_folder *f, const char *path)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->files[i].path, path) == 0)
			return i;
	return f->count;
}

static int put(void *arg, const struct tile *t, struct span bytes)
{
	struct tile_folder *f = arg;
	char path[TILE_PATH_MAX];
	if (++f->puts == f->fail_at)
		return HUFU_ERR_FULL;
	tile_path_encode(t, path);
	size_t at = find(f, path);
	if (at == TILE_FOLDER_MAX)
		return HUFU_ERR_FULL;
	uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
	if (!copy)
		return HUFU_ERR_MEMORY;
	memcpy(copy, bytes.data, bytes.len);
	free(f->files[at].bytes);
	(void)snprintf(f->files[at].path, TILE_PATH_MAX, "%s", path);
	f->files[at].bytes = copy;
	f->files[at].len = bytes.len;
	if (at == f->count)
		f->count++;
	return HUFU_OK;
}

static int get(void *arg, const struct tile *t, struct writer *ret)
{
	const struct tile_folder *f = arg;
	char path[TILE_PATH_MAX];
	/* as a log does: the exact partial tile, else a wider one */
	for (struct tile wide = *t; wide.width <= TILE_WIDTH; wide.width++) {
		tile_path_encode(&wide, path);
		struct span s = tile_folder_find(f, path);
		if (!s.data)
			continue;
		writer_put_span(ret, s);
		return ret->error;
	}
	return HUFU_ERR_NOT_FOUND;
}

struct tiles_io tile_folder_io(struct tile_folder *f)
{
	return (struct tiles_io){f, put, get};
}

struct span tile_folder_find(const struct tile_folder *f, const char *path)
{
	size_t at = find(f, path);
	if (at == f->count)
		return (struct span){NULL, 0};
	return span_of(f->files[at].bytes, f->files[at].len);
}

void tile_folder_done(struct tile_folder *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->files[i].bytes);
	memset(f, 0, sizeof *f);
}
