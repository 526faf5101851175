#include "host/print/face_draw.h"

#include <math.h>

/* Noto's own line height is 1.45 of its size: too loose for a card. */
static const double LEADING = 0.86;
static const double SHRINK = 0.96;

void brush_fail(struct brush *b, int error)
{
	if (b->error == HUFU_OK)
		b->error = error;
}

void brush_ink(struct brush *b, uint32_t rgb, double alpha)
{
	cairo_set_source_rgba(b->cr, (rgb >> 16 & 0xff) / 255.0,
	        (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0, alpha);
}

static void set_size(PangoLayout *layout, const struct type *type, double size)
{
	static const char *const families[] = {
	        [FACE_SANS] = "Noto Sans CJK SC,HanaMinA,HanaMinB",
	        [FACE_SANS_BOLD] = "Noto Sans CJK SC,HanaMinA,HanaMinB",
	        [FACE_SERIF_BOLD] = "Noto Serif CJK SC,HanaMinA,HanaMinB",
	};
	PangoFontDescription *font = pango_font_description_new();
	PangoAttrList *list = pango_attr_list_new();
	double spacing = type->spacing * size / type->size;

	pango_font_description_set_family_static(font, families[type->style]);
	if (type->style != FACE_SANS)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_attr_list_insert(list, pango_attr_letter_spacing_new((int)lround(
	                                     spacing * PANGO_SCALE)));
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
	pango_font_description_free(font);
}

static PangoLayout *new_layout(
        struct brush *b, const char *text, const struct type *type)
{
	PangoLayout *layout = pango_layout_new(b->fonts->context);

	/* A name's direction is the card's, whatever its first letter. */
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_text(layout, text, -1);
	set_size(layout, type, type->size);
	return layout;
}

static double width_of(PangoLayout *layout)
{
	int width;

	pango_layout_get_size(layout, &width, NULL);
	return (double)width / PANGO_SCALE;
}

static double height_of(PangoLayout *layout)
{
	int height;

	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static void check_glyphs(struct brush *b, PangoLayout *layout)
{
	int rc;

	if (pango_layout_get_unknown_glyphs_count(layout) == 0)
		return;
	rc = face_check_text(
	        b->fonts, pango_layout_get_text(layout), b->problem);
	brush_fail(b, rc == HUFU_OK ? FACE_UNDRAWABLE : rc);
}

static void fail_too_long(struct brush *b)
{
	brush_fail(b,
	        problem_set(b->problem, FACE_TOO_LONG, "text-too-long",
	                "文字太长，卡面印不下。请核对姓名和发证单位。",
	                "The text is too long for the card. Check the name and "
	                "the issuing unit."));
}

/* Smaller and smaller until `fits`; false at the smallest size. */
static bool shrink(PangoLayout *layout, const struct type *type,
        struct box where, bool (*fits)(PangoLayout *, struct box))
{
	double size = type->size;

	while (!fits(layout, where)) {
		if (size <= type->least || type->least <= 0)
			return false;
		size = fmax(size * SHRINK, type->least);
		set_size(layout, type, size);
	}
	return true;
}

static bool fits_width(PangoLayout *layout, struct box where)
{
	return width_of(layout) <= where.width;
}

static bool fits_box(PangoLayout *layout, struct box where)
{
	return width_of(layout) <= where.width &&
	       height_of(layout) <= where.height;
}

static double left_edge(enum face_align align, double width, struct box where)
{
	switch (align) {
	case FACE_CENTRE:
		return where.x + (where.width - width) / 2;
	case FACE_RIGHT:
		return where.x + where.width - width;
	case FACE_LEFT:
		break;
	}
	return where.x;
}

static PangoLayout *lay_line(struct brush *b, const char *text,
        const struct type *type, struct box where)
{
	PangoLayout *layout = new_layout(b, text, type);
	double width, base;

	pango_layout_set_single_paragraph_mode(layout, TRUE);
	check_glyphs(b, layout);
	if (!shrink(layout, type, where, fits_width))
		fail_too_long(b);
	/* The space after the last letter is not part of the word. */
	width = width_of(layout) - (type->align ? type->spacing : 0);
	base = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
	cairo_move_to(
	        b->cr, left_edge(type->align, width, where), where.y - base);
	return layout;
}

static void show(struct brush *b, PangoLayout *layout, uint32_t ink)
{
	brush_ink(b, ink, 1);
	if (b->outlines) {
		pango_cairo_layout_path(b->cr, layout);
		cairo_fill(b->cr);
	} else {
		pango_cairo_show_layout(b->cr, layout);
	}
	cairo_new_path(b->cr);
}

void brush_line(struct brush *b, const char *text, const struct type *type,
        struct box where)
{
	PangoLayout *layout;

	if (b->error)
		return;
	layout = lay_line(b, text, type, where);
	if (!b->error)
		show(b, layout, type->ink);
	g_object_unref(layout);
}

void brush_outline(struct brush *b, const char *text, const struct type *type,
        struct box where)
{
	PangoLayout *layout;

	if (b->error)
		return;
	layout = lay_line(b, text, type, where);
	if (!b->error)
		pango_cairo_layout_path(b->cr, layout);
	g_object_unref(layout);
}

static PangoLayout *lay_block(struct brush *b, const char *text,
        const struct type *type, struct box where)
{
	static const PangoAlignment aligns[] = {
	        [FACE_LEFT] = PANGO_ALIGN_LEFT,
	        [FACE_CENTRE] = PANGO_ALIGN_CENTER,
	        [FACE_RIGHT] = PANGO_ALIGN_RIGHT,
	};
	PangoLayout *layout = new_layout(b, text, type);

	pango_layout_set_width(layout, (int)(where.width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(layout, (float)LEADING);
	pango_layout_set_alignment(layout, aligns[type->align]);
	check_glyphs(b, layout);
	if (!shrink(layout, type, where, fits_box))
		fail_too_long(b);
	return layout;
}

void brush_paragraph(struct brush *b, const char *text, const struct type *type,
        struct box where)
{
	PangoLayout *layout;

	if (b->error)
		return;
	layout = lay_block(b, text, type, where);
	if (!b->error) {
		cairo_move_to(b->cr, where.x,
		        where.y + (where.height - height_of(layout)) / 2);
		show(b, layout, type->ink);
	}
	g_object_unref(layout);
}

double brush_column(struct brush *b, const char *text, const struct type *type,
        struct box where)
{
	PangoLayout *layout;
	double height = 0;

	if (b->error)
		return 0;
	layout = lay_block(b, text, type, where);
	if (!b->error) {
		cairo_move_to(b->cr, where.x, where.y);
		show(b, layout, type->ink);
		height = height_of(layout);
	}
	g_object_unref(layout);
	return height;
}
