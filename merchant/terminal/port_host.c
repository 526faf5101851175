#include "merchant/terminal/port_host.h"

#include <string.h>

struct pipe {
	uint8_t bytes[PORT_HOST_LINE_MAX];
	size_t len;
	size_t taken;
};

static struct pipe in[PORT_LINES], out[PORT_LINES];
static bool lost[PORT_LINES];
static uint32_t clock_ms;

void port_host_reset(void)
{
	memset(in, 0, sizeof in);
	memset(out, 0, sizeof out);
	memset(lost, 0, sizeof lost);
	clock_ms = 0;
}

static bool put(struct pipe *p, const void *data, size_t len)
{
	if (p->taken == p->len)
		p->taken = p->len = 0;
	if (len > sizeof p->bytes - p->len)
		return false;
	if (len > 0)
		memcpy(p->bytes + p->len, data, len);
	p->len += len;
	return true;
}

bool port_host_send(enum port_line line, const void *data, size_t len)
{
	return put(&in[line], data, len);
}

void port_host_lose(enum port_line line)
{
	lost[line] = true;
}

void port_host_pass(uint32_t ms)
{
	clock_ms += ms;
}

struct span port_host_take(enum port_line line)
{
	struct pipe *p = &out[line];
	struct span s = span_of(p->bytes + p->taken, p->len - p->taken);
	p->taken = p->len;
	return s;
}

void port_init(void)
{
	port_host_reset();
}

int port_get(enum port_line line)
{
	struct pipe *p = &in[line];
	if (lost[line]) {
		lost[line] = false;
		return PORT_LOST;
	}
	return p->taken < p->len ? p->bytes[p->taken++] : PORT_NONE;
}

void port_put(enum port_line line, const void *data, size_t len)
{
	/* nobody reads any more: what does not fit is gone, as on a wire */
	(void)put(&out[line], data, len);
}

uint32_t port_clock_ms(void)
{
	return clock_ms;
}

uint32_t port_clock_ticks(void)
{
	return clock_ms;
}

void port_feed_watchdog(void)
{
}

void port_wait(void)
{
	clock_ms++;
}

uint32_t port_stack_used(void)
{
	return 0;
}
