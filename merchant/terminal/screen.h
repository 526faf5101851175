/*
 * What the merchant sees and hears, as lines to display and buzzer
 * (docs/terminal.md): V mark, D1 to D6 text, B pattern, E.
 */
#ifndef TERMINAL_SCREEN_H
#define TERMINAL_SCREEN_H

#include <hufu/verify.h>

enum {
	SCREEN_ROWS = 6,
	SCREEN_TEXT_MAX = 120, /* bytes of a row; longer texts are cut */
};

/* What the terminal knows about itself. */
struct screen_facts {
	bool clock_set; /* else no age can be told */
	bool has_root;
	bool has_trust;
	bool trust_expired;
	bool has_list;
};

void screen_show_verdict(
        const struct hufu_result *r, const struct screen_facts *facts);
/* Ready for a card, or what is missing for that. */
void screen_show_idle(const struct screen_facts *facts);
/* A code came in broken. */
void screen_show_damaged(void);
/* The check itself failed: no verdict. */
void screen_show_failure(int error);

#endif
