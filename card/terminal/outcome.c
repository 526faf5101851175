#include "card/terminal/outcome.h"

#include <stddef.h>

static const char *const names[] = {
        [TERMINAL_LINK_LOST] = "link-lost",
        [TERMINAL_NO_READER] = "no-reader",
        [TERMINAL_NO_CARD] = "no-card",
        [TERMINAL_READER_HANGS] = "reader-hangs",
        [TERMINAL_READER_BUSY] = "reader-busy",
        [TERMINAL_FOREIGN_CARD] = "foreign-card",
        [TERMINAL_WRONG_KEY] = "wrong-key",
        [TERMINAL_QUARANTINED] = "quarantined",
        [TERMINAL_PERSONALISED] = "already-personalised",
        [TERMINAL_STALE_JOB] = "stale-job",
        [TERMINAL_LOCKED] = "card-locked",
        [TERMINAL_TERMINATED] = "card-terminated",
        [TERMINAL_REFUSED] = "card-refused",
        [TERMINAL_NO_SPACE] = "card-full",
        [TERMINAL_MISMATCH] = "read-back-differs",
        [TERMINAL_NOT_GENUINE] = "chip-not-genuine",
        [TERMINAL_NOT_READABLE] = "not-readable",
        [TERMINAL_CHANNEL_BROKEN] = "channel-broken",
};

const char *terminal_outcome_name(int outcome)
{
	if (outcome <= 0 || outcome >= (int)(sizeof names / sizeof *names) ||
	        names[outcome] == NULL)
		return "unknown";
	return names[outcome];
}
