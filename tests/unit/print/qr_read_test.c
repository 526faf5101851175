#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "host/print/qr_read.h"
#include "host/print/raster.h"
#include "tests/unit/print/sample.h"

static struct face *make_face(const char *qr_text)
{
	struct face_record record = sample_record();
	struct face *face;

	record.qr_text = qr_text;
	assert_int_equal(
	        face_render(sample_fonts(), &record, &face, NULL), HUFU_OK);
	return face;
}

static void expect_text(struct span image, const char *text)
{
	char got[QR_TEXT_MAX + 1];

	assert_int_equal(qr_read(image, got, sizeof(got)), HUFU_OK);
	assert_string_equal(got, text);
}

static void reads_back_the_raster_and_the_picture(void **state)
{
	struct face *face = make_face(SAMPLE_QR);
	struct blob image = {0};

	(void)state;
	assert_int_equal(raster_encode(face, &image), HUFU_OK);
	expect_text(blob_span(&image), SAMPLE_QR);
	blob_done(&image);
	assert_int_equal(face_encode_png(face, FACE_BACK, &image), HUFU_OK);
	expect_text(blob_span(&image), SAMPLE_QR);
	blob_done(&image);
	face_free(&face);
}

/* 15-M holds 600 alphanumeric characters (ISO/IEC 18004 table 7). */
static void reads_back_every_version_on_the_card(void **state)
{
	static const size_t lengths[] = {1, 318, 366, 367, 419, 525, 528, 600};
	char text[601];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct blob raster = {0};
		struct face *face;

		for (size_t k = 0; k < lengths[i]; k++)
			text[k] = "0A%Z $9+B:"[k * k % 10];
		text[lengths[i]] = '\0';
		face = make_face(text);
		assert_int_equal(raster_encode(face, &raster), HUFU_OK);
		expect_text(blob_span(&raster), text);
		blob_done(&raster);
		face_free(&face);
	}
}

static void an_independent_reader_agrees(void **state)
{
	struct face *face = make_face(SAMPLE_QR);
	char path[] = "/tmp/hufu-qr-XXXXXX.png", got[1024] = "";
	struct blob png = {0};
	int fd = mkstemps(path, 4), out[2];
	pid_t pid;
	ssize_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(face_encode_png(face, FACE_BACK, &png), HUFU_OK);
	assert_int_equal(write(fd, png.data, png.len), (ssize_t)png.len);
	(void)close(fd);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(out[1], STDOUT_FILENO);
		execlp("zbarimg", "zbarimg", "--quiet", "--raw", path,
		        (char *)NULL);
		_exit(127);
	}
	(void)close(out[1]);
	n = read(out[0], got, sizeof(got) - 1);
	(void)close(out[0]);
	(void)unlink(path);
	assert_true(n > 0);
	got[strcspn(got, "\n")] = '\0';
	assert_string_equal(got, SAMPLE_QR);
	blob_done(&png);
	face_free(&face);
}

static void says_when_there_is_no_code(void **state)
{
	struct face *face = make_face(SAMPLE_QR);
	struct blob png = {0};
	char text[8] = "before";

	(void)state;
	assert_int_equal(face_encode_png(face, FACE_FRONT, &png), HUFU_OK);
	assert_int_equal(qr_read(blob_span(&png), text, sizeof(text)), QR_NONE);
	assert_int_equal(qr_read(sample_photo(), text, sizeof(text)), QR_NONE);
	assert_string_equal(text, "before");
	blob_done(&png);
	face_free(&face);
}

/* Two cards in one picture: which one would be confirmed? */
static void refuses_two_different_codes(void **state)
{
	struct face *one = make_face(SAMPLE_QR), *two = make_face("OTHER");
	size_t count = (size_t)FACE_WIDTH * FACE_HEIGHT;
	uint8_t *gray = malloc(2 * count);
	char text[QR_TEXT_MAX + 1] = "before";

	(void)state;
	for (size_t i = 0; i < count; i++) {
		gray[i] = raster_luma(face_dots(one, FACE_BACK)[i]);
		gray[count + i] = raster_luma(face_dots(two, FACE_BACK)[i]);
	}
	assert_int_equal(qr_read_gray(gray, FACE_WIDTH, 2 * FACE_HEIGHT, text,
	                         sizeof(text)),
	        QR_SEVERAL);
	assert_string_equal(text, "before");
	assert_int_equal(
	        qr_read_gray(gray, FACE_WIDTH, FACE_HEIGHT, text, sizeof(text)),
	        HUFU_OK);
	assert_string_equal(text, SAMPLE_QR);
	free(gray);
	face_free(&one);
	face_free(&two);
}

static void keeps_to_the_callers_buffer(void **state)
{
	struct face *face = make_face("ABCDE");
	struct blob png = {0};
	char text[6] = "12345";

	(void)state;
	assert_int_equal(face_encode_png(face, FACE_BACK, &png), HUFU_OK);
	assert_int_equal(qr_read(blob_span(&png), text, 5), HUFU_ERR_SPACE);
	assert_string_equal(text, "12345");
	assert_int_equal(qr_read(blob_span(&png), text, 6), HUFU_OK);
	assert_string_equal(text, "ABCDE");
	blob_done(&png);
	face_free(&face);
}

static void refuses_what_is_no_image(void **state)
{
	static const char junk[] = "GIF89a and so on";
	static const uint8_t png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
	char text[8] = "before";

	(void)state;
	assert_int_equal(
	        qr_read(span_of(junk, sizeof(junk)), text, sizeof(text)),
	        HUFU_ERR_UNSUPPORTED);
	assert_int_equal(qr_read((struct span){0}, text, sizeof(text)),
	        HUFU_ERR_UNSUPPORTED);
	assert_int_equal(
	        qr_read(span_of(png, sizeof(png) - 1), text, sizeof(text)),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(
	        qr_read_gray((const uint8_t *)junk, 0, 1, text, sizeof(text)),
	        HUFU_ERR_LIMIT);
	assert_string_equal(text, "before");
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
	        cmocka_unit_test(reads_back_the_raster_and_the_picture),
	        cmocka_unit_test(reads_back_every_version_on_the_card),
	        cmocka_unit_test(an_independent_reader_agrees),
	        cmocka_unit_test(says_when_there_is_no_code),
	        cmocka_unit_test(refuses_two_different_codes),
	        cmocka_unit_test(keeps_to_the_callers_buffer),
	        cmocka_unit_test(refuses_what_is_no_image),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
