/*
 * A terminal: one transport and what is known of the card on it.
 */
#ifndef TERMINAL_TERMINAL_H
#define TERMINAL_TERMINAL_H

#include "card/terminal/scp03.h"

struct terminal {
	struct transport *transport; /* owned */
	struct scp03 channel;
	uint16_t sw; /* status word of the last answer, 0 if none */
	bool selected;
};

/* Takes the transport; terminal_done() closes it and wipes the keys. */
void terminal_init(struct terminal *t, struct transport *transport);
void terminal_done(struct terminal *t);

/*
 * Powers the card and selects the application: 0, TERMINAL_NO_CARD,
 * TERMINAL_FOREIGN_CARD (it does not know our AID), TERMINAL_TERMINATED.
 */
HUFU_MUST_USE int terminal_connect(struct terminal *t);
/* Selects the application anew, without power: this ends a channel. */
HUFU_MUST_USE int terminal_select(struct terminal *t);
/* Ends the channel and lets the card go; the transport may be opened again. */
void terminal_disconnect(struct terminal *t);

/* One APDU in the clear or, with an open channel, secured. */
HUFU_MUST_USE int terminal_send(
        struct terminal *t, const struct apdu *a, struct writer *ret_data);

/* TERMINAL_* for a status word other than 9000, kept in t->sw. */
HUFU_MUST_USE int terminal_check_sw(const struct terminal *t);

#endif
