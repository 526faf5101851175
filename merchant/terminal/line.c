#include "merchant/terminal/line.h"

#include "merchant/terminal/port.h"

void line_init(struct line *l, uint8_t *text, size_t cap)
{
	*l = (struct line){.text = text, .cap = cap};
}

static void clear(struct line *l)
{
	l->len = 0;
	l->damaged = false;
	l->ready = false;
}

static enum line_event end(struct line *l)
{
	if (l->damaged) {
		clear(l);
		return LINE_DAMAGED;
	}
	l->ready = l->len > 0;
	return l->ready ? LINE_READY : LINE_MORE;
}

static bool is_control(int byte)
{
	return (byte < ' ' && byte != '\t') || byte == 0x7F;
}

enum line_event line_put(struct line *l, int byte, uint32_t now_ms)
{
	if (l->ready)
		clear(l);
	l->last_ms = now_ms;
	if (byte == '\r' || byte == '\n')
		return end(l);
	if (is_control(byte) || l->len == l->cap)
		l->damaged = true; /* PORT_LOST is below ' ' too */
	else
		l->text[l->len++] = (uint8_t)byte;
	return LINE_MORE;
}

enum line_event line_wait(struct line *l, uint32_t now_ms, uint32_t limit_ms)
{
	bool begun = !l->ready && (l->len > 0 || l->damaged);
	if (!begun || now_ms - l->last_ms < limit_ms)
		return LINE_MORE;
	clear(l);
	return LINE_DAMAGED;
}

struct span line_text(const struct line *l)
{
	return span_of(l->text, l->ready ? l->len : 0);
}
