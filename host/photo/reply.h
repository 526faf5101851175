/*
 * What the photo's checker answers, as one frame: a deterministic CBOR map
 * {1: fault, 2: [measures], 3: picture}. It comes from a process that has
 * read foreign bytes, so it is read strictly and holds numbers, no words.
 */
#ifndef PHOTO_REPLY_H
#define PHOTO_REPLY_H

#include "crypto/core/bytes.h"
#include "host/print/photo.h"

/* Dots, percent, tenths and so on as the names say; PHOTO_UNMEASURED. */
enum photo_measure {
	PHOTO_M_BYTES,
	PHOTO_M_WIDTH,
	PHOTO_M_HEIGHT,
	PHOTO_M_DPI, /* 0: the file does not say */
	PHOTO_M_FACES,
	PHOTO_M_WHITE, /* ‰ of the dots around the head that are white */
	PHOTO_M_TILT, /* tenths of a degree, without sign */
	PHOTO_M_HEAD, /* ‰ of the height, crown to chin */
	PHOTO_M_OFF_CENTRE, /* ‰ of the width, without sign */
	PHOTO_M_EYES,
	PHOTO_M_SHARPNESS, /* variance of the Laplacian over the face */
	PHOTO_M_BRIGHTNESS, /* mean grey of the face, 0 to 255 */
	PHOTO_M_GLARE, /* ‰ of the face without any drawing left */
	PHOTO_M_CLOTHES, /* ‰ of the clothes as light as the ground */
	PHOTO_MEASURES,
};

enum {
	PHOTO_UNMEASURED = -1,
	PHOTO_MEASURE_MAX = 1 << 24,
	PHOTO_PICTURE_MAX = 192 * 1024,
	PHOTO_REPLY_MAX = PHOTO_PICTURE_MAX + 256,
	PHOTO_REQUEST_MAX = (4 << 20) + 1, /* how to look, and the file */
};

/* First byte of a request. */
enum photo_how {
	PHOTO_FILE = 1, /* the rules of the file only */
	PHOTO_FACE = 2, /* and those of the face */
};

struct photo_reply {
	int fault; /* enum photo_fault; 0: the photo is good */
	int64_t measure[PHOTO_MEASURES];
	struct span picture; /* JPEG with what was seen; may be empty */
};

const char *photo_measure_name(enum photo_measure measure);

void photo_reply_encode(struct writer *w, const struct photo_reply *reply);
/* The picture points into `in`. HUFU_ERR_MALFORMED, HUFU_ERR_LIMIT. */
HUFU_MUST_USE int photo_reply_decode(struct span in, struct photo_reply *ret);

#endif
