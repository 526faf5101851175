#include "card/terminal/direct.h"

#include <stdlib.h>
#include <string.h>

struct direct {
	struct transport transport;
	struct direct_card card;
	bool powered;
};

static int direct_power(struct transport *t)
{
	struct direct *d = (struct direct *)t;
	struct writer atr;
	d->powered = false;
	writer_init(&atr, t->atr, sizeof t->atr);
	int rc = d->card.power(d->card.card, &atr);
	if (rc != 0)
		return rc;
	if (atr.error)
		return atr.error;
	t->atr_len = atr.len;
	d->powered = true;
	return 0;
}

static int direct_transmit(
        struct transport *t, struct span command, struct writer *ret_answer)
{
	struct direct *d = (struct direct *)t;
	if (!d->powered)
		return TERMINAL_LINK_LOST;
	size_t before = ret_answer->len;
	int rc = d->card.exchange(d->card.card, command, ret_answer);
	if (rc != 0 || ret_answer->len - before < 2)
		d->powered = false;
	return rc;
}

static void direct_close(struct transport *t)
{
	free(t);
}

static const struct transport_ops direct_ops = {
        .open = direct_power,
        .transmit = direct_transmit,
        .reset = direct_power,
        .close = direct_close,
};

int direct_new(const struct direct_card *card, struct transport **ret)
{
	struct direct *d = calloc(1, sizeof *d);
	if (!d)
		return HUFU_ERR_MEMORY;
	d->transport.ops = &direct_ops;
	d->transport.extended = card->extended;
	d->card = *card;
	*ret = &d->transport;
	return 0;
}
