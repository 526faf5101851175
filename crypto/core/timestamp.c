#include "crypto/core/timestamp.h"

#include "crypto/core/decimal.h"

enum {
	DAYS_TO_1970 = 719468, /* from 0000-03-01 */
	DAYS_OF_400_YEARS = 146097,
};

struct date {
	unsigned year, month, day;
};

/* Years run from March here, so that the leap day is the last one. */
static struct date date_of_days(uint32_t days)
{
	uint32_t z = days + DAYS_TO_1970;
	uint32_t era = z / DAYS_OF_400_YEARS, in_era = z % DAYS_OF_400_YEARS;
	uint32_t year =
	        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) /
	        365;
	uint32_t in_year = in_era - (365 * year + year / 4 - year / 100);
	uint32_t m = (5 * in_year + 2) / 153;
	struct date d = {.year = year + era * 400 + (m >= 10),
	        .month = m < 10 ? m + 3 : m - 9,
	        .day = in_year - (153 * m + 2) / 5 + 1};
	return d;
}

static uint32_t days_of_date(struct date d)
{
	uint32_t year = d.year - (d.month <= 2);
	uint32_t era = year / 400, in_era = year % 400;
	uint32_t m = d.month > 2 ? d.month - 3 : d.month + 9;
	uint32_t in_year = (153 * m + 2) / 5 + d.day - 1;
	return era * DAYS_OF_400_YEARS + in_era * 365 + in_era / 4 -
	       in_era / 100 + in_year - DAYS_TO_1970;
}

static bool check_range(struct writer *w, int64_t time_s)
{
	if (time_s >= 0 && time_s <= TIMESTAMP_MAX_S)
		return true;
	writer_fail(w, HUFU_ERR_ARGUMENT);
	return false;
}

void timestamp_encode_date(struct writer *w, int64_t time_s)
{
	if (!check_range(w, time_s))
		return;
	struct date d = date_of_days((uint32_t)(time_s / TIMESTAMP_DAY_S));
	decimal_encode_fixed(w, d.year, 4);
	writer_put_u8(w, '-');
	decimal_encode_fixed(w, d.month, 2);
	writer_put_u8(w, '-');
	decimal_encode_fixed(w, d.day, 2);
}

void timestamp_encode(struct writer *w, int64_t time_s)
{
	if (!check_range(w, time_s))
		return;
	unsigned in_day = (unsigned)(time_s % TIMESTAMP_DAY_S);
	timestamp_encode_date(w, time_s);
	writer_put_u8(w, 'T');
	decimal_encode_fixed(w, in_day / 3600, 2);
	writer_put_u8(w, ':');
	decimal_encode_fixed(w, in_day / 60 % 60, 2);
	writer_put_u8(w, ':');
	decimal_encode_fixed(w, in_day % 60, 2);
	writer_put_u8(w, 'Z');
}

/* Exactly `count` digits, followed by `mark` unless that is 0. */
static unsigned get_digits(struct reader *r, unsigned count, char mark)
{
	unsigned v = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned digit = reader_get_u8(r) - (unsigned)'0';
		if (digit > 9)
			reader_fail(r, HUFU_ERR_MALFORMED);
		v = v * 10 + digit;
	}
	if (mark && reader_get_u8(r) != (uint8_t)mark)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return r->error ? 0 : v;
}

static int64_t get_date(struct reader *r, char mark)
{
	struct date d = {
	        .year = get_digits(r, 4, '-'), .month = get_digits(r, 2, '-')};
	d.day = get_digits(r, 2, mark);
	if (r->error || d.year < 1970 || d.month < 1 || d.month > 12 ||
	        d.day < 1 || d.day > 31) {
		reader_fail(r, HUFU_ERR_MALFORMED);
		return 0;
	}
	uint32_t days = days_of_date(d);
	/* 31 April turns into 1 May: such a date does not come back */
	if (date_of_days(days).day != d.day)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return (int64_t)days * TIMESTAMP_DAY_S;
}

int timestamp_decode(struct span text, int64_t *ret_time_s)
{
	struct reader r;
	reader_init(&r, text);
	int64_t time_s = get_date(&r, 'T');
	unsigned hour = get_digits(&r, 2, ':');
	unsigned minute = get_digits(&r, 2, ':');
	unsigned second = get_digits(&r, 2, 'Z');
	if (reader_done(&r) || hour > 23 || minute > 59 || second > 59)
		return HUFU_ERR_MALFORMED;
	*ret_time_s = time_s + hour * 3600 + minute * 60 + second;
	return HUFU_OK;
}

int timestamp_decode_date(struct span text, int64_t *ret_time_s)
{
	struct reader r;
	reader_init(&r, text);
	int64_t time_s = get_date(&r, 0);
	if (reader_done(&r))
		return HUFU_ERR_MALFORMED;
	*ret_time_s = time_s;
	return HUFU_OK;
}
