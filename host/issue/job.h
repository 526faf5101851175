/*
 * The making queue: one job an application, made at one station at a time.
 *
 * A claim is a lease with a fencing number that only grows; every change is
 * compare-and-set on (job, fencing number, state) and answers JOB_STALE when
 * the lease is somebody else's by now. A device is touched only after the
 * *_INTENT state is committed. Each spoiled blank ends a round: the next one
 * has a card number, status index, key and blank of its own.
 */
#ifndef HOST_JOB_H
#define HOST_JOB_H

#include "card/include/card_abi.h"
#include "crypto/core/log_entry.h"
#include "host/issue/application.h"
#include "host/issue/card_book.h"
#include "host/person/person.h"

enum job_outcome {
	JOB_NONE = 1, /* nothing to claim now */
	JOB_STALE = 2, /* lease over or state moved on: stop at once */
	JOB_INELIGIBLE = 3, /* checked again: must not be made; job closed */
	JOB_NO_BLANK = 4, /* the station has no blank in stock */
	JOB_FOREIGN_BLANK = 5, /* this chip serial is not a blank in stock
	                        * here; the plastic is not touched */
};

enum job_state {
	JOB_WAITING = 1,
	JOB_RESERVED = 2, /* blank taken, LOG_RESERVED */
	JOB_CHIP_INTENT = 3, /* the chip may be touched */
	JOB_KEYED = 4, /* LOG_KEYED; chip key known */
	JOB_LOGGED = 5, /* LOG_SIGNED binds both byte strings */
	JOB_SIGNED = 6, /* both signatures stored */
	JOB_CHIP_VERIFIED = 7,
	JOB_PRINT_INTENT = 8,
	JOB_PRINT_DONE = 9, /* LOG_PRINTED */
	JOB_CHECKED = 10,
	JOB_ISSUED = 11, /* LOG_ISSUED; the end */
	JOB_CLOSED = 12, /* will not be made; the other end */
	JOB_STATES = 13,
};

/* What a step leaves behind, sealed, once per round. */
enum job_fact {
	JOB_FACT_CAN = 1, /* given out with the claim */
	JOB_FACT_RESERVED_SALT = 2, /* written by job_reserve() */
	JOB_FACT_SIGNED_SALT = 3, /* written by the step to LOGGED */
	JOB_FACT_CHIP_KEY = 4, /* 04 ‖ X ‖ Y */
	JOB_FACT_ELEMENTS = 5, /* IssuerSignedItemBytes, one after another */
	JOB_FACT_QR_TBS = 6,
	JOB_FACT_CHIP_TBS = 7,
	JOB_FACT_QR_SIGNATURE = 8,
	JOB_FACT_CHIP_SIGNATURE = 9,
	JOB_FACT_QR_TEXT = 10,
	JOB_FACT_CHIP_HASH = 11, /* running hash that ACTIVATE carries */
	JOB_FACT_PRINT_JOB = 12, /* the printer's number of it */
	JOB_FACT_RASTER_HASH = 13,
	JOB_FACT_TIMINGS = 14,
	JOB_FACTS = 15,
};

enum {
	JOB_KEY_LEN = 16,
	JOB_FACT_MAX = 256 * 1024,
	JOB_STEP_FACTS_MAX = 8,
	JOB_STATION_NAME_MAX = 32,
	JOB_AUTHORITY_MAX = 160,
};

/* ---- stations ---- */

struct job_station {
	int64_t id;
	char name[JOB_STATION_NAME_MAX + 1];
	char area[13];
	int64_t operator_staff; /* who makes; may not have decided */
	int64_t job; /* leased now; 0: none */
	int64_t seen_at_s; /* last heartbeat or claim */
};

/*
 * A station's worker starts: the row is made or brought up to date, and a
 * lease that its former self still holds ends now.
 */
HUFU_MUST_USE int job_open_station(struct issue *issue, const char *name,
        const char *area, int64_t operator_staff, int64_t *ret_station,
        struct problem *ret_problem);
HUFU_MUST_USE int job_list_stations(struct store_tx *tx,
        struct job_station *ret, size_t cap, size_t *ret_count);

/* ---- the lease ---- */

struct job_lease {
	int64_t job;
	int64_t fencing; /* > 0, written on the chip by OPEN JOB */
	int64_t station;
	enum job_state state;
	int64_t application;
	int64_t card; /* row of this round */
	int64_t round; /* from 1 */
	int64_t attempts; /* claims of this round so far, with this one */
	uint8_t key[JOB_KEY_LEN]; /* OPEN JOB's id; names the print job */
	uint8_t serial[CARD_SERIAL_LEN]; /* all zero before RESERVED */
	uint64_t reserved_index; /* log, from RESERVED on */
	uint64_t signed_index; /* log, from LOGGED on */
};

/*
 * The station's own unfinished job whose lease ran out, else the oldest
 * waiting one. 0, JOB_NONE, HUFU_ERR_DENIED (the operator is no personaliser
 * of this area, any more) or an error.
 */
HUFU_MUST_USE int job_claim(struct issue *issue, int64_t station,
        struct job_lease *ret, struct problem *ret_problem);
HUFU_MUST_USE int job_heartbeat(
        struct issue *issue, const struct job_lease *lease);

