/*
 * A virtual reader's slot: at most one card, the connection to vpcd (the
 * reader's driver in pcscd), and faults. vpcd sends frames of a two-byte
 * length and a body; a body of one byte is a control code.
 */
#ifndef CARD_SIM_SLOT_H
#define CARD_SIM_SLOT_H

#include <limits.h>

#include "card/port/sim/sim.h"

enum { SLOT_RETRY_MS = 50 };

struct slot {
	const char *host;
	const char *port;
	bool sync;
	int fd; /* connection to vpcd, -1 for none */
	bool present;
	bool foreign; /* the card in the slot knows nothing of ours */
	struct sim *sim; /* the card, unless foreign */
	uint8_t uid[4]; /* of this insertion */
	char file[PATH_MAX];
	unsigned long pull_before; /* number of the command, 0 for never */
	unsigned long pull_after;
};

void slot_init(struct slot *s, const char *host, const char *port);
void slot_done(struct slot *s);

/*
 * Puts a card in and tries to connect. HUFU_ERR_CONFLICT when one is in,
 * HUFU_ERR_CORRUPT, or what sim_open() says.
 */
HUFU_MUST_USE int slot_insert(struct slot *s, const char *file);
HUFU_MUST_USE int slot_insert_foreign(struct slot *s);
void slot_remove(struct slot *s);

/* Connects if a card is in and vpcd is there; else does nothing. */
void slot_connect(struct slot *s);

/* Reads and answers one frame; called when `fd` is readable. */
void slot_serve(struct slot *s);

/* `n` counts commands from now; 0: never. */
void slot_pull(struct slot *s, unsigned long n, bool after);

#endif
