/*
 * Working days in China: Saturday and Sunday are free, but for what the
 * State Council exchanges every year (调休). A calendar is a CSV file of
 * YYYY-MM-DD,off|work lines; # begins a comment. A year without any line is
 * one whose notice is not known yet, and weekends alone count for it.
 */
#ifndef HOST_CALENDAR_H
#define HOST_CALENDAR_H

#include "crypto/core/bytes.h"
#include "host/base/date.h"
#include "host/base/problem.h"

enum {
	CALENDAR_DAYS_MAX = 8192, /* lines */
	CALENDAR_FIRST_YEAR = 2000,
	CALENDAR_LAST_YEAR = 2199,
	CALENDAR_FILE_MAX = 256 * 1024,
};

struct calendar;

/* The one that this release was built with; lives for ever. NULL: no memory. */
const struct calendar *calendar_builtin(void);

/* Errors name the line. calendar_free() what it gives. */
HUFU_MUST_USE int calendar_parse(
        struct span text, struct calendar **ret, struct problem *ret_problem);
HUFU_MUST_USE int calendar_open(
        const char *path, struct calendar **ret, struct problem *ret_problem);
void calendar_free(struct calendar *c); /* NULL is legal */

bool calendar_knows(const struct calendar *c, int year);
int calendar_last_year(const struct calendar *c); /* known; 0: none */
bool calendar_is_working_day(const struct calendar *c, struct date day);

/*
 * End of the `days`th working day in China after `from_s`; 0 days: 0.
 * *ret_certain, NULL is legal: every year on the way is known.
 */
int64_t calendar_deadline(const struct calendar *c, int64_t from_s,
        int64_t days, bool *ret_certain);

/* Working days from now until `due_s`: 0 on its day, negative when late. */
int64_t calendar_days_left(
        const struct calendar *c, int64_t now_s, int64_t due_s);

#endif
