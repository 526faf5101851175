/*
 * One card's way through a station, as a table: in which state what is done
 * next. Each state is committed before the device that it allows is touched;
 * every act may be met again after a crash and asks the devices first.
 */
#ifndef STATION_SAGA_H
#define STATION_SAGA_H

#include <stdatomic.h>

#include "card/terminal/terminal.h"
#include "host/print/blob.h"
#include "host/print/face.h"
#include "host/station/ground.h"
#include "host/station/station.h"

enum {
	SAGA_OBJECT_MAX = 4096, /* MSO_MAX and its COSE */
	SAGA_TBS_MAX = 4224,
	SAGA_ELEMENTS_MAX = 72 * 1024,
	SAGA_STREAM_MAX = 80 * 1024,
	SAGA_TEXT_MAX = 4296,
	SAGA_PRINT_NAME_MAX = 40,
	SAGA_PUT_KEY_MAX = 70,
};

/* How an act ended, beside 0 (go on) and errors. */
enum saga_end {
	SAGA_SPOIL = 1, /* by s->ground */
	SAGA_DEFER = 2, /* by s->ground: state and blank stay */
	SAGA_RELEASE = 3, /* by s->ground: no blank was touched */
	SAGA_STALE = 4, /* the job is another's: hands off */
	SAGA_CLOSED = 5, /* the job is over without a card */
	SAGA_DONE = 6, /* issued */
};

/* Bytes of the card in work; wiped between cards. */
struct saga_papers {
	struct job_subject subject;
	uint8_t elements[SAGA_ELEMENTS_MAX]; /* element files in a row */
	uint8_t qr_tbs[SAGA_TBS_MAX];
	uint8_t chip_tbs[SAGA_TBS_MAX];
	uint8_t object[SAGA_OBJECT_MAX]; /* EF.SO */
	uint8_t stream[SAGA_STREAM_MAX]; /* DGIs */
	uint8_t read_back[SAGA_STREAM_MAX];
	char text[SAGA_TEXT_MAX + 1]; /* of the QR */
	uint8_t put_key[SAGA_PUT_KEY_MAX];
	size_t elements_len;
	size_t qr_tbs_len;
	size_t chip_tbs_len;
	size_t object_len;
	size_t stream_len;
	size_t put_key_len;
	uint8_t point[CARD_POINT_LEN]; /* the chip's public key */
	bool has_subject;
	bool has_point;
	bool has_tbs;
	bool has_signed; /* text, object and stream */
};

struct saga {
	const struct station_services *services;
	struct station_transport *transport;
	struct face_fonts *fonts;
	struct job_lease lease;
	struct saga_papers *papers;
	struct terminal terminal;
	bool has_terminal; /* a reader is open */
	int (*chip_work)(struct saga *s); /* of the chip_run() in hand */
	bool attached; /* right card, open channel, open job */
	bool sure_of_card; /* this very run has seen its serial in the way */
	struct blob raster; /* not empty: this run may send it */
	char reader[STATION_READER_NAME_MAX];
	struct timing timing;
	enum ground ground;
	struct problem problem;
	atomic_bool *stale; /* set by the heartbeat */
	/* tells the station what is being done */
	void (*report)(void *arg, const struct saga *s);
	void *report_arg;
};

/*
 * Carries s->lease, just claimed, to an end: SAGA_SPOIL, SAGA_DEFER,
 * SAGA_RELEASE, SAGA_STALE, SAGA_CLOSED or SAGA_DONE, with the store and the
 * card's place brought into agreement and words in s->problem.
 */
HUFU_MUST_USE int saga_run(struct saga *s);

/* ---- for the acts ---- */

/* Ends an act: SAGA_SPOIL or SAGA_DEFER by the ground, with its words. */
HUFU_MUST_USE int saga_end(struct saga *s, enum ground ground);
/* The same with words of its own, kept from s->problem. */
HUFU_MUST_USE int saga_end_said(struct saga *s, enum ground ground);
/* An error of the store or of a job_* call; JOB_STALE is SAGA_STALE. */
HUFU_MUST_USE int saga_end_job(struct saga *s, int rc);
/* Commits the next state. */
HUFU_MUST_USE int saga_advance(struct saga *s, const struct job_step *step);
HUFU_MUST_USE int saga_read_fact(struct saga *s, enum job_fact fact,
        uint8_t *ret, size_t cap, size_t *ret_len);
HUFU_MUST_USE int saga_read_subject(struct saga *s);
HUFU_MUST_USE int saga_read_point(struct saga *s);
/* Name of this round's print job. */
void saga_print_name(const struct saga *s, char ret[SAGA_PRINT_NAME_MAX]);
void saga_wipe_papers(struct saga *s);

#endif
