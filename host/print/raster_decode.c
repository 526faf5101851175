#include <stdlib.h>
#include <string.h>

#include "host/print/raster.h"

/*
 * An own reader: libcups sizes its buffers by the header before anyone can
 * look at it, and a header may ask for gigabytes.
 */

enum { SYNC_LEN = 4, WHITE = 0xff };

/* PWG 5102.4, table 1: what comes before, between and after the fields
 * that matter here */
enum {
	BEFORE_WIDTH = 372,
	BEFORE_BITS = 4,
	HEADER_LEN = 1796,
	FIELDS_LEN = 404
};
enum { ORDER_CHUNKED = 0, SPACE_SW = 18, SPACE_SRGB = 19 };

struct shape {
	unsigned width, height;
	unsigned colours; /* bytes a dot */
};

static unsigned colours_of(uint32_t bits, uint32_t per_dot, uint32_t space)
{
	if (bits == 8 && per_dot == 24 && space == SPACE_SRGB)
		return 3;
	if (bits == 8 && per_dot == 8 && space == SPACE_SW)
		return 1;
	return 0;
}

static int check_shape(const struct shape *s, uint32_t per_line)
{
	if (!s->colours)
		return HUFU_ERR_UNSUPPORTED;
	if (s->width > RASTER_DOTS_MAX || s->height > RASTER_DOTS_MAX)
		return HUFU_ERR_LIMIT;
	if (s->width == 0 || s->height == 0 ||
	        per_line != s->width * s->colours)
		return HUFU_ERR_MALFORMED;
	return HUFU_OK;
}

static int read_header(struct reader *r, struct shape *ret)
{
	uint32_t width, height, bits, per_dot, per_line, order, space;

	(void)reader_get_span(r, BEFORE_WIDTH);
	width = reader_get_u32(r);
	height = reader_get_u32(r);
	(void)reader_get_span(r, BEFORE_BITS);
	bits = reader_get_u32(r);
	per_dot = reader_get_u32(r);
	per_line = reader_get_u32(r);
	order = reader_get_u32(r);
	space = reader_get_u32(r);
	(void)reader_get_span(r, HEADER_LEN - FIELDS_LEN);
	if (r->error)
		return r->error;
	*ret = (struct shape){width, height,
	        order == ORDER_CHUNKED ? colours_of(bits, per_dot, space) : 0};
	return check_shape(ret, per_line);
}

static uint8_t gray_of(const uint8_t *dot, unsigned colours)
{
	if (colours == 1)
		return dot[0];
	return raster_luma(
	        (uint32_t)dot[0] << 16 | (uint32_t)dot[1] << 8 | dot[2]);
}

/* One run: the dots it covers, or 0 with the reader's error set. */
static unsigned read_run(
        struct reader *r, const struct shape *s, unsigned left, uint8_t *out)
{
	unsigned code = reader_get_u8(r);
	unsigned count = code < 128 ? code + 1 : 257 - code;
	struct span dots;

	if (code == 128) {
		memset(out, WHITE, left);
		return left;
	}
	if (count > left) {
		reader_fail(r, HUFU_ERR_MALFORMED);
		return 0;
	}
	if (code < 128) {
		dots = reader_get_span(r, s->colours);
		if (r->error)
			return 0;
		memset(out, gray_of(dots.data, s->colours), count);
		return count;
	}
	dots = reader_get_span(r, (size_t)count * s->colours);
	for (unsigned i = 0; i < count && !r->error; i++)
		out[i] =
		        gray_of(dots.data + (size_t)i * s->colours, s->colours);
	return r->error ? 0 : count;
}

static void read_line(struct reader *r, const struct shape *s, uint8_t *out)
{
	for (unsigned x = 0; x < s->width && !r->error;)
		x += read_run(r, s, s->width - x, out + x);
}

static void read_page(struct reader *r, const struct shape *s, uint8_t *gray)
{
	unsigned y = 0;

	while (y < s->height && !r->error) {
		unsigned times = reader_get_u8(r) + 1u;
		const uint8_t *line = gray + (size_t)y * s->width;

		if (times > s->height - y) {
			reader_fail(r, HUFU_ERR_MALFORMED);
			return;
		}
		read_line(r, s, gray + (size_t)y * s->width);
		for (unsigned i = 1; i < times; i++)
			memcpy(gray + (size_t)(y + i) * s->width, line,
			        s->width);
		y += times;
	}
}

static int read_next(struct reader *r, struct raster_page *ret)
{
	struct shape s;
	uint8_t *gray;
	int rc = read_header(r, &s);

	if (rc != HUFU_OK)
		return rc;
	gray = calloc(s.height, s.width);
	if (!gray)
		return HUFU_ERR_MEMORY;
	read_page(r, &s, gray);
	if (r->error) {
		free(gray);
		return r->error;
	}
	*ret = (struct raster_page){gray, s.width, s.height};
	return HUFU_OK;
}

int raster_decode(struct span pwg, unsigned index, struct raster_page *ret)
{
	struct raster_page page;
	struct reader r;
	int rc;

	if (!raster_is_pwg(pwg))
		return HUFU_ERR_UNSUPPORTED;
	reader_init(&r, pwg);
	(void)reader_get_span(&r, SYNC_LEN);
	for (unsigned i = 0; reader_left(&r) > 0; i++) {
		rc = read_next(&r, &page);
		if (rc != HUFU_OK)
			return rc;
		if (i == index) {
			*ret = page;
			return HUFU_OK;
		}
		raster_page_done(&page);
	}
	return HUFU_ERR_NOT_FOUND;
}

void raster_page_done(struct raster_page *page)
{
	free(page->gray);
	*page = (struct raster_page){0};
}
