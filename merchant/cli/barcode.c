#include "merchant/cli/barcode.h"

#include <stdlib.h>
#include <string.h>
#include <zbar.h>

/* The text that all codes in the picture share. */
static int take_symbols(zbar_image_t *image, struct writer *ret_text)
{
	const char *text = NULL;
	unsigned len = 0;
	const zbar_symbol_t *s = zbar_image_first_symbol(image);
	for (; s; s = zbar_symbol_next(s)) {
		const char *data = zbar_symbol_get_data(s);
		unsigned n = zbar_symbol_get_data_length(s);
		if (text && (n != len || memcmp(text, data, n) != 0))
			return BARCODE_SEVERAL;
		text = data;
		len = n;
	}
	if (!text)
		return BARCODE_NONE;
	writer_put(ret_text, text, len);
	return ret_text->error;
}

static int scan(zbar_image_scanner_t *scanner, zbar_image_t *image,
        const uint8_t *gray, struct writer *ret_text)
{
	unsigned width = zbar_image_get_width(image);
	unsigned height = zbar_image_get_height(image);
	if (zbar_image_scanner_set_config(
	            scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0) != 0 ||
	        zbar_image_scanner_set_config(
	                scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1) != 0)
		return HUFU_ERR_UNSUPPORTED;
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_data(image, gray, (unsigned long)width * height, NULL);
	if (zbar_scan_image(scanner, image) < 0)
		return HUFU_ERR_MEMORY;
	return take_symbols(image, ret_text);
}

int barcode_read_zbar(const uint8_t *gray, unsigned width, unsigned height,
        struct writer *ret_text)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	int r = HUFU_ERR_MEMORY;
	if (scanner && image) {
		zbar_image_set_size(image, width, height);
		r = scan(scanner, image, gray, ret_text);
	}
	if (image)
		zbar_image_destroy(image);
	if (scanner)
		zbar_image_scanner_destroy(scanner);
	return r;
}

int barcode_read(const uint8_t *gray, unsigned width, unsigned height,
        struct writer *ret_text)
{
	int r = barcode_read_zxing(gray, width, height, ret_text);
	return r == BARCODE_NONE
	               ? barcode_read_zbar(gray, width, height, ret_text)
	               : r;
}
