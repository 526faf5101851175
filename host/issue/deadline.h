/*
 * When a step is due. Days are working days by what is known: Saturday and
 * Sunday are free until a calendar with the State Council's exchanges is
 * given, and a year without data says so.
 */
#ifndef HOST_DEADLINE_H
#define HOST_DEADLINE_H

#include "host/base/date.h"

/* End of the `days`th working day in China after `from_s`; 0 days: 0. */
int64_t deadline_after(int64_t from_s, int64_t days);

bool deadline_is_working_day(struct date day);

#endif
