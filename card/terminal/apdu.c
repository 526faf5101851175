#include "card/terminal/apdu.h"

#include "card/include/card_abi.h"

enum {
	SHORT_DATA_MAX = 255,
	SW_MORE = 0x61,
	SW_WRONG_LE = 0x6C,
	GET_RESPONSE_MAX = 512, /* rounds of 61xx */
};

int apdu_encode(const struct apdu *a, bool extended, struct writer *w)
{
	bool is_long = a->data.len > SHORT_DATA_MAX || a->le > APDU_LE_SHORT;
	if (a->data.len > APDU_DATA_MAX || a->le > APDU_LE_EXTENDED)
		return HUFU_ERR_LIMIT;
	if (is_long && !extended)
		return HUFU_ERR_LIMIT;
	writer_put_u8(w, a->cla);
	writer_put_u8(w, a->ins);
	writer_put_u8(w, a->p1);
	writer_put_u8(w, a->p2);
	if (is_long) {
		writer_put_u8(w, 0);
		if (a->data.len)
			writer_put_u16(w, (uint16_t)a->data.len);
		writer_put_span(w, a->data);
		if (a->le)
			writer_put_u16(w, (uint16_t)(a->le & 0xFFFF));
		return w->error;
	}
	if (a->data.len)
		writer_put_u8(w, (uint8_t)a->data.len);
	writer_put_span(w, a->data);
	if (a->le)
		writer_put_u8(w, (uint8_t)(a->le & 0xFF));
	return w->error;
}

static int decode_long(struct reader *r, struct apdu *a)
{
	size_t n = reader_get_u16(r);
	if (r->error)
		return r->error;
	if (reader_left(r) == 0) { /* Le alone */
		a->le = n ? (uint32_t)n : APDU_LE_EXTENDED;
		return 0;
	}
	if (n == 0)
		return HUFU_ERR_MALFORMED;
	a->data = reader_get_span(r, n);
	if (!r->error && reader_left(r)) {
		a->le = reader_get_u16(r);
		if (a->le == 0)
			a->le = APDU_LE_EXTENDED;
	}
	return reader_done(r);
}

int apdu_decode(struct span in, struct apdu *ret)
{
	struct apdu a = {0};
	struct reader r;
	int rc = 0;
	reader_init(&r, in);
	a.cla = reader_get_u8(&r);
	a.ins = reader_get_u8(&r);
	a.p1 = reader_get_u8(&r);
	a.p2 = reader_get_u8(&r);
	if (r.error)
		return r.error;
	if (reader_left(&r)) {
		uint8_t n = reader_get_u8(&r);
		if (n == 0 && reader_left(&r)) {
			rc = decode_long(&r, &a);
		} else if (reader_left(&r) == 0) {
			a.le = n ? n : APDU_LE_SHORT;
		} else {
			a.data = reader_get_span(&r, n);
			if (!r.error && reader_left(&r)) {
				n = reader_get_u8(&r);
				a.le = n ? n : APDU_LE_SHORT;
			}
			rc = reader_done(&r);
		}
	}
	if (rc == 0)
		*ret = a;
	return rc;
}

/* One command, one answer; its data are appended, its SW taken off. */
static int exchange_once(struct transport *t, const struct apdu *a,
        struct writer *ret_data, uint16_t *ret_sw)
{
	uint8_t space[APDU_FRAME_MAX];
	struct writer w;
	size_t before = ret_data->len;
	writer_init(&w, space, sizeof space);
	int rc = apdu_encode(a, t->extended, &w);
	if (rc == 0)
		rc = transport_transmit(t, writer_span(&w), ret_data);
	bytes_wipe(w.data, w.len);
	if (rc != 0)
		return rc;
	struct span all = writer_span(ret_data);
	struct reader r;
	reader_init(&r, all);
	(void)reader_get_span(&r, all.len - 2);
	*ret_sw = reader_get_u16(&r);
	ret_data->len = all.len - 2;
	return ret_data->len >= before ? 0 : HUFU_ERR_MALFORMED;
}

int apdu_exchange(struct transport *t, const struct apdu *a,
        struct writer *ret_data, uint16_t *ret_sw)
{
	size_t before = ret_data->len;
	uint16_t sw = 0;
	int rc = exchange_once(t, a, ret_data, &sw);
	if (rc == 0 && sw >> 8 == SW_WRONG_LE) {
		struct apdu again = *a;
		again.le = (sw & 0xFF) ? (uint32_t)(sw & 0xFF) : APDU_LE_SHORT;
		ret_data->len = before;
		rc = exchange_once(t, &again, ret_data, &sw);
	}
	for (int i = 0; rc == 0 && sw >> 8 == SW_MORE; i++) {
		const struct apdu more = {
		        .cla = a->cla & 0x03, /* the logical channel */
		        .ins = CARD_INS_GET_RESPONSE,
		        .le = (sw & 0xFF) ? (uint32_t)(sw & 0xFF)
		                          : APDU_LE_SHORT,
		};
		size_t len = ret_data->len;
		if (i == GET_RESPONSE_MAX)
			rc = HUFU_ERR_LIMIT;
		else
			rc = exchange_once(t, &more, ret_data, &sw);
		if (rc == 0 && sw >> 8 == SW_MORE && ret_data->len == len)
			rc = HUFU_ERR_MALFORMED; /* more, but never any */
	}
	if (rc != 0) {
		ret_data->len = before;
		return rc;
	}
	*ret_sw = sw;
	return 0;
}
