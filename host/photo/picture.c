#include "host/photo/picture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

enum {
	GOOD = 0x1A8A3C,
	BAD = 0xC81E1E,
	BAND = 0x2A62C8, /* where crown and chin belong */
	LINE = 2,
	QUALITY = 85,
	CROWN_PLACE = 440 / 12, /* of the band drawn: a usual margin above */
};

static void put_dot(struct photo_dots *dots, int x, int y, uint32_t colour)
{
	if (x >= 0 && y >= 0 && x < (int)dots->width && y < (int)dots->height)
		dots->rgb[(size_t)y * dots->width + (size_t)x] = colour;
}

static void put_level(
        struct photo_dots *dots, int y, int left, int right, uint32_t colour)
{
	for (int x = left; x < right; x++)
		for (int i = 0; i < LINE; i++)
			put_dot(dots, x, y + i, colour);
}

static void put_upright(
        struct photo_dots *dots, int x, int top, int bottom, uint32_t colour)
{
	for (int y = top; y < bottom; y++)
		for (int i = 0; i < LINE; i++)
			put_dot(dots, x + i, y, colour);
}

static void put_line(struct photo_dots *dots, struct faces_point a,
        struct faces_point b, uint32_t colour)
{
	enum { STEPS = 2 * PHOTO_WIDTH };
	for (int i = 0; i <= STEPS; i++) {
		double t = (double)i / STEPS;
		int x = (int)(a.x + (b.x - a.x) * t);
		int y = (int)(a.y + (b.y - a.y) * t);
		put_level(dots, y, x, x + LINE, colour);
	}
}

/* Dashes at both edges: the least and the most that a head may take. */
static void put_band(struct photo_dots *dots, int crown)
{
	int w = (int)dots->width, h = (int)dots->height;
	int top = crown >= 0 ? crown : CROWN_PLACE;
	put_level(dots, top + h * MEASURE_HEAD_MIN / 1000, 0, w / 8, BAND);
	put_level(dots, top + h * MEASURE_HEAD_MIN / 1000, w - w / 8, w, BAND);
	put_level(dots, top + h * MEASURE_HEAD_MAX / 1000, 0, w / 8, BAND);
	put_level(dots, top + h * MEASURE_HEAD_MAX / 1000, w - w / 8, w, BAND);
}

static void draw(
        struct photo_dots *dots, const struct measure_scene *s, bool good)
{
	uint32_t ink = good ? GOOD : BAD;
	int w = (int)dots->width;
	const struct faces_found *f = &s->found;
	put_band(dots, s->crown_y);
	if (f->count == 0)
		return;
	put_level(dots, f->y, f->x, f->x + f->size, ink);
	put_level(dots, f->y + f->size, f->x, f->x + f->size, ink);
	put_upright(dots, f->x, f->y, f->y + f->size, ink);
	put_upright(dots, f->x + f->size, f->y, f->y + f->size, ink);
	put_upright(dots, w / 2, 0, 16, BAND);
	if (s->crown_y >= 0)
		put_level(dots, s->crown_y, w / 4, w - w / 4, ink);
	put_level(dots, s->chin_y, w / 4, w - w / 4, ink);
	if (f->eyes == 2)
		put_line(dots, f->eye[0], f->eye[1], ink);
}

struct drawing {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf fail;
	int error; /* why `fail` was jumped to */
	unsigned char *out;
	unsigned long len;
	uint8_t row[PHOTO_WIDTH * 3];
};

static void on_error(j_common_ptr jpeg)
{
	struct drawing *d = jpeg->client_data;
	d->error = HUFU_ERR_MEMORY;
	longjmp(d->fail, 1);
}

static void on_output(j_common_ptr jpeg)
{
	(void)jpeg; /* nothing is printed on standard error */
}

static void write_rows(struct drawing *d, const struct photo_dots *dots)
{
	uint8_t *rows[] = {d->row};
	jpeg_mem_dest(&d->jpeg, &d->out, &d->len);
	d->jpeg.image_width = PHOTO_WIDTH;
	d->jpeg.image_height = PHOTO_HEIGHT;
	d->jpeg.input_components = 3;
	d->jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&d->jpeg);
	jpeg_set_quality(&d->jpeg, QUALITY, TRUE);
	jpeg_start_compress(&d->jpeg, TRUE);
	for (size_t y = 0; y < PHOTO_HEIGHT; y++) {
		for (size_t x = 0; x < PHOTO_WIDTH; x++) {
			uint32_t c = dots->rgb[y * PHOTO_WIDTH + x];
			d->row[3 * x] = c >> 16 & 0xff;
			d->row[3 * x + 1] = c >> 8 & 0xff;
			d->row[3 * x + 2] = c & 0xff;
		}
		(void)jpeg_write_scanlines(&d->jpeg, rows, 1); /* or jumps */
	}
	jpeg_finish_compress(&d->jpeg);
}

int picture_draw(struct photo_dots *dots, const struct measure_scene *scene,
        bool good, uint8_t **ret, size_t *ret_len)
{
	struct drawing *d = calloc(1, sizeof(*d));
	int error;
	if (!d)
		return HUFU_ERR_MEMORY;
	draw(dots, scene, good);
	d->jpeg.err = jpeg_std_error(&d->errors);
	d->errors.error_exit = on_error;
	d->errors.output_message = on_output;
	d->jpeg.client_data = d;
	jpeg_create_compress(&d->jpeg);
	if (setjmp(d->fail) == 0)
		write_rows(d, dots);
	jpeg_destroy_compress(&d->jpeg);
	error = d->error;
	if (error) {
		free(d->out);
	} else {
		*ret = d->out;
		*ret_len = d->len;
	}
	free(d);
	return error;
}
