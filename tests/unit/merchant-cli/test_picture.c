#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "merchant/cli/barcode.h"
#include "merchant/cli/picture.h"
#include "tests/unit/merchant-cli/pictures.h"

static const char text[] =
        "6BFA$BQVPUQGM43SL1-%AL+2M/MVEBOCL.HT10F5ENHOA4M9VMRT%5XMIQD0P$C0GO*%";

static void drop(struct span s)
{
	free((void *)(uintptr_t)s.data);
}

static void reads_png_and_jpeg(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct canvas c = canvas_new(400, 300);
		struct picture p = {0};
		char space[256];
		struct writer w;
		canvas_put_code(&c, text, 40, 40, 4);
		canvas_blur(&c);
		struct span file =
		        i ? canvas_encode_jpeg(&c) : canvas_encode_png(&c);
		assert_int_equal(picture_decode(file, &p), HUFU_OK);
		assert_int_equal(p.width, 400);
		assert_int_equal(p.height, 300);
		writer_init(&w, space, sizeof space);
		assert_int_equal(
		        barcode_read(p.gray, p.width, p.height, &w), HUFU_OK);
		assert_true(span_equal(writer_span(&w), span_of_text(text)));
		picture_done(&p);
		drop(file);
		free(c.gray);
	}
}

static void both_readers_read(void **state)
{
	(void)state;
	struct canvas c = canvas_new(400, 300);
	char space[256];
	struct writer w;
	canvas_put_code(&c, text, 40, 40, 4);
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        barcode_read_zxing(c.gray, c.width, c.height, &w), HUFU_OK);
	assert_int_equal(
	        barcode_read_zbar(c.gray, c.width, c.height, &w), HUFU_OK);
	assert_int_equal(w.len, 2 * strlen(text));
	assert_memory_equal(space, text, strlen(text));
	assert_memory_equal(space + strlen(text), text, strlen(text));
	writer_init(&w, space, 10);
	assert_int_equal(
	        barcode_read(c.gray, c.width, c.height, &w), HUFU_ERR_SPACE);
	free(c.gray);
}

static void tells_none_from_several(void **state)
{
	(void)state;
	struct canvas c = canvas_new(800, 400);
	char space[256];
	struct writer w;
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        barcode_read(c.gray, c.width, c.height, &w), BARCODE_NONE);
	canvas_put_code(&c, text, 40, 40, 4);
	canvas_put_code(&c, "another", 500, 40, 4);
	assert_int_equal(
	        barcode_read(c.gray, c.width, c.height, &w), BARCODE_SEVERAL);
	assert_int_equal(w.len, 0);
	free(c.gray);
}

static void refuses_broken_pictures(void **state)
{
	(void)state;
	struct canvas c = canvas_new(60, 60);
	struct picture p = {7, 7, NULL};
	struct span png = canvas_encode_png(&c);
	struct span jpeg = canvas_encode_jpeg(&c);
	assert_int_equal(picture_decode(span_of("GIF89a......", 12), &p),
	        HUFU_ERR_UNSUPPORTED);
	assert_int_equal(
	        picture_decode(span_of(NULL, 0), &p), HUFU_ERR_UNSUPPORTED);
	assert_int_equal(picture_decode(span_of(png.data, png.len / 2), &p),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(
	        picture_decode(span_of(jpeg.data, 40), &p), HUFU_ERR_MALFORMED);
	assert_int_equal(p.width, 7);
	assert_null(p.gray);
	drop(png);
	drop(jpeg);
	free(c.gray);
}

static void refuses_pictures_of_too_many_dots(void **state)
{
	(void)state;
	struct canvas c = canvas_new(10001, 1);
	struct picture p = {0};
	struct span png = canvas_encode_png(&c);
	struct span jpeg = canvas_encode_jpeg(&c);
	assert_int_equal(picture_decode(png, &p), HUFU_ERR_LIMIT);
	assert_int_equal(picture_decode(jpeg, &p), HUFU_ERR_LIMIT);
	assert_null(p.gray);
	drop(png);
	drop(jpeg);
	free(c.gray);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_png_and_jpeg),
	        cmocka_unit_test(both_readers_read),
	        cmocka_unit_test(tells_none_from_several),
	        cmocka_unit_test(refuses_broken_pictures),
	        cmocka_unit_test(refuses_pictures_of_too_many_dots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
