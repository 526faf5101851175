#include "card/port/sim/control.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "card/port/sim/blank.h"
#include "card/port/sim/fault.h"
#include "card/port/sim/hex.h"

enum {
	BACKLOG = 8,
	SERIAL_HEX_LEN = 2 * CARD_SERIAL_LEN,
};

int control_open(struct control *c, const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		c->client[i].fd = -1;
	c->quit = false;
	if (strlen(path) >= sizeof a.sun_path)
		return HUFU_ERR_LIMIT;
	memcpy(a.sun_path, path, strlen(path));
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return HUFU_ERR_IO;
	(void)unlink(path); /* bind() says it if that did not help */
	mode_t old = umask(0077);
	int rc = bind(c->fd, (struct sockaddr *)&a, sizeof a);
	(void)umask(old);
	if (rc != 0 || listen(c->fd, BACKLOG) != 0) {
		(void)close(c->fd); /* nobody was ever connected */
		c->fd = -1;
		return HUFU_ERR_IO;
	}
	return HUFU_OK;
}

static void drop(struct control_client *k)
{
	(void)close(k->fd); /* answers are written when they are made */
	k->fd = -1;
	k->len = 0;
}

void control_close(struct control *c)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (c->client[i].fd >= 0)
			drop(&c->client[i]);
	if (c->fd >= 0)
		(void)close(c->fd); /* only listened */
	c->fd = -1;
}

__attribute__((format(printf, 2, 3))) static void answer(
        struct control_client *k, const char *format, ...)
{
	static char line[CONTROL_LINE_MAX + 256];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	size_t len = n < 0 ? 0 : (size_t)n;
	if (len > sizeof line - 2)
		len = sizeof line - 2;
	line[len++] = '\n';
	/* one short line: a client that does not take it is gone */
	if (send(k->fd, line, len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)len)
		drop(k);
}

