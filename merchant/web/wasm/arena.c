#include "merchant/web/wasm/arena.h"

enum { ALIGN = 16, WASM_PAGE = 65536 };

/* Set by the linker: where the module's own data ends. */
extern uint8_t __heap_base;

static uint8_t *next;

uint8_t *arena_take(size_t len)
{
	uint8_t *at = next ? next : &__heap_base;
	size_t start = ((size_t)at + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	size_t have = __builtin_wasm_memory_size(0) * WASM_PAGE;
	if (len > (size_t)1 << 30)
		return NULL;
	if (start + len > have) {
		size_t pages = (start + len - have + WASM_PAGE - 1) / WASM_PAGE;
		if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1)
			return NULL;
	}
	next = (uint8_t *)start + len;
	return (uint8_t *)start;
}

void arena_keep(uint8_t *last, size_t len)
{
	next = last + len;
}
