/*
 * The drawing of each side: first its ground, the same on every card of a
 * kind, then the fields of one record.
 */
#ifndef HOST_PRINT_FACE_SIDES_H
#define HOST_PRINT_FACE_SIDES_H

#include "host/print/face_draw.h"

enum {
	FACE_INK_TEXT = 0x1f1714,
	FACE_INK_LABEL = 0x8c5a2e,
	FACE_INK_RED = 0xa40e14,
	FACE_INK_GOLD = 0xb98a3d,
	FACE_INK_PALE_GOLD = 0xf6dfa8,
};

void face_front_ground(struct brush *b, enum face_kind kind);
void face_front_fields(struct brush *b, const struct face_record *record);
void face_back_ground(struct brush *b, enum face_kind kind);
void face_back_fields(struct brush *b, const struct face_record *record);

/* Ivory paper with the star of fine lines, common to both sides. */
void face_paper(struct brush *b, struct box star);
/* A band in the national red with its waves, from the top edge. */
void face_band(struct brush *b, double height);
void face_training_mark(struct brush *b, double x, double y, double size);

/* Black modules of 4 dots on white, quiet zone inside `where`. */
void face_qr(struct brush *b, const char *text, struct box where);

/* Shapes that drawing relies on; HUFU_ERR_ARGUMENT or FACE_QR with words. */
HUFU_MUST_USE int face_check_record(
        const struct face_record *record, struct problem *p);

#endif
