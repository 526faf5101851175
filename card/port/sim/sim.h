/*
 * The virtual card as a library: core, OpenSSL and a memory of 64 KB that
 * is a file or only in this process. Used by hufu-card and by tests that
 * want no reader between (direct-to-core transport).
 */
#ifndef CARD_SIM_H
#define CARD_SIM_H

#include "card/core/core.h"

struct sim;

enum { SIM_ATR_LEN = 12 };

/* Transport keys of a blank: kk 1 ENC, 2 MAC, 3 DEK (docs/card-profile.md). */
HUFU_MUST_USE int sim_key_derive(const uint8_t master[CARD_KEY_LEN],
        const uint8_t serial[CARD_SERIAL_LEN], uint8_t kk,
        uint8_t ret[CARD_KEY_LEN]);

/*
 * Makes a blank: memory file `path` (HUFU_ERR_CONFLICT if it exists), or in
 * this process only when `path` is NULL. *ret has no power yet.
 */
HUFU_MUST_USE int sim_new_blank(const char *path,
        const uint8_t serial[CARD_SERIAL_LEN],
        const uint8_t transport_master[CARD_KEY_LEN], struct sim **ret);

/*
 * Opens an existing memory file. HUFU_ERR_NOT_FOUND, HUFU_ERR_BUSY (another
 * process has it), HUFU_ERR_MALFORMED (not 64 KB), HUFU_ERR_IO.
 */
HUFU_MUST_USE int sim_open(const char *path, struct sim **ret);
void sim_free(struct sim *s); /* NULL is legal */

/* Each write of the memory waits for the disk; off at first. */
void sim_set_sync(struct sim *s, bool sync);

/* Power on (also after a power cut); see card_power_on(). */
HUFU_MUST_USE int sim_power_on(struct sim *s);
void sim_power_off(struct sim *s);
void sim_reset(struct sim *s); /* warm reset */
void sim_get_atr(uint8_t ret[SIM_ATR_LEN]);

/*
 * One command. Answers the number of bytes in `ret` (CARD_ANSWER_MAX);
 * 0 if the card has no power: it was off, or a fault cut it.
 */
size_t sim_transmit(struct sim *s, struct span apdu, uint8_t *ret);

/* What a power cut leaves of the write (or erase) that it hits. */
enum sim_tear {
	SIM_TEAR_AFTER, /* the write is done, then power goes */
	SIM_TEAR_HALF, /* half of the bytes are written */
	SIM_TEAR_BEFORE, /* nothing of it is written */
	SIM_TEAR_RUIN, /* the bytes of the write hold nonsense */
};
/* Cuts at the nth write from now; 0 takes the fault away. */
void sim_cut_at_write(struct sim *s, unsigned long n, enum sim_tear tear);

/* The memory itself, for tests that compare or spoil it. */
uint8_t *sim_memory(struct sim *s); /* PORT_NV_SIZE bytes */

struct sim_facts {
	bool powered;
	uint8_t serial[CARD_SERIAL_LEN];
	enum card_state state;
	unsigned long commands; /* since sim_open() or sim_new_blank() */
	unsigned long writes; /* of non-volatile memory, likewise */
};
/* `serial` and `state` are known from the first power-on. */
void sim_get_facts(const struct sim *s, struct sim_facts *ret);

#endif
