#include "host/print/raster.h"

#include <cups/raster.h>
#include <string.h>

static ssize_t write_bytes(void *to, unsigned char *data, size_t len)
{
	return blob_append(to, data, len) == HUFU_OK ? (ssize_t)len : -1;
}

static int start_page(cups_raster_t *to, enum face_side side)
{
	cups_page_header2_t header;
	pwg_media_t *media = pwgMediaForPWG(RASTER_MEDIA);

	if (!media || !cupsRasterInitPWGHeader(&header, media, "srgb_8",
	                      FACE_DPI, FACE_DPI, "two-sided-long-edge",
	                      side == FACE_BACK ? "normal" : NULL))
		return HUFU_ERR_UNSUPPORTED;
	header.cupsInteger[CUPS_RASTER_PWG_TotalPageCount] = RASTER_PAGES;
	if (header.cupsWidth != RASTER_WIDTH ||
	        header.cupsHeight != RASTER_HEIGHT)
		return HUFU_ERR_UNSUPPORTED;
	return cupsRasterWriteHeader2(to, &header) ? HUFU_OK : HUFU_ERR_MEMORY;
}

/* Row y of the portrait page is a column of the landscape face. */
static void turn_row(const uint32_t *dots, enum face_side side, unsigned y,
        unsigned char *row)
{
	for (unsigned x = 0; x < RASTER_WIDTH; x++) {
		unsigned fx = side == FACE_FRONT ? y : FACE_WIDTH - 1 - y;
		unsigned fy = side == FACE_FRONT ? FACE_HEIGHT - 1 - x : x;
		uint32_t dot = dots[fy * FACE_WIDTH + fx];

		*row++ = dot >> 16 & 0xff;
		*row++ = dot >> 8 & 0xff;
		*row++ = dot & 0xff;
	}
}

static int write_page(
        cups_raster_t *to, const struct face *face, enum face_side side)
{
	unsigned char row[RASTER_WIDTH * 3];
	const uint32_t *dots = face_dots(face, side);
	int rc = start_page(to, side);

	if (rc != HUFU_OK)
		return rc;
	for (unsigned y = 0; y < RASTER_HEIGHT; y++) {
		turn_row(dots, side, y, row);
		if (cupsRasterWritePixels(to, row, sizeof(row)) != sizeof(row))
			return HUFU_ERR_MEMORY;
	}
	return HUFU_OK;
}

int raster_encode(const struct face *face, struct blob *ret)
{
	struct blob out = {0};
	cups_raster_t *to =
	        cupsRasterOpenIO(write_bytes, &out, CUPS_RASTER_WRITE_PWG);
	int rc;

	if (!to)
		return HUFU_ERR_MEMORY;
	rc = write_page(to, face, FACE_FRONT);
	if (rc == HUFU_OK)
		rc = write_page(to, face, FACE_BACK);
	cupsRasterClose(to);
	if (rc != HUFU_OK) {
		blob_done(&out);
		return rc;
	}
	*ret = out;
	return HUFU_OK;
}

uint8_t raster_luma(uint32_t rgb)
{
	uint32_t r = rgb >> 16 & 0xff, g = rgb >> 8 & 0xff, b = rgb & 0xff;

	return (uint8_t)((r * 77 + g * 150 + b * 29) >> 8);
}

bool raster_is_pwg(struct span image)
{
	return image.len >= 4 && memcmp(image.data, "RaS2", 4) == 0;
}
