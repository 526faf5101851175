#include "host/base/number.h"

#include <stdbool.h>
#include <string.h>

int number_parse(
        const char *text, size_t len, struct number_range range, int64_t *ret)
{
	bool negative = len > 0 && text[0] == '-';
	size_t at = negative ? 1 : 0;
	int64_t v = 0;

	if (at == len || (text[at] == '0' && len > 1))
		return HUFU_ERR_MALFORMED; /* nothing, 07, -0 */
	for (size_t i = at; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return HUFU_ERR_MALFORMED;
	for (; at < len; at++) {
		int64_t digit = text[at] - '0';
		if (__builtin_mul_overflow(v, 10, &v) ||
		        __builtin_sub_overflow(v, digit, &v))
			return HUFU_ERR_LIMIT;
	}
	/* Counted below zero, where there is one number more. */
	if (!negative && __builtin_sub_overflow((int64_t)0, v, &v))
		return HUFU_ERR_LIMIT;
	if (v < range.min || v > range.max)
		return HUFU_ERR_LIMIT;
	*ret = v;
	return 0;
}

int number_parse_text(const char *text, struct number_range range, int64_t *ret)
{
	return number_parse(text, strlen(text), range, ret);
}
