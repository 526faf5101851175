#include "host/print/raster.h"

#include <cups/raster.h>
#include <stdlib.h>
#include <string.h>

struct source {
	struct span in;
	size_t pos;
};

static ssize_t write_bytes(void *to, unsigned char *data, size_t len)
{
	return blob_append(to, data, len) == HUFU_OK ? (ssize_t)len : -1;
}

static ssize_t read_bytes(void *from, unsigned char *data, size_t len)
{
	struct source *s = from;
	size_t left = s->in.len - s->pos;

	if (len > left)
		len = left;
	if (len)
		memcpy(data, s->in.data + s->pos, len);
	s->pos += len;
	return (ssize_t)len;
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

static unsigned colours_of(const cups_page_header2_t *h)
{
	if (h->cupsBitsPerColor != 8 || h->cupsColorOrder != CUPS_ORDER_CHUNKED)
		return 0;
	if (h->cupsColorSpace == CUPS_CSPACE_SRGB && h->cupsBitsPerPixel == 24)
		return 3;
	if (h->cupsColorSpace == CUPS_CSPACE_SW && h->cupsBitsPerPixel == 8)
		return 1;
	return 0;
}

static int check_header(const cups_page_header2_t *h)
{
	unsigned colours = colours_of(h);

	if (!colours)
		return HUFU_ERR_UNSUPPORTED;
	if (h->cupsWidth == 0 || h->cupsHeight == 0 ||
	        h->cupsBytesPerLine != h->cupsWidth * colours)
		return HUFU_ERR_MALFORMED;
	if (h->cupsWidth > RASTER_DOTS_MAX || h->cupsHeight > RASTER_DOTS_MAX)
		return HUFU_ERR_LIMIT;
	return HUFU_OK;
}

uint8_t raster_luma(uint32_t rgb)
{
	uint32_t r = rgb >> 16 & 0xff, g = rgb >> 8 & 0xff, b = rgb & 0xff;

	return (uint8_t)((r * 77 + g * 150 + b * 29) >> 8);
}

static void put_gray(const unsigned char *line, unsigned colours,
        unsigned width, uint8_t *out)
{
	for (unsigned x = 0; x < width; x++, line += colours) {
		if (colours == 1)
			out[x] = line[0];
		else
			out[x] = raster_luma((uint32_t)line[0] << 16 |
			                     (uint32_t)line[1] << 8 | line[2]);
	}
}

static int read_page(
        cups_raster_t *from, const cups_page_header2_t *h, uint8_t *gray)
{
	unsigned char line[RASTER_DOTS_MAX * 3];
	unsigned colours = colours_of(h);

	for (unsigned y = 0; y < h->cupsHeight; y++) {
		if (cupsRasterReadPixels(from, line, h->cupsBytesPerLine) !=
		        h->cupsBytesPerLine)
			return HUFU_ERR_TRUNCATED;
		if (gray)
			put_gray(line, colours, h->cupsWidth,
			        gray + (size_t)y * h->cupsWidth);
	}
	return HUFU_OK;
}

static int read_wanted(
        cups_raster_t *from, unsigned index, struct raster_page *ret)
{
	cups_page_header2_t h;
	uint8_t *gray;
	int rc;

	for (unsigned i = 0;; i++) {
		if (!cupsRasterReadHeader2(from, &h))
			return HUFU_ERR_NOT_FOUND;
		rc = check_header(&h);
		if (rc == HUFU_OK && i < index)
			rc = read_page(from, &h, NULL);
		if (rc != HUFU_OK)
			return rc;
		if (i == index)
			break;
	}
	gray = malloc((size_t)h.cupsWidth * h.cupsHeight);
	if (!gray)
		return HUFU_ERR_MEMORY;
	rc = read_page(from, &h, gray);
	if (rc != HUFU_OK) {
		free(gray);
		return rc;
	}
	*ret = (struct raster_page){gray, h.cupsWidth, h.cupsHeight};
	return HUFU_OK;
}

bool raster_is_pwg(struct span image)
{
	return image.len >= 4 && memcmp(image.data, "RaS2", 4) == 0;
}

int raster_decode(struct span pwg, unsigned index, struct raster_page *ret)
{
	struct source source = {pwg, 0};
	cups_raster_t *from;
	int rc;

	if (!raster_is_pwg(pwg))
		return HUFU_ERR_UNSUPPORTED;
	from = cupsRasterOpenIO(read_bytes, &source, CUPS_RASTER_READ);
	if (!from)
		return HUFU_ERR_MALFORMED;
	rc = read_wanted(from, index, ret);
	cupsRasterClose(from);
	return rc;
}

void raster_page_done(struct raster_page *page)
{
	free(page->gray);
	*page = (struct raster_page){0};
}
