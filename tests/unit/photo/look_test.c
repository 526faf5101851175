#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/base/cleanup.h"
#include "host/photo/look.h"
#include "tests/double/people/defect.h"

static struct faces *faces;
static uint8_t space[PHOTO_REPLY_MAX];
static uint8_t request[PHOTO_REQUEST_MAX];

static int look_how(
        int how, const uint8_t *jpeg, size_t len, struct photo_reply *ret)
{
	struct writer w;
	request[0] = (uint8_t)how;
	memcpy(request + 1, jpeg, len);
	writer_init(&w, space, sizeof space);
	int r = photo_look(faces, span_of(request, len + 1), &w);
	return r ? r : photo_reply_decode(writer_span(&w), ret);
}

static void look_at(const uint8_t *jpeg, size_t len, struct photo_reply *ret)
{
	assert_int_equal(look_how(PHOTO_FACE, jpeg, len, ret), HUFU_OK);
}

static void passes_drawn_portraits(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 40; n++) {
		struct portrait who = {n % 3 == 1, 20 + n * 2, n};
		struct photo_reply reply;
		size_t len;
		_free_ uint8_t *jpeg = portrait_draw(&who, &len);
		assert_non_null(jpeg);
		look_at(jpeg, len, &reply);
		assert_int_equal(reply.fault, 0);
		assert_int_equal(reply.measure[PHOTO_M_FACES], 1);
		assert_int_equal(reply.measure[PHOTO_M_EYES], 2);
		assert_int_equal(reply.measure[PHOTO_M_DPI], 300);
		assert_int_equal(reply.measure[PHOTO_M_BYTES], len);
		assert_true(reply.picture.len > 1000);
	}
}

static void names_each_defect(void **state)
{
	static const int faults[DEFECTS] = {0, PHOTO_NO_FACE, PHOTO_FACES,
	        PHOTO_TILTED, PHOTO_TILTED, PHOTO_HEAD_SMALL, PHOTO_HEAD_LARGE,
	        PHOTO_OFF_CENTRE, PHOTO_BLURRED, PHOTO_BACKGROUND, PHOTO_DARK,
	        PHOTO_BRIGHT, PHOTO_CLOTHES, PHOTO_EYES};
	(void)state;
	for (int d = 0; d < DEFECTS; d++)
		for (unsigned seed = 3; seed < 6; seed++) {
			struct portrait who = {seed == 4, 30 + seed, seed};
			struct photo_reply reply;
			size_t len;
			_free_ uint8_t *jpeg =
			        defect_draw(&who, (enum defect)d, &len);
			assert_non_null(jpeg);
			look_at(jpeg, len, &reply);
			if (reply.fault != faults[d])
				fail_msg("%s, seed %u: fault %d",
				        defect_name((enum defect)d), seed,
				        reply.fault);
			assert_true(reply.picture.len > 1000);
		}
}

static void looks_at_the_file_alone_when_told(void **state)
{
	static const struct portrait who = {false, 40, 3};
	struct photo_reply reply;
	size_t len;
	_free_ uint8_t *jpeg = defect_draw(&who, DEFECT_TILTED, &len);
	(void)state;
	assert_int_equal(look_how(PHOTO_FILE, jpeg, len, &reply), HUFU_OK);
	assert_int_equal(reply.fault, 0);
	assert_int_equal(reply.measure[PHOTO_M_WIDTH], 352);
	assert_int_equal(reply.measure[PHOTO_M_FACES], PHOTO_UNMEASURED);
	assert_int_equal(reply.picture.len, 0);
	assert_int_equal(look_how(3, jpeg, len, &reply), HUFU_ERR_ARGUMENT);
}

