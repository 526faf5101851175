/*
 * PWG raster (PWG 5102.4): what is hashed for the log is what the printer
 * gets, byte for byte.
 */
#ifndef HOST_PRINT_RASTER_H
#define HOST_PRINT_RASTER_H

#include "host/print/face.h"

#define RASTER_MEDIA "iso_id-1_53.98x85.6mm"
#define RASTER_MIME  "image/pwg-raster"

enum {
	RASTER_WIDTH = 637,
	RASTER_HEIGHT = 1011,
	RASTER_PAGES = 2, /* the impressions a whole card takes */
	RASTER_DOTS_MAX = 2048, /* decoding: width and height */
};

/* One decoded page, 8-bit grey, row by row without padding. */
struct raster_page {
	uint8_t *gray;
	unsigned width;
	unsigned height;
};

/*
 * Two sRGB pages 637×1011, the front turned clockwise and the back
 * counter-clockwise, so that both read upright when the printer turns the
 * card over its long edge.
 */
HUFU_MUST_USE int raster_encode(const struct face *face, struct blob *ret);

/*
 * Page `index` from 0; HUFU_ERR_NOT_FOUND past the last, HUFU_ERR_MALFORMED,
 * HUFU_ERR_TRUNCATED, HUFU_ERR_UNSUPPORTED (not 8-bit grey or sRGB),
 * HUFU_ERR_LIMIT.
 */
HUFU_MUST_USE int raster_decode(
        struct span pwg, unsigned index, struct raster_page *ret);
void raster_page_done(struct raster_page *page);

bool raster_is_pwg(struct span image);
uint8_t raster_luma(uint32_t rgb); /* ITU-R BT.601 */

#endif
