/* The log's rows in the store; every statement of the log stands behind it. */
#ifndef HOST_LOG_ROWS_H
#define HOST_LOG_ROWS_H

#include "host/log/log.h"

struct rows_state {
	uint64_t size; /* entries; the next index */
	bool behind;
};

HUFU_MUST_USE int rows_get_state(struct store_tx *tx, struct rows_state *ret);
HUFU_MUST_USE int rows_set_behind(struct store_tx *tx, bool behind);
HUFU_MUST_USE int rows_put_entry(
        struct store_tx *tx, uint64_t index, struct span entry);
/* Appends its bytes. HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int rows_get_entry(
        struct store_tx *tx, uint64_t index, struct writer *ret);

typedef int (*rows_entry_fn)(void *arg, uint64_t index, struct span entry);

/* Entries from `from` on, at most `count`, in order, until fn fails. */
HUFU_MUST_USE int rows_each_entry(struct store_tx *tx, uint64_t from,
        uint64_t count, rows_entry_fn fn, void *arg);

HUFU_MUST_USE int rows_put_salt(struct store_tx *tx, uint64_t index, int field,
        const uint8_t salt[LOG_SALT_LEN]);
HUFU_MUST_USE int rows_get_salt(struct store_tx *tx, uint64_t index, int field,
        uint8_t ret_salt[LOG_SALT_LEN]);

/* The same again is legal; another of this size is HUFU_ERR_CONFLICT. */
HUFU_MUST_USE int rows_put_checkpoint(
        struct store_tx *tx, const struct log_checkpoint *c);
/* HUFU_ERR_NOT_FOUND: none yet. */
HUFU_MUST_USE int rows_last_checkpoint(
        struct store_tx *tx, struct log_checkpoint *ret);
/* The first one of more than `size`, or HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int rows_next_checkpoint(
        struct store_tx *tx, uint64_t size, struct log_checkpoint *ret);

#endif
