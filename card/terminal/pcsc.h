/*
 * Cards behind PC/SC (pcscd). A worker thread owns each reader, because
 * SCardTransmit has no time-out and cannot be cancelled: a watchdog fails
 * the job with TERMINAL_READER_HANGS and leaves the thread behind. All ways
 * of losing a card come out as TERMINAL_LINK_LOST. After a service error
 * the context and every handle are rebuilt at the next open().
 */
#ifndef TERMINAL_PCSC_H
#define TERMINAL_PCSC_H

#include "card/terminal/transport.h"

enum {
	PCSC_READER_NAME_MAX = 128,
	PCSC_READERS_MAX = 16,
};

struct pcsc_options {
	const char *reader; /* exact name as PC/SC lists it */
	bool exclusive; /* personalising; else shared */
	unsigned transmit_limit_ms; /* watchdog; 0: 10 s */
	unsigned busy_limit_ms; /* another program holds it; 0: 3 s */
};

/* Frees with transport_close(). Touches no reader before open(). */
HUFU_MUST_USE int pcsc_new(
        const struct pcsc_options *options, struct transport **ret);

struct pcsc_reader {
	char name[PCSC_READER_NAME_MAX];
	bool card_present;
};

/* Readers there are now; HUFU_ERR_LINK when no service answers. */
HUFU_MUST_USE int pcsc_list(
        struct pcsc_reader ret[PCSC_READERS_MAX], size_t *ret_count);

/*
 * Waits until the reader has (or has no) card: 0, HUFU_ERR_TIMEOUT,
 * TERMINAL_NO_READER or HUFU_ERR_LINK. With reader NULL it waits for any
 * change of the list of readers.
 */
HUFU_MUST_USE int pcsc_wait(
        const char *reader, bool present, unsigned timeout_ms);

#endif
