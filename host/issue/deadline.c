#include "host/issue/deadline.h"

#include "host/base/clock.h"

enum { SATURDAY = 5, SUNDAY = 6 };

bool deadline_is_working_day(struct date day)
{
	int weekday = date_weekday(day);

	return weekday != SATURDAY && weekday != SUNDAY;
}

int64_t deadline_after(int64_t from_s, int64_t days)
{
	if (days <= 0)
		return 0;

	struct date day = clock_date_of(from_s);
	while (days > 0) {
		day = date_add_days(day, 1);
		if (deadline_is_working_day(day))
			days--;
	}
	return clock_start_of(date_add_days(day, 1)) - 1;
}
