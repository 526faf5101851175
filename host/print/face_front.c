#include "host/print/face_ornament.h"
#include "host/print/face_sides.h"

#include <glib.h>
#include <stdio.h>

#include "host/print/photo_decode.h"

enum { BAND = 128, PHOTO_X = 50, PHOTO_Y = 168, PHOTO_W = 288, PHOTO_H = 360 };
enum { LABEL_X = 384, VALUE_X = 504, VALUE_END = 969 };

static const struct {
	const char *title, *english, *word;
} KINDS[] = {
        [FACE_KIND_VETERAN] = {"退役军人优待证",
                "PREFERENTIAL TREATMENT CARD FOR VETERANS", "退役军人"},
        [FACE_KIND_FAMILY] = {"烈士、因公牺牲军人、病故军人遗属优待证",
                "PREFERENTIAL TREATMENT CARD FOR BEREAVED FAMILIES", "三属"},
        [FACE_KIND_LOCAL] = {"优待证", "LOCAL PREFERENTIAL TREATMENT CARD",
                "地方优待"},
};

static void draw_title(struct brush *b, enum face_kind kind)
{
	static const struct type title = {
	        FACE_SERIF_BOLD, FACE_LEFT, 60, 30, 7, 0xfff6df};
	static const struct type english = {
	        FACE_SANS, FACE_LEFT, 19, 15, 2.2, FACE_INK_PALE_GOLD};
	const struct box where = {172, 74, 726, 0};
	const struct box below = {174, 107, 726, 0};

	brush_ink(b, 0xf7d774, 1);
	ornament_five_stars(b->cr, 44, 6, 112);
	brush_line(b, KINDS[kind].title, &title, where);
	brush_line(b, KINDS[kind].english, &english, below);
	cairo_set_line_cap(b->cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_width(b->cr, 4);
	brush_ink(b, FACE_INK_PALE_GOLD, 0.95);
	ornament_contactless(b->cr, 936, 62, 46);
	cairo_set_line_cap(b->cr, CAIRO_LINE_CAP_BUTT);
}

static void draw_label(
        struct brush *b, double x, double y, const char *zh, const char *en)
{
	static const struct type chinese = {
	        FACE_SANS, FACE_LEFT, 25, 0, 0.5, FACE_INK_LABEL};
	static const struct type english = {
	        FACE_SANS, FACE_LEFT, 16, 0, 0.3, FACE_INK_LABEL};
	const struct box upper = {x, y - 14, 120, 0};
	const struct box lower = {x, y + 7, 120, 0};

	brush_line(b, zh, &chinese, upper);
	brush_line(b, en, &english, lower);
}

static void draw_foot(struct brush *b)
{
	static const struct type motto = {
	        FACE_SERIF_BOLD, FACE_CENTRE, 24, 0, 3, FACE_INK_RED};
	const struct box under = {PHOTO_X, 573, PHOTO_W, 0};
	const struct box waves = {LABEL_X, 560, VALUE_END - LABEL_X, 26};

	brush_line(b, "一人一证 本人使用", &motto, under);
	cairo_set_line_width(b->cr, 0.9);
	brush_ink(b, FACE_INK_GOLD, 0.55);
	ornament_waves(b->cr, waves, 7, 150);
	cairo_rectangle(b->cr, 0, FACE_HEIGHT - 22, FACE_WIDTH, 22);
	brush_ink(b, FACE_INK_RED, 1);
	cairo_fill(b->cr);
	cairo_rectangle(b->cr, 0, FACE_HEIGHT - 26, FACE_WIDTH, 3);
	brush_ink(b, FACE_INK_GOLD, 1);
	cairo_fill(b->cr);
}

void face_front_ground(struct brush *b, enum face_kind kind)
{
	const struct box star = {748, 376, 268, 0};

	face_paper(b, star);
	face_band(b, BAND);
	draw_title(b, kind);
	draw_label(b, LABEL_X, 226, "姓名", "Name");
	draw_label(b, LABEL_X, 320, "性别", "Sex");
	draw_label(b, LABEL_X + 212, 320, "类别", "Kind");
	draw_label(b, LABEL_X, 388, "卡号", "Card No.");
	draw_label(b, LABEL_X, 456, "有效期", "Valid");
	draw_label(b, LABEL_X, 524, "发证单位", "Issued by");
	draw_foot(b);
}

static void group_digits(const char *digits, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%.4s %.4s %.4s %s", digits, digits + 4,
	        digits + 8, digits + 12); /* 17 digits fit */
}

static void put_date(const char *iso, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%.4s.%.2s.%.2s", iso, iso + 5, iso + 8);
}

