#include "crypto/core/cbor.h"

#include "crypto/core/cbor_walk.h"

static void put_head(struct writer *w, enum cbor_major major, uint64_t arg)
{
	uint8_t top = (uint8_t)((unsigned)major << 5);
	if (arg < CBOR_INFO_ONE) {
		writer_put_u8(w, (uint8_t)(top | arg));
	} else if (arg <= UINT8_MAX) {
		writer_put_u8(w, top | CBOR_INFO_ONE);
		writer_put_u8(w, (uint8_t)arg);
	} else if (arg <= UINT16_MAX) {
		writer_put_u8(w, top | (CBOR_INFO_ONE + 1));
		writer_put_u16(w, (uint16_t)arg);
	} else if (arg <= UINT32_MAX) {
		writer_put_u8(w, top | (CBOR_INFO_ONE + 2));
		writer_put_u32(w, (uint32_t)arg);
	} else {
		writer_put_u8(w, top | CBOR_INFO_EIGHT);
		writer_put_u64(w, arg);
	}
}

void cbor_put_uint(struct writer *w, uint64_t v)
{
	put_head(w, CBOR_UINT, v);
}

void cbor_put_int(struct writer *w, int64_t v)
{
	if (v < 0)
		put_head(w, CBOR_NEGATIVE, ~(uint64_t)v);
	else
		put_head(w, CBOR_UINT, (uint64_t)v);
}

void cbor_put_bytes(struct writer *w, struct span s)
{
	put_head(w, CBOR_BYTES, s.len);
	writer_put_span(w, s);
}

void cbor_put_bytes_head(struct writer *w, size_t len)
{
	put_head(w, CBOR_BYTES, len);
}

void cbor_put_text(struct writer *w, struct span utf8)
{
	put_head(w, CBOR_TEXT, utf8.len);
	writer_put_span(w, utf8);
}

void cbor_put_array(struct writer *w, size_t items)
{
	put_head(w, CBOR_ARRAY, items);
}

void cbor_put_map(struct writer *w, size_t pairs)
{
	put_head(w, CBOR_MAP, pairs);
}

void cbor_put_tag(struct writer *w, uint64_t tag)
{
	put_head(w, CBOR_TAG, tag);
}

void cbor_put_bool(struct writer *w, bool v)
{
	put_head(w, CBOR_SIMPLE, v ? CBOR_SIMPLE_TRUE : CBOR_SIMPLE_FALSE);
}

void cbor_put_null(struct writer *w)
{
	put_head(w, CBOR_SIMPLE, CBOR_SIMPLE_NULL);
}

int cbor_check(struct span in, enum cbor_rules rules)
{
	struct reader r;
	reader_init(&r, in);
	cbor_walk(&r, rules);
	return reader_done(&r);
}

enum cbor_major cbor_peek(const struct reader *r)
{
	if (reader_left(r) == 0)
		return CBOR_END;
	return (enum cbor_major)(r->data[r->pos] >> 5);
}

/* The head of an item that must be of this type. */
static struct cbor_head get_typed(struct reader *r, enum cbor_major major)
{
	struct cbor_head h = cbor_get_head(r);
	if (h.major != major)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return h;
}

/* The same, refusing indefinite lengths; 0 on failure. */
static uint64_t get_arg(struct reader *r, enum cbor_major major)
{
	struct cbor_head h = get_typed(r, major);
	if (h.info == CBOR_INFO_INDEFINITE)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return r->error ? 0 : h.arg;
}

uint64_t cbor_get_uint(struct reader *r)
{
	return get_arg(r, CBOR_UINT);
}

int64_t cbor_get_int(struct reader *r)
{
	bool negative = cbor_peek(r) == CBOR_NEGATIVE;
	uint64_t v = get_arg(r, negative ? CBOR_NEGATIVE : CBOR_UINT);
	if (v > INT64_MAX) {
		reader_fail(r, HUFU_ERR_MALFORMED);
		return 0;
	}
	if (r->error)
		return 0;
	return negative ? -1 - (int64_t)v : (int64_t)v;
}

static struct span get_string(struct reader *r, enum cbor_major major)
{
	uint64_t len = get_arg(r, major);
	if (len > reader_left(r))
		reader_fail(r, HUFU_ERR_TRUNCATED);
	return reader_get_span(r, (size_t)len);
}

struct span cbor_get_bytes(struct reader *r)
{
	return get_string(r, CBOR_BYTES);
}

struct span cbor_get_text(struct reader *r)
{
	return get_string(r, CBOR_TEXT);
}

static size_t get_count(struct reader *r, enum cbor_major major)
{
	struct cbor_head h = get_typed(r, major);
	if (r->error)
		return 0;
	if (h.info == CBOR_INFO_INDEFINITE)
		return CBOR_INDEFINITE;
	if (h.arg > reader_left(r)) {
		reader_fail(r, HUFU_ERR_TRUNCATED);
		return 0;
	}
	return (size_t)h.arg;
}

size_t cbor_get_array(struct reader *r)
{
	return get_count(r, CBOR_ARRAY);
}

size_t cbor_get_map(struct reader *r)
{
	return get_count(r, CBOR_MAP);
}

uint64_t cbor_get_tag(struct reader *r)
{
	return get_arg(r, CBOR_TAG);
}

bool cbor_get_bool(struct reader *r)
{
	struct cbor_head h = get_typed(r, CBOR_SIMPLE);
	if (h.info != CBOR_SIMPLE_FALSE && h.info != CBOR_SIMPLE_TRUE)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return !r->error && h.info == CBOR_SIMPLE_TRUE;
}

void cbor_get_null(struct reader *r)
{
	struct cbor_head h = get_typed(r, CBOR_SIMPLE);
	if (h.info != CBOR_SIMPLE_NULL)
		reader_fail(r, HUFU_ERR_MALFORMED);
}

int64_t cbor_get_label(struct reader *r)
{
	enum cbor_major major = cbor_peek(r);
	if (major == CBOR_UINT || major == CBOR_NEGATIVE)
		return cbor_get_int(r);
	cbor_skip(r);
	return CBOR_NO_LABEL;
}

struct span cbor_get_name(struct reader *r)
{
	if (cbor_peek(r) == CBOR_TEXT)
		return cbor_get_text(r);
	cbor_skip(r);
	return (struct span){NULL, 0};
}

bool cbor_next(struct reader *r, size_t *left)
{
	if (r->error || *left == 0)
		return false;
	if (*left != CBOR_INDEFINITE) {
		(*left)--;
		return true;
	}
	if (reader_left(r) == 0) {
		reader_fail(r, HUFU_ERR_TRUNCATED);
		return false;
	}
	if (r->data[r->pos] != 0xFF)
		return true;
	(void)reader_get_u8(r); /* the break */
	*left = 0;
	return false;
}

struct span cbor_get_item(struct reader *r)
{
	size_t start = r->pos;
	cbor_skip(r);
	if (r->error)
		return (struct span){NULL, 0};
	return (struct span){r->data + start, r->pos - start};
}
