/* One full or partial tile's worth of entries, from rows or from a file. */
#ifndef HOST_LOG_BUNDLE_H
#define HOST_LOG_BUNDLE_H

#include "crypto/issuer/tiles.h"
#include "host/log/log.h"

struct bundle {
	struct span entry[TILE_WIDTH]; /* data NULL: not there */
	size_t count; /* of the first entries that could be read */
	uint8_t *bytes; /* the file as it is, NULL when it is missing */
	size_t len;
};

/*
 * 0, HUFU_ERR_NOT_FOUND, HUFU_ERR_MALFORMED (ret->count entries are sound),
 * or what kept it from reading. bundle_done() in every case.
 */
HUFU_MUST_USE int bundle_read(
        const char *folder, const struct tile *t, struct bundle *ret);
void bundle_done(struct bundle *b);

#endif
