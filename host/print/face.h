/*
 * The card's two faces, 1011×637 dots at 300 dpi (CR80), drawn once and
 * then encoded for the printer (raster.h), the screen (PNG) and paper (PDF).
 */
#ifndef HOST_PRINT_FACE_H
#define HOST_PRINT_FACE_H

#include <stdbool.h>

#include "host/base/problem.h"
#include "host/print/blob.h"

enum {
	FACE_WIDTH = 1011,
	FACE_HEIGHT = 637,
	FACE_DPI = 300,
	FACE_NAME_MAX = 50, /* characters */
	FACE_RULES_MAX = 5,
};

enum face_kind {
	FACE_KIND_VETERAN = 1, /* 退役军人 */
	FACE_KIND_FAMILY = 2, /* 三属 */
	FACE_KIND_LOCAL = 3, /* the city's own */
};

enum face_side { FACE_FRONT, FACE_BACK };

/* Positive outcomes: the record asks for what cannot be printed. */
enum face_fault {
	FACE_UNDRAWABLE = 1, /* a character that no font has, or no character */
	FACE_TOO_LONG, /* text does not fit at the smallest size */
	FACE_PHOTO, /* the photo does not decode */
	FACE_QR, /* the QR text is too long or not Base45 */
};

/* What every card of an office says; from configuration. UTF-8. */
struct face_text {
	const char *rules[FACE_RULES_MAX]; /* unused ones NULL */
	const char *hotline; /* "12345" */
	const char *website; /* or NULL */
};

/* Strings are UTF-8 and belong to the caller; none may be NULL. */
struct face_record {
	enum face_kind kind;
	const char *name;
	unsigned sex; /* GB/T 2261.1: 0, 1 male, 2 female, 9 */
	struct span photo; /* JPEG */
	const char *card_number; /* 17 digits */
	const char *authority; /* issuing unit */
	const char *can; /* 6 digits */
	const char *valid_from; /* YYYY-MM-DD */
	const char *valid_to; /* YYYY-MM-DD, or "" for 长期 */
	const char *qr_text; /* Base45, at most what version 15-M holds */
	const char *serial; /* the chip's, as printed */
	bool training; /* 「样卡 TRAINING」 over both sides */
	const struct face_text *text;
};

struct face_fonts; /* private fontconfig; used by one thread at a time */
struct face; /* both sides as dots; read-only, any thread */

extern const struct face_text FACE_TEXT_DEFAULT;

/*
 * Opens Noto CJK and HanaMin under `dir` (NULL: /usr/share/fonts) and no
 * other font. HUFU_ERR_NOT_FOUND names the Debian package to install.
 */
HUFU_MUST_USE int face_fonts_open(
        const char *dir, struct face_fonts **ret, struct problem *p);
void face_fonts_close(struct face_fonts **fonts);

/*
 * HUFU_OK, FACE_UNDRAWABLE with the character's code point in *p, or
 * FACE_TOO_LONG. Refuses invalid UTF-8, control and private-use characters,
 * joiners, variation selectors and ideographic description sequences.
 */
HUFU_MUST_USE int face_check_name(
        struct face_fonts *fonts, const char *name, struct problem *p);

/*
 * Draws both sides. HUFU_OK, FACE_*, HUFU_ERR_ARGUMENT (a field breaks its
 * shape), HUFU_ERR_MEMORY. The same record gives the same dots.
 */
HUFU_MUST_USE int face_render(struct face_fonts *fonts,
        const struct face_record *record, struct face **ret, struct problem *p);
void face_free(struct face **face);

/* FACE_HEIGHT rows of FACE_WIDTH dots, native 0x00RRGGBB, no padding. */
const uint32_t *face_dots(const struct face *face, enum face_side side);

HUFU_MUST_USE int face_encode_png(
        const struct face *face, enum face_side side, struct blob *ret);

/* Two pages of card size, text as outlines; the same faults as render. */
HUFU_MUST_USE int face_encode_pdf(struct face_fonts *fonts,
        const struct face_record *record, struct blob *ret, struct problem *p);

#endif
