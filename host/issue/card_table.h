/*
 * The state table of cards: phase × event → next phase, log entry, who may,
 * and whether a ground must be given. What is not in the table is refused.
 */
#ifndef HOST_CARD_TABLE_H
#define HOST_CARD_TABLE_H

#include "crypto/core/log_entry.h"
#include "host/issue/card_book.h"

enum card_by {
	CARD_BY_SYSTEM = 1, /* jobs, deadlines, restore, other events */
	CARD_BY_DESK = 2, /* township and county centre */
	CARD_BY_BUREAU = 3, /* county bureau and above */
	CARD_BY_MAKER = 4,
};

enum card_move_flags {
	CARD_NEEDS_GROUND = 1 << 0,
	CARD_SURRENDERS = 1 << 1, /* the plastic is in our hands */
	CARD_NOT_SURRENDERED = 1 << 2, /* guard: it was not before */
	CARD_SETS_LIFT = 1 << 3,
};

/* The phase does not change; no phase has this number. */
#define CARD_STAYS ((enum card_phase)0)

struct card_move {
	enum card_event event;
	enum card_phase to; /* or CARD_STAYS: see card_book_next() */
	enum log_type log;
	enum card_by by;
	unsigned flags; /* enum card_move_flags */
};

/* NULL: refused. */
const struct card_move *card_table_find(
        enum card_phase from, enum card_event event);

#endif
