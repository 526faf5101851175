/*
 * The module's memory past its own data: handed out once, never taken back,
 * wiped by the end of the instance.
 */
#ifndef MERCHANT_WEB_ARENA_H
#define MERCHANT_WEB_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* Aligned to 16; NULL if the module may not grow so far. */
uint8_t *arena_take(size_t len);
/* Of what was taken last, keeps the first `len` bytes only. */
void arena_keep(uint8_t *last, size_t len);

#endif
