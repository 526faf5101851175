#include "host/print/face_ornament.h"
#include "host/print/face_sides.h"

#include <math.h>

static void fill_gradient(
        cairo_t *cr, cairo_pattern_t *pattern, const uint32_t *stops, int count)
{
	for (int i = 0; i < count; i++)
		cairo_pattern_add_color_stop_rgb(pattern,
		        (double)i / (count - 1),
		        (stops[i] >> 16 & 0xff) / 255.0,
		        (stops[i] >> 8 & 0xff) / 255.0,
		        (stops[i] & 0xff) / 255.0);
	cairo_set_source(cr, pattern);
	cairo_fill(cr);
	cairo_pattern_destroy(pattern);
}

void face_paper(struct brush *b, struct box star)
{
	static const uint32_t stops[] = {0xfffaf0, 0xfdf3e1, 0xf8e6c9};
	const struct rosette great = {.x = star.x,
	        .y = star.y,
	        .radius = star.width,
	        .petals = 5,
	        .lines = 34,
	        .inner = 0.46,
	        .ripple = 0.05,
	        .twist = 0.63};
	const struct rosette heart = {.x = star.x,
	        .y = star.y,
	        .radius = star.width * 0.3,
	        .petals = 10,
	        .lines = 14,
	        .inner = 0.75,
	        .ripple = 0.08,
	        .twist = 0.31};

	cairo_rectangle(b->cr, 0, 0, FACE_WIDTH, FACE_HEIGHT);
	fill_gradient(b->cr,
	        cairo_pattern_create_linear(0, 0, FACE_WIDTH, FACE_HEIGHT),
	        stops, 3);
	cairo_set_line_width(b->cr, 0.9);
	brush_ink(b, 0xc8322b, 0.17);
	ornament_rosette(b->cr, &great);
	brush_ink(b, 0xc08a2d, 0.28);
	ornament_rosette(b->cr, &heart);
}

static void band_edge(cairo_t *cr, double height)
{
	cairo_line_to(cr, FACE_WIDTH, height);
	cairo_curve_to(cr, FACE_WIDTH * 0.70, height + 16, FACE_WIDTH * 0.34,
	        height - 16, 0, height + 2);
}

void face_band(struct brush *b, double height)
{
	static const uint32_t stops[] = {0x8f0a10, 0xb81218, 0xd2231d};
	const struct box waves = {0, height * 0.10, FACE_WIDTH, height * 0.8};
	cairo_t *cr = b->cr;

	cairo_save(cr);
	cairo_move_to(cr, 0, 0);
	cairo_line_to(cr, FACE_WIDTH, 0);
	band_edge(cr, height);
	cairo_close_path(cr);
	cairo_clip_preserve(cr);
	fill_gradient(
	        cr, cairo_pattern_create_linear(0, 0, FACE_WIDTH, 0), stops, 3);
	cairo_set_line_width(cr, 0.8);
	brush_ink(b, FACE_INK_PALE_GOLD, 0.17);
	ornament_waves(cr, waves, 14, 520);
	cairo_restore(cr);
	for (int i = 0; i < 2; i++) {
		cairo_set_line_width(cr, i ? 1.2 : 3.4);
		brush_ink(b, i ? 0xd9b25f : FACE_INK_GOLD, 1);
		cairo_new_path(cr);
		band_edge(cr, height + 7 * i);
		cairo_stroke(cr);
	}
}

void face_training_mark(struct brush *b, double x, double y, double size)
{
	const struct type mark = {
	        FACE_SANS_BOLD, FACE_CENTRE, size, 0, size / 16, 0};
	const struct box where = {-FACE_WIDTH, size / 3, 2 * FACE_WIDTH, 0};
	cairo_t *cr = b->cr;

	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, -atan2(FACE_HEIGHT, FACE_WIDTH) * 0.8);
	brush_outline(b, "样卡 TRAINING", &mark, where);
	brush_ink(b, 0x24408e, 0.24);
	cairo_fill_preserve(cr);
	cairo_set_line_width(cr, 1.5);
	brush_ink(b, 0xffffff, 0.5);
	cairo_stroke(cr);
	cairo_restore(cr);
}
