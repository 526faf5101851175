/* One visit of a terminal to a card: everything that it can ask. */
#ifndef FUZZ_VISIT_H
#define FUZZ_VISIT_H

#include "card/terminal/transport.h"

enum visit_parts {
	VISIT_CHANNEL = 1, /* under the keys of the master of zeros */
	VISIT_PERSONALISE = 2,
};

/* Takes the transport. */
void visit_card(struct transport *transport, unsigned parts);

#endif
