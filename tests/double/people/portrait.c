#include "tests/double/people/portrait.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <cairo.h>
#include <jpeglib.h>

enum { W = 352, H = 440, LEAST = 21 * 1024, MOST = 49 * 1024 };

static const double NEARER = 1.15;

struct look {
	cairo_t *cr;
	const struct portrait *who;
	uint64_t random;
	double skin[3], hair[3], cloth[3];
	double face_w, face_h, x, y; /* x, y: middle of the face */
};

static double next(struct look *l)
{
	l->random ^= l->random << 13;
	l->random ^= l->random >> 7;
	l->random ^= l->random << 17;
	return (double)(l->random >> 11) / (double)(1ULL << 53);
}

static double between(struct look *l, double a, double b)
{
	return a + (b - a) * next(l);
}

static void ink(struct look *l, const double c[3], double shade, double alpha)
{
	cairo_set_source_rgba(l->cr, fmin(1, c[0] * shade),
	        fmin(1, c[1] * shade), fmin(1, c[2] * shade), alpha);
}

static void oval(struct look *l, double x, double y, double rx, double ry)
{
	cairo_save(l->cr);
	cairo_translate(l->cr, x, y);
	cairo_scale(l->cr, rx, ry);
	cairo_new_sub_path(l->cr);
	cairo_arc(l->cr, 0, 0, 1, 0, 2 * M_PI);
	cairo_restore(l->cr);
}

static void shade(struct look *l, const double c[3], double x, double y,
        double r, double light, double dark)
{
	cairo_pattern_t *p = cairo_pattern_create_radial(
	        x - r * 0.25, y - r * 0.3, r * 0.1, x, y, r);

	cairo_pattern_add_color_stop_rgb(p, 0, fmin(1, c[0] * light),
	        fmin(1, c[1] * light), fmin(1, c[2] * light));
	cairo_pattern_add_color_stop_rgb(p, 0.6, c[0], c[1], c[2]);
	cairo_pattern_add_color_stop_rgb(
	        p, 1, c[0] * dark, c[1] * dark, c[2] * dark);
	cairo_set_source(l->cr, p);
	cairo_pattern_destroy(p);
}

static void choose(struct look *l)
{
	static const double skins[][3] = {{0.95, 0.81, 0.69},
	        {0.91, 0.75, 0.62}, {0.86, 0.69, 0.55}, {0.96, 0.84, 0.74}};
	static const double cloths[][3] = {{0.16, 0.20, 0.32},
	        {0.20, 0.22, 0.24}, {0.33, 0.14, 0.18}, {0.13, 0.27, 0.25},
	        {0.27, 0.22, 0.34}, {0.30, 0.25, 0.19}};
	double grey = fmin(1, fmax(0, (l->who->age - 42.0) / 34)) *
	              between(l, 0.6, 1.0);
	int s = (int)(next(l) * 4), c = (int)(next(l) * 6);

	for (int i = 0; i < 3; i++) {
		l->skin[i] = skins[s][i];
		l->cloth[i] = cloths[c][i];
		l->hair[i] = (i == 0          ? 0.13
		                     : i == 1 ? 0.105
		                              : 0.095) *
		                     (1 - grey) +
		             0.74 * grey;
	}
	l->face_w = between(l, 78, 88) - (l->who->female ? 5 : 0);
	l->face_h = between(l, 108, 118);
	l->x = W / 2.0;
	l->y = 196;
}

static void back_hair(struct look *l)
{
	cairo_t *cr = l->cr;
	double w = l->face_w + 17, low = l->y + between(l, 60, 138);

	if (!l->who->female)
		return;
	cairo_new_path(cr);
	cairo_move_to(cr, l->x - w, l->y);
	cairo_curve_to(cr, l->x - w - 2, l->y - 160, l->x + w + 2, l->y - 160,
	        l->x + w, l->y);
	cairo_curve_to(cr, l->x + w + 6, low - 30, l->x + w + 2, low,
	        l->x + w - 26, low + 4);
	cairo_line_to(cr, l->x - w + 26, low + 4);
	cairo_curve_to(
	        cr, l->x - w - 2, low, l->x - w - 6, low - 30, l->x - w, l->y);
	ink(l, l->hair, 0.85, 1);
	cairo_fill(cr);
}

