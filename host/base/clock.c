#include "host/base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { CHINA_OFFSET_S = 8 * 3600, DAY_S = 86400 };

static _Atomic int64_t pretended_s;

static int64_t read_ns(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) != 0)
		return 0; /* cannot fail for these clocks */
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void clock_pretend(int64_t time_s)
{
	atomic_store(&pretended_s, time_s);
}

int64_t clock_now_ms(void)
{
	int64_t pretended = atomic_load(&pretended_s);

	return pretended ? pretended * 1000 : read_ns(CLOCK_REALTIME) / 1000000;
}

int64_t clock_now_s(void)
{
	return clock_now_ms() / 1000;
}

int64_t clock_steady_ms(void)
{
	return read_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t clock_steady_us(void)
{
	return read_ns(CLOCK_MONOTONIC) / 1000;
}

struct date clock_date_of(int64_t time_s)
{
	int64_t local = time_s + CHINA_OFFSET_S;
	int64_t days = local / DAY_S - (local % DAY_S < 0);

	return date_from_days((int32_t)days);
}

struct date clock_today(void)
{
	return clock_date_of(clock_now_s());
}

int64_t clock_start_of(struct date date)
{
	return (int64_t)date_to_days(date) * DAY_S - CHINA_OFFSET_S;
}

void clock_format(int64_t time_s, char ret[CLOCK_TEXT_LEN + 1])
{
	int64_t days = time_s / DAY_S - (time_s % DAY_S < 0);
	unsigned rest = (unsigned)(time_s - days * DAY_S);
	char day[DATE_TEXT_LEN + 1];

	date_format(date_from_days((int32_t)days), day);
	(void)snprintf(ret, CLOCK_TEXT_LEN + 1, "%sT%02u:%02u:%02uZ", day,
	        rest / 3600 % 24U, rest / 60 % 60U, rest % 60U);
}
