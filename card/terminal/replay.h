/*
 * A recorded card: the answers are taken from a buffer, in order, whatever
 * is asked. Each is length[2, big-endian] and as many bytes; a length of
 * FFFF is a lost link. For fuzzing the reader's side.
 */
#ifndef TERMINAL_REPLAY_H
#define TERMINAL_REPLAY_H

#include "card/terminal/transport.h"

/* `recording` is borrowed until transport_close(). */
HUFU_MUST_USE int replay_new(struct span recording, struct transport **ret);

#endif
