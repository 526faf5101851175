/*
 * A making station: a worker thread that takes jobs from the queue and
 * carries each through the saga (saga.h), one card at a time. Stations share
 * nothing but the services named in station_services; several run at once.
 */
#ifndef HOST_STATION_H
#define HOST_STATION_H

#include "card/terminal/transport.h"
#include "host/base/problem.h"
#include "host/issue/job.h"
#include "host/station/prompt.h"
#include "host/station/timing.h"
#include "host/station/transport.h"

struct face_text;
struct log;
struct sigcheck;
struct signer;
struct status_publish;
struct trust_list;

/* What all stations of a daemon share; must outlive them. */
struct station_services {
	struct store *store;
	struct issue *issue;
	struct log *log;
	struct signer *signer;
	struct status_publish *publish;
	const struct sigcheck *sigs;
	/* what a merchant would trust; replaced while stations work */
	const struct trust_list *_Atomic trust;
	const struct face_text *face_text; /* NULL: FACE_TEXT_DEFAULT */
	const char *issuer_uri; /* CWT iss */
	const char *fonts_dir; /* NULL: /usr/share/fonts */
	int suite; /* HUFU suite, 1 intl, 2 sm */
	bool training; /* 样卡 across the face */
	/* Opens a reader by name; NULL: PC/SC. For tests and benches. */
	int (*open_reader)(void *arg, const char *name, struct transport **ret);
	void *open_reader_arg;
};

struct station_options {
	const char *name;
	const char *area;
	int64_t operator_staff;
	const struct station_services *services;
	struct station_transport *transport; /* taken, also on failure */
	unsigned heartbeat_ms; /* well below the queue's lease; 0: 5000 */
	unsigned idle_ms; /* pause between looks at an empty queue; 0: 500 */
};

enum station_activity {
	STATION_STOPPED = 1,
	STATION_IDLE = 2, /* no job to do */
	STATION_WORKING = 3,
	STATION_PAUSED = 4,
	STATION_ASKING = 5, /* a person is asked, see prompt */
	STATION_TROUBLE = 6, /* hopper empty and the like: see zh, en */
	STATION_ACTIVITIES = 7,
};

struct station_status {
	char name[JOB_STATION_NAME_MAX + 1];
	int64_t id;
	enum station_activity activity;
	int64_t job; /* in hand, or the last one; 0: none yet */
	enum job_state state;
	uint64_t made;
	uint64_t spoiled;
	struct timing last; /* of the last card issued */
	struct timing sum; /* of all cards issued */
	struct prompt_question question;
	bool has_machine; /* looked at since it runs */
	struct station_transport_status machine; /* between two cards */
	char zh[PROBLEM_TEXT_MAX]; /* what it does, or what it needs */
	char en[PROBLEM_TEXT_MAX];
};

/* Positive outcomes of station_run_once(). */
enum station_outcome {
	STATION_MADE = 1, /* a card was issued */
	STATION_SPOILED = 2, /* the blank is spoiled, the job waits again */
	STATION_DEFERRED = 3, /* passing trouble: the job is tried again */
	STATION_NOTHING = 4, /* no job to do */
	STATION_CLOSED = 5, /* the job may not be made any more */
};

struct station;

/* Makes the station known to the queue; starts nothing. */
HUFU_MUST_USE int station_open(const struct station_options *options,
        struct station **ret, struct problem *ret_problem);
void station_close(struct station *station); /* stops first; NULL is legal */

/* The worker thread. Stopping waits for the card in hand. */
HUFU_MUST_USE int station_start(struct station *station);
void station_stop(struct station *station);
void station_pause(struct station *station); /* after the card in hand */
void station_resume(struct station *station);
void station_wake(struct station *station); /* there may be a job */

/*
 * One job in the caller's thread: a station_outcome with words in *p, or
 * an error. HUFU_ERR_STATE while the worker runs.
 */
HUFU_MUST_USE int station_run_once(
        struct station *station, struct problem *ret_problem);

void station_get_status(struct station *station, struct station_status *ret);

/* The operator's answer; see prompt_answer(). */
HUFU_MUST_USE int station_answer(
        struct station *station, uint64_t number, const char *answer);

const char *station_activity_zh(enum station_activity activity);
const char *station_activity_en(enum station_activity activity);

#endif
