/*
 * When a step is due. Days are working days by what is known: Saturday and
 * Sunday are free until a calendar with the State Council's exchanges is
 * given, and a year without data says so.
 */
#ifndef HOST_DEADLINE_H
#define HOST_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include <hufu/error.h>

/* End (Beijing time) of the `days`th working day after `from_s`; 0 days: 0. */
int64_t deadline_after(int64_t from_s, int64_t days);

bool deadline_is_working_day(int64_t at_s);

/* "YYYY-MM-DD" of Beijing time, and the same `years` on (Feb 29 → 28). */
void deadline_date(int64_t at_s, int years, char ret[11]);

/* Start of that day in Beijing; HUFU_ERR_MALFORMED. */
HUFU_MUST_USE int deadline_parse_date(const char *text, int64_t *ret_s);

#endif
