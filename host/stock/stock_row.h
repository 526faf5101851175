/* Blanks as rows: counting and changing many at once. */
#ifndef HOST_STOCK_ROW_H
#define HOST_STOCK_ROW_H

#include "host/stock/stock.h"

struct stock_place {
	const char *area;
	int64_t station; /* 0: the store room */
};

/* Blanks in stock at a place, or of the whole area (station -1). */
HUFU_MUST_USE int stock_row_count(
        struct store_tx *tx, const struct stock_place *place, int64_t *ret);

struct stock_shift {
	struct stock_place from;
	uint32_t count;
	enum stock_state to; /* IN_STOCK: a move to to_station */
	int64_t to_station;
	int64_t at_s;
};

/*
 * Changes exactly `count` blanks in stock, unread ones first.
 * HUFU_ERR_CONFLICT: fewer are there, and nothing is changed.
 */
HUFU_MUST_USE int stock_row_shift(
        struct store_tx *tx, const struct stock_shift *shift);

HUFU_MUST_USE int stock_row_add_batch(struct store_tx *tx,
        const struct stock_by *by, const struct stock_batch *batch,
        uint64_t log_index, int64_t *ret_batch);

/* Marks `count` spoiled blanks of the area as destroyed. */
HUFU_MUST_USE int stock_row_destroy(
        struct store_tx *tx, const char *area, uint32_t count, int64_t at_s);

/* HUFU_ERR_NOT_FOUND: no such station, or of another area. */
HUFU_MUST_USE int stock_row_check_place(
        struct store_tx *tx, const struct stock_place *place);

/* Keeps the books as a count just left them. */
HUFU_MUST_USE int stock_row_note_count(
        struct store_tx *tx, const struct stock_by *by, const char *area);

#endif
