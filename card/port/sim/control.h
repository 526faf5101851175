/*
 * The control socket of hufu-card: what a hand does to a card in a virtual
 * reader. A Unix stream socket, several clients may connect; lines of UTF-8
 * ending in LF, at most CONTROL_LINE_MAX bytes, words parted by one space
 * (FILE is the rest of its line). Every command line gets exactly one answer
 * line, in order: "ok" with name=value words, or "error WORD text".
 *
 *   insert FILE      put the card with this memory into the reader
 *                    ok serial=HEX state=HEX
 *                    error present | not-found | busy | corrupt | io
 *   insert-foreign   put a card of somebody else into the reader
 *                    ok    error present
 *   remove           take the card out; ok, also when there is none
 *   status           ok present=0|1 linked=0|1 serial=HEX state=HEX
 *                    commands=N writes=N file=FILE
 *                    (no card: present and linked only; a foreign card:
 *                    present, linked and foreign=1)
 *   pull-before N    the card leaves before the Nth command from now is done
 *   pull-after N     ... after it is done, before it is answered; 0: never
 *   cut-at N [HOW]   power is lost at the Nth write of memory from now;
 *                    HOW: after (default), half, before, ruin; 0: never.
 *                    The card then leaves.
 *   blank FILE [HEX] make a blank with this serial (20 digits), or a random
 *                    one, under the transport master given at start
 *                    ok serial=HEX    error exists | no-master | io
 *   quit             ok, and the program ends
 *
 * error syntax answers every other line. Faults belong to the card that is
 * in (error absent without one) and leave with it. A pulled card is out:
 * present=0 until the next insert. linked=1 means that the reader (vpcd) is
 * connected; while a card is in and vpcd is not there, hufu-card tries
 * again every 50 ms. "insert" answers after the first try to connect.
 */
#ifndef CARD_SIM_CONTROL_H
#define CARD_SIM_CONTROL_H

#include <poll.h>

#include "card/port/sim/slot.h"

enum {
	CONTROL_LINE_MAX = 4096,
	CONTROL_CLIENTS_MAX = 8,
};

struct control_client {
	int fd; /* -1: free */
	size_t len;
	char line[CONTROL_LINE_MAX];
};

struct control {
	struct slot *slot;
	const uint8_t *master; /* CARD_KEY_LEN, NULL: no blanks */
	int fd; /* listening */
	bool quit;
	struct control_client client[CONTROL_CLIENTS_MAX];
};

/* Binds and listens; an old socket of this name goes. */
HUFU_MUST_USE int control_open(struct control *c, const char *path);
void control_close(struct control *c);

/* Fills at most 1 + CONTROL_CLIENTS_MAX entries and answers how many. */
size_t control_poll(const struct control *c, struct pollfd *ret);
/* Serves the entries that control_poll() filled, now with events. */
void control_serve(struct control *c, const struct pollfd *polled, size_t n);

#endif