static void neck(struct look *l)
{
	cairo_t *cr = l->cr;
	double w = l->who->female ? 31 : 39;

	cairo_move_to(cr, l->x - w, l->y + 60);
	cairo_line_to(cr, l->x + w, l->y + 60);
	cairo_curve_to(cr, l->x + w, l->y + 140, l->x + w + 12, l->y + 150,
	        l->x + w + 30, l->y + 166);
	cairo_line_to(cr, l->x, l->y + 205);
	cairo_line_to(cr, l->x - w - 30, l->y + 166);
	cairo_curve_to(cr, l->x - w - 12, l->y + 150, l->x - w, l->y + 140,
	        l->x - w, l->y + 60);
	shade(l, l->skin, l->x, l->y + 150, 90, 0.95, 0.75);
	cairo_fill(cr);
	oval(l, l->x, l->y + 100, w, 26);
	ink(l, l->skin, 0.72, 0.5);
	cairo_fill(cr);
}

/* What shows between the collar's wings. */
static void shirt(struct look *l)
{
	static const double cloth[3] = {0.55, 0.62, 0.70};
	cairo_t *cr = l->cr;
	double top = l->y + 128;

	cairo_move_to(cr, l->x - 42, top + 20);
	cairo_line_to(cr, l->x, top + 62);
	cairo_line_to(cr, l->x + 42, top + 20);
	cairo_line_to(cr, l->x + 44, top + 100);
	cairo_line_to(cr, l->x - 44, top + 100);
	cairo_close_path(cr);
	shade(l, cloth, l->x, top + 60, 70, 1.1, 0.85);
	cairo_fill(cr);
}

static void weave(struct look *l)
{
	cairo_t *cr = l->cr;

	cairo_set_line_width(cr, 0.8);
	for (int i = -H; i < W; i += 4) {
		ink(l, l->cloth, between(l, 1.1, 1.5), 0.35);
		cairo_move_to(cr, i, H);
		cairo_line_to(cr, i + 160, H - 160);
		cairo_stroke(cr);
	}
}

static void clothes(struct look *l)
{
	cairo_t *cr = l->cr;
	double top = l->y + 146, v = l->who->female ? 22 : 32;

	cairo_new_path(cr);
	cairo_move_to(cr, 6, H);
	cairo_curve_to(cr, 12, H - 62, 60, top + 34, l->x - 56, top + 8);
	cairo_line_to(cr, l->x - v - 6, top);
	cairo_line_to(cr, l->x, top + 66);
	cairo_line_to(cr, l->x + v + 6, top);
	cairo_line_to(cr, l->x + 56, top + 8);
	cairo_curve_to(cr, W - 60, top + 34, W - 12, H - 62, W - 6, H);
	cairo_close_path(cr);
	cairo_save(cr);
	shade(l, l->cloth, l->x, top + 90, 220, 1.5, 0.7);
	cairo_fill_preserve(cr);
	cairo_clip(cr);
	weave(l);
	cairo_restore(cr);
	for (int side = -1; side <= 1; side += 2) {
		cairo_move_to(cr, l->x + side * (v + 6), top - 4);
		cairo_line_to(cr, l->x, top + 68);
		cairo_line_to(cr, l->x + side * 34, top + 58);
		cairo_line_to(cr, l->x + side * (v + 30), top + 4);
		cairo_close_path(cr);
		ink(l, l->cloth, 1.35, 1);
		cairo_fill_preserve(cr);
		cairo_set_line_width(cr, 1.2);
		ink(l, l->cloth, 0.6, 1);
		cairo_stroke(cr);
	}
}