static void answer_error(struct control_client *k, int rc)
{
	static const struct {
		int rc;
		const char *text;
	} words[] = {
	        {HUFU_ERR_NOT_FOUND, "not-found there is no such file"},
	        {HUFU_ERR_BUSY, "busy another reader holds this card"},
	        {HUFU_ERR_MALFORMED, "corrupt this is no card's memory"},
	        {HUFU_ERR_CORRUPT, "corrupt the card's memory is damaged"},
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (words[i].rc == rc) {
			answer(k, "error %s", words[i].text);
			return;
		}
	answer(k, "error io code %d", rc);
}

static void do_insert(
        struct control *c, struct control_client *k, const char *file)
{
	char serial[SERIAL_HEX_LEN + 1];
	struct sim_facts facts;
	int rc = slot_insert(c->slot, file);
	if (rc == HUFU_ERR_CONFLICT) {
		answer(k, "error present a card is in the reader");
		return;
	}
	if (rc) {
		answer_error(k, rc);
		return;
	}
	sim_get_facts(c->slot->sim, &facts);
	hex_encode(facts.serial, CARD_SERIAL_LEN, serial);
	answer(k, "ok serial=%s state=%02X", serial, (unsigned)facts.state);
}

static void do_insert_foreign(struct control *c, struct control_client *k)
{
	int rc = slot_insert_foreign(c->slot);
	if (rc == HUFU_ERR_CONFLICT)
		answer(k, "error present a card is in the reader");
	else if (rc)
		answer_error(k, rc);
	else
		answer(k, "ok");
}

static void do_status(struct control *c, struct control_client *k)
{
	const struct slot *s = c->slot;
	char serial[SERIAL_HEX_LEN + 1];
	struct sim_facts facts;
	int linked = s->fd >= 0;
	if (!s->present) {
		answer(k, "ok present=0 linked=%d", linked);
		return;
	}
	if (s->foreign) {
		answer(k, "ok present=1 linked=%d foreign=1", linked);
		return;
	}
	sim_get_facts(s->sim, &facts);
	hex_encode(facts.serial, CARD_SERIAL_LEN, serial);
	answer(k,
	        "ok present=1 linked=%d serial=%s state=%02X "
	        "commands=%lu writes=%lu file=%s",
	        linked, serial, (unsigned)facts.state, facts.commands,
	        facts.writes, s->file);
}

/* A last word of 20 hexadecimal digits is the serial. */
static void do_blank(struct control *c, struct control_client *k, char *args)
{
	uint8_t serial[CARD_SERIAL_LEN];
	char text[SERIAL_HEX_LEN + 1];
	char *last = strrchr(args, ' ');
	const char *hex = NULL;
	if (!c->master) {
		answer(k, "error no-master start with --transport-master");
		return;
	}
	if (last && hex_decode(last + 1, serial, sizeof serial) == HUFU_OK) {
		hex = last + 1;
		*last = '\0';
	}
	int rc = blank_make(args, hex, c->master, serial);
	if (rc == HUFU_ERR_CONFLICT) {
		answer(k, "error exists the file is there already");
		return;
	}
	if (rc) {
		answer(k, "error io code %d", rc);
		return;
	}
	hex_encode(serial, sizeof serial, text);
	answer(k, "ok serial=%s", text);
}

static void do_fault(
        struct control *c, struct control_client *k, const char *line)
{
	switch (fault_set(c->slot, line)) {
	case HUFU_OK:
		answer(k, "ok");
		break;
	case HUFU_ERR_NOT_FOUND:
		answer(k, "error absent no card is in the reader");
		break;
	default:
		answer(k, "error syntax see card/port/sim/control.h");
		break;
	}
}

static void obey(struct control *c, struct control_client *k, char *line)
{
	static const char insert[] = "insert ", blank[] = "blank ";
	if (strncmp(line, insert, sizeof insert - 1) == 0) {
		do_insert(c, k, line + sizeof insert - 1);
	} else if (strncmp(line, blank, sizeof blank - 1) == 0) {
		do_blank(c, k, line + sizeof blank - 1);
	} else if (strcmp(line, "insert-foreign") == 0) {
		do_insert_foreign(c, k);
	} else if (strcmp(line, "remove") == 0) {
		slot_remove(c->slot);
		answer(k, "ok");
	} else if (strcmp(line, "status") == 0) {
		do_status(c, k);
	} else if (strcmp(line, "quit") == 0) {
		c->quit = true;
		answer(k, "ok");
	} else {
		do_fault(c, k, line);
	}
}

static void obey_lines(struct control *c, struct control_client *k)
{
	char *end;
	while (k->fd >= 0 && (end = memchr(k->line, '\n', k->len))) {
		size_t used = (size_t)(end - k->line) + 1;
		*end = '\0';
		obey(c, k, k->line);
		if (k->fd < 0)
			return;
		k->len -= used;
		memmove(k->line, k->line + used, k->len);
	}
	if (k->len == sizeof k->line)
		drop(k); /* no line is that long */
}

static void serve_client(struct control *c, struct control_client *k)
{
	ssize_t n = recv(
	        k->fd, k->line + k->len, sizeof k->line - k->len, MSG_DONTWAIT);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		drop(k);
		return;
	}
	k->len += (size_t)n;
	obey_lines(c, k);
}

static void accept_client(struct control *c)
{
	int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (c->client[i].fd < 0) {
			c->client[i].fd = fd;
			c->client[i].len = 0;
			return;
		}
	(void)close(fd); /* no room: the client sees the end at once */
}

size_t control_poll(const struct control *c, struct pollfd *ret)
{
	size_t n = 0;
	ret[n++] = (struct pollfd){.fd = c->fd, .events = POLLIN};
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		ret[n++] = (struct pollfd){
		        .fd = c->client[i].fd, .events = POLLIN};
	return n;
}

void control_serve(struct control *c, const struct pollfd *polled, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (polled[i].revents && c->client[i - 1].fd >= 0)
			serve_client(c, &c->client[i - 1]);
	if (polled[0].revents)
		accept_client(c);
}
