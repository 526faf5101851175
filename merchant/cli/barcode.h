/*
 * Finding the QR code in a picture: zxing-cpp first, then zbar, which reads
 * some codes that the other misses.
 */
#ifndef CLI_BARCODE_H
#define CLI_BARCODE_H

#ifdef __cplusplus
extern "C" {
#endif

#include "crypto/core/bytes.h"

enum barcode_outcome {
	BARCODE_NONE = 1, /* no code found */
	BARCODE_SEVERAL, /* codes with different texts */
};

enum { BARCODE_TEXT_MAX = 4296 };

/* Grey dots, row by row; appends the text. 0, BARCODE_*, _SPACE, _MEMORY. */
HUFU_MUST_USE int barcode_read(const uint8_t *gray, unsigned width,
        unsigned height, struct writer *ret_text);

/* The two readers. */
HUFU_MUST_USE int barcode_read_zxing(const uint8_t *gray, unsigned width,
        unsigned height, struct writer *ret_text);
HUFU_MUST_USE int barcode_read_zbar(const uint8_t *gray, unsigned width,
        unsigned height, struct writer *ret_text);

#ifdef __cplusplus
}
#endif

#endif
