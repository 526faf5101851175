/*
 * faces RASTER OUT: the pages of a PWG raster that a printer received, as
 * OUT-front.png and OUT-back.png, turned upright. It uses CUPS and cairo
 * alone, so that what is looked at owes nothing to the code that drew it.
 */
#include <cairo/cairo.h>
#include <cups/raster.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE_DOTS_MAX = 4096 };

/* A portrait page becomes a landscape face: a quarter turn, the front's one
 * way and the back's the other, as a card turned over its long edge. */
static void put_row(cairo_surface_t *face, const unsigned char *row,
        const cups_page_header2_t *h, unsigned y, int side)
{
	unsigned char *data = cairo_image_surface_get_data(face);
	size_t stride = (size_t)cairo_image_surface_get_stride(face);
	for (unsigned x = 0; x < h->cupsWidth; x++) {
		unsigned to_x = side ? h->cupsHeight - 1 - y : y;
		unsigned to_y = side ? x : h->cupsWidth - 1 - x;
		uint32_t *dot =
		        (uint32_t *)(void *)(data + to_y * stride) + to_x;
		*dot = 0xFF000000u | (uint32_t)row[3 * x] << 16 |
		       (uint32_t)row[3 * x + 1] << 8 | row[3 * x + 2];
	}
}

static int put_page(cups_raster_t *in, const cups_page_header2_t *h, int side,
        const char *path)
{
	if (h->cupsBitsPerPixel != 24 || h->cupsWidth > PAGE_DOTS_MAX ||
	        h->cupsHeight > PAGE_DOTS_MAX)
		return 1;
	unsigned char *row = malloc(h->cupsBytesPerLine);
	cairo_surface_t *face = cairo_image_surface_create(
	        CAIRO_FORMAT_RGB24, (int)h->cupsHeight, (int)h->cupsWidth);
	int bad = !row;
	cairo_surface_flush(face);
	for (unsigned y = 0; !bad && y < h->cupsHeight; y++) {
		bad = cupsRasterReadPixels(in, row, h->cupsBytesPerLine) !=
		      h->cupsBytesPerLine;
		if (!bad)
			put_row(face, row, h, y, side);
	}
	cairo_surface_mark_dirty(face);
	if (!bad)
		bad = cairo_surface_write_to_png(face, path) !=
		      CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(face);
	free(row);
	return bad;
}

int main(int argc, char **argv)
{
	static const char *const sides[] = {"front", "back"};
	if (argc != 3) {
		fprintf(stderr, "usage: faces RASTER OUT\n");
		return 2;
	}
	int fd = open(argv[1], O_RDONLY);
	cups_raster_t *in =
	        fd < 0 ? NULL : cupsRasterOpen(fd, CUPS_RASTER_READ);
	cups_page_header2_t h;
	int pages = 0;
	while (in && pages < 2 && cupsRasterReadHeader2(in, &h)) {
		char path[4096];
		(void)snprintf(
		        path, sizeof path, "%s-%s.png", argv[2], sides[pages]);
		if (put_page(in, &h, pages, path))
			break;
		pages++;
	}
	if (in)
		cupsRasterClose(in);
	if (pages != 2)
		fprintf(stderr, "faces: %s: not two pages of a card\n",
		        argv[1]);
	return pages == 2 ? 0 : 1;
}
