/* Which readers there are, and whether a card lies on them. */
#include <string.h>

#include <winscard.h>

#include "card/terminal/pcsc.h"

#define PNP_NOTIFICATION "\\\\?PnP?\\Notification"

enum {
	LIST_CAP = PCSC_READERS_MAX * PCSC_READER_NAME_MAX,
	WAIT_STEP_MS = 250, /* a service that dies may leave one waiting */
};

static int error_of(LONG code)
{
	switch (code) {
	case SCARD_S_SUCCESS:
		return 0;
	case SCARD_E_TIMEOUT:
		return HUFU_ERR_TIMEOUT;
	case SCARD_E_UNKNOWN_READER:
	case SCARD_E_READER_UNAVAILABLE:
	case SCARD_E_NO_READERS_AVAILABLE:
		return TERMINAL_NO_READER;
	default:
		return HUFU_ERR_LINK;
	}
}

static int list_in(SCARDCONTEXT context,
        struct pcsc_reader ret[PCSC_READERS_MAX], size_t *ret_count)
{
	SCARD_READERSTATE states[PCSC_READERS_MAX] = {0};
	char names[LIST_CAP];
	DWORD len = sizeof names;
	size_t count = 0;
	LONG code = SCardListReaders(context, NULL, names, &len);
	if (code == SCARD_E_NO_READERS_AVAILABLE) {
		*ret_count = 0;
		return 0;
	}
	if (code != SCARD_S_SUCCESS)
		return error_of(code);
	for (const char *at = names; *at && count < PCSC_READERS_MAX;
	        at += strlen(at) + 1)
		states[count++].szReader = at;
	code = SCardGetStatusChange(context, 0, states, count);
	if (code != SCARD_S_SUCCESS && code != SCARD_E_TIMEOUT)
		return error_of(code);
	for (size_t i = 0; i < count; i++) {
		size_t n =
		        strnlen(states[i].szReader, PCSC_READER_NAME_MAX - 1);
		memcpy(ret[i].name, states[i].szReader, n);
		ret[i].name[n] = 0;
		ret[i].card_present =
		        states[i].dwEventState & SCARD_STATE_PRESENT;
	}
	*ret_count = count;
	return 0;
}

int pcsc_list(struct pcsc_reader ret[PCSC_READERS_MAX], size_t *ret_count)
{
	SCARDCONTEXT context;
	int rc = error_of(SCardEstablishContext(
	        SCARD_SCOPE_SYSTEM, NULL, NULL, &context));
	if (rc != 0)
		return HUFU_ERR_LINK;
	rc = list_in(context, ret, ret_count);
	(void)SCardReleaseContext(context); /* nothing hangs on it */
	return rc;
}

static bool is_reached(const SCARD_READERSTATE *s, bool present)
{
	return !!(s->dwEventState & SCARD_STATE_PRESENT) == present;
}

static int wait_in(SCARDCONTEXT context, const char *reader, bool present,
        unsigned timeout_ms)
{
	SCARD_READERSTATE s = {0};
	unsigned waited_ms = 0;
	s.szReader = reader ? reader : PNP_NOTIFICATION;
	s.dwCurrentState = SCARD_STATE_UNAWARE;
	for (;;) {
		unsigned left = timeout_ms - waited_ms;
		unsigned step = left < WAIT_STEP_MS ? left : WAIT_STEP_MS;
		LONG code = SCardGetStatusChange(context, step, &s, 1);
		if (code != SCARD_S_SUCCESS && code != SCARD_E_TIMEOUT)
			return error_of(code);
		if (s.dwEventState & SCARD_STATE_UNKNOWN)
			return TERMINAL_NO_READER;
		if (reader ? is_reached(&s, present) && code == 0
		           : code == SCARD_S_SUCCESS)
			return 0;
		if (code == SCARD_E_TIMEOUT)
			waited_ms += step;
		if (waited_ms >= timeout_ms)
			return HUFU_ERR_TIMEOUT;
		s.dwCurrentState = s.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	}
}

int pcsc_wait(const char *reader, bool present, unsigned timeout_ms)
{
	SCARDCONTEXT context;
	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) !=
	        SCARD_S_SUCCESS)
		return HUFU_ERR_LINK;
	int rc = wait_in(context, reader, present, timeout_ms);
	(void)SCardReleaseContext(context); /* nothing hangs on it */
	return rc;
}
