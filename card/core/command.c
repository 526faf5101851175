#include "card/core/command.h"

static uint32_t decode_le(uint32_t coded, uint32_t zero_means)
{
	return coded ? coded : zero_means;
}

/* The fields after the 00 that marks extended length. */
static void decode_extended(struct reader *r, struct command *c)
{
	uint16_t first = reader_get_u16(r);
	c->extended = true;
	if (reader_left(r) == 0) {
		c->le_present = true;
		c->le = decode_le(first, 65536);
		return;
	}
	if (first == 0)
		reader_fail(r, HUFU_ERR_MALFORMED);
	c->data = reader_get_span(r, first);
	if (reader_left(r) > 0) {
		c->le_present = true;
		c->le = decode_le(reader_get_u16(r), 65536);
	}
}

static void decode_short(struct reader *r, uint8_t first, struct command *c)
{
	if (reader_left(r) == 0) {
		c->le_present = true;
		c->le = decode_le(first, 256);
		return;
	}
	if (first == 0)
		reader_fail(r, HUFU_ERR_MALFORMED);
	c->data = reader_get_span(r, first);
	if (reader_left(r) > 0) {
		c->le_present = true;
		c->le = decode_le(reader_get_u8(r), 256);
	}
}

int command_decode(struct span in, struct command *ret)
{
	struct command c = {0};
	struct reader r;
	reader_init(&r, in);
	c.cla = reader_get_u8(&r);
	c.ins = reader_get_u8(&r);
	c.p1 = reader_get_u8(&r);
	c.p2 = reader_get_u8(&r);
	if (reader_left(&r) > 0) {
		uint8_t first = reader_get_u8(&r);
		if (first == 0 && reader_left(&r) >= 2)
			decode_extended(&r, &c);
		else
			decode_short(&r, first, &c);
	}
	if (reader_done(&r) != HUFU_OK)
		return HUFU_ERR_MALFORMED;
	*ret = c;
	return HUFU_OK;
}

uint16_t command_p1p2(const struct command *in)
{
	return (uint16_t)(in->p1 << 8 | in->p2);
}
