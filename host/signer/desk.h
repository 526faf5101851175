/*
 * One request in, one answer out: the rules of the signer. An answer counts
 * only after desk_settle(), which makes the journal durable.
 */
#ifndef HOST_SIGNER_DESK_H
#define HOST_SIGNER_DESK_H

#include "host/signer/vault.h"

struct desk {
	const struct signd_config *config;
	const struct vault *vault;
	struct ledger *ledger;
};

/* Always fills *ret; its code is 0 or HUFU_ERR_*. */
void desk_answer(struct desk *desk, struct span frame, enum wire_type *ret_type,
        struct wire_answer *ret);

/*
 * Errors of ledger_sync(): what desk_answer() gave since the last time must
 * not be sent; the ledger then stands as the journal does.
 */
HUFU_MUST_USE int desk_settle(struct desk *desk);

#endif