/* Everything that the card shall say. Wipe after use: it is personal. */
struct job_subject {
	char card_number[CARD_NUMBER_LEN + 1];
	uint32_t kind;
	uint32_t benefit_classes; /* bits */
	uint32_t identity_classes; /* bits 1u << class number */
	uint32_t status_list;
	uint32_t status_index;
	int64_t issued_at_s; /* start of valid_from, China */
	int64_t expires_at_s; /* end of valid_to, China */
	char valid_from[11]; /* YYYY-MM-DD */
	char valid_to[11];
	char area[13];
	char authority[JOB_AUTHORITY_MAX + 1];
	char name[PERSON_NAME_MAX + 1];
	uint32_t sex; /* GB/T 2261.1 */
	char can[CARD_CAN_LEN + 1];
	uint8_t portrait[APPLICATION_PHOTO_MAX];
	size_t portrait_len;
	size_t service_count;
	struct person_fact service[PERSON_FACTS_MAX];
};

/* From RESERVED on (valid_from is that day); JOB_STALE, HUFU_ERR_STATE. */
HUFU_MUST_USE int job_read_subject(struct issue *issue,
        const struct job_lease *lease, struct job_subject *ret);

/* ---- steps ---- */

/*
 * WAITING → RESERVED: eligibility again, then the blank with this chip
 * serial (or an unread one of the station's stock, which gets it), then
 * LOG_RESERVED. Updates *lease. 0 or any job_outcome but NONE.
 */
HUFU_MUST_USE int job_reserve(struct issue *issue, struct job_lease *lease,
        const uint8_t serial[CARD_SERIAL_LEN], struct problem *ret_problem);

struct job_fact_value {
	enum job_fact fact;
	struct span value;
};

struct job_step {
	enum job_state to; /* the state after lease->state */
	size_t facts_count;
	struct job_fact_value facts[JOB_STEP_FACTS_MAX];
};

/*
 * One state onward, with its facts and its log entry. The step to LOGGED
 * needs QR_TBS and CHIP_TBS (here or stored) and makes the salt; the one to
 * ISSUED settles blank, card and application. Updates *lease. 0, JOB_STALE,
 * HUFU_ERR_STATE (not the next state, or its facts are missing).
 */
HUFU_MUST_USE int job_advance(struct issue *issue, struct job_lease *lease,
        const struct job_step *step, struct problem *ret_problem);

/* Facts beside a step (print job number, timings); replaces the old value. */
HUFU_MUST_USE int job_write_fact(struct issue *issue,
        const struct job_lease *lease, enum job_fact fact, struct span value);

/* HUFU_ERR_NOT_FOUND when it was not written in this round. */
HUFU_MUST_USE int job_read_fact(struct issue *issue,
        const struct job_lease *lease, enum job_fact fact, struct writer *ret);

/*
 * The blank is no longer good: accounted for, its number and index invalid,
 * LOG_SPOILED; the job waits (back-off) for a new one, or for a person when
 * its rounds are used up. `ground` is a slug; the lease is over.
 */
HUFU_MUST_USE int job_spoil(struct issue *issue, const struct job_lease *lease,
        const char *ground, struct problem *ret_problem);

/*
 * Gives the job up for now with the blank untouched: in WAITING, or in
 * RESERVED (blank back into stock, LOG_RELEASED). In later states
 * HUFU_ERR_STATE: defer or spoil.
 */
HUFU_MUST_USE int job_release(struct issue *issue,
        const struct job_lease *lease, struct problem *ret_problem);

/*
 * A passing trouble (printer empty, link lost): the state stays, the lease
 * ends, the next claim comes after the back-off; too many: a person.
 */
HUFU_MUST_USE int job_defer(struct issue *issue, const struct job_lease *lease,
        const char *ground, struct problem *ret_problem);

/* ---- for people ---- */

struct job {
	int64_t id;
	int64_t application;
	int64_t card;
	enum job_state state;
	int64_t station; /* 0: none yet */
	int64_t round;
	int64_t attempts;
	int64_t fencing;
	int64_t lease_until_s;
	int64_t not_before_s;
	int64_t dead_at_s; /* waits for a person since; 0: no */
	char ground[CARD_GROUND_MAX + 1]; /* of the last trouble */
	int64_t made_ms; /* from claim to issued; 0: not yet */
};

struct job_filter {
	enum job_state state; /* 0: any */
	int64_t station; /* 0: any */
	bool dead; /* only those that wait for a person */
	bool open; /* neither ISSUED nor CLOSED */
	int64_t after;
};

HUFU_MUST_USE int job_list(struct store_tx *tx, const struct job_filter *filter,
        struct job *ret, size_t cap, size_t *ret_count);

enum job_resolution {
	JOB_RETRY = 1, /* as it stands, attempts from 0 */
	JOB_RESOLVE_SPOIL = 2, /* the blank is bad; a new round */
	JOB_RESOLVE_CLOSE = 3, /* not made: blank spoiled, application
	                        * rejected with this ground */
};

struct job_decision {
	int64_t job;
	int64_t staff;
	enum job_resolution resolution;
	const char *ground; /* slug */
};

/*
 * A person decides about a job that waits for one, or whose station is gone
 * (lease over). HUFU_ERR_STATE otherwise; HUFU_ERR_DENIED.
 */
HUFU_MUST_USE int job_resolve(struct issue *issue,
        const struct job_decision *decision, struct problem *ret_problem);

const char *job_state_name(enum job_state state); /* "CHIP_INTENT" */

#endif
