/*
 * Blank cards: a received batch, then one row a blank, wherever it goes.
 * At every moment received = in stock + reserved + issued + spoiled +
 * missing; the schema lets no blank be added, deleted or moved past that,
 * and each change is logged in its transaction. Nothing is signed for by
 * one person alone: counting and destroying take two.
 */
#ifndef HOST_STOCK_H
#define HOST_STOCK_H

#include "card/include/card_abi.h"
#include "crypto/core/log_entry.h"
#include "host/base/problem.h"
#include "host/staff/witness.h"
#include "host/store/store.h"

enum stock_outcome {
	STOCK_EMPTY = 1, /* no blank in stock at this place */
	STOCK_FOREIGN = 2, /* this serial is known and not in stock here */
};

enum stock_state {
	STOCK_IN_STOCK = 1,
	STOCK_RESERVED = 2,
	STOCK_ISSUED = 3,
	STOCK_SPOILED = 4,
	STOCK_MISSING = 5,
	STOCK_STATES = 6,
};

enum { STOCK_BATCH_MAX = 20000, STOCK_REFERENCE_MAX = 64 };

struct stock_by {
	struct store *store;
	int64_t staff; /* who does it */
	int64_t witness; /* who confirms the proposal; 0: nobody */
	int64_t proposal; /* of staff, used up by the act; 0: none */
	int64_t at_s;
};

/* Place: a station's hopper and drawer, or 0: the area's store room. */
struct stock_batch {
	const char *area;
	const char *reference; /* the maker's delivery note */
	int64_t station;
	uint32_t count; /* 1 to STOCK_BATCH_MAX */
};

HUFU_MUST_USE int stock_receive(const struct stock_by *by,
        const struct stock_batch *batch, int64_t *ret_batch,
        struct problem *ret_problem);

struct stock_move {
	const char *area; /* both places are of it */
	int64_t from_station;
	int64_t to_station;
	uint32_t count;
};

/* HUFU_ERR_CONFLICT: fewer than that are there. */
HUFU_MUST_USE int stock_move(const struct stock_by *by,
        const struct stock_move *move, struct problem *ret_problem);

struct stock_place_count {
	const char *area;
	int64_t station; /* where the difference lies; 0: the store room */
	uint32_t found; /* or spoiled */
	uint32_t booked; /* in stock by the books when it was counted */
};

#define STOCK_ACT_COUNT   "stock-count"
#define STOCK_ACT_DESTROY "stock-destroy"

/*
 * One person proposes a count or destruction (proposal->act): whose right,
 * place and numbers are judged now, and again when it is done. Sets the
 * proposal's id. Its body is the caller's.
 */
HUFU_MUST_USE int stock_propose(const struct stock_by *by,
        const struct stock_place_count *n, struct witness_proposal *proposal,
        struct problem *ret_problem);

/*
 * Two people counted `found` blanks in stock in the area, all places
 * together. Fewer than booked: the rest is missing from `station`;
 * more: HUFU_ERR_CONFLICT, receive them as a batch first. So also when the
 * books no longer show `booked`: count again.
 */
HUFU_MUST_USE int stock_count(const struct stock_by *by,
        const struct stock_place_count *counted, uint32_t *ret_missing,
        struct problem *ret_problem);

/* Blanks of a place's stock turned out unusable before any card was begun. */
HUFU_MUST_USE int stock_spoil(const struct stock_by *by,
        const struct stock_place_count *spoiled, struct problem *ret_problem);

/* Spoiled plastic of the area, destroyed before two people. */
HUFU_MUST_USE int stock_destroy(const struct stock_by *by, const char *area,
        uint32_t count, struct problem *ret_problem);

struct stock_closed {
	char day[11]; /* of the last close; "": never */
	bool open; /* the books have moved since */
};

/*
 * Closes the day of by->at_s. HUFU_ERR_CONFLICT: nobody counted today, the
 * books have moved since, or cards are in making.
 */
HUFU_MUST_USE int stock_close_day(const struct stock_by *by, const char *area,
        struct problem *ret_problem);
HUFU_MUST_USE int stock_read_closed(
        struct store_tx *tx, const char *area, struct stock_closed *ret);

struct stock_balance {
	int64_t received;
	int64_t count[STOCK_STATES]; /* by stock_state */
	int64_t destroyed; /* of the spoiled */
	int64_t difference; /* received minus the five: 0, or tampered with */
};

/* NULL area: everything. */
HUFU_MUST_USE int stock_read_balance(
        struct store_tx *tx, const char *area, struct stock_balance *ret);
HUFU_MUST_USE int stock_read_station(struct store_tx *tx, int64_t station,
        struct stock_balance *ret); /* received and difference 0 */

/* ---- inside the transactions of making; the caller logs ---- */

struct stock_reservation {
	int64_t station;
	const uint8_t *serial; /* CARD_SERIAL_LEN, as the reader read it */
	int64_t at_s;
};

/*
 * Takes the blank of this serial, or an unread one, which gets it. 0,
 * STOCK_EMPTY, STOCK_FOREIGN.
 */
HUFU_MUST_USE int stock_reserve(struct store_tx *tx,
        const struct stock_reservation *reservation, int64_t *ret_blank);

/* From RESERVED; HUFU_ERR_STATE when it is not. */
HUFU_MUST_USE int stock_settle(
        struct store_tx *tx, int64_t blank, enum stock_state to, int64_t at_s);

/* ---- after a restore ---- */

/*
 * Books what a later entry of the log says happened to a blank that the
 * restored store still has otherwise; entries of other kinds change
 * nothing. HUFU_ERR_CONFLICT: the store has no such blank.
 */
HUFU_MUST_USE int stock_replay(
        struct store_tx *tx, const struct log_entry *entry, int64_t at_s);

/* An issued blank that no card of the store claims; *ret_blank 0: none. */
HUFU_MUST_USE int stock_find_unclaimed(
        struct store_tx *tx, const char *area, int64_t *ret_blank);

#endif
