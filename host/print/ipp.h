/*
 * Sends a card to a printer over IPP, with or without cupsd, and finds out
 * what became of it. A job's name is its idempotency key; nothing is ever
 * sent twice. Every call opens its own connection and may run in any thread.
 */
#ifndef HOST_PRINT_IPP_H
#define HOST_PRINT_IPP_H

#include <stdbool.h>

#include "crypto/core/bytes.h"
#include "host/base/problem.h"

enum { PRINT_TEXT_MAX = 256, PRINT_NAME_MAX = 127, PRINT_URI_MAX = 1023 };

enum print_outcome {
	PRINT_PRINTED = 1, /* completed, every impression counted */
	PRINT_FAILED, /* refused, or ended undone by the printer itself */
	PRINT_UNKNOWN, /* may or may not be printed: look, or read the QR */
	PRINT_RUNNING, /* not ended yet */
};

/* What the operator can do something about; bits of printer_state.wants */
enum print_want {
	PRINT_WANT_CARDS = 1 << 0, /* hopper empty */
	PRINT_WANT_RIBBON = 1 << 1, /* ribbon used up */
	PRINT_LOW_RIBBON = 1 << 2,
	PRINT_LOW_CARDS = 1 << 3,
	PRINT_JAM = 1 << 4,
	PRINT_COVER_OPEN = 1 << 5,
	PRINT_BIN_FULL = 1 << 6,
	PRINT_PAUSED = 1 << 7,
	PRINT_OFFLINE = 1 << 8, /* off, or not answering */
	PRINT_OTHER = 1 << 9, /* a reason we have no word for */
};

struct print_dest {
	char uri[PRINT_URI_MAX + 1]; /* ipp://host:port/printers/card0 or
	                                ipp://host:port/ipp/print */
	unsigned timeout_ms; /* of one exchange; 0: 10 s */
};

struct print_job {
	int id;
	int state; /* RFC 8011: 3 pending … 9 completed */
	unsigned impressions;
	bool impressions_known;
	bool history_missing; /* the printer forgot the job: it restarted */
	bool via_cupsd;
	char name[PRINT_NAME_MAX + 1];
	char reasons[PRINT_TEXT_MAX]; /* job-state-reasons, by comma */
	char message[PRINT_TEXT_MAX]; /* the printer's own words, or "" */
};

struct printer_state {
	int state; /* RFC 8011: 3 idle, 4 processing, 5 stopped */
	unsigned wants; /* PRINT_WANT_* … */
	int ribbon_percent; /* -1 unknown */
	bool accepting;
	char reasons[PRINT_TEXT_MAX]; /* printer-state-reasons, by comma */
	char message[PRINT_TEXT_MAX];
	char zh[PRINT_TEXT_MAX]; /* one sentence for the operator */
	char en[PRINT_TEXT_MAX];
};

/*
 * Sends a raster of 2 pages as one job. HUFU_OK with the job's id;
 * PRINT_FAILED if it certainly was not taken, HUFU_ERR_BUSY if not taken
 * because another card is being printed; PRINT_UNKNOWN, with the id,
 * if the link broke after it may have been; HUFU_ERR_CONFLICT if a job of
 * this name is there already; HUFU_ERR_ARGUMENT for a name (1 to 127 of
 * A-Z a-z 0-9 . _ : -) or URI that breaks its shape.
 */
HUFU_MUST_USE int print_submit(const struct print_dest *dest,
        const char *job_name, struct span raster, int *ret_job_id,
        struct problem *p);

/* HUFU_OK, HUFU_ERR_NOT_FOUND, HUFU_ERR_LINK, HUFU_ERR_TIMEOUT. */
HUFU_MUST_USE int print_get_job(
        const struct print_dest *dest, int job_id, struct print_job *ret);

/*
 * The newest job with this name, ended or not: after a restart. The same
 * results; HUFU_ERR_NOT_FOUND means that the destination has no such job,
 * which after its own restart does not prove that nothing was printed.
 */
HUFU_MUST_USE int print_find_job(const struct print_dest *dest,
        const char *job_name, struct print_job *ret);

/* What *job means for a card of `impressions` sides. Never fails. */
enum print_outcome print_judge(
        const struct print_job *job, unsigned impressions);

/* Called between looks; false gives up waiting. `state` NULL: no answer. */
typedef bool (*print_watch)(void *user, const struct print_job *job,
        const struct printer_state *state);

struct print_wait {
	unsigned impressions; /* expected; RASTER_PAGES */
	unsigned timeout_ms; /* 0: as long as watch says */
	unsigned poll_ms; /* 0: 100 */
	print_watch watch; /* may be NULL when timeout_ms is not 0 */
	void *user;
};

/*
 * Waits for the job's end. PRINT_PRINTED, PRINT_FAILED or PRINT_UNKNOWN with
 * the reason in *p; PRINT_RUNNING when the time is over or watch gave up:
 * the job is left as it is. *ret_job (NULL is legal) is the last look.
 */
HUFU_MUST_USE int print_wait(const struct print_dest *dest, int job_id,
        const struct print_wait *how, struct print_job *ret_job,
        struct problem *p);

/*
 * Asks for the job's end; what it came to is then read with print_get_job.
 * HUFU_ERR_STATE if it had ended before.
 */
HUFU_MUST_USE int print_cancel(const struct print_dest *dest, int job_id);

/* Always fills *ret; HUFU_OK, or HUFU_ERR_LINK with PRINT_OFFLINE set. */
HUFU_MUST_USE int print_get_printer(
        const struct print_dest *dest, struct printer_state *ret);

#endif
