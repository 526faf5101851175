/*
 * After a backup was put back: the published tiles and the signer know
 * entries that the database does not. They are replayed from the entry
 * bundles; the cards behind them are unresolved until a person looks.
 */
#ifndef HOST_LOG_RESTORE_H
#define HOST_LOG_RESTORE_H

#include "host/log/log.h"

struct log_unresolved {
	uint64_t index;
	const struct log_entry *entry;
	bool signed_card; /* the signer gave signatures for it: */
	uint32_t list;
	uint32_t status_index;
};

/* Called once per replayed entry, in the transaction that replays it. */
typedef int (*log_unresolved_fn)(
        struct store_tx *tx, const struct log_unresolved *later, void *arg);

struct log_restored {
	uint64_t rows_before;
	uint64_t replayed;
	uint64_t cards; /* of them signed by the signer */
};

/*
 * `options` as for log_open(), no log being open. Checks the bundles against
 * the signer's last checkpoint before the first row is written; one
 * transaction. HUFU_ERR_NOT_FOUND: tiles are missing, issuing stays refused;
 * HUFU_ERR_PROOF: tiles or rows are of another history.
 */
HUFU_MUST_USE int log_restore(const struct log_options *options,
        log_unresolved_fn later, void *arg, struct log_restored *ret,
        struct problem *ret_problem);

#endif
