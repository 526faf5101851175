/* The status list as the database has it. */
#ifndef HOST_STATUS_ROW_H
#define HOST_STATUS_ROW_H

#include "host/issue/issue.h"
#include "host/log/log.h"

struct status_head {
	int64_t version; /* grows with every change of an entry */
	int64_t published; /* version of the last list signed */
	uint64_t sequence; /* of the last list begun */
	int64_t at_s; /* of the last list signed; 0: none yet */
	uint64_t log_index; /* of its entry */
};

HUFU_MUST_USE int status_row_read_head(
        struct store_tx *tx, uint32_t list, struct status_head *ret);

/* Head and bit map of one moment; `map` holds map_len zero bytes. */
HUFU_MUST_USE int status_row_read_map(struct store_tx *tx, uint32_t list,
        struct status_head *ret, uint8_t *map, size_t map_len);

/* The list's version when this entry last changed; HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int status_row_read_version(
        struct store_tx *tx, uint32_t list, uint32_t index, int64_t *ret);

/* Takes the sequence number, so that no later list can have it. */
HUFU_MUST_USE int status_row_begin(
        struct store_tx *tx, uint32_t list, uint64_t sequence);
HUFU_MUST_USE int status_row_finish(
        struct store_tx *tx, uint32_t list, const struct status_head *head);

#endif
