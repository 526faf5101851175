/*
 * Lines of text from a serial line, ended by CR, LF or both. A line that is
 * too long, holds a control character or lost bytes is passed over up to its
 * end and then told once; nothing of it is used.
 */
#ifndef TERMINAL_LINE_H
#define TERMINAL_LINE_H

#include "crypto/core/bytes.h"

enum line_event {
	LINE_MORE = 0, /* not at an end, or an empty line */
	LINE_READY = 1, /* line_text() until the next call */
	LINE_DAMAGED = 2,
};

struct line {
	uint8_t *text;
	size_t cap;
	size_t len;
	bool damaged;
	bool ready; /* len is of a line that was told */
	uint32_t last_ms;
};

void line_init(struct line *l, uint8_t *text, size_t cap);

/* `byte` may be PORT_LOST. */
enum line_event line_put(struct line *l, int byte, uint32_t now_ms);

/* Gives up on a line whose rest does not come in `limit_ms`. */
enum line_event line_wait(struct line *l, uint32_t now_ms, uint32_t limit_ms);

struct span line_text(const struct line *l);

#endif
