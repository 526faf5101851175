/*
 * The terminal: scans in, verdicts out, updates in between.
 */
#ifndef TERMINAL_TERMINAL_H
#define TERMINAL_TERMINAL_H

#include <hufu/verify.h>

#include "merchant/terminal/screen.h"
#include "merchant/terminal/service.h"

enum {
	TERMINAL_LINE_LIMIT_MS = 500, /* pause within a line */
	TERMINAL_SHOW_MS = 20000, /* then a verdict goes from the screen */
};

struct terminal {
	struct store store;
	struct service service;
	struct hufu_verifier verifier;
	struct line scan;
	uint8_t scan_text[HUFU_QR_TEXT_MAX];
	bool shows; /* something other than idle */
	uint32_t shown_ms;
	int error; /* of store_open(): then it only says so */
};

/* Opens the store and shows what state it is in. */
void terminal_init(struct terminal *t);
/* All that can be done now; false if there was nothing. */
bool terminal_step(struct terminal *t);
/* The image's main loop. */
__attribute__((noreturn)) void terminal_main(void);

#endif
