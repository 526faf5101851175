#include "card/terminal/tlv.h"

static uint16_t get_tag(struct reader *r)
{
	uint16_t tag = reader_get_u8(r);
	if ((tag & 0x1F) == 0x1F) {
		uint8_t low = reader_get_u8(r);
		if (low & 0x80) /* three bytes or more */
			reader_fail(r, HUFU_ERR_UNSUPPORTED);
		tag = (uint16_t)(tag << 8 | low);
	}
	return tag;
}

static size_t get_length(struct reader *r)
{
	size_t len = reader_get_u8(r);
	if (len < 0x80)
		return len;
	if (len == 0x81)
		return reader_get_u8(r);
	if (len == 0x82)
		return reader_get_u16(r);
	reader_fail(r, HUFU_ERR_MALFORMED);
	return 0;
}

int tlv_find(struct span in, uint16_t tag, struct span *ret)
{
	struct reader r;
	reader_init(&r, in);
	while (reader_left(&r)) {
		uint16_t have = get_tag(&r);
		struct span value = reader_get_span(&r, get_length(&r));
		if (r.error)
			return r.error;
		if (have == tag) {
			*ret = value;
			return 0;
		}
	}
	return HUFU_ERR_NOT_FOUND;
}
