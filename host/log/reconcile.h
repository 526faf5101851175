/*
 * At the start: rows, tiles, stored and published checkpoint and the
 * signer's last one are brought together, or it is said why they cannot be.
 */
#ifndef HOST_LOG_RECONCILE_H
#define HOST_LOG_RECONCILE_H

#include "host/log/sequence.h"

/* Everything that knows a size and a root. */
struct reconcile_view {
	uint64_t rows;
	bool behind; /* as the database remembers it */
	struct log_checkpoint stored; /* size 0 and no note: none */
	struct log_checkpoint published;
	struct log_checkpoint signer;
};

HUFU_MUST_USE int reconcile_look(struct log *log, struct reconcile_view *ret,
        struct problem *ret_problem);

/*
 * 0: log->tiles and log->last stand; LOG_BEHIND: the database says so now,
 * log->last is what it has; HUFU_ERR_CORRUPT; HUFU_ERR_LINK.
 */
HUFU_MUST_USE int reconcile_run(struct log *log, struct problem *ret_problem);

#endif
