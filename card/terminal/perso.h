/*
 * Personalising a card, step by step, each of which may be repeated after a
 * lost link. docs/card-profile.md describes the commands.
 */
#ifndef TERMINAL_PERSO_H
#define TERMINAL_PERSO_H

#include "card/terminal/terminal.h"

struct perso_progress {
	enum card_state state;
	uint8_t job[CARD_JOB_ID_LEN];
	uint64_t fencing;
	bool key_present;
	uint16_t next_block;
	uint8_t hash[32]; /* SHA-256 of the DGI stream so far */
};

/* The chip serial (GET DATA 00CF), before any key is used. */
HUFU_MUST_USE int perso_identify(
        struct terminal *t, uint8_t ret_serial[CARD_SERIAL_LEN]);
/* GET DATA DF21: how far this card has come, and for which job. */
HUFU_MUST_USE int perso_get_progress(
        struct terminal *t, struct perso_progress *ret);

/* Opens the secure channel; see scp03_open(). */
HUFU_MUST_USE int perso_open_channel(
        struct terminal *t, scp03_provider provider, void *arg);
/* Key version in use on the card, after perso_open_channel(). */
uint8_t perso_key_version(const struct terminal *t);

/*
 * PUT KEY with the data field that the signer made (new version, then three
 * keys with check values) in place of `old_version`; the card's answer is
 * compared with the check values in it.
 */
HUFU_MUST_USE int perso_put_keys(
        struct terminal *t, uint8_t old_version, struct span block);

/* TERMINAL_STALE_JOB: the card has seen a higher fencing number. */
HUFU_MUST_USE int perso_open_job(struct terminal *t,
        const uint8_t job[CARD_JOB_ID_LEN], uint64_t fencing,
        enum card_suite suite);
/* A repeat in the same job answers the same point. */
HUFU_MUST_USE int perso_generate_key(
        struct terminal *t, uint8_t ret_point[CARD_POINT_LEN]);

/* Appends one DGI: id, length, value (HUFU_ERR_LIMIT past 65535 bytes). */
void perso_put_dgi(struct writer *w, uint16_t id, struct span value);
size_t perso_block_count(size_t stream_len);

/*
 * Writes the DGI stream in blocks, from the first one that the card has not
 * acknowledged (DF21). ret_sent, NULL is legal: blocks sent by this call.
 * TERMINAL_MISMATCH: the blocks that it has are of another stream.
 */
HUFU_MUST_USE int perso_store(
        struct terminal *t, struct span stream, unsigned *ret_sent);

/* Flips the card to SECURED if its stream has this hash. */
HUFU_MUST_USE int perso_activate(struct terminal *t, const uint8_t hash[32]);

#endif
