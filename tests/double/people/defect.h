/*
 * The drawn portrait of nobody with one thing wrong, so that each rule of
 * the photo has a photo that breaks it.
 */
#ifndef DOUBLE_PEOPLE_DEFECT_H
#define DOUBLE_PEOPLE_DEFECT_H

#include "tests/double/people/portrait.h"

enum defect {
	DEFECT_NONE,
	DEFECT_NO_FACE,
	DEFECT_TWO_FACES,
	DEFECT_TILTED,
	DEFECT_TURNED, /* so far that no face is found upright */
	DEFECT_SMALL,
	DEFECT_LARGE,
	DEFECT_OFF_CENTRE,
	DEFECT_BLURRED,
	DEFECT_GREY,
	DEFECT_DARK,
	DEFECT_BRIGHT,
	DEFECT_LIGHT_CLOTHES,
	DEFECT_EYES_COVERED,
	DEFECTS,
};

/* "two-faces" */
const char *defect_name(enum defect defect);

/* NULL on failure; the caller frees. */
uint8_t *defect_draw(
        const struct portrait *who, enum defect defect, size_t *ret_len);

#endif