static void draw_validity(struct brush *b, const struct face_record *r)
{
	static const struct type value = {
	        FACE_SANS, FACE_LEFT, 36, 20, 0, FACE_INK_TEXT};
	const struct box where = {VALUE_X, 456, VALUE_END - VALUE_X, 0};
	char from[16], to[16] = "长期", both[48];

	put_date(r->valid_from, from, sizeof(from));
	if (r->valid_to[0])
		put_date(r->valid_to, to, sizeof(to));
	(void)snprintf(both, sizeof(both), "%s – %s", from, to);
	brush_line(b, both, &value, where);
}

static const char *sex_word(unsigned sex)
{
	switch (sex) {
	case 1:
		return "男";
	case 2:
		return "女";
	default:
		return "—";
	}
}

static void draw_values(struct brush *b, const struct face_record *r)
{
	static const struct type name = {
	        FACE_SANS_BOLD, FACE_LEFT, 62, 24, 2, FACE_INK_TEXT};
	static const struct type value = {
	        FACE_SANS, FACE_LEFT, 36, 20, 0, FACE_INK_TEXT};
	static const struct type number = {
	        FACE_SANS_BOLD, FACE_LEFT, 40, 20, 1, FACE_INK_TEXT};
	const double width = VALUE_END - VALUE_X;
	const struct box name_box = {VALUE_X, 156, width, 108};
	const struct box sex = {VALUE_X, 320, 90, 0};
	const struct box kind = {LABEL_X + 212 + 92, 320, 281, 0};
	const struct box digits = {VALUE_X, 388, width, 0};
	const struct box issuer = {VALUE_X, 478, width, 68};
	char grouped[24];

	brush_paragraph(b, r->name, &name, name_box);
	brush_line(b, sex_word(r->sex), &value, sex);
	brush_line(b, KINDS[r->kind].word, &value, kind);
	group_digits(r->card_number, grouped, sizeof(grouped));
	brush_line(b, grouped, &number, digits);
	draw_validity(b, r);
	brush_paragraph(b, r->authority, &value, issuer);
}

static void frame_photo(struct brush *b)
{
	const struct box outer = {
	        PHOTO_X - 7, PHOTO_Y - 7, PHOTO_W + 14, PHOTO_H + 14};
	const struct box edge = {
	        PHOTO_X - 2.5, PHOTO_Y - 2.5, PHOTO_W + 5, PHOTO_H + 5};

	ornament_rounded(b->cr, outer, 10);
	brush_ink(b, 0xffffff, 1);
	cairo_fill_preserve(b->cr);
	cairo_set_line_width(b->cr, 2.6);
	brush_ink(b, FACE_INK_GOLD, 1);
	cairo_stroke(b->cr);
	ornament_rounded(b->cr, edge, 5);
	cairo_set_line_width(b->cr, 1);
	brush_ink(b, FACE_INK_GOLD, 0.5);
	cairo_stroke(b->cr);
}

static cairo_surface_t *photo_surface(
        struct brush *b, const struct face_record *r, struct photo_dots *dots)
{
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
	        (unsigned char *)dots->rgb, CAIRO_FORMAT_RGB24,
	        (int)dots->width, (int)dots->height, (int)dots->width * 4);

	/* In a PDF the photo stays the JPEG that came. */
	if (b->outlines)
		(void)cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG,
		        r->photo.data, r->photo.len, NULL, NULL);
	return surface;
}

/* Covers the frame; what stands over is cut evenly on both sides. */
static void paint_photo(
        struct brush *b, const struct face_record *r, struct photo_dots *dots)
{
	const struct box inner = {PHOTO_X, PHOTO_Y, PHOTO_W, PHOTO_H};
	double scale = MAX(
	        (double)PHOTO_W / dots->width, (double)PHOTO_H / dots->height);
	cairo_surface_t *surface = photo_surface(b, r, dots);
	cairo_t *cr = b->cr;

	cairo_save(cr);
	ornament_rounded(cr, inner, 4);
	cairo_clip(cr);
	cairo_translate(cr, PHOTO_X + (PHOTO_W - dots->width * scale) / 2,
	        PHOTO_Y + (PHOTO_H - dots->height * scale) / 2);
	cairo_scale(cr, scale, scale);
	cairo_set_source_surface(cr, surface, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
	cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
	cairo_paint(cr);
	cairo_restore(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
}

static void draw_photo(struct brush *b, const struct face_record *r)
{
	struct photo_dots dots;
	int rc = photo_decode(r->photo, &dots);

	if (rc != HUFU_OK) {
		brush_fail(b,
		        problem_set(b->problem, FACE_PHOTO, "photo-undrawable",
		                "照片无法读取。请更换照片。",
		                "The photo cannot be read. Replace it."));
		return;
	}
	frame_photo(b);
	paint_photo(b, r, &dots);
	photo_dots_done(&dots);
}

void face_front_fields(struct brush *b, const struct face_record *record)
{
	draw_photo(b, record);
	draw_values(b, record);
	if (record->training)
		face_training_mark(b, FACE_WIDTH / 2.0, FACE_HEIGHT / 2.0, 120);
}
