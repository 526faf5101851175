#include "card/port/sim/slot.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum vpcd_control {
	VPCD_OFF = 0,
	VPCD_ON = 1,
	VPCD_RESET = 2,
	VPCD_ATR = 4,
};

enum {
	FRAME_HEAD_LEN = 2,
	CLA_READER = 0xFF, /* commands to the reader itself (PC/SC part 3) */
	UID_RANDOM = 0x08, /* ISO/IEC 14443-3: a random identifier */
	SERVE_LIMIT_S = 5, /* for the rest of a frame that has begun */
};

void slot_init(struct slot *s, const char *host, const char *port)
{
	*s = (struct slot){.host = host, .port = port, .fd = -1};
}

static void disconnect(struct slot *s)
{
	if (s->fd >= 0)
		(void)close(s->fd); /* nothing is buffered on our side */
	s->fd = -1;
}

void slot_remove(struct slot *s)
{
	disconnect(s);
	sim_free(s->sim);
	s->sim = NULL;
	s->present = false;
	s->foreign = false;
	s->pull_before = 0;
	s->pull_after = 0;
}

void slot_done(struct slot *s)
{
	slot_remove(s);
}

/* Without it vpcd's two writes a frame cost 40 ms (delayed ACK). */
static void ack_quickly(int fd)
{
	int on = 1;
	/* only speed is lost if the kernel does not want it */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static int connect_one(const struct addrinfo *a)
{
	const struct timeval limit = {.tv_sec = SERVE_LIMIT_S};
	int on = 1;
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0 ||
	        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) !=
	                0 ||
	        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
		(void)close(fd); /* there is nothing in it yet */
		return -1;
	}
	ack_quickly(fd);
	return fd;
}

void slot_connect(struct slot *s)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	if (!s->present || s->fd >= 0 ||
	        getaddrinfo(s->host, s->port, &hints, &list) != 0)
		return;
	for (struct addrinfo *a = list; a && s->fd < 0; a = a->ai_next)
		s->fd = connect_one(a);
	freeaddrinfo(list);
}

static int lay_down(struct slot *s)
{
	if (RAND_bytes(s->uid, sizeof s->uid) != 1)
		return HUFU_ERR_CRYPTO;
	s->uid[0] = UID_RANDOM;
	s->present = true;
	slot_connect(s);
	return HUFU_OK;
}

int slot_insert(struct slot *s, const char *file)
{
	if (s->present)
		return HUFU_ERR_CONFLICT;
	if (strlen(file) >= sizeof s->file)
		return HUFU_ERR_NOT_FOUND;
	int rc = sim_open(file, &s->sim);
	if (rc)
		return rc;
	sim_set_sync(s->sim, s->sync);
	rc = sim_power_on(s->sim);
	if (!rc)
		rc = lay_down(s);
	if (rc) {
		slot_remove(s);
		return rc;
	}
	(void)snprintf(s->file, sizeof s->file, "%s", file);
	return HUFU_OK;
}

int slot_insert_foreign(struct slot *s)
{
	if (s->present)
		return HUFU_ERR_CONFLICT;
	s->foreign = true;
	int rc = lay_down(s);
	if (rc)
		slot_remove(s);
	return rc;
}

void slot_pull(struct slot *s, unsigned long n, bool after)
{
	struct sim_facts facts;
	sim_get_facts(s->sim, &facts);
	unsigned long at = n ? facts.commands + n : 0;
	if (after)
		s->pull_after = at;
	else
		s->pull_before = at;
}

static bool read_fully(int fd, uint8_t *ret, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = recv(fd, ret + done, len - done, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
		ack_quickly(fd);
	}
	return true;
}

