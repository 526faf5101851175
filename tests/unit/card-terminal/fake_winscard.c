#include "fake_winscard.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct fake_winscard fake;

void fake_reset(void)
{
	memset(&fake, 0, sizeof fake);
	fake.answer_len = 2;
	fake.present = true;
	fake.readers = 1;
}

static void nap(void)
{
	const struct timespec ts = {0, 1000000};
	nanosleep(&ts, NULL);
}

/* The nth code of a list; after its first success or end, the last one. */
static LONG nth(const LONG *codes, size_t count, unsigned n)
{
	return codes[n < count ? n : count - 1];
}

LONG SCardEstablishContext(
        DWORD scope, LPCVOID r1, LPCVOID r2, LPSCARDCONTEXT context)
{
	(void)scope;
	(void)r1;
	(void)r2;
	*context = 100 + (SCARDCONTEXT)fake.established;
	return nth(fake.establish, 8, fake.established++);
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	fake.released++;
	return SCARD_S_SUCCESS;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share,
        DWORD protocols, LPSCARDHANDLE card, LPDWORD protocol)
{
	(void)context;
	(void)reader;
	(void)protocols;
	fake.share_mode = share;
	*card = 5;
	*protocol = SCARD_PROTOCOL_T1;
	return nth(fake.connect, 32, fake.connects++);
}

LONG SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols,
        DWORD initialisation, LPDWORD protocol)
{
	(void)card;
	(void)share;
	(void)protocols;
	(void)initialisation;
	*protocol = SCARD_PROTOCOL_T1;
	fake.reconnects++;
	return fake.reconnect;
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD disposition)
{
	(void)card;
	fake.last_disposition = disposition;
	fake.disconnects++;
	return SCARD_S_SUCCESS;
}

LONG SCardStatus(SCARDHANDLE card, LPSTR name, LPDWORD name_len, LPDWORD state,
        LPDWORD protocol, LPBYTE atr, LPDWORD atr_len)
{
	(void)card;
	(void)name;
	(void)name_len;
	(void)state;
	(void)protocol;
	memcpy(atr, "\x3B\x80\x80\x01\x01", 5);
	*atr_len = 5;
	return SCARD_S_SUCCESS;
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send_pci,
        LPCBYTE send, DWORD send_len, SCARD_IO_REQUEST *receive_pci,
        LPBYTE receive, LPDWORD receive_len)
{
	(void)card;
	(void)send_pci;
	(void)receive_pci;
	LONG code = nth(fake.transmit, 8, fake.transmits++);
	while (fake.hangs && !fake.let_go)
		nap();
	fake.last_len = send_len;
	memcpy(fake.last_command, send, send_len < 300 ? send_len : 300);
	if (code == SCARD_S_SUCCESS) {
		memset(receive, 0, fake.answer_len);
		if (fake.answer_len >= 2)
			receive[fake.answer_len - 2] = 0x90;
		*receive_len = fake.answer_len;
	}
	return code;
}

LONG SCardListReaders(
        SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD len)
{
	char *at = readers;
	(void)context;
	(void)groups;
	(void)len;
	if (fake.readers == 0)
		return SCARD_E_NO_READERS_AVAILABLE;
	for (unsigned i = 0; i < fake.readers; i++)
		at += 1 + snprintf(at, 32, "Fake Reader %u", i);
	*at = 0;
	return SCARD_S_SUCCESS;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout,
        SCARD_READERSTATE *states, DWORD count)
{
	(void)context;
	for (DWORD i = 0; i < count; i++) {
		if (fake.readers == 0) {
			states[i].dwEventState = SCARD_STATE_UNKNOWN;
			return SCARD_S_SUCCESS;
		}
		states[i].dwEventState = SCARD_STATE_CHANGED |
		                         (fake.present ? SCARD_STATE_PRESENT
		                                       : SCARD_STATE_EMPTY);
	}
	if (timeout == 0 || fake.present)
		return SCARD_S_SUCCESS;
	nap();
	return SCARD_E_TIMEOUT;
}
