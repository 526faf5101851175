#include "host/print/face_ornament.h"

#include <math.h>

enum { STEPS = 360 };

void ornament_star(cairo_t *cr, double x, double y, double radius, double turn)
{
	/* The inner corners of a regular star lie on its chords. */
	const double inner = radius * sin(M_PI / 10) / sin(3 * M_PI / 10);

	cairo_new_sub_path(cr);
	for (int i = 0; i < 10; i++) {
		double r = i % 2 ? inner : radius;
		double a = turn - M_PI / 2 + i * M_PI / 5;

		cairo_line_to(cr, x + r * cos(a), y + r * sin(a));
	}
	cairo_close_path(cr);
}

void ornament_five_stars(cairo_t *cr, double x, double y, double size)
{
	/* Places on the flag, in fifteenths: centre (5,5), radius 3 … */
	static const double small[][2] = {{5, -3}, {7, -1}, {7, 2}, {5, 4}};
	const double unit = size / 12;

	ornament_star(cr, x + 3 * unit, y + 6 * unit, 3 * unit, 0);
	for (int i = 0; i < 4; i++) {
		double sx = 3 + small[i][0], sy = 6 + small[i][1];
		/* One point of every small star looks at the great one. */
		double turn = atan2(6 - sy, 3 - sx) + M_PI / 2;

		ornament_star(cr, x + sx * unit, y + sy * unit, unit, turn);
	}
	cairo_fill(cr);
}

/* How far a star with points at radius 1 reaches at the angle a. */
static double star_reach(double a, unsigned petals, double inner)
{
	const double half = M_PI / petals;
	double turn = fmod(a, 2 * half);
	double off = turn > half ? 2 * half - turn : turn;

	return inner * sin(half) /
	       (cos(off) * inner * sin(half) -
	               sin(off) * (inner * cos(half) - 1));
}

void ornament_rosette(cairo_t *cr, const struct rosette *r)
{
	for (unsigned k = 0; k < r->lines; k++) {
		double t = r->lines > 1 ? (double)k / (r->lines - 1) : 0;
		double base = r->radius * (1 - 0.7 * t);

		cairo_new_sub_path(cr);
		for (int i = 0; i < STEPS; i++) {
			double a = 2 * M_PI * i / STEPS;
			double fine =
			        cos(2.0 * r->petals * a) * cos(9 * t + 0.5);
			double reach = star_reach(a, r->petals, r->inner);
			double rr = base * (reach + r->ripple * fine);
			double turned = a + r->twist * t;

			cairo_line_to(cr, r->x + rr * sin(turned),
			        r->y - rr * cos(turned));
		}
		cairo_close_path(cr);
	}
	cairo_stroke(cr);
}

void ornament_waves(cairo_t *cr, struct box w, unsigned lines, double period)
{
	const double middle = w.y + w.height / 2;

	for (unsigned k = 0; k < lines; k++) {
		double phase = 2 * M_PI * k / lines;

		cairo_new_sub_path(cr);
		for (double x = 0; x <= w.width; x += 6) {
			double a = 2 * M_PI * x / period;
			double swell = 0.6 + 0.4 * sin(a / 3 + phase);
			double y = sin(a + phase) * swell * w.height / 2;

			cairo_line_to(cr, w.x + x, middle + y);
		}
	}
	cairo_stroke(cr);
}

void ornament_contactless(cairo_t *cr, double x, double y, double size)
{
	for (int i = 0; i < 4; i++) {
		double r = size * (0.28 + 0.26 * i);

		cairo_new_sub_path(cr);
		cairo_arc(cr, x - size * 0.35, y, r, -M_PI / 5, M_PI / 5);
	}
	cairo_stroke(cr);
}

void ornament_rounded(cairo_t *cr, struct box w, double radius)
{
	const double right = w.x + w.width, foot = w.y + w.height;

	cairo_new_sub_path(cr);
	cairo_arc(cr, right - radius, w.y + radius, radius, -M_PI / 2, 0);
	cairo_arc(cr, right - radius, foot - radius, radius, 0, M_PI / 2);
	cairo_arc(cr, w.x + radius, foot - radius, radius, M_PI / 2, M_PI);
	cairo_arc(cr, w.x + radius, w.y + radius, radius, M_PI, 3 * M_PI / 2);
	cairo_close_path(cr);
}
