/*
 * Measuring a decoded photo of 352×440 dots, and the rules it is held to.
 * docs/operations.md states the bands for people.
 */
#ifndef PHOTO_MEASURE_H
#define PHOTO_MEASURE_H

#include "host/photo/faces.h"
#include "host/photo/reply.h"
#include "host/print/photo_decode.h"

struct measure_scene {
	const struct photo_dots *dots;
	const uint8_t *grey; /* as many as dots, 0 to 255 */
	struct faces_found found;
	int crown_y; /* -1: not found */
	int chin_y;
};

/* Grey values of the dots; the caller frees. NULL: no memory. */
uint8_t *measure_grey(const struct photo_dots *dots);

/* Fills crown, chin and the measures from PHOTO_M_FACES on. */
void measure_scene(
        struct measure_scene *scene, int64_t measure[PHOTO_MEASURES]);

/* The most important rule that fails, or 0. */
enum photo_fault measure_judge(const int64_t measure[PHOTO_MEASURES]);

/* Limits of the head's height, ‰ of the photo's. */
enum { MEASURE_HEAD_MIN = 560, MEASURE_HEAD_MAX = 770 };

#endif
