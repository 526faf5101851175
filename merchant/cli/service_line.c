#include "merchant/cli/service_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <zlib.h>

#include "crypto/core/base64.h"
#include "crypto/core/decimal.h"

enum {
	TRIES = 5,
	/* a province's list is checked and switched in half a minute */
	PATIENCE_MS = 120000,
	PIECE = 512,
	CRC_LEN = 9, /* a space and eight digits */
};

int service_line_open(struct service_line *s, const char *device)
{
	struct termios t;

	*s = (struct service_line){.fd = -1};
	s->fd = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (s->fd < 0)
		return errno == ENOENT   ? HUFU_ERR_NOT_FOUND
		       : errno == EACCES ? HUFU_ERR_DENIED
		                         : HUFU_ERR_IO;
	if (tcgetattr(s->fd, &t) != 0)
		return HUFU_ERR_IO; /* no serial device */
	cfmakeraw(&t);
	if (cfsetspeed(&t, B115200) != 0 || tcsetattr(s->fd, TCSANOW, &t) != 0)
		return HUFU_ERR_IO;
	(void)tcflush(s->fd, TCIOFLUSH); /* what lies there is of nobody */
	return HUFU_OK;
}

void service_line_close(struct service_line *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static int put(struct service_line *s, const char *text)
{
	char line[SERVICE_LINE_MAX + CRC_LEN + 2];
	int len = snprintf(line, sizeof line, "%s %08lx\n", text,
	        crc32(0, (const Bytef *)text, (uInt)strlen(text)));
	size_t sent = 0;

	if (len < 0 || (size_t)len >= sizeof line)
		return HUFU_ERR_LIMIT;
	while (sent < (size_t)len) {
		ssize_t n = write(s->fd, line + sent, (size_t)len - sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HUFU_ERR_LINK;
		sent += (size_t)n;
	}
	return HUFU_OK;
}

static int fill(struct service_line *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	int ready = poll(&p, 1, PATIENCE_MS);

	if (ready == 0)
		return HUFU_ERR_TIMEOUT;
	if (s->rest_len == sizeof s->rest)
		return HUFU_ERR_LINK; /* no line is that long */
	ssize_t n = ready < 0 ? -1
	                      : read(s->fd, s->rest + s->rest_len,
	                                sizeof s->rest - s->rest_len);
	if (n < 0 && errno == EINTR)
		return HUFU_OK;
	if (n <= 0)
		return HUFU_ERR_LINK;
	s->rest_len += (size_t)n;
	return HUFU_OK;
}

/* One line into s->answer; "" when its CRC is wrong. */
static int get(struct service_line *s)
{
	char *end;
	int r = HUFU_OK;

	while (!(end = memchr(s->rest, '\n', s->rest_len)) && !r)
		r = fill(s);
	if (r)
		return r;
	size_t len = (size_t)(end - s->rest);
	memcpy(s->answer, s->rest, len);
	s->rest_len -= len + 1;
	memmove(s->rest, end + 1, s->rest_len);
	char crc[CRC_LEN + 1];
	size_t body = len < CRC_LEN ? 0 : len - CRC_LEN;
	(void)snprintf(crc, sizeof crc, " %08lx",
	        crc32(0, (const Bytef *)s->answer, (uInt)body));
	bool whole =
	        len >= CRC_LEN && memcmp(s->answer + body, crc, CRC_LEN) == 0;
	s->answer[whole ? body : 0] = 0;
	return HUFU_OK;
}

/* Asking again does no harm, to no command. */
int service_line_ask(struct service_line *s, const char *question)
{
	for (int i = 0; i < TRIES; i++) {
		int r = put(s, question);
		if (!r)
			r = get(s);
		if (r)
			return r;
		if (s->answer[0] && strcmp(s->answer, "NO line") != 0)
			return HUFU_OK;
	}
	return HUFU_ERR_LINK;
}

static bool is_ok(const struct service_line *s)
{
	return strncmp(s->answer, "OK", 2) == 0;
}

static int send_pieces(struct service_line *s, struct span file)
{
	for (size_t at = 0; at < file.len; at += PIECE) {
		size_t len = file.len - at < PIECE ? file.len - at : PIECE;
		uint8_t text[BASE64_TEXT_LEN(PIECE) + 1] = {0};
		char line[SERVICE_LINE_MAX];
		struct writer w;

		writer_init(&w, text, sizeof text - 1);
		base64_encode(&w, span_of(file.data + at, len));
		(void)snprintf(line, sizeof line, "DATA %zu %s", at, text);
		int r = service_line_ask(s, line);
		if (r || !is_ok(s))
			return r ? r : HUFU_ERR_DENIED;
	}
	return HUFU_OK;
}

int service_line_send(
        struct service_line *s, const char *what, struct span file)
{
	char line[64];

	(void)snprintf(line, sizeof line, "BEGIN %s %zu", what, file.len);
	int r = service_line_ask(s, line);
	if (!r && !is_ok(s))
		r = HUFU_ERR_DENIED;
	if (!r)
		r = send_pieces(s, file);
	if (!r)
		r = service_line_ask(s, "COMMIT");
	if (!r && !is_ok(s))
		r = HUFU_ERR_DENIED;
	return r;
}

int service_line_number(
        const struct service_line *s, const char *name, uint64_t *ret)
{
	char mark[32];

	(void)snprintf(mark, sizeof mark, " %s=", name);
	const char *at = strstr(s->answer, mark);
	if (!at)
		return HUFU_ERR_NOT_FOUND;
	at += strlen(mark);
	return decimal_decode(span_of(at, strcspn(at, " ")), UINT64_MAX, ret);
}
