/*
 * The face of one card from its facts: the same for the printer and for the
 * person who compares the print with the record.
 */
#ifndef STATION_LIKENESS_H
#define STATION_LIKENESS_H

#include "host/issue/job.h"
#include "host/print/face.h"

struct likeness {
	const struct job_subject *subject;
	const uint8_t *serial; /* CARD_SERIAL_LEN */
	const char *qr_text;
	bool training;
	const struct face_text *text; /* NULL: FACE_TEXT_DEFAULT */
};

/* As face_render(). */
HUFU_MUST_USE int likeness_draw(const struct likeness *likeness,
        struct face_fonts *fonts, struct face **ret, struct problem *p);

#endif
