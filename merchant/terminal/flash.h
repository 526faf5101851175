/*
 * The region that outlives a power cut: 4 MiB of NOR flash, mapped for
 * reading. Erasing a sector sets it to FFh; programming clears bits of one
 * page. Either may be cut short anywhere. flash_mps2.c and flash_host.c.
 */
#ifndef TERMINAL_FLASH_H
#define TERMINAL_FLASH_H

#include "crypto/core/bytes.h"

enum {
	FLASH_SIZE = 4 << 20,
	FLASH_SECTOR = 4096,
	FLASH_PAGE = 256,
};

/* Stays and shows what is later written there. */
struct span flash_read(uint32_t at, size_t len);

/* `at` is a sector's start. HUFU_ERR_IO. */
HUFU_MUST_USE int flash_erase(uint32_t at);
/* Within one page, onto bytes that are FFh. HUFU_ERR_IO. */
HUFU_MUST_USE int flash_program(uint32_t at, const void *data, size_t len);

#endif
