#include "crypto/core/clock_floor.h"

int64_t clock_floor_time(int64_t now_s, int64_t floor_s)
{
	return now_s > floor_s ? now_s : floor_s;
}

int64_t clock_floor_of(int64_t kept_s, const struct trust_list *trust,
        const struct status_list *lists, size_t list_count)
{
	int64_t floor_s = kept_s;
	if (trust)
		floor_s = clock_floor_time(trust->issued_s, floor_s);
	for (size_t i = 0; i < list_count; i++)
		floor_s = clock_floor_time(lists[i].issued_s, floor_s);
	return floor_s;
}

bool clock_floor_is_stale(
        const struct status_list *t, int64_t time_s, int64_t limit_s)
{
	return time_s >= t->expires_s ||
	       (limit_s > 0 && time_s - t->issued_s > limit_s);
}
