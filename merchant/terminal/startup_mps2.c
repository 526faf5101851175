/* From reset to terminal_main(), and the table of vectors. */
#include <stdint.h>

#include "crypto/core/mem.h"
#include "merchant/terminal/port_mps2.h"
#include "merchant/terminal/terminal.h"

extern uint32_t image_data_from[], image_data_start[], image_data_end[];
extern uint32_t image_bss_start[], image_bss_end[];
extern uint32_t image_stack_start[], image_stack_end[];

#define AIRCR       (*(volatile uint32_t *)0xE000ED0C)
#define AIRCR_RESET UINT32_C(0x05FA0004)

static void reset(void);

/* A fault starts again: what is in flash bears a cut at any point. */
static void fault(void)
{
	AIRCR = AIRCR_RESET;
	for (;;)
		continue;
}

/* The watchdog's first call; it resets at the second one. */
static void nmi(void)
{
	for (;;)
		continue;
}

typedef void (*vector)(void);

__attribute__((section(".vectors"), used)) const struct {
	uint32_t *stack;
	vector system[15];
	vector irq[6];
} startup_vectors = {
        .stack = image_stack_end,
        .system = {[0] = reset,
                [1] = nmi,
                [2] = fault,
                [3] = fault,
                [4] = fault,
                [5] = fault,
                [10] = fault,
                [11] = fault,
                [13] = fault,
                [14] = port_mps2_tick},
        .irq = {[0] = port_mps2_scanner_irq,
                [1] = fault,
                [2] = fault,
                [3] = fault,
                [4] = port_mps2_service_irq,
                [5] = fault},
};

/* Uses no stack of its own until it is painted. */
__attribute__((noreturn)) static void start(void)
{
	memcpy(image_data_start, image_data_from,
	        (size_t)((char *)image_data_end - (char *)image_data_start));
	memset(image_bss_start, 0,
	        (size_t)((char *)image_bss_end - (char *)image_bss_start));
	terminal_main();
}

__attribute__((naked)) static void reset(void)
{
	__asm__ volatile("ldr r0, =image_stack_start\n"
	                 "ldr r1, =image_stack_end\n"
	                 "ldr r2, =0xA5A5A5A5\n"
	                 "1: str r2, [r0], #4\n"
	                 "cmp r0, r1\n"
	                 "blo 1b\n"
	                 "b %0\n"
	                 ".ltorg\n" ::"i"(start));
}
