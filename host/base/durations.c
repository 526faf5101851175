#include "host/base/durations.h"

#include <stddef.h>

static const int64_t bounds_us[DURATIONS_BOUNDS] = {500, 1000, 2000, 5000,
        10000, 20000, 50000, 100000, 250000, 1000000, 5000000, 20000000};

void durations_add(struct durations *d, int64_t took_us)
{
	size_t i = 0;
	while (i < DURATIONS_BOUNDS && took_us > bounds_us[i])
		i++;
	atomic_fetch_add(&d->count[i], 1);
	atomic_fetch_add(&d->sum_us, (uint_fast64_t)took_us);
}

void durations_print(struct durations *d, const char *name, FILE *out)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < DURATIONS_BOUNDS; i++) {
		sum += atomic_load(&d->count[i]);
		fprintf(out, "%s_bucket{le=\"%g\"} %llu\n", name,
		        (double)bounds_us[i] / 1e6, (unsigned long long)sum);
	}
	sum += atomic_load(&d->count[DURATIONS_BOUNDS]);
	fprintf(out,
	        "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %.6f\n%s_count %llu\n",
	        name, (unsigned long long)sum, name,
	        (double)atomic_load(&d->sum_us) / 1e6, name,
	        (unsigned long long)sum);
}
