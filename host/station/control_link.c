#include "host/station/control_link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "card/port/sim/control.h"
#include "host/base/cleanup.h"
#include "host/base/local_socket.h"

enum { ANSWER_LIMIT_MS = 5000 };

static int send_line(int fd, const char *line)
{
	size_t len = strlen(line);
	while (len > 0) {
		ssize_t n = send(fd, line, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HUFU_ERR_LINK;
		line += n;
		len -= (size_t)n;
	}
	return 0;
}

static int receive_line(int fd, char ret[CONTROL_LINE_MAX + 1])
{
	size_t len = 0;
	while (len < CONTROL_LINE_MAX) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int ready = poll(&p, 1, ANSWER_LIMIT_MS);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return ready ? HUFU_ERR_IO : HUFU_ERR_TIMEOUT;
		ssize_t n = read(fd, ret + len, CONTROL_LINE_MAX - len);
		if (n <= 0)
			return HUFU_ERR_LINK;
		char *end = memchr(ret + len, '\n', (size_t)n);
		len += (size_t)n;
		if (end) {
			*end = 0;
			return 0;
		}
	}
	return HUFU_ERR_LIMIT;
}

static int error_of(const char *answer)
{
	static const struct {
		const char *start;
		int code;
	} errors[] = {
	        {"error present", HUFU_ERR_CONFLICT},
	        {"error not-found", HUFU_ERR_NOT_FOUND},
	        {"error busy", HUFU_ERR_BUSY},
	        {"error corrupt", HUFU_ERR_CORRUPT},
	        {"error io", HUFU_ERR_IO},
	};
	if (strcmp(answer, "ok") == 0 || strncmp(answer, "ok ", 3) == 0)
		return 0;
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (strncmp(answer, errors[i].start, strlen(errors[i].start)) ==
		        0)
			return errors[i].code;
	return HUFU_ERR_MALFORMED;
}

static int ask(const char *socket_path, const char *line,
        char ret[CONTROL_LINE_MAX + 1])
{
	_close_ int fd = -1;
	if (local_connect(socket_path, &fd) != 0)
		return HUFU_ERR_LINK;
	int rc = send_line(fd, line);
	if (rc == 0)
		rc = receive_line(fd, ret);
	return rc ? rc : error_of(ret);
}

int control_link_status(const char *socket_path, struct control_status *ret)
{
	char answer[CONTROL_LINE_MAX + 1];
	int rc = ask(socket_path, "status\n", answer);
	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	ret->present = strstr(answer, " present=1") != NULL;
	ret->foreign = strstr(answer, " foreign=1") != NULL;
	ret->linked = strstr(answer, " linked=1") != NULL;
	const char *file = strstr(answer, " file=");
	if (file && ret->present) {
		size_t len = strnlen(file + 6, sizeof ret->file - 1);
		memcpy(ret->file, file + 6, len);
	}
	return 0;
}

int control_link_insert(const char *socket_path, const char *file)
{
	char line[CONTROL_LINE_MAX], answer[CONTROL_LINE_MAX + 1];
	int len = snprintf(line, sizeof line, "insert %s\n", file);
	if (len < 0 || (size_t)len >= sizeof line)
		return HUFU_ERR_LIMIT;
	return ask(socket_path, line, answer);
}

int control_link_remove(const char *socket_path)
{
	char answer[CONTROL_LINE_MAX + 1];
	return ask(socket_path, "remove\n", answer);
}
