/*
 * One connection to a card through PC/SC, as the reader's worker thread uses
 * it: every call may block for as long as the service likes.
 */
#ifndef TERMINAL_PCSC_LINK_H
#define TERMINAL_PCSC_LINK_H

#include <winscard.h>

#include "card/terminal/pcsc.h"

struct pcsc_link {
	char reader[PCSC_READER_NAME_MAX];
	bool exclusive;
	unsigned busy_limit_ms;
	bool has_context;
	SCARDCONTEXT context;
	bool connected;
	SCARDHANDLE card;
	DWORD protocol;
	size_t atr_len;
	uint8_t atr[TRANSPORT_ATR_MAX];
};

/* 0, TERMINAL_NO_READER, _NO_CARD, _READER_BUSY, HUFU_ERR_LINK. */
HUFU_MUST_USE int pcsc_link_connect(struct pcsc_link *l);
/* 0 with at least two bytes, or TERMINAL_LINK_LOST and not connected. */
HUFU_MUST_USE int pcsc_link_transmit(struct pcsc_link *l, struct span command,
        uint8_t *ret, size_t cap, size_t *ret_len);
HUFU_MUST_USE int pcsc_link_reset(struct pcsc_link *l);
void pcsc_link_done(struct pcsc_link *l); /* legal at any time */

#endif
