/*
 * The newest signed time that this terminal ever saw, in flash: records that
 * are only added, in two sectors by turns. A clock set back does not go
 * below it. A record that a power cut tore does not count.
 */
#ifndef TERMINAL_FLOOR_H
#define TERMINAL_FLOOR_H

#include "merchant/terminal/flash.h"

enum { FLOOR_SECTORS = 2 };

struct floor {
	uint32_t at; /* its sectors start here */
	uint32_t sector; /* the one in use */
	uint32_t next; /* where the next record goes */
	int64_t time_s; /* 0: none yet */
};

/* Reads what is there. */
void floor_open(struct floor *f, uint32_t at);
/* Writes a record if `time_s` is newer. HUFU_ERR_IO. */
HUFU_MUST_USE int floor_raise(struct floor *f, int64_t time_s);

#endif
