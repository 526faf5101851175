/*
 * The static and session keys of cards: SCP03 of GlobalPlatform Amendment D,
 * from the master keys that never leave this process.
 */
#ifndef HOST_SIGNER_CHANNEL_H
#define HOST_SIGNER_CHANNEL_H

#include "host/signer/wire.h"

struct channel_masters {
	uint8_t transport[SIGNER_CHANNEL_KEY_LEN]; /* CARD_KVN_TRANSPORT */
	uint8_t issuer[SIGNER_CHANNEL_KEY_LEN]; /* CARD_KVN_ISSUER */
};

/*
 * Checks the card cryptogram, then answers the host's and the session keys;
 * for a card with transport keys also PUT KEY's data field (Amendment D 7.2).
 * HUFU_ERR_SIGNATURE: wrong cryptogram; HUFU_ERR_UNSUPPORTED: key version.
 */
HUFU_MUST_USE int channel_open(const struct channel_masters *masters,
        const struct wire_request *request, struct signer_session *ret);

#endif
