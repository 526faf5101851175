/*
 * The time without a clock: what is signed and verified cannot be of the
 * future, so its time is the lowest that can be believed, and a clock that
 * was set back revives nothing. A list's time is bounded by the span of the
 * key that signed it (trust_list_open(), status_list_open()).
 */
#ifndef CORE_CLOCK_FLOOR_H
#define CORE_CLOCK_FLOOR_H

#include "crypto/core/status_list.h"
#include "crypto/core/trust_list.h"

/*
 * The newest time of what is in hand and of `kept_s`, the floor of before
 * (0: none). Keep it: it never goes down. `trust` may be NULL; the lists
 * are opened ones, of either form, with their deltas applied.
 */
int64_t clock_floor_of(int64_t kept_s, const struct trust_list *trust,
        const struct status_list *lists, size_t list_count);

/* The time to judge by: the clock's, or the floor when that is later. */
int64_t clock_floor_time(int64_t now_s, int64_t floor_s);

/*
 * Whether a list is too old to tell who is valid at `time_s`: past its own
 * end, or older than `limit_s` (0: by its end only).
 */
bool clock_floor_is_stale(
        const struct status_list *t, int64_t time_s, int64_t limit_s);

#endif
