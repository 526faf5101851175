/* A PC/SC service whose moods a test sets; takes the library's place. */
#ifndef TEST_FAKE_WINSCARD_H
#define TEST_FAKE_WINSCARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <winscard.h>

struct fake_winscard {
	/* codes answered by the next calls, the last one for good */
	LONG establish[8];
	LONG connect[32];
	LONG transmit[8];
	LONG reconnect;
	DWORD answer_len; /* of a transmit that succeeds */
	atomic_bool hangs; /* SCardTransmit does not return */
	bool present; /* a card lies on the reader */
	unsigned readers;
	/* what was called */
	atomic_uint established;
	atomic_uint released;
	atomic_uint connects;
	atomic_uint transmits;
	atomic_uint disconnects;
	atomic_uint reconnects;
	DWORD share_mode;
	DWORD last_disposition;
	unsigned char last_command[300];
	DWORD last_len;
	atomic_bool let_go; /* ends a hang */
};

extern struct fake_winscard fake;

void fake_reset(void);

#endif
