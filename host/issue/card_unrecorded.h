/*
 * After a restore: cards that the log tells of and the store has no row for.
 * Whose they are nobody knows; they are suspended, and two people settle
 * each for good. Its holder applies again, as nothing stands in the way.
 */
#ifndef HOST_CARD_UNRECORDED_H
#define HOST_CARD_UNRECORDED_H

#include "host/issue/card_book.h"
#include "host/staff/witness.h"

struct card_unrecorded {
	uint32_t status_list;
	uint32_t status_index;
	uint64_t log_index; /* of its LOG_SIGNED entry */
	int64_t at_s; /* of that entry */
	char area[13]; /* as the entry says; "": it does not */
	uint32_t kind; /* 0: the entry does not say */
	int64_t settled_at_s; /* 0: open */
	bool surrendered; /* the plastic is in our hands */
	char ground[CARD_GROUND_MAX + 1];
};

/* Open ones of an area (NULL: all) and those below, oldest first. */
HUFU_MUST_USE int card_unrecorded_list(struct store_tx *tx, const char *area,
        struct card_unrecorded *ret, size_t cap, size_t *ret_count);
HUFU_MUST_USE int card_unrecorded_find(struct store_tx *tx, uint32_t list,
        uint32_t index, struct card_unrecorded *ret);

struct card_unrecorded_act {
	uint32_t status_list;
	uint32_t status_index;
	enum card_event event; /* CARD_REVOKE; CARD_WITHDRAW: card in hand */
	int64_t staff;
	int64_t witness; /* who confirms; his role reaches the area */
	int64_t proposal; /* of staff, used up by the act */
	const char *ground; /* slug [a-z0-9-]; needed */
};

#define CARD_UNRECORDED_ACT "card-unrecorded"

/* One person proposes what card_unrecorded_settle() then does. Sets the
 * proposal's id; its body is the caller's. Errors are those of the act. */
HUFU_MUST_USE int card_unrecorded_propose(struct issue *issue,
        const struct card_unrecorded_act *act,
        struct witness_proposal *proposal, struct problem *ret_problem);

/*
 * Makes the reference invalid and logs LOG_WITHDRAWN with the number of the
 * LOG_SIGNED entry. 0, HUFU_ERR_NOT_FOUND, HUFU_ERR_STATE (settled already),
 * HUFU_ERR_DENIED, HUFU_ERR_ARGUMENT (event, ground).
 */
HUFU_MUST_USE int card_unrecorded_settle(struct issue *issue,
        const struct card_unrecorded_act *act, struct card_unrecorded *ret,
        struct problem *ret_problem);

#endif
