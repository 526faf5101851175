/*
 * Whom this run believes: the lists that `update` keeps, a trust list under
 * its root with status lists, or one issuer's key.
 */
#ifndef CLI_BELIEF_H
#define CLI_BELIEF_H

#include <hufu/hufu.h>

#include "merchant/cli/arguments.h"
#include "merchant/cli/input.h"

/* 0, or what to exit with after a message. */
HUFU_MUST_USE int belief_new(const struct arguments *a, struct hufu **ret);

/* The same for many credentials: worth the tables. */
HUFU_MUST_USE int belief_new_fast(const struct arguments *a, struct hufu **ret);

static inline void belief_drop(struct hufu **h)
{
	hufu_free(*h);
}
#define BELIEF __attribute__((cleanup(belief_drop))) struct hufu

#endif
