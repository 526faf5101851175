#include "host/base/utf8.h"

static size_t length_of(uint8_t first, uint32_t *ret_bits)
{
	if (first < 0x80) {
		*ret_bits = first;
		return 1;
	}
	if (first >= 0xC2 && first <= 0xDF) {
		*ret_bits = first & 0x1FU;
		return 2;
	}
	if (first >= 0xE0 && first <= 0xEF) {
		*ret_bits = first & 0x0FU;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		*ret_bits = first & 0x07U;
		return 4;
	}
	return 0;
}

size_t utf8_get(struct span text, size_t at, uint32_t *ret_point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t point = 0;
	size_t len;

	if (at >= text.len)
		return 0;
	len = length_of(text.data[at], &point);
	if (len == 0 || len > text.len - at)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((text.data[at + i] & 0xC0) != 0x80)
			return 0;
		point = point << 6 | (text.data[at + i] & 0x3FU);
	}
	if (point < smallest[len] || point > 0x10FFFF ||
	        (point >= 0xD800 && point <= 0xDFFF))
		return 0;
	*ret_point = point;
	return len;
}

size_t utf8_put(uint32_t point, char ret[UTF8_MAX])
{
	if (point < 0x80) {
		ret[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		ret[0] = (char)(0xC0 | point >> 6);
		ret[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		ret[0] = (char)(0xE0 | point >> 12);
		ret[1] = (char)(0x80 | (point >> 6 & 0x3F));
		ret[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	ret[0] = (char)(0xF0 | point >> 18);
	ret[1] = (char)(0x80 | (point >> 12 & 0x3F));
	ret[2] = (char)(0x80 | (point >> 6 & 0x3F));
	ret[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}

bool utf8_is_valid(struct span text)
{
	uint32_t point;

	for (size_t at = 0; at < text.len;) {
		size_t len = utf8_get(text, at, &point);
		if (len == 0)
			return false;
		at += len;
	}
	return true;
}

size_t utf8_length(struct span text)
{
	size_t count = 0;
	uint32_t point;

	for (size_t at = 0; at < text.len; count++) {
		size_t len = utf8_get(text, at, &point);
		at += len ? len : 1;
	}
	return count;
}
