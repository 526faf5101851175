/* File names that a log's folder may hold. */
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/tile_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[256], again[TILE_PATH_MAX];
	struct tile t;
	if (size >= sizeof path)
		return 0;
	memcpy(path, data, size);
	path[size] = '\0';
	if (tile_path_decode(path, &t) != HUFU_OK)
		return 0;
	tile_path_encode(&t, again);
	if (strcmp(path, again) != 0 || t.width == 0 || t.width > TILE_WIDTH)
		abort();
	return 0;
}
