#include "host/issue/card_number.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CHECKED_LEN = CARD_NUMBER_LEN - 1 };

static bool all_digits(const char *text, size_t len)
{
	return strnlen(text, len + 1) == len &&
	       strspn(text, "0123456789") == len;
}

/* ISO/IEC 7064:2003, MOD 11,10: hybrid system, clause 10. */
static char check_digit(const char *digits, size_t len)
{
	unsigned p = 10;

	for (size_t i = 0; i < len; i++) {
		unsigned s = (p + (unsigned)(digits[i] - '0')) % 10;
		p = (s == 0 ? 10 : s) * 2 % 11;
	}
	return (char)('0' + (11 - p) % 10);
}

int card_number_format(
        const struct card_number *parts, char ret[CARD_NUMBER_LEN + 1])
{
	char text[CARD_NUMBER_LEN + 1];

	if (!all_digits(parts->area, 6) || parts->kind < 1 || parts->kind > 9 ||
	        parts->year > 99 || parts->serial < 1 ||
	        parts->serial > CARD_NUMBER_SERIAL_MAX)
		return HUFU_ERR_ARGUMENT;
	int len = snprintf(text, sizeof(text),
	        "%s%" PRIu32 "%02" PRIu32 "%07" PRIu32, parts->area,
	        parts->kind, parts->year, parts->serial);
	if (len != CHECKED_LEN)
		return HUFU_ERR_ARGUMENT;
	text[CHECKED_LEN] = check_digit(text, CHECKED_LEN);
	text[CARD_NUMBER_LEN] = '\0';
	memcpy(ret, text, sizeof(text));
	return 0;
}

static uint32_t digits_value(const char *digits, size_t len)
{
	uint32_t v = 0;

	for (size_t i = 0; i < len; i++)
		v = v * 10 + (uint32_t)(digits[i] - '0');
	return v;
}

int card_number_parse(const char *text, struct card_number *ret)
{
	struct card_number n = {{0}, 0, 0, 0};

	if (!all_digits(text, CARD_NUMBER_LEN))
		return HUFU_ERR_MALFORMED;
	if (text[CHECKED_LEN] != check_digit(text, CHECKED_LEN))
		return HUFU_ERR_SIGNATURE;
	memcpy(n.area, text, 6);
	n.kind = digits_value(text + 6, 1);
	n.year = digits_value(text + 7, 2);
	n.serial = digits_value(text + 9, 7);
	if (n.kind == 0 || n.serial == 0)
		return HUFU_ERR_MALFORMED;
	*ret = n;
	return 0;
}
