#include "host/log/bundle.h"

#include <stdlib.h>

#include "host/log/tile_files.h"

int bundle_read(const char *folder, const struct tile *t, struct bundle *ret)
{
	struct reader r;
	int rc;

	*ret = (struct bundle){0};
	rc = tile_files_read(folder, t, &ret->bytes, &ret->len);
	if (rc)
		return rc == HUFU_ERR_LIMIT ? HUFU_ERR_MALFORMED : rc;
	reader_init(&r, span_of(ret->bytes, ret->len));
	while (ret->count < t->width) {
		struct span entry = tiles_get_entry(&r);

		if (r.error || entry.len == 0)
			return HUFU_ERR_MALFORMED;
		ret->entry[ret->count++] = entry;
	}
	return reader_done(&r) ? HUFU_ERR_MALFORMED : 0;
}

void bundle_done(struct bundle *b)
{
	free(b->bytes);
	*b = (struct bundle){0};
}
