/*
 * What the signer has done, as its journal tells: the last checkpoint, the
 * cards and lists signed, the serials refused. Changes are durable after
 * ledger_sync(), and no answer leaves before that.
 */
#ifndef HOST_SIGNER_LEDGER_H
#define HOST_SIGNER_LEDGER_H

#include "host/signer/client.h"

struct ledger;

struct ledger_identity {
	const char *origin;
	uint8_t checkpoint_key[32]; /* Ed25519 */
};

HUFU_MUST_USE int ledger_create(
        const char *path, const struct ledger_identity *identity);

/* As journal_open(); HUFU_ERR_CONFLICT: a journal of another origin or key. */
HUFU_MUST_USE int ledger_open(const char *path,
        const struct ledger_identity *identity, struct ledger **ret);
void ledger_close(struct ledger *l);
HUFU_MUST_USE int ledger_sync(struct ledger *l);
bool ledger_dirty(const struct ledger *l);

/* A signature of ours that the journal does not know was shown to us. */
HUFU_MUST_USE int ledger_lock(struct ledger *l);
bool ledger_locked(const struct ledger *l);

/* false: none signed yet. */
bool ledger_last(const struct ledger *l, uint64_t *ret_size,
        uint8_t ret_root[MERKLE_HASH_LEN]);
HUFU_MUST_USE int ledger_put_checkpoint(
        struct ledger *l, uint64_t size, const uint8_t root[MERKLE_HASH_LEN]);

struct ledger_card {
	uint64_t index;
	uint32_t list;
	uint32_t status_index;
	uint8_t binding[LOG_HASH_LEN];
	struct signer_signatures sigs;
};

/* 0, HUFU_ERR_NOT_FOUND, or why the journal could not be read. */
HUFU_MUST_USE int ledger_find_card(
        struct ledger *l, uint64_t index, struct ledger_card *ret);
/* Whether a card with this status reference was signed. */
bool ledger_has_status(
        const struct ledger *l, uint32_t list, uint32_t status_index);
HUFU_MUST_USE int ledger_put_card(
        struct ledger *l, const struct ledger_card *card);
size_t ledger_list_cards(const struct ledger *l, uint64_t from,
        struct signer_record ret[SIGNER_RECORDS_MAX]);

struct ledger_edition {
	uint64_t index;
	uint64_t number; /* list << 32 | sequence */
	uint64_t snapshot; /* sequence of the last one signed; 0: none */
	uint8_t binding[LOG_HASH_LEN];
	uint8_t sigs[SIGNER_FILES][SIGNER_SIGNATURE_LEN];
};

/* The last one signed of this list: 0, HUFU_ERR_NOT_FOUND, ... */
HUFU_MUST_USE int ledger_find_edition(
        struct ledger *l, uint32_t list, struct ledger_edition *ret);
HUFU_MUST_USE int ledger_put_edition(
        struct ledger *l, const struct ledger_edition *edition);

HUFU_MUST_USE int ledger_put_session(struct ledger *l,
        const uint8_t serial[SIGNER_SERIAL_LEN], uint8_t key_version,
        uint64_t index);
HUFU_MUST_USE int ledger_refuse(
        struct ledger *l, const uint8_t serial[SIGNER_SERIAL_LEN]);
bool ledger_refused(
        const struct ledger *l, const uint8_t serial[SIGNER_SERIAL_LEN]);

void ledger_health(const struct ledger *l, struct signer_health *ret);

#endif
