#include "host/base/area_code.h"

#include <string.h>

static const size_t digits_of[] = {0, 2, 4, 6, 9, 12};

enum area_level area_code_level(const char *code)
{
	size_t len = strlen(code);

	if (strspn(code, "0123456789") != len)
		return AREA_NONE;
	switch (len) {
	case 6:
		if (memcmp(code, "00", 2) == 0)
			return AREA_NONE;
		if (strcmp(code + 2, "0000") == 0)
			return AREA_PROVINCE;
		return strcmp(code + 4, "00") == 0 ? AREA_CITY : AREA_COUNTY;
	case 9:
		return AREA_TOWNSHIP;
	case 12:
		return AREA_VILLAGE;
	default:
		return AREA_NONE;
	}
}

bool area_code_within(const char *code, const char *scope)
{
	enum area_level inner = area_code_level(code);
	enum area_level outer = area_code_level(scope);

	if (strcmp(scope, "00") == 0)
		return inner != AREA_NONE || strcmp(code, "00") == 0;
	if (inner == AREA_NONE)
		return false;
	if (outer == AREA_NONE || inner < outer)
		return false;
	return memcmp(code, scope, digits_of[outer]) == 0;
}

bool area_code_at(
        const char *code, enum area_level level, char ret[AREA_CODE_MAX + 1])
{
	enum area_level own = area_code_level(code);
	size_t digits, width;

	if (own == AREA_NONE || level == AREA_NONE || own < level)
		return false;
	/* A township right below a city has no county (东莞 441900003). */
	if (level == AREA_COUNTY && memcmp(code + 4, "00", 2) == 0)
		return false;
	digits = digits_of[level];
	width = digits < 6 ? 6 : digits;
	memset(ret, '0', width);
	memcpy(ret, code, digits);
	ret[width] = '\0';
	return true;
}

void area_code_prefix(const char *area, char ret[AREA_CODE_MAX + 1])
{
	size_t len = area ? digits_of[area_code_level(area)] : 0;

	if (len > 0)
		memcpy(ret, area, len);
	ret[len] = '\0';
}
