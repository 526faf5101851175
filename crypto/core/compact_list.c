#include "crypto/core/compact_list.h"

#include "crypto/core/cbor.h"
#include "crypto/core/compact_walk.h"
#include "crypto/core/cose.h"
#include "crypto/core/mem.h"

enum claim {
	CLAIM_VERSION = 0,
	CLAIM_ISS = 1,
	CLAIM_NUMBER = 2,
	CLAIM_SEQUENCE = 3,
	CLAIM_EXP = 4,
	CLAIM_BASE = 5, /* makes it a delta */
	CLAIM_IAT = 6,
	CLAIM_ENTRIES = 7,
	CLAIM_SUITE = 8,
	CLAIM_HASH = 9,
	CLAIM_PARTS = 10, /* [[count, k, bytes]...] */
	CLAIMS = 10, /* of a snapshot; a delta has one more */
	SNAPSHOT_PARTS = 2,
};

static unsigned part_count(enum compact_kind kind)
{
	return kind == COMPACT_DELTA ? COMPACT_PARTS : SNAPSHOT_PARTS;
}

/* ---- claims ---- */

static bool is_sound(const struct compact_list *t)
{
	size_t bytes = 0;
	uint64_t codes = 0;
	for (unsigned i = 0; i < COMPACT_PARTS; i++) {
		const struct rice_codes *p = &t->parts[i];
		if (p->k > RICE_K_MAX || (p->count == 0) != (p->len == 0) ||
		        p->len > COMPACT_LIST_BODY_MAX)
			return false;
		bytes += p->len;
		codes += p->count;
	}
	if (t->kind == COMPACT_SNAPSHOT && t->parts[COMPACT_CLEARED].count)
		return false;
	return bytes <= COMPACT_LIST_BODY_MAX && codes <= t->entries &&
	       t->entries >= 4 && t->entries % 4 == 0 &&
	       t->entries <= STATUS_LIST_ENTRIES_MAX && t->issued_s >= 0 &&
	       t->expires_s >= t->issued_s && t->base <= t->sequence &&
	       (t->suite == SUITE_INTL || t->suite == SUITE_SM) &&
	       t->iss.len > 0 && t->iss.len <= TRUST_LIST_TEXT_MAX;
}

static void put_number(struct writer *w, enum claim key, uint64_t value)
{
	cbor_put_uint(w, key);
	cbor_put_uint(w, value);
}

void compact_list_encode(struct writer *w, const struct compact_list *t)
{
	bool delta = t->kind == COMPACT_DELTA;
	if (!is_sound(t)) {
		writer_fail(w, HUFU_ERR_ARGUMENT);
		return;
	}
	cbor_put_map(w, delta ? CLAIMS + 1 : CLAIMS);
	put_number(w, CLAIM_VERSION, COMPACT_LIST_VERSION);
	cbor_put_uint(w, CLAIM_ISS);
	cbor_put_text(w, t->iss);
	put_number(w, CLAIM_NUMBER, t->number);
	put_number(w, CLAIM_SEQUENCE, t->sequence);
	put_number(w, CLAIM_EXP, (uint64_t)t->expires_s);
	if (delta)
		put_number(w, CLAIM_BASE, t->base);
	put_number(w, CLAIM_IAT, (uint64_t)t->issued_s);
	put_number(w, CLAIM_ENTRIES, t->entries);
	put_number(w, CLAIM_SUITE, t->suite);
	cbor_put_uint(w, CLAIM_HASH);
	cbor_put_bytes(w, span_of(t->hash, sizeof t->hash));
	cbor_put_uint(w, CLAIM_PARTS);
	cbor_put_array(w, part_count(t->kind));
	for (unsigned i = 0; i < part_count(t->kind); i++) {
		cbor_put_array(w, 3);
		cbor_put_uint(w, t->parts[i].count);
		cbor_put_uint(w, t->parts[i].k);
		cbor_put_uint(w, t->parts[i].len);
	}
}

/* Each map has exactly these keys in this order, so they are expected. */
static void expect_key(struct reader *r, enum claim key)
{
	if (cbor_get_uint(r) != key)
		reader_fail(r, HUFU_ERR_MALFORMED);
}

