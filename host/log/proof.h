/*
 * c2sp.org/tlog-proof@v1: one text that shows offline that an entry stands
 * in the log; `extra` carries the salt of its binding.
 */
#ifndef HOST_LOG_PROOF_H
#define HOST_LOG_PROOF_H

#include "host/log/log.h"

enum {
	LOG_PROOF_TEXT_MAX = 8192,
	LOG_PROOF_EXTRA_MAX = 64,
};

struct log_proof {
	uint64_t index;
	uint8_t extra[LOG_PROOF_EXTRA_MAX];
	size_t extra_len; /* 0: none */
	struct merkle_proof path;
	struct log_checkpoint checkpoint;
};

void log_proof_encode(struct writer *w, const struct log_proof *proof);
HUFU_MUST_USE int log_proof_decode(struct span text, struct log_proof *ret);

/* HUFU_ERR_SIGNATURE, HUFU_ERR_PROOF or 0: `entry` stands in the log. */
HUFU_MUST_USE int log_proof_check(const struct log_proof *proof,
        struct span entry, const char *origin, const char *vkey);

/* The proof of `index` under the last checkpoint, extra = its binding's
 * salt if the store still has it; ret_entry gets the entry's bytes. */
HUFU_MUST_USE int log_proof_make(struct log *log, uint64_t index,
        struct log_proof *ret, struct writer *ret_entry);

#endif
