/*
 * Everything that one office has open, opened in order and closed in the
 * opposite one.
 */
#ifndef DAEMON_OFFICE_H
#define DAEMON_OFFICE_H

#include "host/base/problem.h"
#include "host/daemon/settings.h"

struct office;

HUFU_MUST_USE int office_open(const struct settings *settings,
        struct office **ret, struct problem *ret_problem);
/* Lets each station finish the card in hand. */
void office_close(struct office *office);

/*
 * What time brings, called each second: losses that lift, cards that
 * expire, entries waiting for a checkpoint, the nightly re-hash. Trouble
 * goes to standard error, once until it changes.
 */
void office_tick(struct office *office);

#endif