static uint64_t get_upto(struct reader *r, uint64_t max)
{
	uint64_t v = cbor_get_uint(r);
	if (v <= max)
		return v;
	reader_fail(r, HUFU_ERR_MALFORMED);
	return 0;
}

static uint64_t get_number(struct reader *r, enum claim key, uint64_t max)
{
	expect_key(r, key);
	return get_upto(r, max);
}

static void get_parts(struct reader *r, struct compact_list *t)
{
	expect_key(r, CLAIM_PARTS);
	if (cbor_get_array(r) != part_count(t->kind))
		reader_fail(r, HUFU_ERR_MALFORMED);
	for (unsigned i = 0; i < part_count(t->kind); i++) {
		struct rice_codes *p = &t->parts[i];
		if (cbor_get_array(r) != 3)
			reader_fail(r, HUFU_ERR_MALFORMED);
		p->count = (uint32_t)get_upto(r, STATUS_LIST_ENTRIES_MAX);
		p->k = (unsigned)get_upto(r, RICE_K_MAX);
		p->len = (size_t)get_upto(r, COMPACT_LIST_BODY_MAX);
	}
}

static void get_claims(struct reader *r, struct compact_list *t)
{
	size_t pairs = cbor_get_map(r);
	t->kind = pairs == CLAIMS + 1 ? COMPACT_DELTA : COMPACT_SNAPSHOT;
	if (pairs != CLAIMS && pairs != CLAIMS + 1)
		reader_fail(r, HUFU_ERR_MALFORMED);
	expect_key(r, CLAIM_VERSION);
	if (cbor_get_uint(r) != COMPACT_LIST_VERSION)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	expect_key(r, CLAIM_ISS);
	t->iss = cbor_get_text(r);
	t->number = (uint32_t)get_number(r, CLAIM_NUMBER, UINT32_MAX);
	t->sequence = get_number(r, CLAIM_SEQUENCE, UINT64_MAX);
	t->expires_s = (int64_t)get_number(r, CLAIM_EXP, INT64_MAX);
	if (t->kind == COMPACT_DELTA)
		t->base = get_number(r, CLAIM_BASE, UINT64_MAX);
	t->issued_s = (int64_t)get_number(r, CLAIM_IAT, INT64_MAX);
	t->entries =
	        (uint32_t)get_number(r, CLAIM_ENTRIES, STATUS_LIST_ENTRIES_MAX);
	t->suite = (enum suite)get_number(r, CLAIM_SUITE, SUITE_SM);
	expect_key(r, CLAIM_HASH);
	struct span hash = cbor_get_bytes(r);
	if (hash.len != sizeof t->hash)
		reader_fail(r, HUFU_ERR_MALFORMED);
	else
		memcpy(t->hash, hash.data, sizeof t->hash);
	get_parts(r, t);
}

int compact_list_decode(struct span claims, struct compact_list *ret)
{
	struct compact_list t = {0};
	struct reader r;
	if (claims.len > COMPACT_LIST_CLAIMS_MAX)
		return HUFU_ERR_LIMIT;
	int rc = cbor_check(claims, CBOR_DETERMINISTIC);
	if (rc)
		return rc;
	reader_init(&r, claims);
	get_claims(&r, &t);
	rc = reader_done(&r);
	if (rc)
		return rc;
	if (!is_sound(&t))
		return HUFU_ERR_MALFORMED;
	*ret = t;
	return HUFU_OK;
}

/* ---- the body ---- */

size_t compact_list_body_len(const struct compact_list *t)
{
	size_t len = 0;
	for (unsigned i = 0; i < COMPACT_PARTS; i++)
		len += t->parts[i].len;
	return len;
}

int compact_list_attach(struct compact_list *t, struct span body)
{
	uint8_t hash[SUITE_HASH_LEN];
	struct reader r;
	if (body.len != compact_list_body_len(t))
		return HUFU_ERR_CORRUPT;
	suite_hash_of(t->suite, body, hash);
	if (memcmp(hash, t->hash, sizeof hash) != 0)
		return HUFU_ERR_CORRUPT;
	reader_init(&r, body);
	for (unsigned i = 0; i < COMPACT_PARTS; i++)
		t->parts[i].bits = reader_get_span(&r, t->parts[i].len);
	return reader_done(&r);
}

