/*
 * The service line: questions and updates, a line each way. Every line ends
 * in a space and eight hex digits, the CRC-32 of what stands before them.
 * docs/terminal.md has the commands.
 */
#ifndef TERMINAL_SERVICE_H
#define TERMINAL_SERVICE_H

#include "merchant/terminal/line.h"
#include "merchant/terminal/update.h"

enum {
	SERVICE_LINE_MAX = 800,
	SERVICE_DATA_MAX = 512, /* bytes of a file in one line */
};

/* Seconds since 1970, counted from what the service line last said. */
struct service_clock {
	bool set;
	int64_t time_s;
	uint32_t at_ms; /* when it was that time */
};

/* What is asked about the terminal's work. */
struct service_counts {
	uint32_t scans;
	uint32_t ticks; /* that the last verification took */
	uint32_t longest_ms; /* between two feedings of the watchdog */
};

struct service {
	struct update update;
	struct service_clock clock;
	struct service_counts counts;
	struct line line;
	uint8_t text[SERVICE_LINE_MAX];
};

void service_init(struct service *s, struct store *store);
/* Answers a whole line of s->line; LINE_DAMAGED gets an answer too. */
void service_answer(struct service *s, enum line_event event);
/* A step of an update that is being checked; true if there was one. */
bool service_step(struct service *s);
/* 0 while nobody set the clock. */
int64_t service_now_s(struct service *s);

#endif
