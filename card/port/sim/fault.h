/* Faults in words, as options and the control socket have them. */
#ifndef CARD_SIM_FAULT_H
#define CARD_SIM_FAULT_H

#include "card/port/sim/slot.h"

/*
 * "pull-before N", "pull-after N", "cut-at N [after|half|before|ruin]", for
 * the card in the slot. HUFU_ERR_MALFORMED; HUFU_ERR_NOT_FOUND: no card.
 */
HUFU_MUST_USE int fault_set(struct slot *s, const char *text);

#endif
