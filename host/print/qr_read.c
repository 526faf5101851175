#include "host/print/qr_read.h"

#include <stdlib.h>
#include <string.h>

#include <zbar.h>

#include "host/print/qr_image.h"

struct reading {
	char *text;
	size_t cap;
	size_t len;
	bool found;
};

/* A code seen twice is one code; two texts on one card are a fault. */
static int take(struct reading *r, const zbar_symbol_t *symbol)
{
	const char *data = zbar_symbol_get_data(symbol);
	size_t len = zbar_symbol_get_data_length(symbol);

	if (len > QR_TEXT_MAX)
		return HUFU_ERR_LIMIT;
	if (r->found && (len != r->len || memcmp(data, r->text, len) != 0))
		return QR_SEVERAL;
	if (len >= r->cap)
		return HUFU_ERR_SPACE;
	memcpy(r->text, data, len);
	r->text[len] = '\0';
	r->len = len;
	r->found = true;
	return HUFU_OK;
}

static int scan(struct reading *r, const struct raster_page *page)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *symbol;
	int rc = HUFU_OK;

	zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, page->width, page->height);
	zbar_image_set_data(image, page->gray,
	        (unsigned long)page->width * page->height, NULL);
	if (zbar_scan_image(scanner, image) < 0)
		rc = HUFU_ERR_MEMORY;
	symbol = zbar_image_first_symbol(image);
	for (; symbol && rc == HUFU_OK; symbol = zbar_symbol_next(symbol))
		rc = take(r, symbol);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return rc;
}

static int finish(const struct reading *r, int rc)
{
	if (rc == HUFU_OK && !r->found)
		return QR_NONE;
	return rc;
}

static int read_raster(struct reading *r, struct span pwg)
{
	struct raster_page page;
	int rc = HUFU_OK;

	for (unsigned i = 0; i < RASTER_PAGES; i++) {
		rc = raster_decode(pwg, i, &page);
		if (rc == HUFU_ERR_NOT_FOUND && i > 0)
			return HUFU_OK;
		if (rc == HUFU_ERR_NOT_FOUND)
			return HUFU_ERR_MALFORMED;
		if (rc != HUFU_OK)
			return rc;
		rc = scan(r, &page);
		raster_page_done(&page);
		if (rc != HUFU_OK)
			return rc;
	}
	return rc;
}

static int read_image(struct reading *r, struct span image)
{
	struct raster_page page;
	int rc = HUFU_ERR_UNSUPPORTED;

	if (qr_image_is_png(image))
		rc = qr_image_decode_png(image, &page);
	else if (qr_image_is_jpeg(image))
		rc = qr_image_decode_jpeg(image, &page);
	if (rc != HUFU_OK)
		return rc;
	rc = scan(r, &page);
	raster_page_done(&page);
	return rc;
}

/* The caller's text changes only when there is one to give. */
static int give(struct reading *r, int rc, char *ret_text, size_t cap)
{
	rc = finish(r, rc);
	if (rc == HUFU_OK && r->len >= cap)
		rc = HUFU_ERR_SPACE;
	if (rc == HUFU_OK)
		memcpy(ret_text, r->text, r->len + 1);
	free(r->text);
	return rc;
}

int qr_read(struct span image, char *ret_text, size_t cap)
{
	struct reading r = {.cap = QR_TEXT_MAX + 1};
	int rc;

	if (image.len > QR_IMAGE_BYTES_MAX)
		return HUFU_ERR_LIMIT;
	r.text = malloc(r.cap);
	if (!r.text)
		return HUFU_ERR_MEMORY;
	if (raster_is_pwg(image))
		rc = read_raster(&r, image);
	else
		rc = read_image(&r, image);
	return give(&r, rc, ret_text, cap);
}

int qr_read_gray(const uint8_t *gray, unsigned width, unsigned height,
        char *ret_text, size_t cap)
{
	/* zbar reads only; its interface, and ours for decoding, say less */
	union {
		const uint8_t *read;
		uint8_t *write;
	} dots = {gray};
	const struct raster_page page = {dots.write, width, height};
	struct reading r = {.cap = QR_TEXT_MAX + 1};

	if (width == 0 || height == 0 || width > QR_IMAGE_DOTS_MAX ||
	        height > QR_IMAGE_DOTS_MAX)
		return HUFU_ERR_LIMIT;
	r.text = malloc(r.cap);
	if (!r.text)
		return HUFU_ERR_MEMORY;
	return give(&r, scan(&r, &page), ret_text, cap);
}
