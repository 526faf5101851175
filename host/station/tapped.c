#include "host/station/tapped.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/fault_point.h"

struct tapped {
	struct transport transport;
	struct transport *inner;
};

static void copy_atr(struct tapped *t)
{
	t->transport.extended = t->inner->extended;
	t->transport.atr_len = t->inner->atr_len;
	memcpy(t->transport.atr, t->inner->atr, sizeof t->transport.atr);
}

static int tapped_open(struct transport *transport)
{
	struct tapped *t = (struct tapped *)transport;
	int rc = transport_open(t->inner);
	if (rc == 0)
		copy_atr(t);
	return rc;
}

static int tapped_transmit(struct transport *transport, struct span command,
        struct writer *ret_answer)
{
	struct tapped *t = (struct tapped *)transport;
	fault_point("station.apdu");
	return transport_transmit(t->inner, command, ret_answer);
}

static int tapped_reset(struct transport *transport)
{
	struct tapped *t = (struct tapped *)transport;
	return transport_reset(t->inner);
}

static void tapped_close(struct transport *transport)
{
	struct tapped *t = (struct tapped *)transport;
	transport_close(t->inner);
	free(t);
}

static const struct transport_ops tapped_ops = {
        .open = tapped_open,
        .transmit = tapped_transmit,
        .reset = tapped_reset,
        .close = tapped_close,
};

int tapped_new(struct transport *inner, struct transport **ret)
{
	struct tapped *t = calloc(1, sizeof *t);
	if (!t) {
		transport_close(inner);
		return HUFU_ERR_MEMORY;
	}
	t->transport.ops = &tapped_ops;
	t->inner = inner;
	*ret = &t->transport;
	return 0;
}
