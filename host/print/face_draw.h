/*
 * What the drawing of the two faces shares: fonts, a brush with a sticky
 * error, and text that shrinks or wraps but is never cut.
 */
#ifndef HOST_PRINT_FACE_DRAW_H
#define HOST_PRINT_FACE_DRAW_H

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include "host/print/face.h"

enum { FACE_GROUNDS = 8 };

struct face_fonts {
	FcConfig *config;
	PangoFontMap *map;
	PangoContext *context;
	/* Grounds drawn so far; they are the same on every card of a kind. */
	cairo_surface_t *ground[FACE_GROUNDS];
};

struct brush {
	cairo_t *cr;
	struct face_fonts *fonts;
	struct problem *problem; /* may be NULL */
	bool outlines; /* text as paths, for PDF */
	int error; /* HUFU_OK or the first failure */
};

enum face_style {
	FACE_SANS,
	FACE_SANS_BOLD,
	FACE_SERIF_BOLD,
};

enum face_align { FACE_LEFT, FACE_CENTRE, FACE_RIGHT };

struct type {
	enum face_style style;
	enum face_align align;
	double size; /* dots */
	double least; /* smallest size it may shrink to; 0: no shrinking */
	double spacing; /* between letters, dots */
	uint32_t ink; /* 0xRRGGBB */
};

struct box {
	double x, y, width, height;
};

void brush_fail(struct brush *b, int error);
void brush_ink(struct brush *b, uint32_t rgb, double alpha);

/*
 * One line whose baseline is at y, in at most box->width; the align says
 * which edge of the box it keeps to. height is not used.
 */
void brush_line(struct brush *b, const char *text, const struct type *type,
        struct box where);

/* Wrapped and shrunk until it fits, centred from top to bottom. */
void brush_paragraph(struct brush *b, const char *text, const struct type *type,
        struct box where);

/* The same from the top down; answers the height it took. */
double brush_column(struct brush *b, const char *text, const struct type *type,
        struct box where);

/* The outline of a line as a path, to be filled by the caller. */
void brush_outline(struct brush *b, const char *text, const struct type *type,
        struct box where);

/* Names the first character that cannot be drawn; HUFU_OK if all can. */
HUFU_MUST_USE int face_check_text(
        struct face_fonts *fonts, const char *text, struct problem *p);

#endif
