#include "host/print/face_ornament.h"
#include "host/print/face_sides.h"

#include <stdio.h>

enum { BAND = 70, PANEL = 354, PANEL_X = 615, PANEL_Y = 100 };
enum { RULES_X = 44, RULES_Y = 100, RULES_W = 536, RULES_H = 376 };

void face_back_ground(struct brush *b, enum face_kind kind)
{
	static const struct type title = {
	        FACE_SERIF_BOLD, FACE_LEFT, 36, 0, 6, 0xfff6df};
	static const struct type english = {
	        FACE_SANS, FACE_LEFT, 19, 0, 2, FACE_INK_PALE_GOLD};
	static const struct type caption = {
	        FACE_SERIF_BOLD, FACE_CENTRE, 25, 16, 1.5, FACE_INK_RED};
	const struct box star = {306, 350, 268, 0};
	const struct box head = {RULES_X + 46, 49, 300, 0};
	const struct box beside = {RULES_X + 240, 48, 400, 0};
	const struct box under = {PANEL_X, PANEL_Y + PANEL + 36, PANEL, 0};

	(void)kind; /* all kinds carry the same back today */
	face_paper(b, star);
	face_band(b, BAND);
	brush_ink(b, 0xf7d774, 1);
	ornament_star(b->cr, RULES_X + 17, 37, 18, 0);
	cairo_fill(b->cr);
	brush_line(b, "持卡须知", &title, head);
	brush_line(b, "NOTICE TO THE HOLDER", &english, beside);
	brush_line(b, "扫码核验 Scan to verify", &caption, under);
	cairo_rectangle(b->cr, 0, FACE_HEIGHT - 10, FACE_WIDTH, 10);
	brush_ink(b, FACE_INK_RED, 1);
	cairo_fill(b->cr);
	cairo_rectangle(b->cr, 0, FACE_HEIGHT - 14, FACE_WIDTH, 3);
	brush_ink(b, FACE_INK_GOLD, 1);
	cairo_fill(b->cr);
}

/* The size is one for all rules: the largest at which they all fit. */
static void draw_rules(struct brush *b, const struct face_text *text)
{
	static const struct type number = {
	        FACE_SERIF_BOLD, FACE_LEFT, 26, 0, 0, FACE_INK_RED};
	static const struct type rule = {
	        FACE_SANS, FACE_LEFT, 26, 17, 0, FACE_INK_TEXT};
	double y = RULES_Y;

	for (int i = 0; i < FACE_RULES_MAX && text->rules[i]; i++) {
		const struct box left = {RULES_X, y + 28, 40, 0};
		const struct box where = {
		        RULES_X + 36, y, RULES_W - 36, RULES_Y + RULES_H - y};
		char sign[16];

		(void)snprintf(sign, sizeof(sign), "%d.", i + 1);
		brush_line(b, sign, &number, left);
		y += brush_column(b, text->rules[i], &rule, where) + 9;
	}
}

static void draw_foot(struct brush *b, const struct face_record *r)
{
	static const struct type strong = {
	        FACE_SANS_BOLD, FACE_LEFT, 25, 16, 0, FACE_INK_RED};
	static const struct type small = {
	        FACE_SANS, FACE_LEFT, 21, 12, 0.8, 0x5d4a3c};
	const struct box first = {RULES_X, 546, RULES_W, 0};
	const struct box second = {RULES_X, 592, 925, 0};
	char line[512];

	(void)snprintf(line, sizeof(line), "服务热线 Hotline  %s%s%s",
	        r->text->hotline, r->text->website ? "    " : "",
	        r->text->website ? r->text->website : "");
	brush_line(b, line, &strong, first);
	(void)snprintf(line, sizeof(line), "芯片编号 Chip %s    卡号 %s",
	        r->serial, r->card_number);
	brush_line(b, line, &small, second);
}

static void draw_can(struct brush *b, const char *can)
{
	static const struct type label = {
	        FACE_SANS, FACE_LEFT, 21, 0, 0.5, FACE_INK_LABEL};
	static const struct type digits = {
	        FACE_SANS_BOLD, FACE_RIGHT, 34, 0, 4, FACE_INK_TEXT};
	const struct box frame = {PANEL_X, 508, PANEL, 50};
	const struct box left = {PANEL_X + 18, 541, 160, 0};
	const struct box right = {PANEL_X + 150, 545, PANEL - 168, 0};

	ornament_rounded(b->cr, frame, 8);
	brush_ink(b, 0xffffff, 0.75);
	cairo_fill_preserve(b->cr);
	cairo_set_line_width(b->cr, 1.6);
	brush_ink(b, FACE_INK_GOLD, 1);
	cairo_stroke(b->cr);
	brush_line(b, "接入码 CAN", &label, left);
	brush_line(b, can, &digits, right);
}

static void draw_panel(struct brush *b, const char *text)
{
	const struct box panel = {PANEL_X, PANEL_Y, PANEL, PANEL};

	ornament_rounded(b->cr, panel, 10);
	brush_ink(b, 0xffffff, 1);
	cairo_fill_preserve(b->cr);
	cairo_set_line_width(b->cr, 2.6);
	brush_ink(b, FACE_INK_GOLD, 1);
	cairo_stroke(b->cr);
	face_qr(b, text, panel);
}

void face_back_fields(struct brush *b, const struct face_record *record)
{
	draw_rules(b, record->text);
	draw_foot(b, record);
	draw_can(b, record->can);
	if (record->training)
		face_training_mark(b, 312, 318, 72);
	/* Last, so that nothing lies over the code. */
	draw_panel(b, record->qr_text);
}
