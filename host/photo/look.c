#include "host/photo/look.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/photo/measure.h"
#include "host/photo/picture.h"

/* JFIF 1.02, the APP0 segment that follows the start: dots an inch. */
static int64_t dpi_of(struct span jpeg)
{
	static const uint8_t jfif[] = {'J', 'F', 'I', 'F', 0};
	struct reader r;
	reader_init(&r, jpeg);
	(void)reader_get_span(&r, 2); /* start of image */
	if (reader_get_u8(&r) != 0xFF || reader_get_u8(&r) != 0xE0)
		return 0;
	(void)reader_get_u16(&r); /* length */
	if (!span_equal(reader_get_span(&r, sizeof jfif),
	            span_of(jfif, sizeof jfif)))
		return 0;
	(void)reader_get_u16(&r); /* version */
	uint8_t unit = reader_get_u8(&r);
	int64_t density = reader_get_u16(&r);
	if (r.error || unit == 0)
		return 0;
	return unit == 1 ? density : (density * 254 + 50) / 100;
}

static int look_at_face(struct faces *faces, struct photo_dots *dots,
        struct photo_reply *reply, uint8_t **ret_picture)
{
	_free_ uint8_t *grey = measure_grey(dots);
	struct measure_scene scene = {.dots = dots, .grey = grey};
	size_t len = 0;
	if (!grey)
		return HUFU_ERR_MEMORY;
	int r = faces_find(
	        faces, grey, dots->width, dots->height, &scene.found);
	if (r)
		return r;
	measure_scene(&scene, reply->measure);
	reply->fault = (int)measure_judge(reply->measure);
	r = picture_draw(dots, &scene, reply->fault == 0, ret_picture, &len);
	if (r == HUFU_OK)
		reply->picture = span_of(*ret_picture, len);
	return r;
}

static int look(struct faces *faces, struct span jpeg,
        struct photo_reply *reply, uint8_t **ret_picture)
{
	struct photo_dots dots = {0};
	int fault = photo_check(jpeg, NULL);
	if (fault < 0)
		return fault;
	reply->fault = fault;
	/* what cannot be printed is not looked at */
	if (fault && fault != PHOTO_BACKGROUND)
		return HUFU_OK;
	int r = photo_decode(jpeg, &dots);
	if (r)
		return r;
	reply->measure[PHOTO_M_WIDTH] = dots.width;
	reply->measure[PHOTO_M_HEIGHT] = dots.height;
	reply->measure[PHOTO_M_DPI] = dpi_of(jpeg);
	if (faces)
		r = look_at_face(faces, &dots, reply, ret_picture);
	photo_dots_done(&dots);
	return r;
}

int photo_look(
        struct faces *faces, struct span request, struct writer *ret_reply)
{
	_free_ uint8_t *picture = NULL;
	struct photo_reply reply = {0};
	struct reader in;
	reader_init(&in, request);
	int how = reader_get_u8(&in);
	if (in.error || (how != PHOTO_FILE && how != PHOTO_FACE) ||
	        (how == PHOTO_FACE && !faces))
		return HUFU_ERR_ARGUMENT;
	struct span jpeg = reader_get_span(&in, request.len - 1);
	for (int i = 0; i < PHOTO_MEASURES; i++)
		reply.measure[i] = PHOTO_UNMEASURED;
	reply.measure[PHOTO_M_BYTES] = (int64_t)jpeg.len;
	int r = look(how == PHOTO_FACE ? faces : NULL, jpeg, &reply, &picture);
	if (r)
		return r;
	photo_reply_encode(ret_reply, &reply);
	return ret_reply->error;
}
