/*
 * The machine of a test: lines in memory, a clock that is set by hand.
 */
#ifndef TERMINAL_PORT_HOST_H
#define TERMINAL_PORT_HOST_H

#include "crypto/core/bytes.h"
#include "merchant/terminal/port.h"

enum { PORT_HOST_LINE_MAX = 1 << 16 };

void port_host_reset(void);
/* What comes in; false if there is no room for all of it. */
bool port_host_send(enum port_line line, const void *data, size_t len);
void port_host_lose(enum port_line line); /* the next byte is PORT_LOST */
void port_host_pass(uint32_t ms);
/* What went out since the last call. */
struct span port_host_take(enum port_line line);

#endif
