#include "host/print/face_sides.h"

#include <errno.h>

#include <qrencode.h>

enum { DOTS = 4, VERSION_MIN = 11, VERSION_MAX = 15, QUIET = 4 };

static void refuse(struct brush *b, int cause)
{
	if (cause == ENOMEM)
		brush_fail(b, problem_from_code(b->problem, HUFU_ERR_MEMORY));
	else
		brush_fail(
		        b, problem_set(b->problem, FACE_QR, "qr-too-long",
		                   "二维码内容太长，卡面印不下。请联系管理员。",
		                   "The QR text is too long for the card. Tell "
		                   "the administrator."));
}

static void draw_modules(struct brush *b, const QRcode *code, struct box where)
{
	const int side = code->width * DOTS;
	/* Whole dots: a module between two dots would print grey. */
	const int x0 = (int)where.x + ((int)where.width - side) / 2;
	const int y0 = (int)where.y + ((int)where.height - side) / 2;
	const int quiet = QUIET * DOTS;

	cairo_save(b->cr);
	cairo_set_antialias(b->cr, CAIRO_ANTIALIAS_NONE);
	cairo_rectangle(b->cr, x0 - quiet, y0 - quiet, side + 2 * quiet,
	        side + 2 * quiet);
	brush_ink(b, 0xffffff, 1);
	cairo_fill(b->cr);
	for (int i = 0; i < code->width * code->width; i++)
		if (code->data[i] & 1)
			cairo_rectangle(b->cr, x0 + i % code->width * DOTS,
			        y0 + i / code->width * DOTS, DOTS, DOTS);
	brush_ink(b, 0x000000, 1);
	cairo_fill(b->cr);
	cairo_restore(b->cr);
}

void face_qr(struct brush *b, const char *text, struct box where)
{
	QRcode *code;

	if (b->error)
		return;
	code = QRcode_encodeString(
	        text, VERSION_MIN, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!code) {
		refuse(b, errno);
		return;
	}
	if (code->version > VERSION_MAX)
		refuse(b, ERANGE);
	else
		draw_modules(b, code, where);
	QRcode_free(code);
}
