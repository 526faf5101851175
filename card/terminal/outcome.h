/*
 * Named outcomes of the reader's side: positive, so that a caller must
 * switch on them. Errors (HUFU_ERR_*) are forwarded beside them.
 */
#ifndef TERMINAL_OUTCOME_H
#define TERMINAL_OUTCOME_H

#include <hufu/error.h>

enum terminal_outcome {
	/* the way to the card */
	TERMINAL_LINK_LOST = 1, /* card gone or reset: probe, then resume */
	TERMINAL_NO_READER = 2, /* no reader of this name */
	TERMINAL_NO_CARD = 3, /* nothing lies on the reader */
	TERMINAL_READER_HANGS = 4, /* the watchdog gave the reader up */
	TERMINAL_READER_BUSY = 5, /* another program holds the card */
	/* the card itself */
	TERMINAL_FOREIGN_CARD = 6, /* not a card of ours */
	TERMINAL_WRONG_KEY = 7, /* cryptogram wrong: quarantine the card */
	TERMINAL_QUARANTINED = 8, /* a wrong key was seen on it before */
	TERMINAL_PERSONALISED = 9, /* activated already */
	TERMINAL_STALE_JOB = 10, /* a later job has had this card */
	TERMINAL_LOCKED = 11,
	TERMINAL_TERMINATED = 12,
	TERMINAL_REFUSED = 13, /* another status word: terminal_sw() */
	TERMINAL_NO_SPACE = 14, /* the data do not fit on the card */
	TERMINAL_MISMATCH = 15, /* read back otherwise than written */
	TERMINAL_NOT_GENUINE = 16, /* the chip's own signature is wrong */
	TERMINAL_NOT_READABLE = 17, /* the file needs rights (6982) */
	TERMINAL_CHANNEL_BROKEN = 18, /* answer's MAC wrong: start again */
};

/* "card-removed" and the like: stable, for problem types and logs. */
const char *terminal_outcome_name(int outcome);

#endif
