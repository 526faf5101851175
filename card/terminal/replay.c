#include "card/terminal/replay.h"

#include <stdlib.h>

enum { REPLAY_LINK_LOST = 0xFFFF };

struct replay {
	struct transport transport;
	struct reader recording;
};

static int replay_open(struct transport *t)
{
	struct replay *r = (struct replay *)t;
	return reader_left(&r->recording) ? 0 : TERMINAL_NO_CARD;
}

static int replay_transmit(
        struct transport *t, struct span command, struct writer *ret_answer)
{
	struct replay *r = (struct replay *)t;
	(void)command; /* whatever is asked */
	size_t len = reader_get_u16(&r->recording);
	if (r->recording.error || len == REPLAY_LINK_LOST)
		return TERMINAL_LINK_LOST;
	if (len > reader_left(&r->recording))
		len = reader_left(&r->recording);
	writer_put_span(ret_answer, reader_get_span(&r->recording, len));
	return 0;
}

static void replay_close(struct transport *t)
{
	free(t);
}

static const struct transport_ops replay_ops = {
        .open = replay_open,
        .transmit = replay_transmit,
        .reset = replay_open,
        .close = replay_close,
};

int replay_new(struct span recording, struct transport **ret)
{
	struct replay *r = calloc(1, sizeof *r);
	if (!r)
		return HUFU_ERR_MEMORY;
	r->transport.ops = &replay_ops;
	reader_init(&r->recording, recording);
	*ret = &r->transport;
	return 0;
}
