/*
 * Decoding of the photo for the check at intake and for the card's face.
 */
#ifndef HOST_PRINT_PHOTO_DECODE_H
#define HOST_PRINT_PHOTO_DECODE_H

#include "crypto/core/bytes.h"

enum { PHOTO_DECODED_MAX = 2048, PHOTO_SCANS_MAX = 64 };

struct photo_dots {
	uint32_t *rgb; /* 0x00RRGGBB, row by row without padding */
	unsigned width;
	unsigned height;
};

/*
 * HUFU_OK, HUFU_ERR_MALFORMED (damaged or cut off: warnings count),
 * HUFU_ERR_LIMIT (more than PHOTO_DECODED_MAX dots a side or too many
 * scans), HUFU_ERR_UNSUPPORTED (not three components), HUFU_ERR_MEMORY.
 */
HUFU_MUST_USE int photo_decode(struct span jpeg, struct photo_dots *ret);
void photo_dots_done(struct photo_dots *dots);

#endif
