/*
 * What the terminal needs from the machine it runs on: three serial lines, a
 * clock that only counts, a watchdog. A machine is one port_*.c, chosen by
 * CMake; there are port_mps2.c (the image) and port_host.c (tests).
 */
#ifndef TERMINAL_PORT_H
#define TERMINAL_PORT_H

#include <stddef.h>
#include <stdint.h>

enum port_line {
	PORT_SCANNER, /* texts of codes come in */
	PORT_SCREEN, /* display and buzzer commands go out */
	PORT_SERVICE, /* updates: lines in both directions */
	PORT_LINES,
};

enum {
	PORT_NONE = -1, /* nothing has come */
	PORT_LOST = -2, /* bytes were lost since the last one */
};

void port_init(void);

/* The next byte of a line, PORT_NONE or PORT_LOST. */
int port_get(enum port_line line);
void port_put(enum port_line line, const void *data, size_t len);

/* Milliseconds since start; wraps. */
uint32_t port_clock_ms(void);
/* Ticks of the processor's clock since start, for measuring; wraps. */
uint32_t port_clock_ticks(void);

/* Called by the main loop, and by the start between its pieces. */
void port_feed_watchdog(void);
/* Returns when something may have happened. */
void port_wait(void);

/* Most bytes of stack in use since start; 0 where it is not measured. */
uint32_t port_stack_used(void);

#endif
