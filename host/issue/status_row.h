/* The status list as the database has it. */
#ifndef HOST_STATUS_ROW_H
#define HOST_STATUS_ROW_H

#include "crypto/core/sha256.h"
#include "crypto/issuer/compact_build.h"
#include "host/issue/issue.h"
#include "host/log/log.h"

/* What the compact deltas stand on; sequence 0: none yet. */
struct status_snapshot {
	uint64_t sequence;
	int64_t version; /* of the entries in it */
	int64_t at_s;
	uint8_t hash[SHA256_LEN]; /* of the file */
};

struct status_head {
	int64_t version; /* grows with every change of an entry */
	int64_t published; /* version of the last list signed */
	uint64_t sequence; /* of the last list begun */
	int64_t at_s; /* of the last list signed; 0: none yet */
	uint64_t log_index; /* of its entry */
	struct status_snapshot snapshot;
};

HUFU_MUST_USE int status_row_read_head(
        struct store_tx *tx, uint32_t list, struct status_head *ret);

/* The bit map; `map` holds map_len zero bytes. */
HUFU_MUST_USE int status_row_read_map(
        struct store_tx *tx, uint32_t list, uint8_t *map, size_t map_len);

/* Entries that changed after `version`, by index; free() them. */
HUFU_MUST_USE int status_row_read_changes(struct store_tx *tx, uint32_t list,
        int64_t version, struct compact_change **ret, size_t *ret_count);

/* The list's version when this entry last changed; HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int status_row_read_version(
        struct store_tx *tx, uint32_t list, uint32_t index, int64_t *ret);

/* Takes the sequence number, so that no later list can have it. */
HUFU_MUST_USE int status_row_begin(
        struct store_tx *tx, uint32_t list, uint64_t sequence);
HUFU_MUST_USE int status_row_finish(
        struct store_tx *tx, uint32_t list, const struct status_head *head);

#endif
