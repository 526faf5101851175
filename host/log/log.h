/*
 * The issuance log: entries ride in the transaction that changes the state;
 * the sequencer writes tiles, has the signer sign a checkpoint and publishes
 * it (C2SP tlog-tiles).
 */
#ifndef HOST_LOG_H
#define HOST_LOG_H

#include "crypto/core/log_entry.h"
#include "crypto/core/merkle.h"
#include "host/base/problem.h"
#include "host/store/store.h"

struct signer; /* host/signer/client.h */
struct log;

struct log_options {
	struct store *store;
	struct signer *signer;
	const char *folder; /* of checkpoint and tile/ */
	const char *origin; /* first line of every checkpoint */
};

/* A signed checkpoint (C2SP tlog-checkpoint) with what it says. */
struct log_checkpoint {
	uint64_t size;
	uint8_t root[MERKLE_HASH_LEN];
	char note[1024]; /* the signed note, NUL-terminated */
};

HUFU_MUST_USE int log_open(const struct log_options *options, struct log **ret,
		struct problem *ret_problem);
void log_close(struct log *log);

/* Inside the state change's transaction. Index counts from 0, no gaps. */
HUFU_MUST_USE int log_append(struct store_tx *tx, const struct log_entry *entry,
		uint64_t *ret_index);

/* What stands beside a commitment: a fresh salt, sealed, by index + field. */
HUFU_MUST_USE int log_append_salt(struct store_tx *tx, uint64_t index,
		int field, const uint8_t salt[LOG_SALT_LEN]);
HUFU_MUST_USE int log_find_salt(struct store_tx *tx, uint64_t index, int field,
		uint8_t ret_salt[LOG_SALT_LEN]);

/*
 * Waits until a signed, stored and published checkpoint covers `index`;
 * appends of others share it. HUFU_ERR_LINK: the signer is away.
 */
HUFU_MUST_USE int log_wait(struct log *log, uint64_t index,
		struct log_checkpoint *ret, struct problem *ret_problem);

/* Entry bytes and inclusion proof of `index` in the tree of `size`. */
HUFU_MUST_USE int log_prove(struct log *log, uint64_t index, uint64_t size,
		struct merkle_proof *ret_proof, struct writer *ret_entry);

HUFU_MUST_USE int log_last(struct log *log, struct log_checkpoint *ret);

#endif
