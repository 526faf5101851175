/*
 * Reads the QR of a printed card back from what was printed: a PWG raster,
 * a PNG or a JPEG, told apart by their first bytes.
 */
#ifndef HOST_PRINT_QR_READ_H
#define HOST_PRINT_QR_READ_H

#include "crypto/core/bytes.h"

enum {
	QR_TEXT_MAX = 4296, /* alphanumeric characters in version 40-L */
	QR_IMAGE_BYTES_MAX = 32 * 1024 * 1024,
	QR_IMAGE_DOTS_MAX = 6000, /* width and height */
};

enum qr_outcome {
	QR_NONE = 1, /* no code found */
	QR_SEVERAL, /* codes with different texts */
};

/*
 * HUFU_OK with the text, NUL-terminated, in ret_text; QR_*;
 * HUFU_ERR_UNSUPPORTED (no such image), HUFU_ERR_MALFORMED,
 * HUFU_ERR_TRUNCATED, HUFU_ERR_LIMIT, HUFU_ERR_SPACE, HUFU_ERR_MEMORY.
 * A raster's pages are all looked at.
 */
HUFU_MUST_USE int qr_read(struct span image, char *ret_text, size_t cap);

/* The same for 8-bit grey dots. */
HUFU_MUST_USE int qr_read_gray(const uint8_t *gray, unsigned width,
        unsigned height, char *ret_text, size_t cap);

#endif
