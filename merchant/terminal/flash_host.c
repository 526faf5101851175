#include "merchant/terminal/flash_host.h"

#include <stdlib.h>
#include <string.h>

static uint8_t *region;
static unsigned writes, cut_at, share;

int flash_host_open(void)
{
	region = aligned_alloc(FLASH_SECTOR, FLASH_SIZE);
	if (!region)
		return HUFU_ERR_MEMORY;
	memset(region, 0xFF, FLASH_SIZE);
	(void)flash_host_power(0, 0);
	return HUFU_OK;
}

void flash_host_close(void)
{
	free(region);
	region = NULL;
}

void flash_host_save(uint8_t *copy)
{
	memcpy(copy, region, FLASH_SIZE);
}

void flash_host_restore(const uint8_t *copy)
{
	memcpy(region, copy, FLASH_SIZE);
}

unsigned flash_host_power(unsigned new_cut_at, unsigned new_share)
{
	unsigned before = writes;
	writes = 0;
	cut_at = new_cut_at;
	share = new_share;
	return before;
}

/* How much of a write of `len` bytes gets done. */
static size_t powered(size_t len)
{
	writes++;
	if (cut_at == 0 || writes < cut_at)
		return len;
	return writes == cut_at ? len * share / 256 : 0;
}

struct span flash_read(uint32_t at, size_t len)
{
	return span_of(region + at, len);
}

int flash_erase(uint32_t at)
{
	if (at % FLASH_SECTOR != 0 || at >= FLASH_SIZE)
		return HUFU_ERR_IO;
	size_t done = powered(FLASH_SECTOR);
	memset(region + at, 0xFF, done);
	return done == FLASH_SECTOR ? HUFU_OK : HUFU_ERR_IO;
}

int flash_program(uint32_t at, const void *data, size_t len)
{
	const uint8_t *from = data;
	if (at >= FLASH_SIZE || at % FLASH_PAGE + len > FLASH_PAGE)
		return HUFU_ERR_IO;
	size_t done = powered(len);
	for (size_t i = 0; i < done; i++) {
		region[at + i] &= from[i];
		if (region[at + i] != from[i])
			return HUFU_ERR_IO;
	}
	return done == len ? HUFU_OK : HUFU_ERR_IO;
}
