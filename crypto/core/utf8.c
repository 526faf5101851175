#include "crypto/core/utf8.h"

enum { UTF8_LAST = 0x10FFFF };

static bool utf8_is_scalar(uint32_t c)
{
	return c <= UTF8_LAST && (c < 0xD800 || c > 0xDFFF);
}

static uint32_t utf8_tail(struct reader *r, uint32_t c, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		/* a cut character is as bad as a wrong one */
		uint8_t b = reader_left(r) > 0 ? reader_get_u8(r) : 0;
		if ((b & 0xC0) != 0x80)
			reader_fail(r, HUFU_ERR_MALFORMED);
		c = c << 6 | (b & 0x3F);
	}
	return c;
}

uint32_t utf8_get(struct reader *r)
{
	uint8_t b = reader_get_u8(r);
	uint32_t c = b, least = 0;
	if (b >= 0xF0) {
		c = utf8_tail(r, b & 0x07, 3);
		least = 0x10000;
	} else if (b >= 0xE0) {
		c = utf8_tail(r, b & 0x0F, 2);
		least = 0x800;
	} else if (b >= 0x80) {
		c = utf8_tail(r, b & 0x1F, 1);
		least = 0x80;
	}
	/* 80..BF, C0, C1 and F8..FF as first bytes fall below `least` too */
	if (c < least || !utf8_is_scalar(c) || b >= 0xF8 ||
	        (b >= 0x80 && b < 0xC2))
		reader_fail(r, HUFU_ERR_MALFORMED);
	return r->error ? 0 : c;
}

bool utf8_is_valid(struct span text)
{
	struct reader r;
	reader_init(&r, text);
	while (reader_left(&r) > 0) {
		/* most text in a document is ASCII */
		if (r.data[r.pos] < 0x80)
			r.pos++;
		else
			(void)utf8_get(&r); /* its failure is sticky */
	}
	return !r.error;
}

void utf8_put(struct writer *w, uint32_t c)
{
	uint8_t b[4];
	if (!utf8_is_scalar(c)) {
		writer_fail(w, HUFU_ERR_ARGUMENT);
		return;
	}
	if (c < 0x80) {
		writer_put_u8(w, (uint8_t)c);
		return;
	}
	unsigned len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (unsigned i = len - 1; i > 0; i--) {
		b[i] = (uint8_t)(0x80 | (c & 0x3F));
		c >>= 6;
	}
	b[0] = (uint8_t)((0xF00u >> len) | c);
	writer_put(w, b, len);
}
