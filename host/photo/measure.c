#include "host/photo/measure.h"

#include <math.h>
#include <stdlib.h>

enum {
	WHITE = 230, /* each colour at least: paper white after JPEG */
	DRAWN = 215, /* darker in any colour: part of the person */
	STRIP = 20, /* width of the ground that is looked at */
	TOP = 12, /* and its height above the head */
	SHONE = 250,
	CROWN_PART = 10, /* one of so many dots makes a row of hair */
};

struct area {
	int left, top, right, bottom; /* right and bottom outside */
};

static int clamp(int v, int max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

static struct area area_within(
        const struct photo_dots *dots, const struct area *a)
{
	int w = (int)dots->width, h = (int)dots->height;
	return (struct area){clamp(a->left, w), clamp(a->top, h),
	        clamp(a->right, w), clamp(a->bottom, h)};
}

static int darkest(uint32_t rgb)
{
	int r = rgb >> 16 & 0xff, g = rgb >> 8 & 0xff, b = rgb & 0xff;
	int least = r < g ? r : g;
	return least < b ? least : b;
}

uint8_t *measure_grey(const struct photo_dots *dots)
{
	size_t n = (size_t)dots->width * dots->height;
	uint8_t *grey = malloc(n ? n : 1);
	for (size_t i = 0; grey && i < n; i++) {
		uint32_t c = dots->rgb[i];
		grey[i] = (uint8_t)((299 * (c >> 16 & 0xff) +
		                            587 * (c >> 8 & 0xff) +
		                            114 * (c & 0xff)) /
		                    1000);
	}
	return grey;
}

/* Dots of an area and how many of them are at least so light. */
static void count_light(const struct photo_dots *dots, struct area a, int least,
        int64_t *all, int64_t *light)
{
	a = area_within(dots, &a);
	for (int y = a.top; y < a.bottom; y++)
		for (int x = a.left; x < a.right; x++) {
			++*all;
			*light += darkest(dots->rgb[(size_t)y * dots->width +
			                            (size_t)x]) >= least;
		}
}

static int64_t permille(int64_t part, int64_t all)
{
	return all > 0 ? part * 1000 / all : PHOTO_UNMEASURED;
}

/* Left, right and above, down to where shoulders may begin. */
static int64_t measure_ground(const struct photo_dots *dots)
{
	int w = (int)dots->width, deep = (int)dots->height * 45 / 100;
	int64_t all = 0, white = 0;
	count_light(
	        dots, (struct area){0, 0, STRIP, deep}, WHITE, &all, &white);
	count_light(dots, (struct area){w - STRIP, 0, w, deep}, WHITE, &all,
	        &white);
	count_light(dots, (struct area){0, 0, w, TOP}, WHITE, &all, &white);
	return permille(white, all);
}

static int find_crown(const struct measure_scene *s)
{
	const struct photo_dots *dots = s->dots;
	struct area a = {s->found.x + s->found.size / 10, 0,
	        s->found.x + s->found.size * 9 / 10, (int)dots->height};
	a = area_within(dots, &a);
	int wanted = (a.right - a.left) / CROWN_PART;
	for (int y = a.top; y < a.bottom; y++) {
		int drawn = 0;
		for (int x = a.left; x < a.right; x++)
			drawn += darkest(dots->rgb[(size_t)y * dots->width +
			                           (size_t)x]) < DRAWN;
		if (drawn > wanted)
			return y;
	}
	return -1;
}

static struct area face_of(const struct measure_scene *s, int inset_percent)
{
	int in = s->found.size * inset_percent / 100;
	struct area a = {s->found.x + in, s->found.y + in,
	        s->found.x + s->found.size - in,
	        s->found.y + s->found.size - in};
	return area_within(s->dots, &a);
}

static int64_t measure_sharpness(const struct measure_scene *s)
{
	struct area a = face_of(s, 0);
	size_t w = s->dots->width;
	double sum = 0, squares = 0;
	int64_t n = 0;
	for (int y = a.top > 0 ? a.top : 1;
	        y < a.bottom && y + 1 < (int)s->dots->height; y++)
		for (int x = a.left > 0 ? a.left : 1;
		        x < a.right && x + 1 < (int)w; x++) {
			const uint8_t *g = s->grey + (size_t)y * w + (size_t)x;
			double d = g[-1] + g[1] + *(g - w) + g[w] - 4.0 * *g;
			sum += d;
			squares += d * d;
			n++;
		}
	if (n == 0)
		return PHOTO_UNMEASURED;
	double mean = sum / (double)n;
	return (int64_t)(squares / (double)n - mean * mean);
}

static void measure_light(const struct measure_scene *s, int64_t *m)
{
	struct area a = face_of(s, 20);
	int64_t sum = 0, shone = 0, n = 0;
	for (int y = a.top; y < a.bottom; y++)
		for (int x = a.left; x < a.right; x++) {
			int g = s->grey[(size_t)y * s->dots->width + (size_t)x];
			sum += g;
			shone += g >= SHONE;
			n++;
		}
	m[PHOTO_M_BRIGHTNESS] = n ? sum / n : PHOTO_UNMEASURED;
	m[PHOTO_M_GLARE] = permille(shone, n);
}

static int64_t measure_clothes(const struct measure_scene *s)
{
	int h = (int)s->dots->height, half = s->found.size / 2;
	int64_t all = 0, white = 0;
	struct area a = {s->found.x - half / 4, h - h / 8,
	        s->found.x + s->found.size + half / 4, h};
	count_light(s->dots, a, DRAWN, &all, &white);
	return permille(white, all);
}

void measure_scene(struct measure_scene *s, int64_t m[PHOTO_MEASURES])
{
	int w = (int)s->dots->width, h = (int)s->dots->height;
	s->crown_y = s->chin_y = -1;
	m[PHOTO_M_FACES] = s->found.count;
	m[PHOTO_M_WHITE] = measure_ground(s->dots);
	if (s->found.count == 0)
		return;
	s->crown_y = find_crown(s);
	s->chin_y = clamp(s->found.y + s->found.size, h);
	m[PHOTO_M_TILT] = (int64_t)lround(fabs(s->found.tilt_deg) * 10);
	if (s->crown_y >= 0)
		m[PHOTO_M_HEAD] = permille(s->chin_y - s->crown_y, h);
	m[PHOTO_M_OFF_CENTRE] =
	        permille(abs(s->found.x * 2 + s->found.size - w), w * 2);
	m[PHOTO_M_EYES] = s->found.eyes;
	m[PHOTO_M_SHARPNESS] = measure_sharpness(s);
	measure_light(s, m);
	m[PHOTO_M_CLOTHES] = measure_clothes(s);
}

/* The most important first; what was not measured breaks no rule. */
static const struct {
	enum photo_measure measure;
	int64_t min, max;
	enum photo_fault below, above;
} rules[] = {
        {PHOTO_M_FACES, 1, 1, PHOTO_NO_FACE, PHOTO_FACES},
        {PHOTO_M_WHITE, 960, 1000, PHOTO_BACKGROUND, PHOTO_BACKGROUND},
        {PHOTO_M_TILT, 0, 60, PHOTO_TILTED, PHOTO_TILTED},
        {PHOTO_M_HEAD, MEASURE_HEAD_MIN, MEASURE_HEAD_MAX, PHOTO_HEAD_SMALL,
                PHOTO_HEAD_LARGE},
        {PHOTO_M_OFF_CENTRE, 0, 70, PHOTO_OFF_CENTRE, PHOTO_OFF_CENTRE},
        {PHOTO_M_SHARPNESS, 90, PHOTO_MEASURE_MAX, PHOTO_BLURRED,
                PHOTO_BLURRED},
        {PHOTO_M_BRIGHTNESS, 70, 235, PHOTO_DARK, PHOTO_BRIGHT},
        {PHOTO_M_GLARE, 0, 200, PHOTO_BRIGHT, PHOTO_BRIGHT},
        {PHOTO_M_EYES, 2, 2, PHOTO_EYES, PHOTO_EYES},
        {PHOTO_M_CLOTHES, 0, 400, PHOTO_CLOTHES, PHOTO_CLOTHES},
};

enum photo_fault measure_judge(const int64_t m[PHOTO_MEASURES])
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		int64_t v = m[rules[i].measure];
		if (v == PHOTO_UNMEASURED)
			continue;
		if (v < rules[i].min)
			return rules[i].below;
		if (v > rules[i].max)
			return rules[i].above;
	}
	/* what the file does not say is settled by its 352×440 dots */
	if (m[PHOTO_M_DPI] > 0 &&
	        (m[PHOTO_M_DPI] < 299 || m[PHOTO_M_DPI] > 301))
		return PHOTO_DPI;
	return 0;
}
