#include "host/report/paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Points: 1/72 inch, as PDF has it. */
static const double WIDTH = 595.28, HEIGHT = 841.89, MARGIN = 56;
static const double CELL_PAD = 4, SIZE_TEXT = 10.5, SIZE_TABLE = 9;

struct paper {
	cairo_surface_t *surface;
	cairo_t *cr;
	uint8_t *bytes;
	size_t len, cap;
	char *foot;
	double y;
	int page;
	int error;
};

static cairo_status_t keep(
        void *arg, const unsigned char *data, unsigned int len)
{
	struct paper *p = arg;
	if (p->len + len > p->cap) {
		size_t cap = (p->cap + len) * 2;
		uint8_t *bytes = realloc(p->bytes, cap);
		if (!bytes)
			return CAIRO_STATUS_NO_MEMORY;
		p->bytes = bytes;
		p->cap = cap;
	}
	memcpy(p->bytes + p->len, data, len);
	p->len += len;
	return CAIRO_STATUS_SUCCESS;
}

struct text {
	const char *words;
	double size, width;
	bool bold, right, centre;
};

static PangoLayout *layout_of(struct paper *p, const struct text *t)
{
	PangoLayout *layout = pango_cairo_create_layout(p->cr);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, "Noto Sans CJK SC");
	pango_font_description_set_absolute_size(font, t->size * PANGO_SCALE);
	if (t->bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_text(layout, t->words ? t->words : "", -1);
	pango_layout_set_width(layout, (int)(t->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	if (t->right)
		pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
	if (t->centre)
		pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
	return layout;
}

static double height_of(struct paper *p, const struct text *t)
{
	PangoLayout *layout = layout_of(p, t);
	int height = 0;
	pango_layout_get_size(layout, NULL, &height);
	g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}

static double width_of(struct paper *p, const struct text *t)
{
	PangoLayout *layout = layout_of(p, t);
	int width = 0;
	pango_layout_set_width(layout, -1);
	pango_layout_get_size(layout, &width, NULL);
	g_object_unref(layout);
	return (double)width / PANGO_SCALE;
}

static void draw(struct paper *p, const struct text *t, double x, double y)
{
	PangoLayout *layout = layout_of(p, t);
	cairo_move_to(p->cr, x, y);
	pango_cairo_show_layout(p->cr, layout);
	g_object_unref(layout);
}

static void end_page(struct paper *p)
{
	char number[24];
	struct text foot = {
	        .words = p->foot, .size = 8, .width = WIDTH - 2 * MARGIN};
	struct text at = {.words = number,
	        .size = 8,
	        .width = WIDTH - 2 * MARGIN,
	        .right = true};
	(void)snprintf(number, sizeof number, "%d", p->page);
	draw(p, &foot, MARGIN, HEIGHT - MARGIN + 16);
	draw(p, &at, MARGIN, HEIGHT - MARGIN + 16);
	cairo_show_page(p->cr);
}

/* True when a page was turned to make room. */
static bool make_room(struct paper *p, double height)
{
	if (p->y + height <= HEIGHT - MARGIN || p->y <= MARGIN)
		return false;
	end_page(p);
	p->page++;
	p->y = MARGIN;
	return true;
}

static void put(struct paper *p, struct text t, double before, double after)
{
	t.width = WIDTH - 2 * MARGIN;
	double height = height_of(p, &t);
	make_room(p, before + height);
	p->y += before;
	draw(p, &t, MARGIN, p->y);
	p->y += height + after;
}

int paper_open(const char *title, const char *foot, struct paper **ret)
{
	struct paper *p = calloc(1, sizeof *p);
	if (!p)
		return HUFU_ERR_MEMORY;
	p->foot = strdup(foot ? foot : "");
	p->surface =
	        cairo_pdf_surface_create_for_stream(keep, p, WIDTH, HEIGHT);
	p->cr = cairo_create(p->surface);
	p->page = 1;
	p->y = MARGIN;
	if (!p->foot)
		p->error = HUFU_ERR_MEMORY;
	cairo_pdf_surface_set_metadata(
	        p->surface, CAIRO_PDF_METADATA_TITLE, title);
	put(p,
	        (struct text){.words = title,
	                .size = 18,
	                .bold = true,
	                .centre = true},
	        0, 12);
	*ret = p;
	return HUFU_OK;
}

void paper_heading(struct paper *paper, const char *text)
{
	/* not alone at the foot of a page */
	make_room(paper, 80);
	put(paper, (struct text){.words = text, .size = 12.5, .bold = true}, 10,
	        4);
}

void paper_text(struct paper *paper, const char *text)
{
	put(paper, (struct text){.words = text, .size = SIZE_TEXT}, 0, 4);
}

struct table {
	const struct paper_column *columns;
	size_t count;
	double width[PAPER_COLUMNS_MAX];
};

static struct text cell_of(
        const struct table *t, size_t column, const char *words, bool head)
{
	return (struct text){.words = words,
	        .size = SIZE_TABLE,
	        .width = t->width[column] - 2 * CELL_PAD,
	        .bold = head,
	        .right = t->columns[column].number};
}

static double row_height(struct paper *p, const struct table *t,
        const char *const *cells, bool head)
{
	double most = 0;
	for (size_t i = 0; i < t->count; i++) {
		struct text cell = cell_of(t, i, cells[i], head);
		double height = height_of(p, &cell);
		most = height > most ? height : most;
	}
	return most + CELL_PAD;
}

static void draw_row(struct paper *p, const struct table *t,
        const char *const *cells, bool head)
{
	double height = row_height(p, t, cells, head), x = MARGIN;
	for (size_t i = 0; i < t->count; i++) {
		struct text cell = cell_of(t, i, cells[i], head);
		if (head) {
			cairo_set_source_rgb(p->cr, 0.92, 0.92, 0.92);
			cairo_rectangle(p->cr, x, p->y, t->width[i], height);
			cairo_fill(p->cr);
			cairo_set_source_rgb(p->cr, 0, 0, 0);
		}
		draw(p, &cell, x + CELL_PAD, p->y + CELL_PAD / 2);
		cairo_set_line_width(p->cr, 0.5);
		cairo_rectangle(p->cr, x, p->y, t->width[i], height);
		cairo_stroke(p->cr);
		x += t->width[i];
	}
	p->y += height;
}

void paper_table(struct paper *paper, const struct paper_column *columns,
        size_t column_count, const char *const *cells, size_t row_count)
{
	struct table t = {.columns = columns, .count = column_count};
	const char *heads[PAPER_COLUMNS_MAX];
	double shares = 0;
	if (column_count == 0 || column_count > PAPER_COLUMNS_MAX) {
		paper->error = HUFU_ERR_ARGUMENT;
		return;
	}
	for (size_t i = 0; i < column_count; i++)
		shares += columns[i].share;
	for (size_t i = 0; i < column_count; i++) {
		t.width[i] = (WIDTH - 2 * MARGIN) * columns[i].share / shares;
		heads[i] = columns[i].head;
	}
	make_room(paper, 2 * row_height(paper, &t, heads, true));
	if (heads[0])
		draw_row(paper, &t, heads, true);
	for (size_t i = 0; i < row_count; i++) {
		const char *const *row = cells + i * column_count;
		if (make_room(paper, row_height(paper, &t, row, false)) &&
		        heads[0])
			draw_row(paper, &t, heads, true);
		draw_row(paper, &t, row, false);
	}
	paper->y += 8;
}

void paper_fields(
        struct paper *paper, const char *const *pairs, size_t pair_count)
{
	static const struct paper_column columns[] = {{NULL, 2, false},
	        {NULL, 4, false}, {NULL, 2, false}, {NULL, 4, false}};
	const char *last[4] = {NULL};
	size_t whole = pair_count / 2;
	paper_table(paper, columns, 4, pairs, whole);
	if (pair_count % 2) {
		memcpy(last, pairs + 4 * whole, 2 * sizeof *last);
		paper->y -= 8; /* joins on */
		paper_table(paper, columns, 4, last, 1);
	}
}

static void draw_photo(struct paper *p, const struct paper_photo *photo,
        double width, double height)
{
	unsigned char *copy = malloc(photo->jpeg.len);
	cairo_surface_t *image = cairo_image_surface_create(
	        CAIRO_FORMAT_RGB24, photo->width, photo->height);
	if (!copy) {
		p->error = HUFU_ERR_MEMORY;
		cairo_surface_destroy(image);
		return;
	}
	memcpy(copy, photo->jpeg.data, photo->jpeg.len);
	if (cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, copy,
	            photo->jpeg.len, free, copy) != CAIRO_STATUS_SUCCESS) {
		free(copy);
		p->error = HUFU_ERR_MEMORY;
	}
	cairo_save(p->cr);
	cairo_translate(p->cr, WIDTH - MARGIN - width, p->y);
	cairo_scale(p->cr, width / photo->width, height / photo->height);
	cairo_set_source_surface(p->cr, image, 0, 0);
	cairo_paint(p->cr);
	cairo_restore(p->cr);
	cairo_surface_destroy(image);
}

void paper_photo(struct paper *paper, const struct paper_photo *photo,
        const char *beside)
{
	static const double width = 70.9; /* 25 mm */
	double height = width * photo->height / photo->width;
	struct text text = {.words = beside,
	        .size = SIZE_TEXT,
	        .width = WIDTH - 2 * MARGIN - width - 16};
	make_room(paper, height);
	draw(paper, &text, MARGIN, paper->y);
	if (photo->jpeg.len > 0)
		draw_photo(paper, photo, width, height);
	cairo_set_line_width(paper->cr, 0.5);
	cairo_rectangle(
	        paper->cr, WIDTH - MARGIN - width, paper->y, width, height);
	cairo_stroke(paper->cr);
	paper->y += height + 10;
}

void paper_signatures(struct paper *paper, const char *const *who, size_t count)
{
	double width = (WIDTH - 2 * MARGIN) / (double)(count ? count : 1);
	make_room(paper, 60);
	paper->y += 36;
	for (size_t i = 0; i < count; i++) {
		struct text t = {
		        .words = who[i], .size = SIZE_TEXT, .width = width};
		double x = MARGIN + width * (double)i;
		draw(paper, &t, x, paper->y - 14);
		cairo_move_to(paper->cr, x + width_of(paper, &t) + 4, paper->y);
		cairo_line_to(paper->cr, x + width - 12, paper->y);
		cairo_set_line_width(paper->cr, 0.5);
		cairo_stroke(paper->cr);
	}
	paper->y += 12;
}

int paper_close(struct paper *paper, uint8_t **ret, size_t *ret_len)
{
	end_page(paper);
	cairo_surface_finish(paper->surface);
	int r = paper->error;
	if (r == HUFU_OK && cairo_status(paper->cr) != CAIRO_STATUS_SUCCESS)
		r = HUFU_ERR_MEMORY;
	if (r == HUFU_OK &&
	        cairo_surface_status(paper->surface) != CAIRO_STATUS_SUCCESS)
		r = HUFU_ERR_MEMORY;
	cairo_destroy(paper->cr);
	cairo_surface_destroy(paper->surface);
	if (r == HUFU_OK) {
		*ret = paper->bytes;
		*ret_len = paper->len;
	} else {
		free(paper->bytes);
	}
	free(paper->foot);
	free(paper);
	return r;
}