static void refuses_files_that_cannot_be_printed(void **state)
{
	static const struct portrait who = {true, 30, 1};
	struct photo_reply reply;
	size_t len;
	_free_ uint8_t *jpeg = portrait_draw(&who, &len);
	(void)state;
	look_at(jpeg, 0, &reply);
	assert_int_equal(reply.fault, PHOTO_EMPTY);
	look_at(jpeg, 10000, &reply);
	assert_int_equal(reply.fault, PHOTO_TOO_SMALL);
	look_at(jpeg, len - 500, &reply);
	assert_int_equal(reply.fault, PHOTO_BROKEN);
	assert_int_equal(reply.picture.len, 0);
	jpeg[0] = 'B';
	look_at(jpeg, len, &reply);
	assert_int_equal(reply.fault, PHOTO_NOT_JPEG);
}

static void holds_the_file_to_the_density_it_states(void **state)
{
	enum { UNIT = 13, DENSITY = 14 }; /* of a JFIF file */
	static const struct portrait who = {false, 30, 7};
	struct photo_reply reply;
	size_t len;
	_free_ uint8_t *jpeg = portrait_draw(&who, &len);
	(void)state;
	assert_int_equal(jpeg[UNIT], 1);
	jpeg[DENSITY + 1] = 72;
	jpeg[DENSITY] = 0;
	look_at(jpeg, len, &reply);
	assert_int_equal(reply.fault, PHOTO_DPI);
	assert_int_equal(reply.measure[PHOTO_M_DPI], 72);
	jpeg[UNIT] = 2;
	jpeg[DENSITY + 1] = 118; /* a centimetre */
	look_at(jpeg, len, &reply);
	assert_int_equal(reply.fault, 0);
	jpeg[UNIT] = 0;
	jpeg[DENSITY + 1] = 1;
	look_at(jpeg, len, &reply);
	assert_int_equal(reply.fault, 0);
	assert_int_equal(reply.measure[PHOTO_M_DPI], 0);
}

static void reads_replies_strictly(void **state)
{
	struct photo_reply reply = {.fault = PHOTO_FACES}, back = {.fault = 77};
	uint8_t buf[128];
	struct writer w;
	(void)state;
	writer_init(&w, buf, sizeof buf);
	photo_reply_encode(&w, &reply);
	assert_int_equal(w.error, HUFU_OK);
	for (size_t n = 0; n < w.len; n++)
		assert_true(photo_reply_decode(span_of(buf, n), &back) < 0);
	assert_int_equal(back.fault, 77);
	assert_int_equal(photo_reply_decode(writer_span(&w), &back), HUFU_OK);
	assert_int_equal(back.fault, PHOTO_FACES);

	reply.fault = PHOTO_FAULTS;
	writer_init(&w, buf, sizeof buf);
	photo_reply_encode(&w, &reply);
	assert_int_equal(
	        photo_reply_decode(writer_span(&w), &back), HUFU_ERR_MALFORMED);
	reply.fault = 0;
	reply.measure[PHOTO_M_EYES] = PHOTO_MEASURE_MAX + 1;
	writer_init(&w, buf, sizeof buf);
	photo_reply_encode(&w, &reply);
	assert_int_equal(
	        photo_reply_decode(writer_span(&w), &back), HUFU_ERR_LIMIT);
	reply.measure[PHOTO_M_EYES] = 0;
	reply.picture = span_of("<svg>", 5);
	writer_init(&w, buf, sizeof buf);
	photo_reply_encode(&w, &reply);
	assert_int_equal(
	        photo_reply_decode(writer_span(&w), &back), HUFU_ERR_MALFORMED);
}

static int open_faces(void **state)
{
	(void)state;
	struct faces *none = NULL;
	if (faces_open("/nowhere", &none) != HUFU_ERR_NOT_FOUND || none)
		return 1;
	return faces_open(HUFU_CASCADES, &faces);
}

static int close_faces(void **state)
{
	(void)state;
	faces_close(faces);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(passes_drawn_portraits),
	        cmocka_unit_test(names_each_defect),
	        cmocka_unit_test(looks_at_the_file_alone_when_told),
	        cmocka_unit_test(refuses_files_that_cannot_be_printed),
	        cmocka_unit_test(holds_the_file_to_the_density_it_states),
	        cmocka_unit_test(reads_replies_strictly),
	};
	return cmocka_run_group_tests(tests, open_faces, close_faces);
}
