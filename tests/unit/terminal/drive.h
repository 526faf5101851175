/*
 * A terminal on this machine, spoken to over its lines.
 */
#ifndef DRIVE_H
#define DRIVE_H

#include "merchant/terminal/flash_host.h"
#include "merchant/terminal/terminal.h"

/* Started again, with what stands in flash. */
struct terminal *drive_power_on(void);

/* Steps until nothing is to be done. */
void drive_run(void);

/*
 * A command without its CRC, and the answer without its own, which is
 * checked; NULL if none came. Stays until the next call.
 */
const char *drive_ask(const char *command);
const char *drive_ask_number(const char *command, uint64_t v);

/* BEGIN, DATA..., COMMIT; the first answer that is no OK, or the last one. */
const char *drive_update(const char *what, struct span file);
/* Only the first two. */
const char *drive_send(const char *what, struct span file);
const char *drive_root(const struct cose_key *root);

/* A line from the scanner; what the screen shows then, as text. */
const char *drive_scan(struct span text);
const char *drive_screen(void);

#endif
