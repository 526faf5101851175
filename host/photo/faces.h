/*
 * Faces and eyes in a grey picture, by the Haar cascades of OpenCV 4.6.
 * Implemented in faces_opencv.cc: OpenCV has no C interface any more.
 */
#ifndef PHOTO_FACES_H
#define PHOTO_FACES_H

#include <stdint.h>

#include <hufu/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct faces_point {
	double x, y;
};

struct faces_found {
	int count;
	/* of the largest: */
	int x, y, size; /* a square from the brows' top to the chin */
	int eyes; /* 0, 1 or 2 */
	struct faces_point eye[2]; /* the left one in the picture first */
	double tilt_deg; /* of the eye line, else of the turn that found it */
};

struct faces;

/* `folder` holds OpenCV's cascades. HUFU_ERR_NOT_FOUND, HUFU_ERR_MEMORY. */
HUFU_MUST_USE int faces_open(const char *folder, struct faces **ret);
void faces_close(struct faces *faces); /* NULL is legal */

/* Also turns the picture when nobody looks out of it upright. */
HUFU_MUST_USE int faces_find(struct faces *faces, const uint8_t *grey,
        unsigned width, unsigned height, struct faces_found *ret);

#ifdef __cplusplus
}
#endif

#endif
