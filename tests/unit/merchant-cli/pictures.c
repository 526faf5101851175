#include "tests/unit/merchant-cli/pictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>
#include <qrencode.h>

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct canvas canvas_new(unsigned width, unsigned height)
{
	struct canvas c = {width, height, must(malloc(width * height))};
	memset(c.gray, 255, (size_t)width * height);
	return c;
}

void canvas_put_code(struct canvas *c, const char *text, unsigned x, unsigned y,
        unsigned dots)
{
	QRcode *code =
	        must(QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1));
	unsigned side = (unsigned)code->width * dots;
	if (x + side > c->width || y + side > c->height)
		abort();
	for (unsigned row = 0; row < side; row++)
		for (unsigned col = 0; col < side; col++) {
			unsigned module =
			        row / dots * (unsigned)code->width + col / dots;
			if (code->data[module] & 1)
				c->gray[(y + row) * c->width + x + col] = 0;
		}
	QRcode_free(code);
}

void canvas_blur(struct canvas *c)
{
	uint8_t *out = must(malloc((size_t)c->width * c->height));
	memcpy(out, c->gray, (size_t)c->width * c->height);
	for (unsigned y = 1; y + 1 < c->height; y++)
		for (unsigned x = 1; x + 1 < c->width; x++) {
			unsigned sum = 0;
			for (unsigned i = 0; i < 9; i++)
				sum += c->gray[(y + i / 3 - 1) * c->width + x +
				               i % 3 - 1];
			out[y * c->width + x] = (uint8_t)(sum / 9);
		}
	free(c->gray);
	c->gray = out;
}

struct span canvas_encode_png(const struct canvas *c)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
	        .width = c->width,
	        .height = c->height,
	        .format = PNG_FORMAT_GRAY};
	png_alloc_size_t len = 0;
	if (!png_image_write_to_memory(&image, NULL, &len, 0, c->gray, 0, NULL))
		abort();
	uint8_t *out = must(malloc(len));
	if (!png_image_write_to_memory(&image, out, &len, 0, c->gray, 0, NULL))
		abort();
	return span_of(out, len);
}

struct span canvas_encode_jpeg(const struct canvas *c)
{
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long len = 0;
	info.err = jpeg_std_error(&errors);
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &out, &len);
	info.image_width = c->width;
	info.image_height = c->height;
	info.input_components = 1;
	info.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&info);
	jpeg_set_quality(&info, 60, TRUE);
	jpeg_start_compress(&info, TRUE);
	while (info.next_scanline < info.image_height) {
		JSAMPROW row = c->gray + (size_t)info.next_scanline * c->width;
		(void)jpeg_write_scanlines(&info, &row, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	return span_of(out, len);
}
