/*
 * Codes of areas: GB/T 2260, six digits, "320000" a province, "320100" a
 * city, "320106" a county; nine digits a township (GB/T 10114), twelve a
 * village. An area lies within another when it carries its digits.
 */
#ifndef HOST_AREA_CODE_H
#define HOST_AREA_CODE_H

#include <stdbool.h>

enum { AREA_CODE_MAX = 12 };

enum area_level {
	AREA_NONE = 0, /* no code */
	AREA_PROVINCE = 1,
	AREA_CITY = 2,
	AREA_COUNTY = 3,
	AREA_TOWNSHIP = 4,
	AREA_VILLAGE = 5,
};

enum area_level area_code_level(const char *code);
/* "00" is the whole country, as a scope; only itself holds it. */
bool area_code_within(const char *code, const char *scope);
/* The code of the area of `level` that `code` lies in; false when code
 * stands above that level. */
bool area_code_at(
        const char *code, enum area_level level, char ret[AREA_CODE_MAX + 1]);

/* The digits that all areas within `area` begin with; "" for NULL, for the
 * whole country and for what is no code. */
void area_code_prefix(const char *area, char ret[AREA_CODE_MAX + 1]);

#endif
