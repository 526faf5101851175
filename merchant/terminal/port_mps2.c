/* CMSDK UARTs and watchdog of the MPS2 board with AN385, a Cortex-M3. */
#include "merchant/terminal/port_mps2.h"

#include <stdbool.h>

#include "merchant/terminal/port.h"

enum {
	CLOCK_HZ = 25000000,
	TICK_HZ = 1000,
	TICK_LEN = CLOCK_HZ / TICK_HZ,
	BAUD = 115200,
	/* the watchdog calls after this time and resets after twice as long */
	WATCHDOG_S = 30,
	STACK_PAINT = (int)0xA5A5A5A5,
};

struct uart {
	uint32_t data;
	uint32_t state;
	uint32_t control;
	uint32_t interrupt;
	uint32_t divider;
};

enum {
	UART_SEND_FULL = 1,
	UART_RECEIVED = 2,
	UART_OVERRUN = 8,
	UART_SEND_ON = 1,
	UART_RECEIVE_ON = 2,
	UART_RECEIVE_IRQ = 8,
	UART_CLEAR_RECEIVED = 2,
};

struct watchdog {
	uint32_t load;
	uint32_t value;
	uint32_t control;
	uint32_t clear;
	uint32_t space[764];
	uint32_t lock; /* at C00h */
};

enum { WATCHDOG_ON = 1, WATCHDOG_RESETS = 2, WATCHDOG_KEY = 0x1ACCE551 };

struct systick {
	uint32_t control;
	uint32_t load;
	uint32_t value;
};

enum { SYSTICK_ON_IRQ_CORE = 7 };

#define WATCHDOG    ((volatile struct watchdog *)0x40008000)
#define SYSTICK     ((volatile struct systick *)0xE000E010)
#define IRQ_ENABLE  (*(volatile uint32_t *)0xE000E100)
#define IRQ_DISABLE (*(volatile uint32_t *)0xE000E180)

static volatile struct uart *const uarts[PORT_LINES] = {
        [PORT_SCANNER] = (volatile struct uart *)0x40004000,
        [PORT_SCREEN] = (volatile struct uart *)0x40005000,
        [PORT_SERVICE] = (volatile struct uart *)0x40006000,
};

enum {
	IRQ_SCANNER = 1u << 0,
	IRQ_SERVICE = 1u << 4,
	RING_LEN = 1024, /* a power of two */
};

/* Filled by an interrupt, emptied by the main loop. */
struct ring {
	volatile uint32_t head; /* bytes ever put */
	volatile uint32_t tail; /* bytes ever taken */
	volatile bool lost;
	uint8_t bytes[RING_LEN];
};

static struct ring rings[PORT_LINES];
static volatile uint32_t ticks_ms;

extern uint32_t image_stack_start[], image_stack_end[];

void port_mps2_tick(void)
{
	ticks_ms = ticks_ms + 1;
}

/*
 * A full ring leaves the byte where it is and stops listening. The interrupt
 * is cleared before the line is emptied: a byte that comes later raises it
 * again.
 */
static void receive(enum port_line line)
{
	struct ring *ring = &rings[line];
	volatile struct uart *uart = uarts[line];
	uart->interrupt = UART_CLEAR_RECEIVED;
	while (uart->state & UART_RECEIVED) {
		if (ring->head - ring->tail == RING_LEN) {
			uart->control = UART_SEND_ON | UART_RECEIVE_ON;
			uart->interrupt = UART_CLEAR_RECEIVED;
			break;
		}
		ring->bytes[ring->head % RING_LEN] = (uint8_t)uart->data;
		ring->head = ring->head + 1;
	}
	if (uart->state & UART_OVERRUN) {
		uart->state = UART_OVERRUN; /* write one to clear */
		ring->lost = true;
	}
}

void port_mps2_scanner_irq(void)
{
	receive(PORT_SCANNER);
}

void port_mps2_service_irq(void)
{
	receive(PORT_SERVICE);
}

static void listen(enum port_line line)
{
	uarts[line]->control =
	        UART_SEND_ON | UART_RECEIVE_ON | UART_RECEIVE_IRQ;
}

void port_init(void)
{
	for (int i = 0; i < PORT_LINES; i++) {
		uarts[i]->divider = CLOCK_HZ / BAUD;
		uarts[i]->control = UART_SEND_ON;
	}
	SYSTICK->load = TICK_LEN - 1;
	SYSTICK->value = 0;
	SYSTICK->control = SYSTICK_ON_IRQ_CORE;
	WATCHDOG->lock = WATCHDOG_KEY;
	WATCHDOG->load = CLOCK_HZ * WATCHDOG_S;
	WATCHDOG->control = WATCHDOG_ON | WATCHDOG_RESETS;
	WATCHDOG->lock = 0;
	listen(PORT_SCANNER);
	listen(PORT_SERVICE);
	IRQ_ENABLE = IRQ_SCANNER | IRQ_SERVICE;
}

int port_get(enum port_line line)
{
	struct ring *ring = &rings[line];
	if (ring->lost) {
		ring->lost = false;
		return PORT_LOST;
	}
	if (ring->head == ring->tail)
		return PORT_NONE;
	uint8_t byte = ring->bytes[ring->tail % RING_LEN];
	ring->tail = ring->tail + 1;
	if (!(uarts[line]->control & UART_RECEIVE_IRQ) &&
	        ring->head - ring->tail < RING_LEN / 2) {
		/* a byte that waits will raise no interrupt any more */
		IRQ_DISABLE = IRQ_SCANNER | IRQ_SERVICE;
		listen(line);
		receive(line);
		IRQ_ENABLE = IRQ_SCANNER | IRQ_SERVICE;
	}
	return byte;
}

void port_put(enum port_line line, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	for (size_t i = 0; i < len; i++) {
		while (uarts[line]->state & UART_SEND_FULL)
			continue;
		uarts[line]->data = bytes[i];
	}
}

uint32_t port_clock_ms(void)
{
	return ticks_ms;
}

uint32_t port_clock_ticks(void)
{
	uint32_t ms, value;
	do {
		ms = ticks_ms;
		value = SYSTICK->value;
	} while (ms != ticks_ms);
	return ms * TICK_LEN + (TICK_LEN - 1 - value);
}

void port_feed_watchdog(void)
{
	WATCHDOG->lock = WATCHDOG_KEY;
	WATCHDOG->clear = 1;
	WATCHDOG->lock = 0;
}

void port_wait(void)
{
	__asm__ volatile("wfi");
}

uint32_t port_stack_used(void)
{
	const uint32_t *p = image_stack_start;
	while (p < image_stack_end && *p == (uint32_t)STACK_PAINT)
		p++;
	return (uint32_t)((const char *)image_stack_end - (const char *)p);
}
