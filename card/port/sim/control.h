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
 *   remove           take the card out; ok, also when there is none
 *   status           ok present=0|1 linked=0|1 serial=HEX state=HEX
 *                    commands=N writes=N file=FILE
 *                    (file stands last; present=0 has present and linked only)
 *   pull-before N    the card leaves before the Nth command from now is done
 *   pull-after N     ... after it is done, before it is answered; 0: never
 *   cut-at N [HOW]   power is lost at the Nth write of memory from now;
 *                    HOW: after (default), half, before, ruin; 0: never.
 *                    The card then leaves.
 *   blank FILE [HEX] make a blank with this serial, or a random one, under
 *                    the transport master given at start
 *                    ok serial=HEX    error exists | no-master | io
 *   quit             ok, and the program ends
 *
 * error syntax answers every other line. A pulled card is out: present=0
 * until the next insert. linked=1 means that the reader (vpcd) is
 * connected; while a card is in and vpcd is not there, hufu-card tries
 * again every 50 ms. "insert" answers after the first try to connect.
 */
#ifndef CARD_SIM_CONTROL_H
#define CARD_SIM_CONTROL_H

enum {
	CONTROL_LINE_MAX = 4096,
};

#endif
