#include "crypto/issuer/tile_path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS_MAX = 7 }; /* 3 digits each: enough for 2^64 - 1 */

static void put_text(char ret[TILE_PATH_MAX], size_t *len, const char *text)
{
	int n = snprintf(ret + *len, TILE_PATH_MAX - *len, "%s", text);
	*len += (size_t)n;
}

void tile_path_encode(const struct tile *t, char ret[TILE_PATH_MAX])
{
	unsigned groups[GROUPS_MAX];
	size_t count = 0;
	size_t len = 0;
	char text[16];
	uint64_t rest = t->index;
	do {
		groups[count++] = (unsigned)(rest % 1000);
		rest /= 1000;
	} while (rest);
	if (t->level == TILE_ENTRIES)
		(void)snprintf(text, sizeof text, "tile/entries");
	else
		(void)snprintf(text, sizeof text, "tile/%d", t->level);
	put_text(ret, &len, text);
	while (count > 0) {
		count--;
		(void)snprintf(text, sizeof text, "/%s%03u", count ? "x" : "",
		        groups[count]);
		put_text(ret, &len, text);
	}
	if (t->width < TILE_WIDTH) {
		(void)snprintf(text, sizeof text, ".p/%u", t->width);
		put_text(ret, &len, text);
	}
}

static bool take(const char **p, const char *text)
{
	size_t len = strlen(text);
	if (strncmp(*p, text, len) != 0)
		return false;
	*p += len;
	return true;
}

static bool take_digits(const char **p, int count, uint64_t *v)
{
	for (int i = 0; i < count; i++, (*p)++) {
		if (**p < '0' || **p > '9' || *v > UINT64_MAX / 10 - 1)
			return false;
		*v = *v * 10 + (uint64_t)(**p - '0');
	}
	return true;
}

/* The forms are few, so what decodes is held against what encodes. */
int tile_path_decode(const char *path, struct tile *ret)
{
	struct tile t = {.width = TILE_WIDTH};
	char again[TILE_PATH_MAX];
	const char *p = path;
	if (!take(&p, "tile/"))
		return HUFU_ERR_MALFORMED;
	if (take(&p, "entries/"))
		t.level = TILE_ENTRIES;
	else if (*p >= '0' && *p < '0' + TILE_LEVELS && p[1] == '/')
		t.level = *p - '0', p += 2;
	else
		return HUFU_ERR_MALFORMED;
	while (take(&p, "x"))
		if (!take_digits(&p, 3, &t.index) || !take(&p, "/"))
			return HUFU_ERR_MALFORMED;
	if (!take_digits(&p, 3, &t.index))
		return HUFU_ERR_MALFORMED;
	if (take(&p, ".p/")) {
		uint64_t width = 0;
		int digits = (int)strlen(p);
		if (digits > 3 || !take_digits(&p, digits, &width) ||
		        width == 0 || width >= TILE_WIDTH)
			return HUFU_ERR_MALFORMED;
		t.width = (unsigned)width;
	}
	tile_path_encode(&t, again);
	if (*p || strcmp(path, again) != 0)
		return HUFU_ERR_MALFORMED;
	*ret = t;
	return HUFU_OK;
}

unsigned tile_width(int level, uint64_t index, uint64_t size)
{
	unsigned shift = level == TILE_ENTRIES ? 0 : 8u * (unsigned)level;
	uint64_t hashes = size >> shift;
	if (index >= hashes >> 8)
		return index == hashes >> 8 ? (unsigned)(hashes & 255) : 0;
	return TILE_WIDTH;
}
