/*
 * PNG and JPEG pages as grey dots, for reading a code from them.
 */
#ifndef HOST_PRINT_QR_IMAGE_H
#define HOST_PRINT_QR_IMAGE_H

#include "host/print/raster.h"

bool qr_image_is_png(struct span image);
bool qr_image_is_jpeg(struct span image);

/* HUFU_ERR_MALFORMED, HUFU_ERR_LIMIT, HUFU_ERR_MEMORY. */
HUFU_MUST_USE int qr_image_decode_png(
        struct span image, struct raster_page *ret);
HUFU_MUST_USE int qr_image_decode_jpeg(
        struct span image, struct raster_page *ret);

#endif
