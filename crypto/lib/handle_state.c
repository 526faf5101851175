#include <string.h>

#include "crypto/lib/handle.h"

/*
 * magic, time, presence bits, trust sequence and hash, three keys, lists
 * seen, SHA-256 of it all. Numbers are big-endian.
 */
#define MAGIC "hufu-state-1"

enum {
	HAS_TRUST = 1,
	HAS_ROOT = 2,
	HAS_NEXT = 4,
	HAS_ALL = 7,
};

static void put_key(struct writer *w, const struct cose_key *key)
{
	uint8_t space[COSE_KEY_MAX];
	struct writer k;
	writer_init(&k, space, sizeof space);
	cose_key_encode(&k, key);
	writer_put_u8(w, (uint8_t)k.len);
	writer_put_span(w, writer_span(&k));
}

static void get_key(struct reader *r, struct cose_key *ret)
{
	struct span s = reader_get_span(r, reader_get_u8(r));
	if (!r->error && cose_key_decode(s, ret))
		reader_fail(r, HUFU_ERR_CORRUPT);
}

static void encode(struct writer *w, const struct handle_state *s)
{
	unsigned has = (s->has_trust ? HAS_TRUST : 0u) |
	               (s->has_root ? HAS_ROOT : 0u) |
	               (s->has_next ? HAS_NEXT : 0u);
	writer_put_text(w, MAGIC);
	writer_put_u64(w, (uint64_t)s->time_s);
	writer_put_u8(w, (uint8_t)has);
	writer_put_u64(w, s->trust_sequence);
	writer_put(w, s->trust_hash, sizeof s->trust_hash);
	if (s->has_root) {
		put_key(w, &s->pinned);
		put_key(w, &s->root);
	}
	if (s->has_next)
		put_key(w, &s->next);
	writer_put_u8(w, (uint8_t)s->floor_count);
	for (size_t i = 0; i < s->floor_count; i++) {
		const struct handle_floor *f = &s->floors[i];
		writer_put(w, f->iss_hash, sizeof f->iss_hash);
		writer_put_u32(w, f->number);
		writer_put_u64(w, f->sequence);
	}
}

static void get_bytes(struct reader *r, uint8_t *ret, size_t len)
{
	struct span s = reader_get_span(r, len);
	if (s.len == len)
		memcpy(ret, s.data, len);
}

static int decode(struct span in, struct handle_state *s)
{
	struct reader r;
	reader_init(&r, in);
	if (!span_is_text(reader_get_span(&r, sizeof MAGIC - 1), MAGIC))
		return HUFU_ERR_CORRUPT;
	uint64_t time_s = reader_get_u64(&r);
	unsigned has = reader_get_u8(&r);
	if (time_s > INT64_MAX || (has & ~(unsigned)HAS_ALL) != 0)
		return HUFU_ERR_CORRUPT;
	s->time_s = (int64_t)time_s;
	s->has_trust = has & HAS_TRUST;
	s->has_root = has & HAS_ROOT;
	s->has_next = has & HAS_NEXT;
	s->trust_sequence = reader_get_u64(&r);
	get_bytes(&r, s->trust_hash, sizeof s->trust_hash);
	if (s->has_root) {
		get_key(&r, &s->pinned);
		get_key(&r, &s->root);
	}
	if (s->has_next)
		get_key(&r, &s->next);
	s->floor_count = reader_get_u8(&r);
	if (s->floor_count > HANDLE_FLOORS_MAX)
		return HUFU_ERR_CORRUPT;
	for (size_t i = 0; i < s->floor_count; i++) {
		struct handle_floor *f = &s->floors[i];
		get_bytes(&r, f->iss_hash, sizeof f->iss_hash);
		f->number = reader_get_u32(&r);
		f->sequence = reader_get_u64(&r);
	}
	return reader_done(&r) ? HUFU_ERR_CORRUPT : HUFU_OK;
}

int hufu_save_state(
        const struct hufu *h, void *ret, size_t cap, size_t *ret_len)
{
	uint8_t hash[SHA256_LEN];
	struct writer w;
	writer_init(&w, ret, cap);
	encode(&w, &h->state);
	sha256_of(writer_span(&w), hash);
	writer_put(&w, hash, sizeof hash);
	if (w.error)
		return w.error;
	*ret_len = w.len;
	return HUFU_OK;
}

int hufu_load_state(struct hufu *h, const void *bytes, size_t len)
{
	uint8_t hash[SHA256_LEN];
	struct handle_state s = {0};
	if (h->is_clone || h->one_key || h->trust_file || h->state.has_root)
		return HUFU_ERR_STATE;
	if (len < sizeof hash || len > HUFU_STATE_MAX)
		return HUFU_ERR_CORRUPT;
	struct span body = span_of(bytes, len - sizeof hash);
	sha256_of(body, hash);
	if (memcmp(body.data + body.len, hash, sizeof hash) != 0)
		return HUFU_ERR_CORRUPT;
	int r = decode(body, &s);
	if (r)
		return r;
	h->state = s;
	handle_refresh(h);
	return HUFU_OK;
}
