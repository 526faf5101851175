#include "tests/double/people/defect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <jpeglib.h>

enum {
	W = PORTRAIT_WIDTH,
	H = PORTRAIT_HEIGHT,
	BLUR_ROUNDS = 12,
	GRAIN = 2, /* smooth pictures would be too few bytes */
};

static const char *const names[DEFECTS] = {"none", "no-face", "two-faces",
        "tilted", "turned", "small", "large", "off-centre", "blurred", "grey",
        "dark", "bright", "light-clothes", "eyes-covered"};

const char *defect_name(enum defect defect)
{
	return names[defect];
}

/* Of our own JPEG, so nothing can be wrong with it. */
static void decode(const uint8_t *in, size_t len, uint32_t *dots)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t row[W * 3], *rows[] = {row};

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, in, len);
	(void)jpeg_read_header(&jpeg, TRUE);
	(void)jpeg_start_decompress(&jpeg);
	for (int y = 0; y < H; y++) {
		(void)jpeg_read_scanlines(&jpeg, rows, 1);
		for (int x = 0; x < W; x++)
			dots[y * W + x] = (uint32_t)row[3 * x] << 16 |
			                  (uint32_t)row[3 * x + 1] << 8 |
			                  row[3 * x + 2];
	}
	(void)jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
}

static cairo_surface_t *surface_of(uint32_t *dots)
{
	return cairo_image_surface_create_for_data(
	        (unsigned char *)(void *)dots, CAIRO_FORMAT_RGB24, W, H, W * 4);
}

struct place {
	double x, y, scale, turn; /* of the picture's middle */
};

static void paint(cairo_t *cr, uint32_t *dots, const struct place *at)
{
	cairo_surface_t *source = surface_of(dots);

	cairo_save(cr);
	cairo_translate(cr, at->x, at->y);
	cairo_rotate(cr, at->turn * M_PI / 180);
	cairo_scale(cr, at->scale, at->scale);
	cairo_translate(cr, -W / 2.0, -H / 2.0);
	cairo_set_source_surface(cr, source, 0, 0);
	cairo_paint(cr);
	cairo_restore(cr);
	cairo_surface_destroy(source);
}

static void place(uint32_t *dots, const struct place *at, int count)
{
	uint32_t *copy = malloc(sizeof(*copy) * W * H);
	cairo_surface_t *out = surface_of(dots);
	cairo_t *cr = cairo_create(out);

	if (copy) {
		memcpy(copy, dots, sizeof(*copy) * W * H);
		cairo_set_source_rgb(cr, 1, 1, 1);
		cairo_paint(cr);
		for (int i = 0; i < count; i++)
			paint(cr, copy, &at[i]);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(out);
	free(copy);
}

static uint32_t mix(uint32_t c, double by, double plus)
{
	uint32_t out = 0;

	for (int shift = 16; shift >= 0; shift -= 8) {
		double v = (double)(c >> shift & 0xff) * by + plus;

		out |= (uint32_t)fmin(255, fmax(0, v)) << shift;
	}
	return out;
}

static bool is_ground(uint32_t c)
{
	return (c >> 16 & 0xff) > 240 && (c >> 8 & 0xff) > 240 &&
	       (c & 0xff) > 240;
}

static void blur(uint32_t *dots)
{
	for (int round = 0; round < BLUR_ROUNDS; round++)
		for (int y = 1; y + 1 < H; y++)
			for (int x = 1; x + 1 < W; x++) {
				uint32_t sum[3] = {0}, *at = dots + y * W + x;

				for (int dy = -1; dy <= 1; dy++)
					for (int dx = -1; dx <= 1; dx++)
						for (int i = 0; i < 3; i++)
							sum[i] +=
							        at[dy * W +
							                dx] >>
							                8 * i &
							        0xff;
				*at = sum[2] / 9 << 16 | sum[1] / 9 << 8 |
				      sum[0] / 9;
			}
}

static void recolour(uint32_t *dots, enum defect defect)
{
	for (int i = 0; i < W * H; i++) {
		if (defect == DEFECT_GREY && is_ground(dots[i]))
			dots[i] = 0xB8BCC0;
		if (defect == DEFECT_DARK && !is_ground(dots[i]))
			dots[i] = mix(dots[i], 0.22, 0);
		if (defect == DEFECT_BRIGHT && !is_ground(dots[i]))
			dots[i] = mix(dots[i], 1.4, 40);
		if (defect == DEFECT_LIGHT_CLOTHES && i / W > H - 90)
			dots[i] = mix(dots[i], 0.12, 220);
	}
}

static void draw_over(uint32_t *dots, enum defect defect)
{
	cairo_surface_t *out = surface_of(dots);
	cairo_t *cr = cairo_create(out);

	if (defect == DEFECT_NO_FACE) { /* a coat without anybody in it */
		cairo_set_source_rgb(cr, 1, 1, 1);
		cairo_rectangle(cr, 0, 0, W, H * 0.8);
	} else { /* one dark bar of a frame */
		cairo_set_source_rgb(cr, 0.45, 0.38, 0.34);
		cairo_rectangle(cr, W * 0.28, H * 0.408, W * 0.44, H * 0.05);
	}
	cairo_fill(cr);
	cairo_destroy(cr);
	cairo_surface_destroy(out);
}

static void spoil(uint32_t *dots, enum defect defect)
{
	static const struct place tilted = {W / 2.0, H / 2.0, 1, 10};
	static const struct place turned = {W / 2.0, H / 2.0, 1, 32};
	static const struct place small = {W / 2.0, H - H * 0.35, 0.7, 0};
	static const struct place large = {W / 2.0, H * 0.60, 1.3, 0};
	static const struct place aside = {W / 2.0 + 42, H / 2.0, 1, 0};
	static const struct place two[] = {{W * 0.27, H - H * 0.25, 0.5, 0},
	        {W * 0.73, H - H * 0.25, 0.5, 0}};

	switch (defect) {
	case DEFECT_TWO_FACES:
		place(dots, two, 2);
		break;
	case DEFECT_TILTED:
		place(dots, &tilted, 1);
		break;
	case DEFECT_TURNED:
		place(dots, &turned, 1);
		break;
	case DEFECT_SMALL:
		place(dots, &small, 1);
		break;
	case DEFECT_LARGE:
		place(dots, &large, 1);
		break;
	case DEFECT_OFF_CENTRE:
		place(dots, &aside, 1);
		break;
	case DEFECT_BLURRED:
		blur(dots);
		break;
	case DEFECT_NO_FACE:
	case DEFECT_EYES_COVERED:
		draw_over(dots, defect);
		break;
	default:
		recolour(dots, defect);
	}
}

static void grain(uint32_t *dots, uint64_t seed)
{
	uint64_t random = seed * 0x9e3779b97f4a7c15ULL | 1;

	for (int i = 0; i < W * H; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		dots[i] = mix(dots[i], 1,
		        (double)(random >> 40) / (1 << 23) * GRAIN - GRAIN);
	}
}

uint8_t *defect_draw(
        const struct portrait *who, enum defect defect, size_t *ret_len)
{
	size_t len = 0;
	uint8_t *jpeg = portrait_draw(who, &len), *out = NULL;
	uint32_t *dots = calloc((size_t)W * H, sizeof(*dots));

	if (jpeg && dots) {
		decode(jpeg, len, dots);
		spoil(dots, defect);
		out = portrait_encode(dots, ret_len);
		if (!out) {
			grain(dots, who->seed);
			out = portrait_encode(dots, ret_len);
		}
	}
	free(dots);
	free(jpeg);
	return out;
}