/* ---- a signed file ---- */

static int split_file(
        struct span file, struct cose_sign1 *ret_signed, struct span *ret_body)
{
	struct reader r;
	if (file.len > COMPACT_LIST_FILE_MAX)
		return HUFU_ERR_LIMIT;
	int rc = cbor_check(file, CBOR_DETERMINISTIC);
	if (rc)
		return rc;
	reader_init(&r, file);
	if (cbor_get_array(&r) != 2)
		return HUFU_ERR_MALFORMED;
	struct span sign1 = cbor_get_bytes(&r);
	*ret_body = cbor_get_bytes(&r);
	rc = reader_done(&r);
	if (rc)
		return rc;
	rc = cose_decode_sign1(sign1, ret_signed);
	if (rc)
		return rc;
	if (!span_is_text(ret_signed->type, COMPACT_LIST_TYPE))
		return HUFU_ERR_UNSUPPORTED; /* signed, but not as this */
	return ret_signed->payload.len > COMPACT_LIST_CLAIMS_MAX
	               ? HUFU_ERR_LIMIT
	               : HUFU_OK;
}

int compact_list_open(struct span file, const struct trust_list *trust,
        const struct sigcheck *sigs, struct writer *space,
        struct compact_list *ret)
{
	struct cose_sign1 c;
	struct compact_list t;
	struct span body;
	int rc = split_file(file, &c, &body);
	if (rc)
		return rc;
	const struct trust_issuer *issuer =
	        trust_list_find(trust, TRUST_STATUS_LIST, c.kid);
	if (!issuer)
		return HUFU_ERR_NOT_FOUND;
	rc = cose_check_sign1(&c, &issuer->key, sigs, space);
	if (!rc)
		rc = compact_list_decode(c.payload, &t);
	if (rc)
		return rc;
	if (t.issued_s < issuer->valid_from_s ||
	        t.issued_s > issuer->valid_to_s ||
	        !span_equal(t.iss, issuer->iss))
		return HUFU_ERR_NOT_FOUND; /* not this key's to say */
	if (t.suite != cose_key_suite(&issuer->key))
		return HUFU_ERR_MALFORMED;
	rc = compact_list_attach(&t, body);
	if (rc)
		return rc == HUFU_ERR_CORRUPT ? HUFU_ERR_SIGNATURE : rc;
	*ret = t;
	return HUFU_OK;
}

int compact_list_check_newer(
        const struct compact_list *seen, const struct compact_list *next)
{
	if (seen->number != next->number || !span_equal(seen->iss, next->iss))
		return HUFU_ERR_CONFLICT;
	if (next->sequence < seen->sequence)
		return HUFU_ERR_STALE;
	if (next->sequence > seen->sequence || next->kind != seen->kind ||
	        next->base != seen->base)
		return HUFU_OK;
	bool same = next->issued_s == seen->issued_s &&
	            next->expires_s == seen->expires_s &&
	            next->entries == seen->entries &&
	            next->suite == seen->suite &&
	            memcmp(next->hash, seen->hash, sizeof seen->hash) == 0;
	return same ? HUFU_OK : HUFU_ERR_CONFLICT;
}

/* ---- as a bit map ---- */

static const enum status_value value_of[COMPACT_PARTS] = {
        [COMPACT_INVALID] = STATUS_INVALID,
        [COMPACT_SUSPENDED] = STATUS_SUSPENDED,
        [COMPACT_CLEARED] = STATUS_VALID,
};

static struct status_list as_status(const struct compact_list *t)
{
	return (struct status_list){.number = t->number,
	        .sequence = t->sequence,
	        .issued_s = t->issued_s,
	        .expires_s = t->expires_s,
	        .iss = t->iss};
}

static int put_all(const struct compact_list *t, uint8_t *map)
{
	struct compact_walk w;
	compact_walk_init(&w, t);
	while (compact_walk_next(&w))
		status_list_put(map, w.index, value_of[w.at]);
	return compact_walk_done(&w);
}

