#include "card/terminal/transport.h"

#include <time.h>

static uint64_t now_ns(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* always there on Linux */
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

int transport_open(struct transport *t)
{
	uint64_t before = now_ns();
	int rc = t->ops->open(t);
	t->busy_ns += now_ns() - before;
	return rc;
}

int transport_transmit(
        struct transport *t, struct span command, struct writer *ret_answer)
{
	size_t len = ret_answer->len;
	uint64_t before = now_ns();
	int rc = t->ops->transmit(t, command, ret_answer);
	t->busy_ns += now_ns() - before;
	t->apdus++;
	if (rc == 0 && ret_answer->error)
		rc = ret_answer->error;
	if (rc == 0 && ret_answer->len - len < 2)
		rc = TERMINAL_LINK_LOST;
	if (rc != 0)
		ret_answer->len = len;
	return rc;
}

int transport_reset(struct transport *t)
{
	uint64_t before = now_ns();
	int rc = t->ops->reset(t);
	t->busy_ns += now_ns() - before;
	return rc;
}

void transport_close(struct transport *t)
{
	if (t)
		t->ops->close(t);
}
