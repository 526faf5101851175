#include "crypto/core/decimal.h"

enum { DECIMAL_DIGITS_MAX = 20 };

int decimal_decode(struct span text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	if (text.len == 0 || (text.len > 1 && text.data[0] == '0'))
		return HUFU_ERR_MALFORMED;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = text.data[i] - (unsigned)'0';
		if (digit > 9)
			return HUFU_ERR_MALFORMED;
		if (digit > max || v > (max - digit) / 10)
			return HUFU_ERR_LIMIT;
		v = v * 10 + digit;
	}
	*ret = v;
	return HUFU_OK;
}

void decimal_encode_fixed(struct writer *w, uint64_t v, unsigned width)
{
	uint8_t digits[DECIMAL_DIGITS_MAX];
	for (unsigned i = width; i > 0; i--) {
		digits[i - 1] = (uint8_t)('0' + v % 10);
		v /= 10;
	}
	writer_put(w, digits, width);
}

void decimal_encode(struct writer *w, uint64_t v)
{
	unsigned width = 1;
	for (uint64_t rest = v / 10; rest > 0; rest /= 10)
		width++;
	decimal_encode_fixed(w, v, width);
}
