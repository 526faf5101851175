/*
 * The service line of a counter terminal (docs/terminal.md): a question, an
 * answer, each with a CRC; a line that came in damaged is sent again.
 */
#ifndef CLI_SERVICE_LINE_H
#define CLI_SERVICE_LINE_H

#include "crypto/core/bytes.h"

enum { SERVICE_LINE_MAX = 800 };

struct service_line {
	int fd;
	char rest[SERVICE_LINE_MAX]; /* read beyond the last line */
	size_t rest_len;
	char answer[SERVICE_LINE_MAX + 1]; /* of the last question */
};

/* A serial device, set to 115,200 baud. HUFU_ERR_NOT_FOUND, DENIED, IO. */
HUFU_MUST_USE int service_line_open(struct service_line *s, const char *device);
void service_line_close(struct service_line *s);

/* s->answer without its CRC. HUFU_ERR_TIMEOUT, HUFU_ERR_LINK. */
HUFU_MUST_USE int service_line_ask(
        struct service_line *s, const char *question);

/*
 * A file in pieces, checked and switched by the terminal; `what` is "trust",
 * "snapshot N" or "delta N". HUFU_ERR_DENIED: s->answer says why not.
 */
HUFU_MUST_USE int service_line_send(
        struct service_line *s, const char *what, struct span file);

/* The number after "name=" in the last answer. HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int service_line_number(
        const struct service_line *s, const char *name, uint64_t *ret);

#endif
