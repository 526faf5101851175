/*
 * Who collects a card, how it was seen who that is, and the signature for
 * it. What names a person is sealed; the log entry says only which of the
 * three it was.
 */
#ifndef HOST_HAND_OVER_H
#define HOST_HAND_OVER_H

#include "host/base/date.h"
#include "host/base/problem.h"
#include "host/person/person.h"
#include "host/store/store.h"

enum hand_over_collector {
	HAND_OVER_HOLDER = 1,
	HAND_OVER_GUARDIAN = 2,
	HAND_OVER_AGENT = 3,
};

enum hand_over_signed {
	HAND_OVER_ON_PAPER = 1,
	HAND_OVER_DRAWN = 2,
};

enum {
	HAND_OVER_SIGNATURE_MAX = 16000, /* bytes */
	HAND_OVER_COORDINATE_MAX = 9999,
	HAND_OVER_POINTS_MIN = 8, /* fewer, or all in one spot, is a dot */
	HAND_OVER_EXTENT_MIN = 40,
};

/* As typed at the counter; texts are NULL when they are not asked for. */
struct hand_over {
	enum hand_over_collector collector;
	enum hand_over_signed how;
	const char *id_number; /* read off the holder's ID card */
	const char *name; /* of the guardian or agent, and their number */
	const char *collector_id;
	const char *signature; /* DRAWN: strokes "x,y x,y;x,y x,y" */
};

/*
 * Is that the person on file, and has somebody signed? HUFU_ERR_ARGUMENT
 * (says what is missing or mistyped), HUFU_ERR_DENIED (another person).
 */
HUFU_MUST_USE int hand_over_check(struct store_tx *tx, int64_t person,
        const struct hand_over *h, struct date today,
        struct problem *ret_problem);

struct hand_over_at {
	int64_t card;
	int64_t staff;
	int64_t at_s;
};

/* After hand_over_check(), in the transaction that hands over. */
HUFU_MUST_USE int hand_over_keep(struct store_tx *tx,
        const struct hand_over_at *at, const struct hand_over *h);

struct hand_over_record {
	enum hand_over_collector collector;
	enum hand_over_signed how;
	int64_t staff;
	int64_t at_s;
	char name[PERSON_NAME_MAX + 1]; /* "": the holder, or erased */
	char collector_id[PERSON_ID_NUMBER_LEN + 1];
	char signature[HAND_OVER_SIGNATURE_MAX + 1];
};

/* HUFU_ERR_NOT_FOUND: it was not handed over, or before this was kept. */
HUFU_MUST_USE int hand_over_read(
        struct store_tx *tx, int64_t card, struct hand_over_record *ret);

/* "to-holder", "to-guardian", "to-agent": the log's ground. */
const char *hand_over_ground(enum hand_over_collector collector);

#endif
