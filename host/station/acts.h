/*
 * The acts of the saga's table: what is done in a state to reach the next.
 * Each answers 0 after it committed that state, or a saga_end.
 */
#ifndef STATION_ACTS_H
#define STATION_ACTS_H

#include "host/station/saga.h"

HUFU_MUST_USE int act_reserve(struct saga *s); /* WAITING → RESERVED */
HUFU_MUST_USE int act_intend_chip(struct saga *s); /* → CHIP_INTENT */
HUFU_MUST_USE int act_key(struct saga *s); /* → KEYED */
HUFU_MUST_USE int act_log(struct saga *s); /* → LOGGED */
HUFU_MUST_USE int act_sign(struct saga *s); /* → SIGNED */
HUFU_MUST_USE int act_write(struct saga *s); /* → CHIP_VERIFIED */
HUFU_MUST_USE int act_intend_print(struct saga *s); /* → PRINT_INTENT */
HUFU_MUST_USE int act_print(struct saga *s); /* → PRINT_DONE */
HUFU_MUST_USE int act_check(struct saga *s); /* → CHECKED */
HUFU_MUST_USE int act_issue(struct saga *s); /* → ISSUED */

#endif
