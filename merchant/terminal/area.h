/*
 * Writing a stretch of flash from its start, byte after byte: each sector is
 * erased when its first byte is written. The first failure sticks.
 */
#ifndef TERMINAL_AREA_H
#define TERMINAL_AREA_H

#include "merchant/terminal/flash.h"

struct area {
	uint32_t at; /* the next byte */
	uint32_t end;
	int error; /* HUFU_OK, HUFU_ERR_SPACE past `end`, HUFU_ERR_IO */
};

/* `at` starts a sector, or stands in one that is erased from there on. */
void area_init(struct area *a, uint32_t at, uint32_t end);
void area_put(struct area *a, struct span bytes);

#endif
