#include "host/base/date.h"

#include <stdio.h>
#include <string.h>

enum {
	YEAR_MIN = 1800,
	YEAR_MAX = 9999,
	DAYS_IN_400_YEARS = 146097,
	DAYS_0000_03_01_TO_1970 = 719468,
};

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int8_t days[] = {
	        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool date_is_set(struct date d)
{
	return d.year != 0;
}

bool date_is_valid(struct date d)
{
	return d.year >= YEAR_MIN && d.year <= YEAR_MAX && d.month >= 1 &&
	       d.month <= 12 && d.day >= 1 &&
	       d.day <= month_days(d.year, d.month);
}

int date_parse(const char *text, struct date *ret)
{
	struct date d;
	int part[8];

	if (strlen(text) != DATE_TEXT_LEN || text[4] != '-' || text[7] != '-')
		return HUFU_ERR_MALFORMED;
	for (int i = 0, n = 0; i < DATE_TEXT_LEN; i++) {
		if (i == 4 || i == 7)
			continue;
		if (text[i] < '0' || text[i] > '9')
			return HUFU_ERR_MALFORMED;
		part[n++] = text[i] - '0';
	}
	d.year = (int16_t)(part[0] * 1000 + part[1] * 100 + part[2] * 10 +
	                   part[3]);
	d.month = (int8_t)(part[4] * 10 + part[5]);
	d.day = (int8_t)(part[6] * 10 + part[7]);
	if (!date_is_valid(d))
		return HUFU_ERR_MALFORMED;
	*ret = d;
	return 0;
}

void date_format(struct date d, char ret[DATE_TEXT_LEN + 1])
{
	ret[0] = '\0';
	if (date_is_valid(d))
		(void)snprintf(ret, DATE_TEXT_LEN + 1, "%04u-%02u-%02u",
		        (unsigned)d.year % 10000U, (unsigned)d.month % 100U,
		        (unsigned)d.day % 100U);
}

int date_compare(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return (a.day > b.day) - (a.day < b.day);
}

/* Years begin in March here, so that the leap day comes last. */
int32_t date_to_days(struct date d)
{
	int32_t y = d.year - (d.month <= 2);
	int32_t era = y / 400;
	int32_t year_of_era = y - era * 400;
	int32_t month = (d.month + 9) % 12;
	int32_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
	int32_t day_of_era = year_of_era * 365 + year_of_era / 4 -
	                     year_of_era / 100 + day_of_year;

	return era * DAYS_IN_400_YEARS + day_of_era - DAYS_0000_03_01_TO_1970;
}

struct date date_from_days(int32_t days)
{
	int32_t z = days + DAYS_0000_03_01_TO_1970;
	int32_t era = z / DAYS_IN_400_YEARS;
	int32_t doe = z - era * DAYS_IN_400_YEARS;
	int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int32_t mp = (5 * doy + 2) / 153;
	int32_t month = mp < 10 ? mp + 3 : mp - 9;

	return (struct date){
	        .year = (int16_t)(yoe + era * 400 + (month <= 2)),
	        .month = (int8_t)month,
	        .day = (int8_t)(doy - (153 * mp + 2) / 5 + 1),
	};
}

struct date date_add_days(struct date d, int32_t days)
{
	return date_from_days(date_to_days(d) + days);
}

struct date date_add_months(struct date d, int months)
{
	int32_t count = d.year * 12 + (d.month - 1) + months;
	struct date r = {
	        .year = (int16_t)(count / 12),
	        .month = (int8_t)(count % 12 + 1),
	        .day = d.day,
	};
	int last = month_days(r.year, r.month);

	if (r.day > last)
		r.day = (int8_t)last;
	return r;
}

int date_full_years(struct date from, struct date to)
{
	int years = to.year - from.year;

	if (to.month < from.month ||
	        (to.month == from.month && to.day < from.day))
		years--;
	return years;
}

int date_weekday(struct date d)
{
	return (int)(((date_to_days(d) + 3) % 7 + 7) % 7); /* 1970: Thursday */
}
