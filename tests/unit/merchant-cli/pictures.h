/*
 * Pictures with QR codes, as scanners and cameras make them.
 */
#ifndef TEST_PICTURES_H
#define TEST_PICTURES_H

#include "crypto/core/bytes.h"

struct canvas {
	unsigned width, height;
	uint8_t *gray;
};

/* White; free() the dots. */
struct canvas canvas_new(unsigned width, unsigned height);
/* Draws the code of `text` at level M with `dots` a module. */
void canvas_put_code(struct canvas *c, const char *text, unsigned x, unsigned y,
        unsigned dots);
void canvas_blur(struct canvas *c);

/* free() the answer. */
struct span canvas_encode_png(const struct canvas *c);
struct span canvas_encode_jpeg(const struct canvas *c);

#endif
