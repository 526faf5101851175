/*
 * Host side of GlobalPlatform SCP03 (Amendment D 1.2), AES-128, i=70,
 * security level 33: commands and answers MACed and encrypted.
 *
 * Static keys never come here: a provider (the signer, behind its socket)
 * answers the session keys of one card and one pair of challenges.
 */
#ifndef TERMINAL_SCP03_H
#define TERMINAL_SCP03_H

#include "card/include/card_abi.h"
#include "card/terminal/apdu.h"

enum {
	SCP03_CHALLENGE_LEN = 8,
	SCP03_CRYPTOGRAM_LEN = 8,
	SCP03_SEQUENCE_LEN = 3,
	SCP03_MAC_LEN = 8,
	SCP03_KEY_LEN = 16,
	SCP03_BLOCK_LEN = 16,
};

/* What the INITIALIZE UPDATE answer said, for the provider. */
struct scp03_request {
	uint8_t kdd[CARD_SERIAL_LEN];
	uint8_t key_version;
	uint8_t sequence[SCP03_SEQUENCE_LEN];
	uint8_t host_challenge[SCP03_CHALLENGE_LEN];
	uint8_t card_challenge[SCP03_CHALLENGE_LEN];
	uint8_t card_cryptogram[SCP03_CRYPTOGRAM_LEN];
};

struct scp03_keys {
	uint8_t enc[SCP03_KEY_LEN]; /* S-ENC */
	uint8_t mac[SCP03_KEY_LEN]; /* S-MAC */
	uint8_t rmac[SCP03_KEY_LEN]; /* S-RMAC */
	uint8_t host_cryptogram[SCP03_CRYPTOGRAM_LEN];
};

/*
 * Answers 0, TERMINAL_WRONG_KEY when the card cryptogram does not fit the
 * keys of this card, or an error. Called before EXTERNAL AUTHENTICATE, so a
 * wrong key costs the card no try.
 */
typedef int (*scp03_provider)(
        void *arg, const struct scp03_request *request, struct scp03_keys *ret);

struct cipher_cmac;
struct cipher_cbc;

struct scp03 {
	bool open;
	uint32_t counter; /* of the next command, for the ICV */
	uint8_t chaining[SCP03_BLOCK_LEN];
	struct cipher_cmac *mac; /* S-MAC */
	struct cipher_cmac *rmac; /* S-RMAC */
	struct cipher_cbc *enc; /* S-ENC */
	struct scp03_request request; /* what the card said */
};

/*
 * INITIALIZE UPDATE and EXTERNAL AUTHENTICATE. `key_version` 0 lets the
 * card name its own. TERMINAL_WRONG_KEY: the provider or our own check of
 * the card cryptogram said no and nothing more was sent.
 */
HUFU_MUST_USE int scp03_open(struct scp03 *s, struct transport *t,
        uint8_t key_version, scp03_provider provider, void *arg);

/* At most CARD_PLAIN_MAX bytes of data; the answer comes decrypted. */
HUFU_MUST_USE int scp03_exchange(struct scp03 *s, struct transport *t,
        const struct apdu *a, struct writer *ret_data, uint16_t *ret_sw);

/* Wipes the session keys. Legal on a zeroed struct, and twice. */
void scp03_done(struct scp03 *s);

/*
 * Key derivation of Amendment D 4.1.5 with AES-CMAC: `bits` / 8 bytes.
 * For providers (tests, the signer checks its own against it).
 */
HUFU_MUST_USE int scp03_derive(const uint8_t key[SCP03_KEY_LEN],
        uint8_t constant, struct span context, unsigned bits, uint8_t *ret);
HUFU_MUST_USE int scp03_cmac(const uint8_t key[SCP03_KEY_LEN],
        struct span message, uint8_t ret[SCP03_BLOCK_LEN]);

#endif
