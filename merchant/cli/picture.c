#include "merchant/cli/picture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

static int make_room(struct picture *p, uint64_t width, uint64_t height)
{
	if (width == 0 || height == 0)
		return HUFU_ERR_MALFORMED;
	if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
	        width * height > PICTURE_DOTS_MAX)
		return HUFU_ERR_LIMIT;
	p->width = (unsigned)width;
	p->height = (unsigned)height;
	p->gray = malloc(width * height);
	return p->gray ? HUFU_OK : HUFU_ERR_MEMORY;
}

static int decode_png(struct span file, struct picture *p)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	png_color white = {255, 255, 255};
	if (!png_image_begin_read_from_memory(&image, file.data, file.len))
		return HUFU_ERR_MALFORMED;
	image.format = PNG_FORMAT_GRAY;
	int r = make_room(p, image.width, image.height);
	if (!r && !png_image_finish_read(&image, &white, p->gray, 0, NULL))
		r = HUFU_ERR_MALFORMED;
	png_image_free(&image);
	return r;
}

struct jpeg_failure {
	struct jpeg_error_mgr base;
	jmp_buf back;
};

static void jpeg_failed(j_common_ptr info)
{
	struct jpeg_failure *f = (struct jpeg_failure *)info->err;
	longjmp(f->back, 1);
}

static void jpeg_silent(j_common_ptr info, int level)
{
	(void)info;
	(void)level; /* a warning is no reason not to look for a code */
}

static int read_rows(struct jpeg_decompress_struct *info, struct picture *p)
{
	info->out_color_space = JCS_GRAYSCALE;
	if (!jpeg_start_decompress(info))
		return HUFU_ERR_MALFORMED;
	while (info->output_scanline < info->output_height) {
		JSAMPROW row =
		        p->gray + (size_t)info->output_scanline * p->width;
		(void)jpeg_read_scanlines(info, &row, 1);
	}
	return jpeg_finish_decompress(info) ? HUFU_OK : HUFU_ERR_MALFORMED;
}

static int decode_jpeg(struct span file, struct picture *p)
{
	struct jpeg_decompress_struct info;
	struct jpeg_failure failure;
	volatile int r = HUFU_ERR_MALFORMED;
	info.err = jpeg_std_error(&failure.base);
	failure.base.error_exit = jpeg_failed;
	failure.base.emit_message = jpeg_silent;
	jpeg_create_decompress(&info);
	if (setjmp(failure.back) == 0) {
		jpeg_mem_src(&info, file.data, file.len);
		(void)jpeg_read_header(&info, TRUE); /* else: jpeg_failed() */
		r = make_room(p, info.image_width, info.image_height);
		if (!r)
			r = read_rows(&info, p);
	} else {
		r = HUFU_ERR_MALFORMED;
	}
	jpeg_destroy_decompress(&info);
	return r;
}

int picture_decode(struct span file, struct picture *ret)
{
	static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a};
	static const uint8_t jpeg[] = {0xff, 0xd8, 0xff};
	struct picture p = {0};
	int r = HUFU_ERR_UNSUPPORTED;
	if (file.len > sizeof png && memcmp(file.data, png, sizeof png) == 0)
		r = decode_png(file, &p);
	else if (file.len > sizeof jpeg &&
	         memcmp(file.data, jpeg, sizeof jpeg) == 0)
		r = decode_jpeg(file, &p);
	if (r)
		picture_done(&p);
	else
		*ret = p;
	return r;
}

void picture_done(struct picture *p)
{
	free(p->gray);
	*p = (struct picture){0};
}
