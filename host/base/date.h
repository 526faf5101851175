/*
 * Calendar dates, YYYY-MM-DD and nothing else, years 1800 to 9999
 * (Gregorian). The zero date means "no date".
 */
#ifndef HOST_DATE_H
#define HOST_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include <hufu/error.h>

enum { DATE_TEXT_LEN = 10 };

struct date {
	int16_t year; /* 0: no date */
	int8_t month; /* 1..12 */
	int8_t day; /* 1..31 */
};

HUFU_MUST_USE int date_parse(const char *text, struct date *ret);
void date_format(struct date d, char ret[DATE_TEXT_LEN + 1]); /* "" if none */
bool date_is_set(struct date d);
bool date_is_valid(struct date d);
int date_compare(struct date a, struct date b); /* <0, 0, >0 */
int32_t date_to_days(struct date d); /* since 1970-01-01 */
struct date date_from_days(int32_t days);
struct date date_add_days(struct date d, int32_t days);
/* The same day of a later month, or that month's last day. */
struct date date_add_months(struct date d, int months);
int date_full_years(struct date from, struct date to); /* age in years */
int date_weekday(struct date d); /* 0 Monday .. 6 Sunday */

#endif
