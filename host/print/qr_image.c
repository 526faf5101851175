#include "host/print/qr_image.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "host/print/photo_decode.h"
#include "host/print/qr_read.h"

static bool starts_with(struct span image, const char *magic, size_t len)
{
	return image.len >= len && memcmp(image.data, magic, len) == 0;
}

bool qr_image_is_png(struct span image)
{
	return starts_with(image, "\x89PNG\r\n\x1a\n", 8);
}

bool qr_image_is_jpeg(struct span image)
{
	return starts_with(image, "\xff\xd8\xff", 3);
}

int qr_image_decode_png(struct span image, struct raster_page *ret)
{
	png_image png = {.version = PNG_IMAGE_VERSION};
	uint8_t *gray;
	int rc = HUFU_ERR_MALFORMED;

	if (!png_image_begin_read_from_memory(&png, image.data, image.len))
		return HUFU_ERR_MALFORMED;
	if (png.width > QR_IMAGE_DOTS_MAX || png.height > QR_IMAGE_DOTS_MAX) {
		png_image_free(&png);
		return HUFU_ERR_LIMIT;
	}
	png.format = PNG_FORMAT_GRAY;
	gray = malloc(PNG_IMAGE_SIZE(png));
	if (!gray)
		rc = HUFU_ERR_MEMORY;
	else if (png_image_finish_read(
	                 &png, &(png_color){255, 255, 255}, gray, 0, NULL))
		rc = HUFU_OK;
	png_image_free(&png);
	if (rc != HUFU_OK) {
		free(gray);
		return rc;
	}
	*ret = (struct raster_page){gray, png.width, png.height};
	return HUFU_OK;
}

int qr_image_decode_jpeg(struct span image, struct raster_page *ret)
{
	struct photo_dots dots;
	size_t count;
	uint8_t *gray;
	int rc = photo_decode(image, &dots);

	if (rc != HUFU_OK)
		return rc;
	count = (size_t)dots.width * dots.height;
	gray = malloc(count);
	if (!gray) {
		photo_dots_done(&dots);
		return HUFU_ERR_MEMORY;
	}
	for (size_t i = 0; i < count; i++)
		gray[i] = raster_luma(dots.rgb[i]);
	*ret = (struct raster_page){gray, dots.width, dots.height};
	photo_dots_done(&dots);
	return HUFU_OK;
}
