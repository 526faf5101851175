#include "host/print/face_sides.h"

#include <cairo-pdf.h>

#include <stdlib.h>

struct face {
	uint32_t dots[2][FACE_WIDTH * FACE_HEIGHT];
};

static void draw_ground(
        struct brush *b, enum face_side side, enum face_kind kind)
{
	if (side == FACE_FRONT)
		face_front_ground(b, kind);
	else
		face_back_ground(b, kind);
}

static void draw_fields(
        struct brush *b, enum face_side side, const struct face_record *record)
{
	if (side == FACE_FRONT)
		face_front_fields(b, record);
	else
		face_back_fields(b, record);
}

static void check_cairo(struct brush *b)
{
	if (cairo_status(b->cr) != CAIRO_STATUS_SUCCESS)
		brush_fail(b, problem_from_code(b->problem, HUFU_ERR_MEMORY));
}

/* NULL with the brush's error set; otherwise it belongs to the fonts. */
static cairo_surface_t *get_ground(
        struct brush *b, enum face_side side, enum face_kind kind)
{
	cairo_surface_t **kept = &b->fonts->ground[(kind - 1) * 2 + side];
	cairo_surface_t *made;
	struct brush under = *b;

	if (*kept)
		return *kept;
	made = cairo_image_surface_create(
	        CAIRO_FORMAT_RGB24, FACE_WIDTH, FACE_HEIGHT);
	under.cr = cairo_create(made);
	draw_ground(&under, side, kind);
	check_cairo(&under);
	cairo_destroy(under.cr);
	brush_fail(b, under.error);
	if (b->error) {
		cairo_surface_destroy(made);
		return NULL;
	}
	*kept = made;
	return made;
}

static int draw_side(struct face_fonts *fonts, struct face *face,
        enum face_side side, const struct face_record *record,
        struct problem *p)
{
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
	        (unsigned char *)face->dots[side], CAIRO_FORMAT_RGB24,
	        FACE_WIDTH, FACE_HEIGHT, FACE_WIDTH * 4);
	struct brush b = {cairo_create(surface), fonts, p, false, HUFU_OK};
	cairo_surface_t *ground = get_ground(&b, side, record->kind);

	if (ground) {
		cairo_set_source_surface(b.cr, ground, 0, 0);
		cairo_set_operator(b.cr, CAIRO_OPERATOR_SOURCE);
		cairo_paint(b.cr);
		cairo_set_operator(b.cr, CAIRO_OPERATOR_OVER);
		draw_fields(&b, side, record);
	}
	check_cairo(&b);
	cairo_destroy(b.cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return b.error;
}

int face_render(struct face_fonts *fonts, const struct face_record *record,
        struct face **ret, struct problem *p)
{
	struct face *face;
	int rc = face_check_record(record, p);

	if (rc == HUFU_OK)
		rc = face_check_name(fonts, record->name, p);
	if (rc == HUFU_OK)
		rc = face_check_text(fonts, record->authority, p);
	if (rc != HUFU_OK)
		return rc;
	face = malloc(sizeof(*face));
	if (!face)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	rc = draw_side(fonts, face, FACE_FRONT, record, p);
	if (rc == HUFU_OK)
		rc = draw_side(fonts, face, FACE_BACK, record, p);
	if (rc != HUFU_OK) {
		free(face);
		return rc;
	}
	*ret = face;
	return HUFU_OK;
}

void face_free(struct face **face)
{
	free(*face);
	*face = NULL;
}

const uint32_t *face_dots(const struct face *face, enum face_side side)
{
	return face->dots[side];
}

static cairo_status_t append(
        void *to, const unsigned char *data, unsigned int len)
{
	return blob_append(to, data, len) == HUFU_OK ? CAIRO_STATUS_SUCCESS
	                                             : CAIRO_STATUS_WRITE_ERROR;
}

int face_encode_png(
        const struct face *face, enum face_side side, struct blob *ret)
{
	/* cairo asks for writable dots and does not write them. */
	union {
		const uint32_t *read;
		unsigned char *write;
	} dots = {face->dots[side]};
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
	        dots.write, CAIRO_FORMAT_RGB24, FACE_WIDTH, FACE_HEIGHT,
	        FACE_WIDTH * 4);
	struct blob out = {0};
	cairo_status_t status =
	        cairo_surface_write_to_png_stream(surface, append, &out);

	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS) {
		blob_done(&out);
		return HUFU_ERR_MEMORY;
	}
	*ret = out;
	return HUFU_OK;
}

static void draw_page(
        struct brush *b, enum face_side side, const struct face_record *record)
{
	cairo_save(b->cr);
	cairo_scale(b->cr, 72.0 / FACE_DPI, 72.0 / FACE_DPI);
	draw_ground(b, side, record->kind);
	draw_fields(b, side, record);
	cairo_restore(b->cr);
	cairo_show_page(b->cr);
}

int face_encode_pdf(struct face_fonts *fonts, const struct face_record *record,
        struct blob *ret, struct problem *p)
{
	struct blob out = {0};
	cairo_surface_t *surface;
	struct brush b = {NULL, fonts, p, true, HUFU_OK};
	int rc = face_check_record(record, p);

	if (rc == HUFU_OK)
		rc = face_check_name(fonts, record->name, p);
	if (rc != HUFU_OK)
		return rc;
	surface = cairo_pdf_surface_create_for_stream(append, &out,
	        FACE_WIDTH * 72.0 / FACE_DPI, FACE_HEIGHT * 72.0 / FACE_DPI);
	/* The clock would make two files of one record differ. */
	cairo_pdf_surface_set_metadata(
	        surface, CAIRO_PDF_METADATA_CREATE_DATE, record->valid_from);
	b.cr = cairo_create(surface);
	draw_page(&b, FACE_FRONT, record);
	draw_page(&b, FACE_BACK, record);
	check_cairo(&b);
	cairo_destroy(b.cr);
	cairo_surface_finish(surface);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		brush_fail(&b, problem_from_code(p, HUFU_ERR_MEMORY));
	cairo_surface_destroy(surface);
	if (b.error) {
		blob_done(&out);
		return b.error;
	}
	*ret = out;
	return HUFU_OK;
}
