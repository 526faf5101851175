/*
 * The one seam between a terminal and a card: four functions.
 *
 * open() finds the card and gives it power (or attaches to it), reset()
 * restarts it, close() frees the transport itself. transmit() carries one
 * command APDU and appends the answer, data and status word; fewer than two
 * bytes are no answer and come out as TERMINAL_LINK_LOST. After anything
 * but 0 the transport is closed to commands until open() or reset().
 */
#ifndef TERMINAL_TRANSPORT_H
#define TERMINAL_TRANSPORT_H

#include "card/terminal/outcome.h"
#include "crypto/core/bytes.h"

enum {
	TRANSPORT_ATR_MAX = 33,
	TRANSPORT_ANSWER_MAX = 65538,
};

struct transport;

struct transport_ops {
	int (*open)(struct transport *t);
	int (*transmit)(struct transport *t, struct span command,
	        struct writer *ret_answer);
	int (*reset)(struct transport *t);
	void (*close)(struct transport *t);
};

/* First member of every implementation. */
struct transport {
	const struct transport_ops *ops;
	bool extended; /* the reader declares extended length */
	size_t atr_len;
	uint8_t atr[TRANSPORT_ATR_MAX]; /* after open() */
	uint64_t apdus; /* sent */
	uint64_t busy_ns; /* spent in the four functions */
};

HUFU_MUST_USE int transport_open(struct transport *t);
HUFU_MUST_USE int transport_transmit(
        struct transport *t, struct span command, struct writer *ret_answer);
HUFU_MUST_USE int transport_reset(struct transport *t);
void transport_close(struct transport *t); /* NULL is legal */

#endif
