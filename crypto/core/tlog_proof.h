/*
 * Offline proof of one log entry (C2SP tlog-proof, version 1): index, extra
 * data, inclusion hashes and a signed checkpoint in one text.
 */
#ifndef CORE_TLOG_PROOF_H
#define CORE_TLOG_PROOF_H

#include "crypto/core/bytes.h"
#include "crypto/core/merkle.h"
#include "crypto/core/note.h"

#define TLOG_PROOF_HEADER "c2sp.org/tlog-proof@v1"

enum {
	TLOG_PROOF_EXTRA_MAX = 1024,
	TLOG_PROOF_MAX = 8192, /* bytes of the whole text */
};

struct tlog_proof {
	bool has_extra;
	size_t extra_len;
	uint8_t extra[TLOG_PROOF_EXTRA_MAX];
	uint64_t index;
	struct merkle_proof proof;
	struct span checkpoint; /* the signed note, to the end */
};

HUFU_MUST_USE int tlog_proof_decode(struct span in, struct tlog_proof *ret);
void tlog_proof_encode(struct writer *w, const struct tlog_proof *p);

/*
 * The entry is in the log of `key`: checkpoint signature, origin (the key's
 * name) and inclusion. HUFU_ERR_SIGNATURE, HUFU_ERR_PROOF,
 * HUFU_ERR_NOT_FOUND (not signed by this key).
 */
HUFU_MUST_USE int tlog_proof_check(const struct tlog_proof *p,
        struct span entry, const struct note_key *key,
        const struct sigcheck *sigs);

#endif
