/*
 * Files and standard input, whole and bounded, in memory of their own.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "crypto/core/bytes.h"

struct input {
	uint8_t *data; /* NUL-terminated beyond len */
	size_t len;
};

enum {
	INPUT_TEXT_MAX = 64 * 1024,
	INPUT_LIST_MAX = 32 * 1024 * 1024,
	INPUT_IMAGE_MAX = 32 * 1024 * 1024,
};

/* "-" is standard input. HUFU_ERR_NOT_FOUND, DENIED, IO, LIMIT, MEMORY. */
HUFU_MUST_USE int input_read(const char *path, size_t max, struct input *ret);

HUFU_MUST_USE int input_copy(struct span from, struct input *ret);

/* Without line ends at the end, as a shell or scanner adds them. */
struct span input_text(const struct input *in);
struct span input_span(const struct input *in);

void input_done(struct input *in); /* legal on a zeroed one */

#define INPUT __attribute__((cleanup(input_done))) struct input

#endif
