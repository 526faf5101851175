#include "crypto/core/rice.h"

enum {
	WINDOW_BITS = 64,
	WINDOW_SURE = 56, /* that are there whatever the bit offset */
	PUT_MAX = 32, /* bits put at once; 7 more may be held */
};

unsigned rice_best_k(uint32_t end, uint32_t count)
{
	unsigned k = 0;
	if (count == 0 || count >= end)
		return 0;
	/* Kiely 2004: 1 + floor(log2(-ln(phi - 1) * (mean gap + 1/2))) */
	uint64_t v = 48121 * (2 * (uint64_t)end - count) /
	             (200000 * (uint64_t)count);
	for (; v > 0 && k < RICE_K_MAX; v >>= 1)
		k++;
	return k;
}

size_t rice_len_max(uint32_t end, uint32_t count, unsigned k)
{
	if (count == 0)
		return 0;
	uint64_t bits = (uint64_t)count * (k + 1) + (end >> k);
	return (size_t)((bits + 7) / 8);
}

void rice_reader_init(
        struct rice_reader *r, const struct rice_codes *codes, uint32_t end)
{
	*r = (struct rice_reader){
	        .codes = *codes, .end = end, .left = codes->count};
	if (codes->k > RICE_K_MAX)
		r->error = HUFU_ERR_MALFORMED;
}

/* From r->bit on, the first one on top; zeros past the end. */
static uint64_t peek(const struct rice_reader *r)
{
	struct span in = r->codes.bits;
	size_t at = (size_t)(r->bit / 8);
	uint64_t v = 0;
	if (in.len - at >= 8)
		for (size_t i = 0; i < 8; i++)
			v = v << 8 | in.data[at + i];
	else
		for (size_t i = 0; i < 8; i++)
			v = v << 8 | (at + i < in.len ? in.data[at + i] : 0u);
	return v << (r->bit % 8);
}

static bool fail(struct rice_reader *r, int error)
{
	if (!r->error)
		r->error = error;
	return false;
}

/* Eats q zeros and the one behind them; at most `max` zeros. */
static bool get_quotient(struct rice_reader *r, uint32_t max, uint32_t *ret)
{
	uint64_t total = (uint64_t)r->codes.bits.len * 8;
	uint64_t q = 0;
	uint64_t window = peek(r);
	while (window >> (WINDOW_BITS - WINDOW_SURE) == 0) {
		q += WINDOW_SURE;
		r->bit += WINDOW_SURE;
		if (r->bit >= total)
			return fail(r, HUFU_ERR_TRUNCATED);
		if (q > max)
			return fail(r, HUFU_ERR_MALFORMED);
		window = peek(r);
	}
	unsigned zeros = (unsigned)__builtin_clzll(window);
	q += zeros;
	r->bit += zeros + 1;
	if (q > max)
		return fail(r, HUFU_ERR_MALFORMED);
	*ret = (uint32_t)q;
	return true;
}

bool rice_get(struct rice_reader *r, uint32_t *ret)
{
	unsigned k = r->codes.k;
	uint64_t total = (uint64_t)r->codes.bits.len * 8;
	uint32_t q, low = 0;
	if (r->left == 0 || r->error)
		return false;
	if (r->next >= r->end)
		return fail(r, HUFU_ERR_MALFORMED);
	if (r->bit >= total)
		return fail(r, HUFU_ERR_TRUNCATED);
	uint32_t room = r->end - r->next;
	if (!get_quotient(r, room >> k, &q))
		return false;
	if (r->bit + k > total)
		return fail(r, HUFU_ERR_TRUNCATED);
	if (k > 0)
		low = (uint32_t)(peek(r) >> (WINDOW_BITS - k));
	r->bit += k;
	uint64_t gap = (uint64_t)q << k | low;
	if (gap >= room)
		return fail(r, HUFU_ERR_MALFORMED);
	*ret = r->next + (uint32_t)gap;
	r->next = *ret + 1;
	r->left--;
	return true;
}

int rice_done(const struct rice_reader *r)
{
	uint64_t total = (uint64_t)r->codes.bits.len * 8;
	if (r->error)
		return r->error;
	if (r->left > 0 || r->bit > total)
		return HUFU_ERR_TRUNCATED;
	if (total - r->bit >= 8)
		return HUFU_ERR_TRAILING;
	return total > r->bit && peek(r) != 0 ? HUFU_ERR_TRAILING : HUFU_OK;
}

void rice_writer_init(struct rice_writer *w, struct writer *out, unsigned k)
{
	*w = (struct rice_writer){.out = out, .k = k};
	if (k > RICE_K_MAX)
		writer_fail(out, HUFU_ERR_ARGUMENT);
}

static void put_byte(struct rice_writer *w, uint8_t byte)
{
	if (w->drain && w->out->len == w->out->cap && !w->out->error) {
		int rc = w->drain(w->ctx, writer_span(w->out));
		w->out->len = 0;
		if (rc)
			writer_fail(w->out, rc);
	}
	writer_put_u8(w->out, byte);
}

static void put_bits(struct rice_writer *w, uint32_t value, unsigned count)
{
	w->held = w->held << count | value;
	w->held_bits += count;
	while (w->held_bits >= 8) {
		w->held_bits -= 8;
		put_byte(w, (uint8_t)(w->held >> w->held_bits));
	}
}

void rice_put(struct rice_writer *w, uint32_t index)
{
	if (index < w->next || index == UINT32_MAX) {
		writer_fail(w->out, HUFU_ERR_ARGUMENT);
		return;
	}
	uint32_t gap = index - w->next;
	uint32_t zeros = gap >> w->k;
	for (; zeros >= PUT_MAX && !w->out->error; zeros -= PUT_MAX)
		put_bits(w, 0, PUT_MAX);
	if (w->out->error)
		return;
	put_bits(w, 1, zeros + 1);
	put_bits(w, gap & ((1u << w->k) - 1), w->k);
	w->next = index + 1;
	w->count++;
}

void rice_flush(struct rice_writer *w)
{
	if (w->held_bits > 0)
		put_bits(w, 0, 8 - w->held_bits);
	w->held = 0;
}
