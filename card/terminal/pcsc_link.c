#include "card/terminal/pcsc_link.h"

#include <string.h>
#include <time.h>

enum {
	RETRY_MS = 50,
	CARD_LIMIT_MS = 500, /* insertion is seen up to 400 ms late */
	SERVICE_LIMIT_MS = 2000, /* a service that is being restarted */
	BUSY_LIMIT_MS = 3000,
};

enum trouble {
	TROUBLE_NONE,
	TROUBLE_CARD, /* none there, or gone again */
	TROUBLE_READER,
	TROUBLE_BUSY,
	TROUBLE_SERVICE,
};

static enum trouble trouble_of(LONG code)
{
	switch (code) {
	case SCARD_S_SUCCESS:
		return TROUBLE_NONE;
	case SCARD_E_NO_SMARTCARD:
	case SCARD_W_REMOVED_CARD:
	case SCARD_W_RESET_CARD:
	case SCARD_W_UNPOWERED_CARD:
	case SCARD_W_UNRESPONSIVE_CARD:
	case SCARD_W_UNSUPPORTED_CARD:
	case SCARD_E_NOT_TRANSACTED:
	case SCARD_E_PROTO_MISMATCH:
	case SCARD_E_COMM_DATA_LOST:
	case SCARD_F_COMM_ERROR:
		return TROUBLE_CARD;
	case SCARD_E_UNKNOWN_READER:
	case SCARD_E_READER_UNAVAILABLE:
	case SCARD_E_NO_READERS_AVAILABLE:
		return TROUBLE_READER;
	case SCARD_E_SHARING_VIOLATION:
		return TROUBLE_BUSY;
	default:
		/* handles may be dead although SCardIsValidContext says OK */
		return TROUBLE_SERVICE;
	}
}

static void drop_context(struct pcsc_link *l)
{
	if (l->connected)
		/* it may be gone already */
		(void)SCardDisconnect(l->card, SCARD_RESET_CARD);
	if (l->has_context)
		(void)SCardReleaseContext(l->context);
	l->connected = false;
	l->has_context = false;
}

static LONG connect_once(struct pcsc_link *l)
{
	LONG code = SCARD_S_SUCCESS;
	if (!l->has_context) {
		code = SCardEstablishContext(
		        SCARD_SCOPE_SYSTEM, NULL, NULL, &l->context);
		if (code != SCARD_S_SUCCESS)
			return code;
		l->has_context = true;
	}
	code = SCardConnect(l->context, l->reader,
	        l->exclusive ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED,
	        SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &l->card, &l->protocol);
	l->connected = code == SCARD_S_SUCCESS;
	return code;
}

static void read_atr(struct pcsc_link *l)
{
	DWORD len = sizeof l->atr;
	if (SCardStatus(l->card, NULL, NULL, NULL, NULL, l->atr, &len) !=
	        SCARD_S_SUCCESS)
		len = 0; /* told by nothing but the card's own files */
	l->atr_len = len;
}

static void pause_ms(unsigned ms)
{
	struct timespec ts = {ms / 1000, (long)(ms % 1000) * 1000000};
	(void)nanosleep(&ts, NULL); /* a signal only makes it shorter */
}

static unsigned limit_of(const struct pcsc_link *l, enum trouble trouble)
{
	switch (trouble) {
	case TROUBLE_BUSY:
		return l->busy_limit_ms ? l->busy_limit_ms : BUSY_LIMIT_MS;
	case TROUBLE_SERVICE:
		return SERVICE_LIMIT_MS;
	default:
		return CARD_LIMIT_MS;
	}
}

static int outcome_of(enum trouble trouble)
{
	switch (trouble) {
	case TROUBLE_NONE:
		return 0;
	case TROUBLE_CARD:
		return TERMINAL_NO_CARD;
	case TROUBLE_READER:
		return TERMINAL_NO_READER;
	case TROUBLE_BUSY:
		return TERMINAL_READER_BUSY;
	default:
		return HUFU_ERR_LINK;
	}
}

int pcsc_link_connect(struct pcsc_link *l)
{
	enum trouble trouble;
	unsigned waited_ms = 0;
	if (l->connected) {
		(void)SCardDisconnect(l->card, SCARD_RESET_CARD);
		l->connected = false;
	}
	for (;;) {
		trouble = trouble_of(connect_once(l));
		if (trouble == TROUBLE_NONE ||
		        waited_ms >= limit_of(l, trouble))
			break;
		if (trouble == TROUBLE_SERVICE)
			drop_context(l);
		pause_ms(RETRY_MS);
		waited_ms += RETRY_MS;
	}
	if (trouble == TROUBLE_NONE)
		read_atr(l);
	else if (trouble == TROUBLE_SERVICE)
		drop_context(l);
	return outcome_of(trouble);
}

/* Whatever went wrong, the link is lost; what is dead is dropped. */
static int lose(struct pcsc_link *l, enum trouble trouble)
{
	if (trouble == TROUBLE_SERVICE || trouble == TROUBLE_READER) {
		drop_context(l);
	} else if (l->connected) {
		(void)SCardDisconnect(l->card, SCARD_RESET_CARD);
		l->connected = false;
	}
	return TERMINAL_LINK_LOST;
}

int pcsc_link_transmit(struct pcsc_link *l, struct span command, uint8_t *ret,
        size_t cap, size_t *ret_len)
{
	DWORD len = cap;
	if (!l->connected)
		return TERMINAL_LINK_LOST;
	LONG code = SCardTransmit(l->card,
	        l->protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0,
	        command.data, command.len, NULL, ret, &len);
	if (code == SCARD_E_INSUFFICIENT_BUFFER)
		return HUFU_ERR_SPACE;
	enum trouble trouble = trouble_of(code);
	if (trouble == TROUBLE_NONE && (len < 2 || len > cap))
		trouble = TROUBLE_CARD; /* success with nothing: it left */
	if (trouble != TROUBLE_NONE)
		return lose(l, trouble);
	*ret_len = len;
	return 0;
}

int pcsc_link_reset(struct pcsc_link *l)
{
	if (!l->connected)
		return pcsc_link_connect(l);
	LONG code = SCardReconnect(l->card,
	        l->exclusive ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED,
	        SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_RESET_CARD,
	        &l->protocol);
	enum trouble trouble = trouble_of(code);
	return trouble == TROUBLE_NONE ? 0 : lose(l, trouble);
}

void pcsc_link_done(struct pcsc_link *l)
{
	drop_context(l);
	memset(l, 0, sizeof *l);
}
