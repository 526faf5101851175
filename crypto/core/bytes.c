#include "crypto/core/bytes.h"

#include "crypto/core/mem.h"

static size_t text_len(const char *text)
{
	size_t len = 0;
	while (text[len])
		len++;
	return len;
}

struct span span_of(const void *data, size_t len)
{
	return (struct span){data, len};
}

struct span span_of_text(const char *text)
{
	return (struct span){(const uint8_t *)text, text_len(text)};
}

bool span_equal(struct span a, struct span b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool span_is_text(struct span s, const char *text)
{
	return span_equal(s, span_of_text(text));
}

bool bytes_equal_secret(const uint8_t *a, const uint8_t *b, size_t len)
{
	uint8_t diff = 0;
	for (size_t i = 0; i < len; i++)
		diff = (uint8_t)(diff | (a[i] ^ b[i]));
	return diff == 0;
}

void bytes_wipe(void *data, size_t len)
{
	volatile uint8_t *p = data;
	for (size_t i = 0; i < len; i++)
		p[i] = 0;
}

void reader_init(struct reader *r, struct span in)
{
	*r = (struct reader){in.data, in.len, 0, HUFU_OK};
}

size_t reader_left(const struct reader *r)
{
	return r->error ? 0 : r->len - r->pos;
}

void reader_fail(struct reader *r, int error)
{
	if (!r->error)
		r->error = error;
}

struct span reader_get_span(struct reader *r, size_t len)
{
	if (!r->error && len > r->len - r->pos)
		r->error = HUFU_ERR_TRUNCATED;
	if (r->error)
		return (struct span){NULL, 0};
	struct span s = {r->data + r->pos, len};
	r->pos += len;
	return s;
}

static uint64_t get_be(struct reader *r, size_t len)
{
	struct span s = reader_get_span(r, len);
	uint64_t v = 0;
	for (size_t i = 0; i < s.len; i++)
		v = v << 8 | s.data[i];
	return v;
}

uint8_t reader_get_u8(struct reader *r)
{
	return (uint8_t)get_be(r, 1);
}

uint16_t reader_get_u16(struct reader *r)
{
	return (uint16_t)get_be(r, 2);
}

uint32_t reader_get_u32(struct reader *r)
{
	return (uint32_t)get_be(r, 4);
}

uint64_t reader_get_u64(struct reader *r)
{
	return get_be(r, 8);
}

int reader_done(const struct reader *r)
{
	if (r->error)
		return r->error;
	return r->pos == r->len ? HUFU_OK : HUFU_ERR_TRAILING;
}

void writer_init(struct writer *w, void *data, size_t cap)
{
	*w = (struct writer){data, cap, 0, HUFU_OK};
}

void writer_fail(struct writer *w, int error)
{
	if (!w->error)
		w->error = error;
}

void writer_put(struct writer *w, const void *data, size_t len)
{
	if (!w->error && len > w->cap - w->len)
		w->error = HUFU_ERR_SPACE;
	if (w->error || len == 0)
		return;
	memcpy(w->data + w->len, data, len);
	w->len += len;
}

void writer_put_span(struct writer *w, struct span s)
{
	writer_put(w, s.data, s.len);
}

void writer_put_text(struct writer *w, const char *text)
{
	writer_put(w, text, text_len(text));
}

static void put_be(struct writer *w, uint64_t v, unsigned len)
{
	uint8_t b[8];
	for (unsigned i = 0; i < len; i++)
		b[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
	writer_put(w, b, len);
}

void writer_put_u8(struct writer *w, uint8_t v)
{
	put_be(w, v, 1);
}

void writer_put_u16(struct writer *w, uint16_t v)
{
	put_be(w, v, 2);
}

void writer_put_u32(struct writer *w, uint32_t v)
{
	put_be(w, v, 4);
}

void writer_put_u64(struct writer *w, uint64_t v)
{
	put_be(w, v, 8);
}

struct span writer_span(const struct writer *w)
{
	return (struct span){w->data, w->error ? 0 : w->len};
}