int compact_list_expand(const struct compact_list *t, uint8_t *map, size_t cap,
        struct status_list *ret)
{
	size_t len = t->entries / 4;
	if (t->kind != COMPACT_SNAPSHOT)
		return HUFU_ERR_ARGUMENT;
	if (cap < len)
		return HUFU_ERR_LIMIT;
	memset(map, 0, len);
	int rc = put_all(t, map);
	if (rc)
		return rc;
	*ret = as_status(t);
	ret->map = span_of(map, len);
	return HUFU_OK;
}

int compact_list_apply(
        const struct compact_list *delta, uint8_t *map, struct status_list *t)
{
	if (delta->kind != COMPACT_DELTA || t->coded || t->map.data != map)
		return HUFU_ERR_ARGUMENT;
	if (t->number != delta->number || !span_equal(t->iss, delta->iss) ||
	        t->map.len != delta->entries / 4 || t->sequence < delta->base)
		return HUFU_ERR_CONFLICT;
	if (t->sequence > delta->sequence)
		return HUFU_ERR_STALE;
	int rc = compact_walk_check(delta);
	if (!rc)
		rc = put_all(delta, map);
	if (rc)
		return rc;
	t->sequence = delta->sequence;
	t->issued_s = delta->issued_s;
	t->expires_s = delta->expires_s;
	return HUFU_OK;
}

/* ---- coded ---- */

static size_t skips_of(const struct rice_codes *p)
{
	return (p->count + (size_t)COMPACT_LIST_SKIP - 1) / COMPACT_LIST_SKIP;
}

size_t compact_list_skips(const struct compact_list *t)
{
	return skips_of(&t->parts[COMPACT_INVALID]) +
	       skips_of(&t->parts[COMPACT_SUSPENDED]);
}

static void index_part(const struct rice_codes *p, uint32_t entries,
        struct compact_skip *skips)
{
	struct rice_reader r;
	uint32_t index;
	rice_reader_init(&r, p, entries);
	for (size_t i = 0; i < skips_of(p); i++) {
		skips[i] = (struct compact_skip){r.next, (uint32_t)r.bit};
		for (unsigned n = 0; n < COMPACT_LIST_SKIP; n++)
			if (!rice_get(&r, &index))
				break; /* the end: all was checked */
	}
}

int compact_list_index(struct compact_list *t, struct compact_skip *skips,
        size_t cap, struct status_list *ret)
{
	if (t->kind != COMPACT_SNAPSHOT)
		return HUFU_ERR_ARGUMENT;
	if (cap < compact_list_skips(t))
		return HUFU_ERR_SPACE;
	int rc = compact_walk_check(t);
	if (rc)
		return rc;
	index_part(&t->parts[COMPACT_INVALID], t->entries, skips);
	index_part(&t->parts[COMPACT_SUSPENDED], t->entries,
	        &skips[skips_of(&t->parts[COMPACT_INVALID])]);
	t->skips = skips;
	*ret = as_status(t);
	ret->coded = t;
	return HUFU_OK;
}

static bool holds(const struct compact_list *t, enum compact_part part,
        const struct compact_skip *skips, uint32_t index)
{
	const struct rice_codes *p = &t->parts[part];
	size_t low = 0, high = skips_of(p); /* skips[low].next <= index */
	struct rice_reader r;
	uint32_t at;
	if (high == 0)
		return false;
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;
		if (skips[mid].next <= index)
			low = mid;
		else
			high = mid;
	}
	rice_reader_init(&r, p, t->entries);
	r.next = skips[low].next;
	r.bit = skips[low].bit;
	r.left = p->count - (uint32_t)low * COMPACT_LIST_SKIP;
	for (unsigned n = 0; n < COMPACT_LIST_SKIP && rice_get(&r, &at); n++)
		if (at >= index)
			return at == index;
	return false;
}

int compact_list_find(
        const struct compact_list *t, uint32_t index, enum status_value *ret)
{
	const struct compact_skip *skips = t->skips;
	if (!skips || index >= t->entries)
		return HUFU_ERR_LIMIT;
	if (holds(t, COMPACT_INVALID, skips, index))
		*ret = STATUS_INVALID;
	else if (holds(t, COMPACT_SUSPENDED,
	                 &skips[skips_of(&t->parts[COMPACT_INVALID])], index))
		*ret = STATUS_SUSPENDED;
	else
		*ret = STATUS_VALID;
	return HUFU_OK;
}
