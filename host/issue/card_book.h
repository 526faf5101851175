/*
 * Cards from the number on: state table, status and hand-over.
 *
 * Each event checks the table, changes the row and its entry of the status
 * list, and logs, in one transaction. Schema: one live card a person, at
 * most one pending beside it, one blank a card, number and index unique.
 */
#ifndef HOST_CARD_BOOK_H
#define HOST_CARD_BOOK_H

#include "host/issue/card_number.h"
#include "host/issue/hand_over.h"
#include "host/issue/issue.h"

enum card_phase {
	CARD_RESERVED = 1, /* number and index given out, not made yet */
	CARD_MADE = 2,
	CARD_IN_TRANSIT = 3,
	CARD_DELIVERED = 4,
	CARD_HANDED_OVER = 5,
	CARD_TEMPORARY_LOSS = 6,
	CARD_SUSPENDED = 7,
	CARD_LOST = 8,
	CARD_REPLACED = 9,
	CARD_WITHDRAWN = 10,
	CARD_CANCELLED = 11,
	CARD_EXPIRED = 12,
	CARD_SPOILED = 13,
	CARD_UNRESOLVED = 14, /* found in the log after a restore */
	CARD_PHASES = 15,
};

enum card_event {
	CARD_MAKE = 1, /* by the job only */
	CARD_SPOIL = 2, /* by the job only */
	CARD_SEND = 3,
	CARD_RECEIVE = 4,
	CARD_HAND_OVER = 5,
	CARD_LOSE_TEMPORARY = 6,
	CARD_LOSE_FORMAL = 7,
	CARD_FIND = 8,
	CARD_LIFT = 9, /* a temporary loss or a suspension has run out */
	CARD_SUSPEND = 10,
	CARD_RESUME = 11,
	CARD_REPLACE = 12, /* a replacement was accepted or handed over */
	CARD_REVOKE = 13, /* taken from the holder by decision */
	CARD_WITHDRAW = 14, /* the plastic came back */
	CARD_CANCEL = 15,
	CARD_EXPIRE = 16,
	CARD_UNRESOLVE = 17,
	CARD_CONFIRM = 18, /* an unresolved card is in its holder's hand */
	CARD_VOID = 19, /* published as invalid, the restored store forgot it */
	CARD_REJECT = 20, /* made, and not good enough to leave the house */
	CARD_EVENTS = 21,
};

/* Values of the Token Status List. */
enum card_status {
	CARD_STATUS_VALID = 0,
	CARD_STATUS_INVALID = 1,
	CARD_STATUS_SUSPENDED = 2,
};

enum { CARD_GROUND_MAX = 32, CARD_LIST_MAX = 500 };

enum card_status card_book_status(enum card_phase phase);

/* The table itself: 0 and the next state, or HUFU_ERR_STATE. */
HUFU_MUST_USE int card_book_next(
        enum card_phase phase, enum card_event event, enum card_phase *ret);

struct card_record {
	int64_t id;
	int64_t application;
	int64_t person;
	char number[CARD_NUMBER_LEN + 1];
	uint32_t kind;
	char area[13];
	enum card_phase phase;
	uint32_t status_list;
	uint32_t status_index;
	char valid_from[11]; /* YYYY-MM-DD, "" while reserved */
	char valid_to[11];
	int64_t made_at_s;
	int64_t delivered_at_s; /* last; 0: never */
	int64_t handed_over_at_s;
	int64_t ended_at_s;
	int64_t lift_at_s; /* end of a temporary loss or of a suspension with
	                    * a term; 0: none */
	int64_t surrendered_at_s; /* the plastic came back; 0: not */
	char ground[CARD_GROUND_MAX + 1]; /* of the last event */
	uint64_t log_index; /* of the last event */
	uint64_t signed_index; /* of its LOG_SIGNED entry; 0: none */
};

struct card_act {
	int64_t card;
	enum card_event event; /* SEND .. CANCEL but LIFT, REPLACE; CONFIRM,
	                        * REJECT */
	int64_t staff;
	const char *ground; /* slug [a-z0-9-]; needed to suspend, revoke,
	                     * cancel and confirm */
	int64_t days; /* of a temporary loss; 0: as the policy says */
	struct date until; /* SUSPEND: its last day; not set: no term */
	const struct hand_over *hand_over; /* HAND_OVER only */
};

/*
 * 0, HUFU_ERR_NOT_FOUND, HUFU_ERR_STATE (not from this state),
 * HUFU_ERR_DENIED, HUFU_ERR_ARGUMENT (ground missing), HUFU_ERR_CONFLICT.
 * Handing over, only as hand_over_check() allows, replaces the person's live
 * card and closes the application.
 */
HUFU_MUST_USE int card_book_act(struct issue *issue, const struct card_act *act,
        struct card_record *ret, struct problem *ret_problem);

/* Lifts temporary losses and suspensions, and expires cards, whose time has
 * come. */
HUFU_MUST_USE int card_book_sweep(
        struct issue *issue, size_t *ret_changed, struct problem *ret_problem);

/*
 * After a restore: the signer signed this reference, or the log tells of it,
 * but the store that was put back does not. card_book_note() stands in the
 * transaction that replays the log: it suspends the index at once and logs
 * nothing; card_book_unresolve() then makes every noted card unresolved, or
 * cancelled when its index is invalid already (card_published.h), with
 * LOG_UNRESOLVED, and books reserved blanks that no job holds any more as
 * spoiled. Both may be repeated. A card without a row: see
 * card_unrecorded.h.
 */
struct card_noted {
	uint32_t status_list;
	uint32_t status_index;
	uint64_t log_index; /* of its LOG_SIGNED entry */
	int64_t at_s;
	char area[13]; /* as that entry says; "": it does not */
	uint32_t kind;
};

HUFU_MUST_USE int card_book_note(
        struct store_tx *tx, const struct card_noted *noted);
struct card_unresolved {
	size_t suspended; /* wait for a person */
	size_t cancelled; /* published as invalid */
	size_t blanks; /* booked as spoiled */
};

HUFU_MUST_USE int card_book_unresolve(struct issue *issue,
        struct card_unresolved *ret, struct problem *ret_problem);

HUFU_MUST_USE int card_book_read(
        struct store_tx *tx, int64_t id, struct card_record *ret);
HUFU_MUST_USE int card_book_find(
        struct store_tx *tx, const char *number, struct card_record *ret);

struct card_filter {
	enum card_phase phase; /* 0: any */
	int64_t person; /* 0: any */
	const char *area; /* this and those below; NULL: all */
	int64_t after; /* id to go on from */
};

HUFU_MUST_USE int card_book_list(struct store_tx *tx,
        const struct card_filter *filter, struct card_record *ret, size_t cap,
        size_t *ret_count);

const char *card_phase_zh(enum card_phase phase);
const char *card_phase_en(enum card_phase phase);

#endif
