/*
 * Ornaments of the card: stars, rosettes and waves of fine lines.
 */
#ifndef HOST_PRINT_FACE_ORNAMENT_H
#define HOST_PRINT_FACE_ORNAMENT_H

#include "host/print/face_draw.h"

struct rosette {
	double x, y, radius;
	unsigned petals; /* 5 gives a star */
	unsigned lines;
	double inner; /* radius between two petals; the outer is 1 */
	double ripple; /* of the lines, in the same measure */
	double twist; /* radians from the outermost line to the innermost */
};

/* A five-pointed star as a path; `turn` in radians, 0 points up. */
void ornament_star(cairo_t *cr, double x, double y, double radius, double turn);

/* One large star and four small ones around it, filled with the source. */
void ornament_five_stars(cairo_t *cr, double x, double y, double size);

/* Strokes with the current source and line width. */
void ornament_rosette(cairo_t *cr, const struct rosette *r);
void ornament_waves(
        cairo_t *cr, struct box where, unsigned lines, double period);

/* The sign of a contactless chip: four arcs, stroked. */
void ornament_contactless(cairo_t *cr, double x, double y, double size);

void ornament_rounded(cairo_t *cr, struct box where, double radius);

#endif
