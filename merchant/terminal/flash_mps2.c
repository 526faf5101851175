/*
 * The board has no flash. The first 4 MiB of its PSRAM stand in, with the
 * rules of NOR flash; the emulator keeps them in a file.
 */
#include "crypto/core/mem.h"
#include "merchant/terminal/flash.h"

#define REGION_AT 0x21000000u

static volatile uint8_t *cell(uint32_t at)
{
	return (volatile uint8_t *)(REGION_AT + at);
}

struct span flash_read(uint32_t at, size_t len)
{
	return span_of((const void *)(REGION_AT + at), len);
}

int flash_erase(uint32_t at)
{
	if (at % FLASH_SECTOR != 0 || at >= FLASH_SIZE)
		return HUFU_ERR_IO;
	for (uint32_t i = 0; i < FLASH_SECTOR; i++)
		*cell(at + i) = 0xFF;
	return HUFU_OK;
}

int flash_program(uint32_t at, const void *data, size_t len)
{
	const uint8_t *from = data;
	if (at >= FLASH_SIZE || at % FLASH_PAGE + len > FLASH_PAGE)
		return HUFU_ERR_IO;
	for (size_t i = 0; i < len; i++) {
		*cell(at + i) &= from[i];
		if (*cell(at + i) != from[i])
			return HUFU_ERR_IO; /* was not erased */
	}
	return HUFU_OK;
}
