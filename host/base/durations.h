/*
 * How long something took, counted in classes by many threads at once; as
 * a Prometheus histogram its quantiles are had.
 */
#ifndef HOST_DURATIONS_H
#define HOST_DURATIONS_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

enum { DURATIONS_BOUNDS = 12 };

struct durations {
	atomic_uint_fast64_t count[DURATIONS_BOUNDS + 1]; /* last: longer */
	atomic_uint_fast64_t sum_us;
};

void durations_add(struct durations *d, int64_t took_us);

/* NAME_bucket, NAME_sum and NAME_count in seconds. */
void durations_print(struct durations *d, const char *name, FILE *out);

#endif
