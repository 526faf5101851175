#include "host/station/timing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const names[TIMING_PHASES] = {
        [TIMING_FEED] = "feed",
        [TIMING_IDENTIFY] = "identify",
        [TIMING_LOG] = "log",
        [TIMING_KEYS] = "keys",
        [TIMING_SIGN] = "sign",
        [TIMING_WRITE] = "write",
        [TIMING_VERIFY] = "verify",
        [TIMING_RENDER] = "render",
        [TIMING_PRINT] = "print",
        [TIMING_CHECK] = "check",
        [TIMING_FINISH] = "finish",
};

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;
	(void)clock_gettime(id, &ts); /* both clocks are always there */
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

uint64_t timing_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

void timing_start(struct timing *t, enum timing_phase phase)
{
	memset(t, 0, sizeof *t);
	t->phase = phase;
	t->started_ns = timing_now_ns();
	t->cpu_started_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void timing_switch(struct timing *t, enum timing_phase phase)
{
	uint64_t now = timing_now_ns();
	t->ns[t->phase] += now - t->started_ns;
	t->started_ns = now;
	t->phase = phase;
}

void timing_stop(struct timing *t)
{
	timing_switch(t, t->phase);
	uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	t->cpu_ns += cpu - t->cpu_started_ns;
	t->cpu_started_ns = cpu;
}

uint64_t timing_total_ns(const struct timing *t)
{
	uint64_t sum = 0;
	for (int i = 0; i < TIMING_PHASES; i++)
		sum += t->ns[i];
	return sum;
}

void timing_add(struct timing *sum, const struct timing *t)
{
	for (int i = 0; i < TIMING_PHASES; i++)
		sum->ns[i] += t->ns[i];
	sum->transport_ns += t->transport_ns;
	sum->cpu_ns += t->cpu_ns;
}

const char *timing_phase_name(enum timing_phase phase)
{
	return names[phase];
}

static void put_ms(struct writer *w, const char *name, uint64_t ns)
{
	char text[64];
	int len = snprintf(
	        text, sizeof text, "\"%s\":%.3f", name, (double)ns / 1e6);
	if (len <= 0 || (size_t)len >= sizeof text)
		writer_fail(w, HUFU_ERR_LIMIT);
	else
		writer_put(w, text, (size_t)len);
}

void timing_encode(const struct timing *t, struct writer *w)
{
	writer_put_u8(w, '{');
	for (int i = 0; i < TIMING_PHASES; i++) {
		put_ms(w, names[i], t->ns[i]);
		writer_put_u8(w, ',');
	}
	put_ms(w, "reader", t->transport_ns);
	writer_put_u8(w, ',');
	put_ms(w, "cpu", t->cpu_ns);
	writer_put_u8(w, '}');
}
