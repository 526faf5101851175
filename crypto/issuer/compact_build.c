#include "crypto/issuer/compact_build.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/core/cbor.h"

enum {
	PER_WORD = 32, /* entries of two bits in eight bytes */
	FILE_EXTRA = 64, /* heads of the array and its two strings */
	SIGN1_MAX = COMPACT_LIST_SPACE + COSE_SIGN1_OVERHEAD,
};

/* Where a row of entries comes from: a map, or a list of changes. */
struct row {
	struct span map;
	const struct compact_change *changes;
	size_t count;
};

typedef void (*entry_fn)(void *arg, uint32_t index, unsigned value);

static void each_of_word(uint64_t word, uint32_t first, entry_fn fn, void *arg)
{
	while (word) {
		unsigned at = (unsigned)__builtin_ctzll(word) / 2;
		fn(arg, first + at, (unsigned)(word >> (2 * at) & 3));
		word &= ~((uint64_t)3 << (2 * at));
	}
}

static void each_of_map(struct span map, entry_fn fn, void *arg)
{
	for (size_t at = 0; at < map.len; at += 8) {
		uint64_t word = 0;
		size_t n = map.len - at < 8 ? map.len - at : 8;
		for (size_t i = n; i-- > 0;)
			word = word << 8 | map.data[at + i];
		each_of_word(word, (uint32_t)(at / 8 * PER_WORD), fn, arg);
	}
}

static void each(const struct row *row, entry_fn fn, void *arg)
{
	each_of_map(row->map, fn, arg);
	for (size_t i = 0; i < row->count; i++)
		fn(arg, row->changes[i].index, row->changes[i].value);
}

static enum compact_part part_of(unsigned value)
{
	switch (value) {
	case STATUS_INVALID:
		return COMPACT_INVALID;
	case STATUS_SUSPENDED:
		return COMPACT_SUSPENDED;
	default:
		return COMPACT_CLEARED;
	}
}

struct counting {
	uint32_t count[COMPACT_PARTS];
	uint64_t end; /* index of the last entry + 1 */
	bool broken;
};

static void count_entry(void *arg, uint32_t index, unsigned value)
{
	struct counting *c = arg;
	if (value > STATUS_SUSPENDED || index < c->end)
		c->broken = true;
	c->end = (uint64_t)index + 1;
	c->count[part_of(value)]++;
}

struct coding {
	struct rice_writer part[COMPACT_PARTS];
	struct writer out[COMPACT_PARTS];
};

static void code_entry(void *arg, uint32_t index, unsigned value)
{
	struct coding *c = arg;
	rice_put(&c->part[part_of(value)], index);
}

/* Each part into room of its own, then moved together. */
static int code(struct compact_list *t, const struct row *row, uint8_t *space)
{
	struct coding c;
	size_t at = 0, len = 0;
	for (unsigned i = 0; i < COMPACT_PARTS; i++) {
		struct rice_codes *p = &t->parts[i];
		writer_init(&c.out[i], &space[at], p->len);
		rice_writer_init(&c.part[i], &c.out[i], p->k);
		at += p->len;
	}
	each(row, code_entry, &c);
	for (unsigned i = 0; i < COMPACT_PARTS; i++) {
		rice_flush(&c.part[i]);
		if (c.out[i].error)
			return c.out[i].error;
		memmove(&space[len], c.out[i].data, c.out[i].len);
		t->parts[i].len = c.out[i].len;
		len += c.out[i].len;
	}
	if (len > COMPACT_LIST_BODY_MAX)
		return HUFU_ERR_LIMIT;
	suite_hash_of(t->suite, span_of(space, len), t->hash);
	return HUFU_OK;
}

static int build(
        struct compact_list *t, const struct row *row, uint8_t **ret_body)
{
	struct counting c = {0};
	size_t cap = 1; /* malloc(0) may answer NULL */
	each(row, count_entry, &c);
	if (c.broken || c.end > t->entries)
		return HUFU_ERR_ARGUMENT;
	for (unsigned i = 0; i < COMPACT_PARTS; i++) {
		struct rice_codes *p = &t->parts[i];
		p->count = c.count[i];
		p->k = rice_best_k(t->entries, p->count);
		p->len = rice_len_max(t->entries, p->count, p->k);
		cap += p->len;
	}
	uint8_t *space = malloc(cap);
	if (!space)
		return HUFU_ERR_MEMORY;
	int r = code(t, row, space);
	if (r) {
		free(space);
		return r;
	}
	*ret_body = space;
	return HUFU_OK;
}

int compact_build_snapshot(
        struct compact_list *t, struct span map, uint8_t **ret_body)
{
	const struct row row = {.map = map};
	if (map.len == 0 || map.len > STATUS_LIST_MAP_MAX)
		return HUFU_ERR_LIMIT;
	t->kind = COMPACT_SNAPSHOT;
	t->entries = (uint32_t)map.len * 4;
	t->base = 0;
	return build(t, &row, ret_body);
}

int compact_build_delta(struct compact_list *t,
        const struct compact_change *changes, size_t count, uint8_t **ret_body)
{
	const struct row row = {.changes = changes, .count = count};
	t->kind = COMPACT_DELTA;
	return build(t, &row, ret_body);
}

int compact_build_tbs(const struct compact_list *t,
        const struct cose_key *issuer, struct writer *ret)
{
	uint8_t space[COMPACT_LIST_CLAIMS_MAX];
	struct writer claims;
	if (t->suite != cose_key_suite(issuer))
		return HUFU_ERR_ARGUMENT;
	writer_init(&claims, space, sizeof space);
	compact_list_encode(&claims, t);
	return claims.error
	               ? claims.error
	               : tbs_encode(issuer, span_of_text(COMPACT_LIST_TYPE),
	                         writer_span(&claims), ret);
}

int compact_build_file(struct span tbs, struct span sig, struct span body,
        uint8_t **ret_file, size_t *ret_len)
{
	uint8_t sign1_space[SIGN1_MAX];
	struct writer sign1;
	struct writer w;
	size_t cap = sizeof sign1_space + body.len + FILE_EXTRA;
	writer_init(&sign1, sign1_space, sizeof sign1_space);
	int r = tbs_finish(tbs, sig, COSE_FORM_CWT, &sign1);
	if (r)
		return r;
	uint8_t *space = malloc(cap);
	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&w, space, cap);
	cbor_put_array(&w, 2);
	cbor_put_bytes(&w, writer_span(&sign1));
	cbor_put_bytes(&w, body);
	if (w.error) {
		free(space);
		return w.error;
	}
	*ret_file = space;
	*ret_len = w.len;
	return HUFU_OK;
}
