/*
 * Parcels of made cards: packed at a station or county centre, sent, and
 * signed for by somebody else with a count; what is missing or too many is
 * logged. Cards that nobody collects go up again in a parcel whose ground
 * is PARCEL_UNCOLLECTED. A card in a parcel moves with the parcel alone.
 */
#ifndef HOST_PARCEL_H
#define HOST_PARCEL_H

#include "host/issue/card_book.h"

#define PARCEL_UNCOLLECTED "uncollected"

enum { PARCEL_CARDS_MAX = 500 };

/* Values stand in the database. */
enum parcel_state {
	PARCEL_PACKED = 1,
	PARCEL_SENT = 2,
	PARCEL_RECEIVED = 3,
	PARCEL_UNPACKED = 4,
	PARCEL_STATES = 5,
};

struct parcel {
	int64_t id;
	char area[13]; /* where it was packed */
	char destination[13];
	enum parcel_state state;
	char ground[CARD_GROUND_MAX + 1]; /* PARCEL_UNCOLLECTED or "" */
	char difference[CARD_GROUND_MAX + 1]; /* ground of one; "": none */
	uint32_t cards; /* on its list */
	uint32_t missing; /* of these, when it was signed for */
	uint32_t surplus; /* that are not on the list */
	int64_t packed_by, packed_at_s;
	int64_t sent_by, sent_at_s; /* 0: not yet */
	int64_t received_by, received_at_s; /* 0: not yet */
};

struct parcel_order {
	const char *area; /* where it is packed; checked by the caller */
	const char *destination; /* county or below */
	const int64_t *cards;
	size_t count; /* 1 .. PARCEL_CARDS_MAX */
	bool uncollected; /* all of them are, and go up */
	int64_t staff;
};

/*
 * 0, HUFU_ERR_NOT_FOUND (a card that is not there or out of reach),
 * HUFU_ERR_ARGUMENT (destination, count, listed twice), HUFU_ERR_CONFLICT
 * (is in a parcel), HUFU_ERR_STATE (not to be sent, or not uncollected).
 */
HUFU_MUST_USE int parcel_pack(struct issue *issue,
        const struct parcel_order *order, struct parcel *ret,
        struct problem *ret_problem);

/* HUFU_ERR_NOT_FOUND, HUFU_ERR_STATE, HUFU_ERR_DENIED. */
HUFU_MUST_USE int parcel_send(struct issue *issue, int64_t parcel,
        int64_t staff, struct parcel *ret, struct problem *ret_problem);
HUFU_MUST_USE int parcel_unpack(struct issue *issue, int64_t parcel,
        int64_t staff, struct parcel *ret, struct problem *ret_problem);

struct parcel_receipt {
	int64_t parcel;
	int64_t staff; /* not who sent it */
	uint32_t counted; /* cards in it, by hand */
	const int64_t *missing; /* of its list */
	size_t missing_count;
	const char *ground; /* slug; needed when something differs */
};

/* As parcel_send(); HUFU_ERR_ARGUMENT: count and list disagree, no ground. */
HUFU_MUST_USE int parcel_receive(struct issue *issue,
        const struct parcel_receipt *receipt, struct parcel *ret,
        struct problem *ret_problem);

/* ---- looking ---- */

HUFU_MUST_USE int parcel_read(
        struct store_tx *tx, int64_t id, struct parcel *ret);

struct parcel_filter {
	enum parcel_state state; /* 0: any */
	const char *area; /* from or to this or those below; NULL: all */
	int64_t before; /* id to go on from, newest first; 0: from the start */
};

HUFU_MUST_USE int parcel_list(struct store_tx *tx,
        const struct parcel_filter *filter, struct parcel *ret, size_t cap,
        size_t *ret_count);

struct parcel_card {
	int64_t card;
	char number[CARD_NUMBER_LEN + 1];
	uint32_t kind;
	char area[13];
	char delivery_area[13];
	enum card_phase phase;
	int64_t made_at_s;
	int64_t delivered_at_s; /* 0: not yet */
	bool looked; /* the parcel was signed for */
	bool found; /* then */
};

HUFU_MUST_USE int parcel_list_cards(struct store_tx *tx, int64_t parcel,
        struct parcel_card *ret, size_t cap, size_t *ret_count);

struct parcel_waiting {
	const char *area; /* collected here or below; NULL: anywhere */
	int64_t after; /* card to go on from */
	int64_t until_s; /* delivered till then; parcel_list_uncollected() */
};

/* Cards that a parcel may take on: made, or come as far as a place above
 * where they are collected. */
HUFU_MUST_USE int parcel_list_ready(struct store_tx *tx,
        const struct parcel_waiting *waiting, struct parcel_card *ret,
        size_t cap, size_t *ret_count);

/* Cards that wait in vain and have not been passed up. */
HUFU_MUST_USE int parcel_list_uncollected(struct store_tx *tx,
        const struct parcel_waiting *waiting, struct parcel_card *ret,
        size_t cap, size_t *ret_count);

/* Who had a card delivered before this and did not come is passed up. */
HUFU_MUST_USE int parcel_uncollected_until(
        struct issue *issue, int64_t *ret_s, struct problem *ret_problem);

#endif
