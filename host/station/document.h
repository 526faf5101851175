/*
 * What a card says, as bytes: element files and the two structures to be
 * signed; then, with the signatures, QR text, signed object and the stream
 * of DGIs that is written on the chip. Fills s->papers.
 */
#ifndef STATION_DOCUMENT_H
#define STATION_DOCUMENT_H

#include "host/station/saga.h"

struct document_file {
	uint16_t file; /* enum card_file */
	const char *identifier; /* MSO_* */
	bool protected; /* not free to read */
};

enum { DOCUMENT_FILES_MAX = 12 };
extern const struct document_file document_files[DOCUMENT_FILES_MAX];

/* elements, qr_tbs, chip_tbs from subject and point. 0 or a saga_end. */
HUFU_MUST_USE int document_build(struct saga *s);
/* text, object, stream from those and the signatures. 0 or a saga_end. */
HUFU_MUST_USE int document_finish(
        struct saga *s, struct span qr_sig, struct span chip_sig);

/* The same from the job's facts, after a crash; nothing if it is there. */
HUFU_MUST_USE int document_load_tbs(struct saga *s);
HUFU_MUST_USE int document_load_signed(struct saga *s);

/* The element files in s->papers, one span each in document_files' order. */
HUFU_MUST_USE int document_split(
        const struct saga *s, struct span ret[DOCUMENT_FILES_MAX]);

#endif
