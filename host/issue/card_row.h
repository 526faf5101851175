/*
 * The rows behind cards: loading, and one move of the state table with its
 * log entry. All inside the caller's transaction; the status list follows
 * the row by a trigger of the schema.
 */
#ifndef HOST_CARD_ROW_H
#define HOST_CARD_ROW_H

#include "host/base/area_code.h"
#include "host/issue/card_table.h"

struct card_change {
	int64_t card;
	enum card_event event;
	int64_t staff; /* 0: the system */
	int64_t at_s;
	const char *ground; /* NULL: none */
	int64_t lift_at_s; /* CARD_LOSE_TEMPORARY, CARD_SUSPEND */
	const char *log_area; /* NULL: the card's own */
	int64_t log_station; /* 0: none */
	enum log_type log; /* 0: the table's */
};

/*
 * HUFU_ERR_NOT_FOUND, HUFU_ERR_STATE, HUFU_ERR_ARGUMENT (ground), or what
 * the schema refuses, in words.
 */
HUFU_MUST_USE int card_row_change(struct store_tx *tx,
        const struct card_change *change, struct card_record *ret,
        struct problem *ret_problem);

/* The card in a phase of the mask (bits 1u << phase); *ret_id 0: none. */
HUFU_MUST_USE int card_row_find_of(
        struct store_tx *tx, int64_t person, uint32_t phases, int64_t *ret_id);

enum {
	CARD_LIVE = 1u << CARD_HANDED_OVER | 1u << CARD_TEMPORARY_LOSS |
	            1u << CARD_SUSPENDED,
};

/* The next card whose suspension, temporary loss or validity has ended; 0:
 * none. */
HUFU_MUST_USE int card_row_find_term(
        struct store_tx *tx, int64_t at_s, int64_t *ret_id);
HUFU_MUST_USE int card_row_find_lift(
        struct store_tx *tx, int64_t at_s, int64_t *ret_id);
HUFU_MUST_USE int card_row_find_expired(
        struct store_tx *tx, const char *today, int64_t *ret_id);

/* First `ret_prefix` digits that every area within `area` begins with. */
void card_row_area_prefix(const char *area, char ret[AREA_CODE_MAX + 1]);

#endif
