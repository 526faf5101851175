/*
 * The keys in this process's memory: card, list and checkpoint keys from the
 * key store, and the two card master keys (files of 32 hexadecimal digits).
 */
#ifndef HOST_SIGNER_VAULT_H
#define HOST_SIGNER_VAULT_H

#include "crypto/issuer/key_store.h"
#include "crypto/issuer/note_sign.h"
#include "host/signer/channel.h"
#include "host/signer/ledger.h"
#include "host/signer/signd_config.h"

struct vault {
	char origin[SIGNER_ORIGIN_MAX + 1];
	struct key_store *store;
	struct note_signer note; /* name is origin; the checkpoint key */
	struct note_key note_key;
	struct channel_masters masters;
	struct ledger_identity identity;
};

HUFU_MUST_USE int vault_open(const struct signd_config *config,
        struct vault *ret, struct problem *ret_problem);
void vault_close(struct vault *v); /* wipes; legal on a zeroed one */

/*
 * Makes what is missing: a card and a list key for each suite wanted, the
 * checkpoint key, the master keys. HUFU_ERR_ARGUMENT: passphrase too short.
 */
HUFU_MUST_USE int vault_create(
        const struct signd_config *config, struct problem *ret_problem);

HUFU_MUST_USE int vault_public_keys(
        const struct vault *v, struct signer_keys *ret);

#endif
