/*
 * The clock. What the office calls a day is a day in China (UTC+8, no
 * summer time), wherever the machine stands.
 */
#ifndef HOST_CLOCK_H
#define HOST_CLOCK_H

#include <stdint.h>

#include "host/base/date.h"

int64_t clock_now_s(void); /* seconds since 1970, UTC */
int64_t clock_now_ms(void); /* the same in milliseconds */
int64_t clock_steady_ms(void); /* monotonic: for spans and time-outs */
int64_t clock_steady_us(void);
struct date clock_today(void);
struct date clock_date_of(int64_t time_s); /* the day in China */
int64_t clock_start_of(struct date date); /* 00:00 in China, in UTC s */

/* Tests set the wall clock with this; 0 gives the real one back. */
void clock_pretend(int64_t time_s);

/* "2026-11-23T21:16:05Z" */
enum { CLOCK_TEXT_LEN = 20 };
void clock_format(int64_t time_s, char ret[CLOCK_TEXT_LEN + 1]);

#endif
