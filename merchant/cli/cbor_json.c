#include "merchant/cli/cbor_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/base64.h"
#include "crypto/core/cbor.h"
#include "crypto/core/cose.h"
#include "crypto/core/utf8.h"

enum { INDEFINITE = 31, MAJOR_SHIFT = 5 };

static json_t *get_item(struct reader *r);

static json_t *text_of(struct span s)
{
	return json_stringn(s.len ? (const char *)s.data : "", s.len);
}

static json_t *base64url(struct span s)
{
	struct writer w;
	size_t cap = BASE64_TEXT_LEN(s.len);
	char *text = malloc(cap + 1);
	if (!text)
		return NULL;
	writer_init(&w, text, cap);
	base64_encode(&w, s);
	size_t len = w.len;
	while (len > 0 && text[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++)
		text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	json_t *ret = json_stringn(text, len);
	free(text);
	return ret;
}

/* A string in pieces; `item` is the whole of it, checked. */
static json_t *get_pieces(struct span item, bool is_text)
{
	struct reader r;
	struct writer w;
	uint8_t *joined = malloc(item.len);
	if (!joined)
		return NULL;
	writer_init(&w, joined, item.len);
	reader_init(&r, span_of(item.data + 1, item.len - 2));
	while (reader_left(&r) > 0 && !r.error)
		writer_put_span(
		        &w, is_text ? cbor_get_text(&r) : cbor_get_bytes(&r));
	json_t *ret =
	        is_text ? text_of(writer_span(&w)) : base64url(writer_span(&w));
	free(joined);
	return ret;
}

static json_t *get_string(struct reader *r, bool is_text)
{
	if ((r->data[r->pos] & INDEFINITE) == INDEFINITE)
		return get_pieces(cbor_get_item(r), is_text);
	return is_text ? text_of(cbor_get_text(r))
	               : base64url(cbor_get_bytes(r));
}

static json_t *number_as_text(bool negative, uint64_t v)
{
	char text[24];
	/* -1 - v, which may not fit any integer */
	if (negative && v == UINT64_MAX)
		return json_string("-18446744073709551616");
	(void)snprintf(text, sizeof text, "%s%" PRIu64, negative ? "-" : "",
	        negative ? v + 1 : v);
	return json_string(text);
}

static json_t *get_integer(struct reader *r)
{
	struct reader argument;
	bool negative = cbor_peek(r) == CBOR_NEGATIVE;
	uint8_t unsigned_form[9];
	struct span item = cbor_get_item(r);
	if (item.len == 0 || item.len > sizeof unsigned_form)
		return json_null();
	memcpy(unsigned_form, item.data, item.len);
	unsigned_form[0] &= (uint8_t) ~(7u << MAJOR_SHIFT);
	reader_init(&argument, span_of(unsigned_form, item.len));
	uint64_t v = cbor_get_uint(&argument);
	if (v > INT64_MAX)
		return number_as_text(negative, v);
	return json_integer(negative ? -1 - (json_int_t)v : (json_int_t)v);
}

/* RFC 8949 appendix D */
static double half(unsigned bits)
{
	int exponent = (int)(bits >> 10 & 0x1f);
	double mantissa = bits & 0x3ff;
	double v = exponent == 0    ? ldexp(mantissa, -24)
	           : exponent != 31 ? ldexp(mantissa + 1024, exponent - 25)
	                            : INFINITY;
	return bits & 0x8000 ? -v : v;
}

static double float_of(struct span item)
{
	struct reader r;
	uint32_t bits32;
	uint64_t bits64;
	float f;
	double d;
	reader_init(&r, span_of(item.data + 1, item.len - 1));
	if (item.len == 3)
		return half(reader_get_u16(&r));
	if (item.len == 5) {
		bits32 = reader_get_u32(&r);
		memcpy(&f, &bits32, sizeof f);
		return (double)f;
	}
	bits64 = reader_get_u64(&r);
	memcpy(&d, &bits64, sizeof d);
	return d;
}

static json_t *get_simple(struct reader *r)
{
	enum { FALSE = 0xf4, TRUE = 0xf5, HALF = 0xf9, DOUBLE = 0xfb };
	struct span item = cbor_get_item(r);
	uint8_t first = item.len > 0 ? item.data[0] : 0;
	if (first == FALSE || first == TRUE)
		return json_boolean(first == TRUE);
	if (first < HALF || first > DOUBLE)
		return json_null();
	double v = float_of(item);
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *get_array(struct reader *r)
{
	size_t left = cbor_get_array(r);
	json_t *ret = json_array();
	while (ret && cbor_next(r, &left))
		if (json_array_append_new(ret, get_item(r)) != 0) {
			json_decref(ret);
			return NULL;
		}
	return ret;
}

/* A key as text; 1 and "1" may stand in one map, so the later one yields. */
static char *key_of(json_t *key, const json_t *map)
{
	char *text = json_is_string(key) ? strdup(json_string_value(key))
	                                 : json_dumps(key, JSON_ENCODE_ANY);
	while (text && json_object_get(map, text)) {
		size_t len = strlen(text);
		char *longer = realloc(text, len + 2);
		if (!longer) {
			free(text);
			return NULL;
		}
		text = longer;
		memcpy(text + len, "~", 2);
	}
	return text;
}

static json_t *get_map(struct reader *r)
{
	size_t left = cbor_get_map(r);
	json_t *ret = json_object();
	while (ret && cbor_next(r, &left)) {
		json_t *key = get_item(r);
		char *text = key ? key_of(key, ret) : NULL;
		json_decref(key);
		if (!text ||
		        json_object_set_new_nocheck(ret, text, get_item(r))) {
			free(text);
			json_decref(ret);
			return NULL;
		}
		free(text);
	}
	return ret;
}

static json_t *get_tagged(struct reader *r)
{
	struct reader inside;
	if (cbor_get_tag(r) != COSE_TAG_ENCODED || cbor_peek(r) != CBOR_BYTES ||
	        (r->data[r->pos] & INDEFINITE) == INDEFINITE)
		return get_item(r);
	struct span s = cbor_get_bytes(r);
	if (cbor_check(s, CBOR_ANY))
		return base64url(s);
	reader_init(&inside, s);
	return get_item(&inside);
}

/* Of a checked document, so depth is bounded. */
static json_t *get_item(struct reader *r)
{
	switch (cbor_peek(r)) {
	case CBOR_UINT:
	case CBOR_NEGATIVE:
		return get_integer(r);
	case CBOR_BYTES:
		return get_string(r, false);
	case CBOR_TEXT:
		return get_string(r, true);
	case CBOR_ARRAY:
		return get_array(r);
	case CBOR_MAP:
		return get_map(r);
	case CBOR_TAG:
		return get_tagged(r);
	case CBOR_SIMPLE:
		return get_simple(r);
	case CBOR_END:
		break;
	}
	return json_null();
}

json_t *cbor_json_of(struct span payload)
{
	struct reader r;
	if (cbor_check(payload, CBOR_ANY) == HUFU_OK) {
		reader_init(&r, payload);
		return get_item(&r);
	}
	json_t *ret =
	        payload.len ? json_loadb((const char *)payload.data,
	                              payload.len, JSON_REJECT_DUPLICATES, NULL)
	                    : NULL;
	if (!ret)
		ret = utf8_is_valid(payload) ? text_of(payload)
		                             : base64url(payload);
	return ret;
}
