#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>

#include "host/print/photo.h"
#include "host/print/photo_decode.h"
#include "tests/unit/print/sample.h"

struct picture {
	unsigned width, height;
	int components; /* 1 grey, 3 RGB, 4 CMYK */
	uint8_t corner;
	bool noise;
	bool progressive;
};

static void put_line(
        const struct picture *like, unsigned y, uint8_t *line, uint32_t *seed)
{
	size_t len = (size_t)like->width * (size_t)like->components;

	for (size_t i = 0; i < len; i++) {
		*seed = *seed * 1664525 + 1013904223;
		line[i] = like->noise && y > 60 ? (uint8_t)(*seed >> 26) * 3
		                                : like->corner;
	}
}

static struct span encode_at(
        const struct picture *like, int quality, uint8_t **ret)
{
	static const J_COLOR_SPACE spaces[] = {
	        JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB, JCS_CMYK};
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned long len = 0;
	uint32_t seed = 1;
	uint8_t *line = malloc((size_t)like->width * 4);

	*ret = NULL;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, ret, &len);
	jpeg.image_width = like->width;
	jpeg.image_height = like->height;
	jpeg.input_components = like->components;
	jpeg.in_color_space = spaces[like->components];
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, quality, TRUE);
	if (like->progressive)
		jpeg_simple_progression(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	for (unsigned y = 0; y < like->height; y++) {
		put_line(like, y, line, &seed);
		(void)jpeg_write_scanlines(&jpeg, &line, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	free(line);
	return span_of(*ret, len);
}

/* The best quality that is not refused for its bytes alone. */
static struct span encode(const struct picture *like, uint8_t **ret)
{
	struct span jpeg = encode_at(like, 80, ret);

	for (int quality = 75; quality > 0 && jpeg.len > PHOTO_BYTES_MAX;
	        quality -= 5) {
		free(*ret);
		jpeg = encode_at(like, quality, ret);
	}
	return jpeg;
}

static int check_picture(struct picture like, struct problem *p)
{
	uint8_t *bytes;
	struct span jpeg = encode(&like, &bytes);
	int rc;

	if (jpeg.len < PHOTO_BYTES_MIN) { /* a comment's worth of filling */
		size_t pad = PHOTO_BYTES_MIN - jpeg.len;
		uint8_t *grown = calloc(1, PHOTO_BYTES_MIN);

		memcpy(grown, bytes, jpeg.len);
		memset(grown + jpeg.len, 0, pad);
		free(bytes);
		bytes = grown;
		jpeg = span_of(bytes, PHOTO_BYTES_MIN);
	}
	rc = photo_check(jpeg, p);
	free(bytes);
	return rc;
}

static void takes_a_good_photo(void **state)
{
	struct problem p = {.code = -99};

	(void)state;
	assert_int_equal(photo_check(sample_photo(), &p), HUFU_OK);
	assert_int_equal(p.code, -99);
	assert_int_equal(photo_check(sample_photo(), NULL), HUFU_OK);
}

static void takes_a_progressive_photo(void **state)
{
	(void)state;
	assert_int_equal(
	        check_picture(
	                (struct picture){352, 440, 3, 255, true, true}, NULL),
	        HUFU_OK);
}

static void refuses_by_size_before_decoding(void **state)
{
	static uint8_t big[PHOTO_BYTES_MAX + 1] = {0xff, 0xd8, 0xff};
	struct problem p;

	(void)state;
	assert_int_equal(photo_check((struct span){0}, &p), PHOTO_EMPTY);
	assert_string_equal(p.type, "photo-empty");
	assert_int_equal(
	        photo_check(span_of(big, sizeof(big)), &p), PHOTO_TOO_LARGE);
	assert_string_equal(p.type, "photo-too-large");
	assert_int_equal(photo_check(span_of(big, PHOTO_BYTES_MIN - 1), &p),
	        PHOTO_TOO_SMALL);
	assert_string_equal(p.type, "photo-too-small");
	assert_int_equal(
	        photo_check(span_of(big, PHOTO_BYTES_MAX), &p), PHOTO_BROKEN);
}

static void refuses_other_files(void **state)
{
	static uint8_t file[PHOTO_BYTES_MIN] = {0x89, 'P', 'N', 'G', '\r'};
	struct problem p;

	(void)state;
	assert_int_equal(
	        photo_check(span_of(file, sizeof(file)), &p), PHOTO_NOT_JPEG);
	assert_string_equal(p.zh, "照片不是JPEG格式。请另存为JPG后再上传。");
	assert_int_equal(photo_check(span_of(file, 2), &p), PHOTO_NOT_JPEG);
}

static void refuses_other_dimensions(void **state)
{
	static const unsigned sizes[][2] = {{353, 440}, {352, 439}, {440, 352},
	        {1, 1}, {704, 880}, {3000, 440}, {352, 60000}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct problem p;
		struct picture like = {
		        sizes[i][0], sizes[i][1], 3, 255, false, false};
		int rc = check_picture(like, &p);

		if (rc == PHOTO_TOO_LARGE) /* as long as it is refused */
			continue;
		assert_int_equal(rc, PHOTO_DIMENSIONS);
		assert_string_equal(p.type, "photo-dimensions");
	}
}

static void refuses_grey_and_cmyk(void **state)
{
	(void)state;
	assert_int_equal(
	        check_picture(
	                (struct picture){352, 440, 1, 255, true, false}, NULL),
	        PHOTO_COLOUR);
	assert_int_equal(
	        check_picture(
	                (struct picture){352, 440, 4, 0, false, false}, NULL),
	        PHOTO_COLOUR);
}

static void refuses_a_dark_background(void **state)
{
	struct problem p;

	(void)state;
	assert_int_equal(
	        check_picture(
	                (struct picture){352, 440, 3, 200, true, false}, &p),
	        PHOTO_BACKGROUND);
	assert_string_equal(p.type, "photo-background");
}

/* Cut anywhere, the file is refused: a half photo must not reach a card. */
static void refuses_every_truncation(void **state)
{
	struct span whole = sample_photo();

	(void)state;
	for (size_t len = PHOTO_BYTES_MIN; len < whole.len; len += 13) {
		uint8_t *cut = malloc(len); /* exact, for the sanitizer */

		memcpy(cut, whole.data, len);
		assert_int_equal(
		        photo_check(span_of(cut, len), NULL), PHOTO_BROKEN);
		free(cut);
	}
}

static void refuses_zeroed_stretches(void **state)
{
	struct span whole = sample_photo();
	uint8_t *copy = malloc(whole.len);

	(void)state;
	for (size_t at = 4; at + 600 < whole.len; at += 997) {
		int rc;

		memcpy(copy, whole.data, whole.len);
		memset(copy + at, 0xff, 600);
		rc = photo_check(span_of(copy, whole.len), NULL);
		assert_in_range(rc, PHOTO_NOT_JPEG, PHOTO_BACKGROUND);
	}
	free(copy);
}

static void decoding_leaves_the_answer_alone_on_failure(void **state)
{
	static const uint8_t junk[] = {0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2};
	struct photo_dots dots = {NULL, 7, 8};

	(void)state;
	assert_int_equal(photo_decode(span_of(junk, sizeof(junk)), &dots),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(dots.width, 7);
	assert_null(dots.rgb);
}

static int done(void **state)
{
	(void)state;
	sample_done();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_a_good_photo),
	        cmocka_unit_test(takes_a_progressive_photo),
	        cmocka_unit_test(refuses_by_size_before_decoding),
	        cmocka_unit_test(refuses_other_files),
	        cmocka_unit_test(refuses_other_dimensions),
	        cmocka_unit_test(refuses_grey_and_cmyk),
	        cmocka_unit_test(refuses_a_dark_background),
	        cmocka_unit_test(refuses_every_truncation),
	        cmocka_unit_test(refuses_zeroed_stretches),
	        cmocka_unit_test(decoding_leaves_the_answer_alone_on_failure),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
