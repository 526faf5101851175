/*
 * A command that only a test image has: HANG, which never returns, so that
 * the watchdog can be seen to bite. service_hook_none.c, service_hook_hang.c.
 */
#ifndef TERMINAL_SERVICE_HOOK_H
#define TERMINAL_SERVICE_HOOK_H

#include "crypto/core/bytes.h"

/* False if there is no such command. */
bool service_hook(struct span word);

#endif