static void head(struct look *l)
{
	cairo_t *cr = l->cr;
	double w = l->face_w, h = l->face_h, jaw = l->who->female ? 0.50 : 0.62;

	for (int side = -1; side <= 1; side += 2) {
		oval(l, l->x + side * (w + 2), l->y + 8, 13, 25);
		ink(l, l->skin, 0.93, 1);
		cairo_fill(cr);
		oval(l, l->x + side * (w + 3), l->y + 9, 6, 15);
		ink(l, l->skin, 0.78, 0.8);
		cairo_fill(cr);
	}
	cairo_new_path(cr);
	cairo_move_to(cr, l->x - w, l->y - 10);
	cairo_curve_to(cr, l->x - w, l->y - h * 1.25, l->x + w, l->y - h * 1.25,
	        l->x + w, l->y - 10);
	cairo_curve_to(cr, l->x + w, l->y + h * 0.55, l->x + w * jaw, l->y + h,
	        l->x, l->y + h);
	cairo_curve_to(cr, l->x - w * jaw, l->y + h, l->x - w, l->y + h * 0.55,
	        l->x - w, l->y - 10);
	shade(l, l->skin, l->x, l->y + 6, h * 1.25, 1.05, 0.84);
	cairo_fill(cr);
}

static void strands(struct look *l, double left, double right, double low)
{
	cairo_set_line_width(l->cr, 1);
	for (int i = 0; i < 150; i++) {
		double x = between(l, left, right);
		double bend = (x - l->x) * 0.35;

		ink(l, l->hair, between(l, 0.7, 2.1), 0.4);
		cairo_move_to(l->cr, l->x + (x - l->x) * 0.35, l->y - 150);
		cairo_curve_to(l->cr, x - bend * 0.2, l->y - 120, x + bend,
		        l->y - 80, x + bend, low);
		cairo_stroke(l->cr);
	}
}

static void front_hair(struct look *l)
{
	cairo_t *cr = l->cr;
	double w = l->face_w + (l->who->female ? 12 : 4);
	double side = l->y + (l->who->female ? 44 : -16);
	double line = l->y - between(l, 62, 74), part = between(l, -38, 38);

	cairo_save(cr);
	cairo_new_path(cr);
	cairo_move_to(cr, l->x - w, side);
	cairo_curve_to(cr, l->x - w - 8, l->y - 178, l->x + w + 8, l->y - 178,
	        l->x + w, side);
	cairo_curve_to(cr, l->x + w - 10, l->y - 34, l->x + w - 14, line + 14,
	        l->x + part + 26, line - 6);
	cairo_curve_to(cr, l->x + part, line - 16, l->x - w * 0.6, line + 4,
	        l->x - w + 14, line + 26);
	cairo_curve_to(cr, l->x - w + 8, l->y - 40, l->x - w + 8, l->y - 20,
	        l->x - w, side);
	shade(l, l->hair, l->x - 20, l->y - 110, 120, 1.9, 0.8);
	cairo_fill_preserve(cr);
	cairo_clip(cr);
	strands(l, l->x - w, l->x + w, l->y - 20);
	cairo_restore(cr);
}

static void eye(struct look *l, double x, double y)
{
	static const double white[3] = {0.98, 0.97, 0.95};
	static const double iris[3] = {0.20, 0.13, 0.09};
	static const double black[3] = {0.06, 0.05, 0.05};
	cairo_t *cr = l->cr;

	cairo_save(cr);
	cairo_new_path(cr);
	cairo_move_to(cr, x - 17, y + 2);
	cairo_curve_to(cr, x - 8, y - 11, x + 8, y - 11, x + 17, y + 1);
	cairo_curve_to(cr, x + 8, y + 8, x - 8, y + 8, x - 17, y + 2);
	ink(l, white, 1, 1);
	cairo_fill_preserve(cr);
	cairo_clip(cr);
	oval(l, x, y - 1, 8, 8);
	ink(l, iris, 1, 1);
	cairo_fill(cr);
	oval(l, x, y - 1, 4, 4);
	ink(l, black, 1, 1);
	cairo_fill(cr);
	oval(l, x - 3, y - 4, 2, 2);
	ink(l, white, 1, 1);
	cairo_fill(cr);
	cairo_restore(cr);
	cairo_set_line_width(cr, 2.4);
	cairo_move_to(cr, x - 18, y + 2);
	cairo_curve_to(cr, x - 8, y - 12, x + 8, y - 12, x + 18, y + 1);
	ink(l, black, 1, 0.9);
	cairo_stroke(cr);
}

