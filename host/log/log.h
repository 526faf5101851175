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

/*
 * log_open(): the signer or the published tiles know more entries than the
 * database, which is an old backup. The log can be read; appending and
 * waiting answer HUFU_ERR_STALE until log_restore() has been done.
 */
enum { LOG_BEHIND = 1 };

struct log_options {
	struct store *store;
	struct signer *signer;
	const char *folder; /* of checkpoint and tile/; made if missing */
	const char *origin; /* first line of every checkpoint */
	const char *vkey; /* of the checkpoint key; NULL: the signer says */
};

/* A signed checkpoint (C2SP tlog-checkpoint) with what it says. */
struct log_checkpoint {
	uint64_t size;
	uint8_t root[MERKLE_HASH_LEN];
	char note[1024]; /* the signed note, NUL-terminated */
};

/*
 * Brings rows, tiles and checkpoint into agreement first: 0, LOG_BEHIND, or
 * HUFU_ERR_CORRUPT when they contradict each other. Starts the sequencer.
 */
HUFU_MUST_USE int log_open(const struct log_options *options, struct log **ret,
        struct problem *ret_problem);
void log_close(struct log *log);

/*
 * Inside the state change's transaction. Index counts from 0, no gaps.
 * HUFU_ERR_STALE: the log is behind, restore first.
 */
HUFU_MUST_USE int log_append(struct store_tx *tx, const struct log_entry *entry,
        uint64_t *ret_index);

/* What stands beside a commitment: a fresh salt, sealed, by index + field. */
HUFU_MUST_USE int log_append_salt(struct store_tx *tx, uint64_t index,
        int field, const uint8_t salt[LOG_SALT_LEN]);
HUFU_MUST_USE int log_find_salt(struct store_tx *tx, uint64_t index, int field,
        uint8_t ret_salt[LOG_SALT_LEN]);

/*
 * Draws a salt, commits to `value` under it in the entry's field (LOG_PERSON,
 * LOG_CARD, LOG_ACTOR, LOG_STATION) and keeps it for log_append_all().
 */
struct log_draft {
	struct log_entry entry;
	uint8_t salt[LOG_NUMBER + 1][LOG_SALT_LEN]; /* by field */
	uint32_t salted; /* LOG_HAS() of the salts drawn */
};
void log_draft_init(
        struct log_draft *draft, enum log_type type, int64_t time_s);
HUFU_MUST_USE int log_draft_commit(
        struct log_draft *draft, int field, struct span value);
/* For LOG_BINDING: the caller computed `binding` over `salt`. */
void log_draft_bind(struct log_draft *draft, const uint8_t salt[LOG_SALT_LEN],
        const uint8_t binding[LOG_HASH_LEN]);
/* The entry and all its salts. */
HUFU_MUST_USE int log_append_all(struct store_tx *tx,
        const struct log_draft *draft, uint64_t *ret_index);

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
