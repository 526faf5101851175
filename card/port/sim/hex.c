#include "card/port/sim/hex.h"

#include <string.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int hex_decode(const char *text, uint8_t *ret, size_t len)
{
	if (strlen(text) != 2 * len)
		return HUFU_ERR_MALFORMED;
	for (size_t i = 0; i < 2 * len; i++)
		if (digit(text[i]) < 0)
			return HUFU_ERR_MALFORMED;
	for (size_t i = 0; i < len; i++)
		ret[i] = (uint8_t)(digit(text[2 * i]) << 4 |
		                   digit(text[2 * i + 1]));
	return HUFU_OK;
}

void hex_encode(const uint8_t *data, size_t len, char *ret)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits[data[i] >> 4];
		ret[2 * i + 1] = digits[data[i] & 15];
	}
	ret[2 * len] = '\0';
}
