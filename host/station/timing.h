/*
 * Where the time of a card went, phase by phase.
 */
#ifndef STATION_TIMING_H
#define STATION_TIMING_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/core/bytes.h"

enum timing_phase {
	TIMING_FEED, /* and parking */
	TIMING_IDENTIFY, /* connect, serial, progress */
	TIMING_LOG, /* waiting for checkpoints and status lists */
	TIMING_KEYS, /* secure channel, PUT KEY, GENERATE KEY */
	TIMING_SIGN, /* building and signing */
	TIMING_WRITE, /* STORE DATA, ACTIVATE */
	TIMING_VERIFY, /* reading back, checking as a merchant */
	TIMING_RENDER,
	TIMING_PRINT,
	TIMING_CHECK, /* reading the printed QR */
	TIMING_FINISH, /* ejecting, closing the job */
	TIMING_PHASES,
};

struct timing {
	uint64_t ns[TIMING_PHASES];
	uint64_t started_ns; /* of the phase running */
	uint64_t transport_ns; /* spent in the reader's transport */
	uint64_t cpu_ns; /* of this thread, all phases */
	uint64_t cpu_started_ns;
	enum timing_phase phase;
};

uint64_t timing_now_ns(void); /* monotonic */
void timing_start(struct timing *t, enum timing_phase phase);
void timing_switch(struct timing *t, enum timing_phase phase);
void timing_stop(struct timing *t);
uint64_t timing_total_ns(const struct timing *t);
void timing_add(struct timing *sum, const struct timing *t);
const char *timing_phase_name(enum timing_phase phase); /* "write" */

/* JSON object of milliseconds by phase name, for JOB_FACT_TIMINGS. */
void timing_encode(const struct timing *t, struct writer *w);

#endif
