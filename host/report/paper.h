/*
 * Printed A4 pages as PDF: a title, paragraphs, tables that break over
 * pages with their head repeated, lines to sign on, page numbers. Text is
 * UTF-8; the fonts are those of the printed faces (fonts-noto-cjk).
 */
#ifndef HOST_REPORT_PAPER_H
#define HOST_REPORT_PAPER_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/core/bytes.h"

struct paper;

/* `foot`, which may be NULL, stands on each page beside its number.
 * HUFU_ERR_MEMORY. */
HUFU_MUST_USE int paper_open(
        const char *title, const char *foot, struct paper **ret);

void paper_heading(struct paper *paper, const char *text);
void paper_text(struct paper *paper, const char *text);

enum { PAPER_COLUMNS_MAX = 12 };

struct paper_column {
	const char *head;
	double share; /* of the width, any unit */
	bool number; /* set right */
};

/* Cells row by row; NULL: an empty one. */
void paper_table(struct paper *paper, const struct paper_column *columns,
        size_t column_count, const char *const *cells, size_t row_count);

/* Label and value by turns, two pairs a row, boxed; NULL: empty. */
void paper_fields(
        struct paper *paper, const char *const *pairs, size_t pair_count);

/* A JPEG of this size at the right, 25 mm wide; `beside` at its left. */
struct paper_photo {
	struct span jpeg; /* empty: a frame to glue one into */
	int width, height; /* dots */
};
void paper_photo(struct paper *paper, const struct paper_photo *photo,
        const char *beside);

/* A line for each to sign on, side by side: "经办人". */
void paper_signatures(
        struct paper *paper, const char *const *who, size_t count);

/* The first error, or 0 and the file's bytes for free(). Frees `paper`. */
HUFU_MUST_USE int paper_close(
        struct paper *paper, uint8_t **ret, size_t *ret_len);

#endif
