/*
 * Secure channel of GlobalPlatform, Amendment D (SCP03), i = 70, security
 * level 33: every command encrypted and MACed, every answer too.
 */
#ifndef CARD_CHANNEL_H
#define CARD_CHANNEL_H

#include "card/core/command.h"
#include "card/core/memory.h"

enum channel_phase {
	CHANNEL_CLOSED,
	CHANNEL_OFFERED, /* INITIALIZE UPDATE was answered */
	CHANNEL_OPEN,
};

enum {
	CHANNEL_MAC_LEN = 8,
	CHANNEL_OFFER_LEN = 32, /* answer of INITIALIZE UPDATE */
	/* what protection adds to data at most: padding and MAC */
	CHANNEL_GROWTH_MAX = PORT_BLOCK_LEN + CHANNEL_MAC_LEN,
};

struct channel {
	enum channel_phase phase;
	uint8_t s_enc[CARD_KEY_LEN];
	uint8_t s_mac[CARD_KEY_LEN];
	uint8_t s_rmac[CARD_KEY_LEN];
	uint8_t host_cryptogram[8]; /* expected */
	uint8_t chaining[PORT_BLOCK_LEN];
	uint32_t counter; /* of commands since the channel opened */
};

void channel_close(struct channel *c);

/* Derives session keys for the host's 8 bytes; writes the offer. */
HUFU_MUST_USE int channel_offer(struct channel *c, const struct memory *m,
        struct span aid, const uint8_t host_challenge[8],
        uint8_t ret[CHANNEL_OFFER_LEN]);

/*
 * EXTERNAL AUTHENTICATE, 16 bytes of data. HUFU_ERR_SIGNATURE for a wrong
 * cryptogram or MAC; the channel is then closed.
 */
HUFU_MUST_USE int channel_accept(struct channel *c, struct card_port *port,
        const struct command *command);

/*
 * Checks and opens a command; `ret_data` (at least its length) takes the
 * plain bytes. HUFU_ERR_SIGNATURE closes the channel.
 */
HUFU_MUST_USE int channel_unwrap(struct channel *c, struct card_port *port,
        const struct command *command, uint8_t *ret_data, size_t *ret_len);

/*
 * Protects an answer in place: data[*len] with CHANNEL_GROWTH_MAX bytes of
 * room behind it. Only for status words 9000, 62xx and 63xx.
 */
HUFU_MUST_USE int channel_wrap(struct channel *c, struct card_port *port,
        uint16_t sw, uint8_t *data, size_t *len);

#endif
