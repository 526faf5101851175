/*
 * A transport around a transport, with a fault point at every command:
 * "station.apdu:57" kills the host before the 57th command to a card.
 */
#ifndef STATION_TAPPED_H
#define STATION_TAPPED_H

#include "card/terminal/transport.h"

/* Takes `inner`, also on failure. */
HUFU_MUST_USE int tapped_new(struct transport *inner, struct transport **ret);

#endif