/* Length and body leave in one write. */
static bool write_frame(int fd, const uint8_t *body, size_t len)
{
	uint8_t frame[FRAME_HEAD_LEN + CARD_ANSWER_MAX];
	struct writer w;
	writer_init(&w, frame, sizeof frame);
	writer_put_u16(&w, (uint16_t)len);
	writer_put(&w, body, len);
	for (size_t done = 0; !w.error && done < w.len;) {
		ssize_t n = send(fd, frame + done, w.len - done, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return w.error == HUFU_OK;
}

static size_t put_status(uint8_t *ret, size_t at, uint16_t sw)
{
	ret[at] = (uint8_t)(sw >> 8);
	ret[at + 1] = (uint8_t)sw;
	return at + 2;
}

/* GET DATA of the reader: the card's identifier, as a contactless one. */
static size_t answer_as_reader(
        const struct slot *s, struct span apdu, uint8_t *ret)
{
	static const uint8_t get_uid[] = {CLA_READER, 0xCA, 0x00, 0x00};
	if (apdu.len < sizeof get_uid ||
	        memcmp(apdu.data, get_uid, sizeof get_uid) != 0)
		return put_status(ret, 0, 0x6A81);
	memcpy(ret, s->uid, sizeof s->uid);
	return put_status(ret, sizeof s->uid, CARD_SW_OK);
}

static size_t answer_as_foreign(struct span apdu, uint8_t *ret)
{
	bool select = apdu.len > 1 && apdu.data[1] == CARD_INS_SELECT;
	return put_status(
	        ret, 0, select ? CARD_SW_NOT_FOUND : CARD_SW_UNKNOWN_INS);
}

/* 0: the card left instead of answering. */
static size_t answer_as_card(struct slot *s, struct span apdu, uint8_t *ret)
{
	struct sim_facts facts;
	sim_get_facts(s->sim, &facts);
	unsigned long number = facts.commands + 1;
	if (number == s->pull_before)
		return 0;
	size_t len = sim_transmit(s->sim, apdu, ret);
	return number == s->pull_after ? 0 : len;
}

static bool answer(struct slot *s, struct span apdu)
{
	uint8_t out[CARD_ANSWER_MAX];
	size_t len;
	if (apdu.data[0] == CLA_READER)
		len = answer_as_reader(s, apdu, out);
	else if (s->foreign)
		len = answer_as_foreign(apdu, out);
	else
		len = answer_as_card(s, apdu, out);
	if (len == 0) {
		slot_remove(s);
		return true;
	}
	return write_frame(s->fd, out, len);
}

static bool send_atr(struct slot *s)
{
	/* a foreign card's: no historical bytes that say anything */
	static const uint8_t other[] = {0x3B, 0x80, 0x80, 0x01, 0x01};
	uint8_t atr[SIM_ATR_LEN];
	sim_get_atr(atr);
	return s->foreign ? write_frame(s->fd, other, sizeof other)
	                  : write_frame(s->fd, atr, sizeof atr);
}

static bool obey(struct slot *s, uint8_t code)
{
	switch (code) {
	case VPCD_OFF:
		if (!s->foreign)
			sim_power_off(s->sim);
		return true;
	case VPCD_ON:
	case VPCD_RESET:
		/* with damaged memory it starts, and answers 6581 */
		if (!s->foreign && sim_power_on(s->sim) == HUFU_ERR_CRYPTO)
			return false;
		return true;
	case VPCD_ATR:
		return send_atr(s);
	default:
		return true;
	}
}

void slot_serve(struct slot *s)
{
	static uint8_t body[UINT16_MAX];
	uint8_t head[FRAME_HEAD_LEN];
	struct reader r;
	bool ok = read_fully(s->fd, head, sizeof head);
	reader_init(&r, span_of(head, sizeof head));
	size_t len = reader_get_u16(&r);
	ok = ok && len > 0 && read_fully(s->fd, body, len);
	if (ok && len == 1)
		ok = obey(s, body[0]);
	else if (ok)
		ok = answer(s, span_of(body, len));
	bytes_wipe(body, len);
	if (!ok)
		disconnect(s);
}
