#include "crypto/core/base64.h"

static const char alphabet[65] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        "0123456789+/";

void base64_encode(struct writer *w, struct span in)
{
	for (size_t i = 0; i < in.len; i += 3) {
		size_t n = in.len - i < 3 ? in.len - i : 3;
		uint32_t v = (uint32_t)in.data[i] << 16;
		if (n > 1)
			v |= (uint32_t)in.data[i + 1] << 8;
		if (n > 2)
			v |= in.data[i + 2];
		for (unsigned d = 0; d < 4; d++) {
			char c =
			        d <= n ? alphabet[v >> (18 - 6 * d) & 63] : '=';
			writer_put_u8(w, (uint8_t)c);
		}
	}
}

static int32_t digit_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One group of `digits` characters (2 to 4), the rest being padding. */
static int decode_group(const uint8_t *text, unsigned digits, struct writer *w)
{
	uint32_t v = 0;
	for (unsigned i = 0; i < 4; i++) {
		int32_t d = i < digits ? digit_value(text[i]) : 0;
		if (d < 0)
			return HUFU_ERR_MALFORMED;
		v = v << 6 | (uint32_t)d;
	}
	unsigned bytes = digits - 1;
	if (v & (0xFFFFFFu >> (8 * bytes)))
		return HUFU_ERR_MALFORMED; /* spare bits are set */
	for (unsigned i = 0; i < bytes; i++)
		writer_put_u8(w, (uint8_t)(v >> (16 - 8 * i)));
	return HUFU_OK;
}

int base64_decode(struct span text, struct writer *w)
{
	if (text.len % 4 != 0)
		return HUFU_ERR_MALFORMED;
	for (size_t i = 0; i < text.len; i += 4) {
		unsigned digits = 4;
		if (i + 4 == text.len && text.data[i + 3] == '=')
			digits = text.data[i + 2] == '=' ? 2 : 3;
		int rc = decode_group(text.data + i, digits, w);
		if (rc)
			return rc;
	}
	return w->error;
}
