#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <cups/raster.h>

#include "host/print/raster.h"
#include "tests/unit/print/sample.h"

static struct face *face;
static struct blob card;

static struct reader_state {
	size_t pos;
} reading;

static ssize_t next_bytes(void *from, unsigned char *out, size_t len)
{
	struct reader_state *r = from;

	if (len > card.len - r->pos)
		len = card.len - r->pos;
	memcpy(out, card.data + r->pos, len);
	r->pos += len;
	return (ssize_t)len;
}

/* Fields of PWG 5102.4 table 1, as another reader sees them. */
static void header_says_what_the_printer_needs(void **state)
{
	unsigned char row[RASTER_WIDTH * 3];
	cups_page_header2_t h;
	cups_raster_t *r;

	(void)state;
	reading.pos = 0;
	r = cupsRasterOpenIO(next_bytes, &reading, CUPS_RASTER_READ);
	assert_non_null(r);
	for (int page = 0; page < RASTER_PAGES; page++) {
		assert_int_equal(cupsRasterReadHeader2(r, &h), 1);
		assert_string_equal(h.MediaClass, "PwgRaster");
		assert_string_equal(h.cupsPageSizeName, RASTER_MEDIA);
		assert_int_equal(h.cupsWidth, 637);
		assert_int_equal(h.cupsHeight, 1011);
		assert_int_equal(h.HWResolution[0], 300);
		assert_int_equal(h.HWResolution[1], 300);
		assert_int_equal(h.cupsColorSpace, CUPS_CSPACE_SRGB);
		assert_int_equal(h.cupsBitsPerColor, 8);
		assert_int_equal(h.cupsBitsPerPixel, 24);
		assert_int_equal(h.cupsBytesPerLine, 637 * 3);
		assert_int_equal(h.Duplex, 1);
		assert_int_equal(h.Tumble, 0);
		assert_int_equal(
		        h.cupsInteger[CUPS_RASTER_PWG_TotalPageCount], 2);
		for (unsigned y = 0; y < h.cupsHeight; y++)
			assert_int_equal(
			        cupsRasterReadPixels(r, row, sizeof(row)),
			        sizeof(row));
	}
	assert_int_equal(cupsRasterReadHeader2(r, &h), 0);
	cupsRasterClose(r);
}

static uint8_t gray_at(enum face_side side, unsigned x, unsigned y)
{
	return raster_luma(face_dots(face, side)[y * FACE_WIDTH + x]);
}

/* The front's upper edge lies right, the back's left: turned over its long
 * edge, the card reads upright on both sides. */
static void pages_are_turned_for_the_long_edge(void **state)
{
	struct raster_page page;

	(void)state;
	assert_int_equal(raster_decode(blob_span(&card), 0, &page), HUFU_OK);
	for (unsigned y = 0; y < page.height; y += 7)
		for (unsigned x = 0; x < page.width; x += 5)
			assert_int_equal(page.gray[y * page.width + x],
			        gray_at(FACE_FRONT, y, FACE_HEIGHT - 1 - x));
	raster_page_done(&page);
	assert_int_equal(raster_decode(blob_span(&card), 1, &page), HUFU_OK);
	for (unsigned y = 0; y < page.height; y += 7)
		for (unsigned x = 0; x < page.width; x += 5)
			assert_int_equal(page.gray[y * page.width + x],
			        gray_at(FACE_BACK, FACE_WIDTH - 1 - y, x));
	raster_page_done(&page);
}

static void same_record_gives_the_same_bytes(void **state)
{
	struct face_record record = sample_record();
	struct face_fonts *fresh;
	struct face *again;
	struct blob other = {0};

	(void)state;
	assert_int_equal(face_fonts_open(NULL, &fresh, NULL), HUFU_OK);
	assert_int_equal(face_render(fresh, &record, &again, NULL), HUFU_OK);
	assert_int_equal(raster_encode(again, &other), HUFU_OK);
	assert_true(span_equal(blob_span(&other), blob_span(&card)));
	blob_done(&other);
	face_free(&again);
	face_fonts_close(&fresh);
}

static void another_record_gives_other_bytes(void **state)
{
	struct face_record record = sample_record();
	struct blob other = {0};
	struct face *changed;

	(void)state;
	record.can = "482914";
	assert_int_equal(
	        face_render(sample_fonts(), &record, &changed, NULL), HUFU_OK);
	assert_int_equal(raster_encode(changed, &other), HUFU_OK);
	assert_false(span_equal(blob_span(&other), blob_span(&card)));
	blob_done(&other);
	face_free(&changed);
}

static void ends_after_the_last_page(void **state)
{
	struct raster_page page = {NULL, 7, 8};

	(void)state;
	assert_int_equal(
	        raster_decode(blob_span(&card), 2, &page), HUFU_ERR_NOT_FOUND);
	assert_int_equal(page.width, 7);
}

static void refuses_truncated_rasters(void **state)
{
	struct raster_page page;

	(void)state;
	for (size_t len = 0; len < card.len; len += len < 2000 ? 61 : 39119) {
		uint8_t *cut = malloc(len + 1);
		int rc;

		memcpy(cut, card.data, len);
		rc = raster_decode(span_of(cut, len), 1, &page);
		assert_true(rc < 0);
		free(cut);
	}
}

static int decode_with(size_t at, uint32_t value)
{
	struct raster_page page;
	uint8_t *copy = malloc(card.len);
	int rc;

	memcpy(copy, card.data, card.len);
	for (int i = 0; i < 4; i++)
		copy[4 + at + (size_t)i] = (uint8_t)(value >> (24 - 8 * i));
	rc = raster_decode(span_of(copy, card.len), 0, &page);
	if (rc == HUFU_OK)
		raster_page_done(&page);
	free(copy);
	return rc;
}

/* Offsets of PWG 5102.4 table 1 */
static void refuses_headers_that_lie(void **state)
{
	enum {
		WIDTH = 372,
		HEIGHT = 376,
		BITS = 384,
		PIXEL = 388,
		LINE = 392,
		ORDER = 396,
		SPACE = 400
	};

	(void)state;
	assert_int_equal(decode_with(WIDTH, 637), HUFU_OK);
	assert_true(decode_with(WIDTH, 0) < 0);
	assert_true(decode_with(WIDTH, 0xffffffff) < 0);
	assert_true(decode_with(HEIGHT, 0) < 0);
	assert_true(decode_with(HEIGHT, 0x7fffffff) < 0);
	assert_true(decode_with(BITS, 16) < 0);
	assert_true(decode_with(PIXEL, 8) < 0);
	assert_true(decode_with(LINE, 4) < 0);
	assert_true(decode_with(ORDER, 2) < 0);
	assert_true(decode_with(SPACE, 6) < 0);
}

static int make_card(void **state)
{
	struct face_record record = sample_record();

	(void)state;
	if (face_render(sample_fonts(), &record, &face, NULL) != HUFU_OK)
		return -1;
	return raster_encode(face, &card);
}

static int drop_card(void **state)
{
	(void)state;
	face_free(&face);
	blob_done(&card);
	sample_done();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(header_says_what_the_printer_needs),
	        cmocka_unit_test(pages_are_turned_for_the_long_edge),
	        cmocka_unit_test(same_record_gives_the_same_bytes),
	        cmocka_unit_test(another_record_gives_other_bytes),
	        cmocka_unit_test(ends_after_the_last_page),
	        cmocka_unit_test(refuses_truncated_rasters),
	        cmocka_unit_test(refuses_headers_that_lie),
	};

	return cmocka_run_group_tests(tests, make_card, drop_card);
}
