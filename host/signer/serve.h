/*
 * The socket's side of hufu-signd: who may ask, frames in and out. What came
 * in together is journalled together, with one fsync, and then answered.
 */
#ifndef HOST_SIGNER_SERVE_H
#define HOST_SIGNER_SERVE_H

#include <signal.h>

#include "host/signer/desk.h"

/*
 * Serves connections of `listener` until *stop is set by a signal handler.
 * 0, or why it cannot go on.
 */
HUFU_MUST_USE int serve_run(
        struct desk *desk, int listener, const volatile sig_atomic_t *stop);

#endif
