/*
 * A PNG or JPEG file as grey dots.
 */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include "crypto/core/bytes.h"

enum { PICTURE_SIDE_MAX = 10000, PICTURE_DOTS_MAX = 64 * 1024 * 1024 };

struct picture {
	unsigned width;
	unsigned height;
	uint8_t *gray; /* row by row, without gaps */
};

/*
 * HUFU_ERR_UNSUPPORTED: neither PNG nor JPEG; MALFORMED; LIMIT: too many
 * dots; MEMORY.
 */
HUFU_MUST_USE int picture_decode(struct span file, struct picture *ret);
void picture_done(struct picture *p); /* legal on a zeroed one */

#define PICTURE __attribute__((cleanup(picture_done))) struct picture

#endif