static void brow(struct look *l, double x, double y, int side)
{
	cairo_t *cr = l->cr;
	double thick = l->who->female ? 4 : 6.5;

	cairo_new_path(cr);
	cairo_move_to(cr, x - side * 20, y + 1);
	cairo_curve_to(cr, x - side * 6, y - 6, x + side * 10, y - 7,
	        x + side * 25, y + 3);
	cairo_curve_to(cr, x + side * 10, y - 7 + thick, x - side * 6,
	        y - 4 + thick, x - side * 20, y + 1 + thick);
	cairo_close_path(cr);
	ink(l, l->hair, 0.9, 0.9);
	cairo_fill(cr);
}

static void glasses(struct look *l, double y)
{
	static const double frame[3] = {0.16, 0.14, 0.14};
	cairo_t *cr = l->cr;

	cairo_set_line_width(cr, 2.6);
	ink(l, frame, 1, 1);
	for (int side = -1; side <= 1; side += 2) {
		oval(l, l->x + side * 36, y, 27, 21);
		cairo_stroke(cr);
		cairo_move_to(cr, l->x + side * 63, y - 4);
		cairo_line_to(cr, l->x + side * l->face_w, y - 8);
		cairo_stroke(cr);
	}
	cairo_move_to(cr, l->x - 9, y - 3);
	cairo_curve_to(cr, l->x - 4, y - 8, l->x + 4, y - 8, l->x + 9, y - 3);
	cairo_stroke(cr);
}

static void nose_and_mouth(struct look *l)
{
	static const double lips[3] = {0.74, 0.40, 0.37};
	cairo_t *cr = l->cr;
	double y = l->y + 40, m = l->y + 68;

	cairo_set_line_width(cr, 2);
	ink(l, l->skin, 0.70, 0.8);
	cairo_move_to(cr, l->x - 14, y - 4);
	cairo_curve_to(cr, l->x - 12, y + 8, l->x - 5, y + 4, l->x, y + 7);
	cairo_curve_to(cr, l->x + 5, y + 4, l->x + 12, y + 8, l->x + 14, y - 4);
	cairo_stroke(cr);
	oval(l, l->x - 4, y - 14, 4, 18);
	ink(l, l->skin, 1.1, 0.35);
	cairo_fill(cr);
	cairo_new_path(cr);
	cairo_move_to(cr, l->x - 25, m);
	cairo_curve_to(cr, l->x - 12, m - 8, l->x - 4, m - 6, l->x, m - 4);
	cairo_curve_to(cr, l->x + 4, m - 6, l->x + 12, m - 8, l->x + 25, m);
	cairo_curve_to(cr, l->x + 12, m + 13, l->x - 12, m + 13, l->x - 25, m);
	ink(l, lips, l->who->female ? 1.08 : 1, l->who->female ? 0.95 : 0.7);
	cairo_fill(cr);
	cairo_move_to(cr, l->x - 25, m);
	cairo_curve_to(cr, l->x - 8, m + 4, l->x + 8, m + 4, l->x + 25, m);
	cairo_set_line_width(cr, 1.6);
	ink(l, lips, 0.6, 0.9);
	cairo_stroke(cr);
}

static void age_lines(struct look *l)
{
	cairo_t *cr = l->cr;
	double deep = fmin(0.5, fmax(0, (l->who->age - 45.0) / 80));

	cairo_set_line_width(cr, 1.5);
	for (int side = -1; side <= 1; side += 2) {
		ink(l, l->skin, 0.7, deep);
		cairo_move_to(cr, l->x + side * 20, l->y + 42);
		cairo_curve_to(cr, l->x + side * 34, l->y + 52,
		        l->x + side * 36, l->y + 66, l->x + side * 35,
		        l->y + 76);
		cairo_stroke(cr);
		cairo_move_to(cr, l->x + side * 22, l->y + 12);
		cairo_curve_to(cr, l->x + side * 32, l->y + 18,
		        l->x + side * 44, l->y + 16, l->x + side * 50,
		        l->y + 10);
		cairo_stroke(cr);
	}
	for (int i = 0; i < 3; i++) {
		cairo_move_to(cr, l->x - 40, l->y - 50 + 9 * i);
		cairo_curve_to(cr, l->x - 14, l->y - 56 + 9 * i, l->x + 14,
		        l->y - 56 + 9 * i, l->x + 40, l->y - 50 + 9 * i);
		ink(l, l->skin, 0.72, deep * 0.7);
		cairo_stroke(cr);
	}
}

