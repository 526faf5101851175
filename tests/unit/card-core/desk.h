/*
 * A personaliser's desk for tests: one virtual card, and a host side of
 * SCP03 written from Amendment D on OpenSSL alone, so that card and host
 * can only agree if both follow the document.
 */
#ifndef TEST_DESK_H
#define TEST_DESK_H

#include "card/port/sim/sim.h"

struct desk_keys {
	uint8_t key[3][CARD_KEY_LEN]; /* ENC, MAC, DEK */
};

struct desk {
	struct sim *sim;
	/* the last answer; sw is 0 when the card was gone */
	uint16_t sw;
	size_t len;
	uint8_t data[CARD_ANSWER_MAX];
	/* the channel */
	uint8_t s_enc[16], s_mac[16], s_rmac[16], chaining[16];
	uint32_t counter;
	uint8_t host_challenge[8], card_challenge[8], card_cryptogram[8];
};

struct desk_command {
	uint8_t cla, ins, p1, p2;
	const void *data;
	size_t len;
	bool le, extended;
};

extern const uint8_t desk_serial[CARD_SERIAL_LEN];
extern const uint8_t desk_transport_master[CARD_KEY_LEN];

/* A blank in this process, powered. */
void desk_init(struct desk *d);
void desk_done(struct desk *d);

void desk_transport_keys(struct desk_keys *ret);
void desk_issuer_keys(struct desk_keys *ret); /* some others */

/* Sends bytes as they are; answers the status word, 0 if the card is gone. */
uint16_t desk_raw(struct desk *d, const void *apdu, size_t len);
uint16_t desk_plain(struct desk *d, const struct desk_command *c);
/* Through the channel; fails the test if an answer's MAC is wrong. */
uint16_t desk_secure(struct desk *d, const struct desk_command *c);

/* INITIALIZE UPDATE (checks the card cryptogram if `keys` fit), then
 * EXTERNAL AUTHENTICATE. Answer the status word of the step. */
uint16_t desk_offer(
        struct desk *d, const struct desk_keys *keys, uint8_t version);
uint16_t desk_accept(struct desk *d, uint8_t level);
uint16_t desk_open(struct desk *d, const struct desk_keys *keys);

/* The bytes of desk_secure(), to be spoilt or sent later. */
size_t desk_wrap(struct desk *d, const struct desk_command *c, uint8_t *ret);

uint16_t desk_select(struct desk *d); /* the application */
uint16_t desk_put_key(struct desk *d, const struct desk_keys *old,
        const struct desk_keys *new, bool long_form);
uint16_t desk_open_job(
        struct desk *d, uint8_t job, uint64_t fencing, enum card_suite suite);

/* Reads 60 bytes of DF21 in the clear. */
void desk_progress(struct desk *d, uint8_t ret[CARD_PROGRESS_LEN]);

void desk_cmac(
        const uint8_t key[16], const void *data, size_t len, uint8_t ret[16]);
void desk_sha256(const void *data, size_t len, uint8_t ret[32]);

#endif
