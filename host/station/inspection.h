/*
 * Reading a written chip back: every byte as it was signed, then once more
 * without the office's rights, judged as a merchant's terminal would.
 */
#ifndef STATION_INSPECTION_H
#define STATION_INSPECTION_H

#include "host/station/saga.h"

/* For chip_run(). TERMINAL_MISMATCH, TERMINAL_NOT_GENUINE. */
HUFU_MUST_USE int inspection_run(struct saga *s);

/*
 * The printed text: it is the one that was signed, verifies as a merchant
 * would see it, and names this chip's key. 0 or TERMINAL_MISMATCH.
 */
HUFU_MUST_USE int inspection_check_text(struct saga *s, const char *text);

#endif