static void mark(struct look *l)
{
	static const double pale[3] = {0.93, 0.90, 0.80};

	cairo_select_font_face(l->cr, "Noto Sans CJK SC",
	        CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(l->cr, 15);
	cairo_move_to(l->cr, l->x + 62, H - 12);
	ink(l, pale, 1, 0.9);
	cairo_show_text(l->cr, "生成 GEN");
}

static void draw(struct look *l)
{
	double eyes;

	cairo_set_source_rgb(l->cr, 1, 1, 1);
	cairo_paint(l->cr);
	cairo_set_line_cap(l->cr, CAIRO_LINE_CAP_ROUND);
	choose(l);
	/* so that the head fills two thirds of the height */
	cairo_save(l->cr);
	cairo_translate(l->cr, W / 2.0, H / 2.0);
	cairo_scale(l->cr, NEARER, NEARER);
	cairo_translate(l->cr, -W / 2.0, -H / 2.0);
	eyes = l->y - 2;
	back_hair(l);
	neck(l);
	shirt(l);
	clothes(l);
	head(l);
	age_lines(l);
	for (int side = -1; side <= 1; side += 2) {
		eye(l, l->x + side * 36, eyes);
		brow(l, l->x + side * 36, eyes - 27, side);
	}
	nose_and_mouth(l);
	front_hair(l);
	if (next(l) < 0.28)
		glasses(l, eyes + 2);
	cairo_restore(l->cr);
	mark(l);
}

static void set_jpeg(struct jpeg_compress_struct *jpeg, int quality)
{
	jpeg->image_width = W;
	jpeg->image_height = H;
	jpeg->input_components = 3;
	jpeg->in_color_space = JCS_RGB;
	jpeg_set_defaults(jpeg);
	jpeg_set_quality(jpeg, quality, TRUE);
	if (quality > 96) /* full colour resolution: more bytes */
		jpeg->comp_info[0].h_samp_factor =
		        jpeg->comp_info[0].v_samp_factor = 1;
	jpeg->density_unit = 1;
	jpeg->X_density = jpeg->Y_density = 300;
}

static uint8_t *encode(const uint32_t *dots, int quality, size_t *ret_len)
{
	static const char comment[] = "generated drawing, not a person";
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long len = 0;
	uint8_t row[W * 3], *rows[] = {row};

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &out, &len);
	set_jpeg(&jpeg, quality);
	jpeg_start_compress(&jpeg, TRUE);
	jpeg_write_marker(
	        &jpeg, JPEG_COM, (const JOCTET *)comment, sizeof(comment) - 1);
	for (int y = 0; y < H; y++) {
		for (int x = 0; x < W; x++) {
			row[3 * x] = dots[y * W + x] >> 16 & 0xff;
			row[3 * x + 1] = dots[y * W + x] >> 8 & 0xff;
			row[3 * x + 2] = dots[y * W + x] & 0xff;
		}
		(void)jpeg_write_scanlines(&jpeg, rows, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	*ret_len = len;
	return out;
}

uint8_t *portrait_encode(const uint32_t *dots, size_t *ret_len)
{
	uint8_t *jpeg = NULL;
	size_t len = 0;

	for (int quality = 88; quality <= 100 && len < LEAST; quality++) {
		free(jpeg);
		jpeg = encode(dots, quality, &len);
	}
	if (len < LEAST || len > MOST) {
		free(jpeg);
		return NULL;
	}
	*ret_len = len;
	return jpeg;
}

uint8_t *portrait_draw(const struct portrait *who, size_t *ret_len)
{
	cairo_surface_t *surface =
	        cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
	struct look l = {.cr = cairo_create(surface),
	        .who = who,
	        .random = who->seed * 0x9e3779b97f4a7c15ULL | 1};
	uint8_t *jpeg = NULL;
	size_t len = 0;

	for (int i = 0; i < 16; i++)
		(void)next(&l);
	draw(&l);
	cairo_destroy(l.cr);
	cairo_surface_flush(surface);
	jpeg = portrait_encode(
	        (const uint32_t *)(const void *)cairo_image_surface_get_data(
	                surface),
	        &len);
	cairo_surface_destroy(surface);
	if (jpeg)
		*ret_len = len;
	return jpeg;
}
