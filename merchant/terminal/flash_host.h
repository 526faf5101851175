/*
 * The region in memory, with a power cut at any write. After the
 * cut nothing is written until flash_host_power(); what was being written is
 * left half done.
 */
#ifndef TERMINAL_FLASH_HOST_H
#define TERMINAL_FLASH_HOST_H

#include "merchant/terminal/flash.h"

/* Fresh, as from the factory. HUFU_ERR_MEMORY. */
HUFU_MUST_USE int flash_host_open(void);
void flash_host_close(void);

/* What stands in the region, to be kept and put back by a test. */
void flash_host_save(uint8_t *copy);
void flash_host_restore(const uint8_t *copy);

/* On again, and cut at the nth write from now (0: never), `share` 256ths of
 * it done. Answers the number of writes since the last call. */
unsigned flash_host_power(unsigned cut_at, unsigned share);

#endif
