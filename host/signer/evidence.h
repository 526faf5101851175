/*
 * What a request shows for itself: an entry of the log under a checkpoint
 * that this signer signed.
 */
#ifndef HOST_SIGNER_EVIDENCE_H
#define HOST_SIGNER_EVIDENCE_H

#include "crypto/core/note.h"
#include "host/signer/ledger.h"
#include "host/signer/wire.h"

/*
 * HUFU_ERR_SIGNATURE: not our checkpoint; HUFU_ERR_PROOF: not in its tree,
 * or not an entry of this type; HUFU_ERR_MALFORMED; HUFU_ERR_CORRUPT: our
 * own checkpoint, but unknown to the journal, which is thereby locked.
 */
HUFU_MUST_USE int evidence_check(struct ledger *ledger,
        const struct note_key *key, const struct wire_request *request,
        enum log_type type, struct log_entry *ret);

#endif
