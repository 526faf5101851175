/*
 * The applicant's photo: JPEG, 352×440 dots, 20 to 50 KB, in colour, whole.
 * What cannot be seen by a program (glasses, uniform) is the clerk's work.
 */
#ifndef HOST_PRINT_PHOTO_H
#define HOST_PRINT_PHOTO_H

#include "crypto/core/bytes.h"
#include "host/base/problem.h"

enum {
	PHOTO_WIDTH = 352,
	PHOTO_HEIGHT = 440,
	PHOTO_BYTES_MIN = 20 * 1024,
	PHOTO_BYTES_MAX = 50 * 1024,
};

enum photo_fault {
	PHOTO_EMPTY = 1, /* no bytes */
	PHOTO_TOO_SMALL, /* fewer than PHOTO_BYTES_MIN bytes */
	PHOTO_TOO_LARGE, /* more than PHOTO_BYTES_MAX bytes */
	PHOTO_NOT_JPEG, /* another kind of file */
	PHOTO_BROKEN, /* JPEG, but cut off or damaged */
	PHOTO_DIMENSIONS, /* not 352×440 dots */
	PHOTO_COLOUR, /* grey or CMYK */
	PHOTO_BACKGROUND, /* not white around the head */
	/* what only the look for a face tells, see host/photo */
	PHOTO_NO_FACE,
	PHOTO_FACES, /* more than one */
	PHOTO_TILTED, /* the line through the eyes */
	PHOTO_HEAD_SMALL,
	PHOTO_HEAD_LARGE,
	PHOTO_OFF_CENTRE,
	PHOTO_EYES, /* not to be seen */
	PHOTO_BLURRED,
	PHOTO_DARK,
	PHOTO_BRIGHT,
	PHOTO_CLOTHES, /* as light as the ground */
	PHOTO_DPI, /* the file says another density than 300 */
	PHOTO_FAULTS,
};

/*
 * HUFU_OK, or the first PHOTO_* that is wrong with one plain reason in *p
 * (NULL is legal), or HUFU_ERR_MEMORY. Decodes every line, so damaged data
 * is found; decoded size is checked before memory is taken.
 */
HUFU_MUST_USE int photo_check(struct span jpeg, struct problem *p);

/* Answers `fault`, with its type and plain reason in *p. */
int photo_explain(enum photo_fault fault, struct problem *p);

/* A person may know better than the look for a face; a file that cannot be
 * printed stays refused. */
bool photo_may_override(enum photo_fault fault);

#endif
