#include "crypto/core/trust_list.h"

#include "crypto/core/cbor.h"
#include "crypto/core/cose.h"
#include "crypto/core/mem.h"

enum list_key {
	LIST_VERSION = 0,
	LIST_SEQUENCE = 1,
	LIST_ISSUERS = 2,
	LIST_NEXT_ROOT = 3,
	LIST_EXP = 4,
	LIST_IAT = 6,
};

enum issuer_key {
	ISSUER_KID = 0,
	ISSUER_ALG = 1,
	ISSUER_COSE_KEY = 2,
	ISSUER_VALID_FROM = 3,
	ISSUER_VALID_TO = 4,
	ISSUER_PURPOSE = 5,
	ISSUER_ISS = 6,
	ISSUER_DISPLAY_NAME = 7,
	ISSUER_AREA_PREFIX = 8,
	ISSUER_ADDRESSES = 9,
	ISSUER_LOG_VKEY = 10,
	ISSUER_KEYS = 11,
};

static bool is_purpose(uint64_t v)
{
	return v == TRUST_CARD || v == TRUST_STATUS_LIST;
}

static void put_text(struct writer *w, uint64_t key, struct span text)
{
	if (text.len > TRUST_LIST_TEXT_MAX)
		writer_fail(w, HUFU_ERR_LIMIT);
	cbor_put_uint(w, key);
	cbor_put_text(w, text);
}

static void put_issuer(struct writer *w, const struct trust_issuer *i)
{
	if (i->alg != (int32_t)cose_key_alg(&i->key) ||
	        !is_purpose(i->purpose) || i->valid_from_s > i->valid_to_s)
		writer_fail(w, HUFU_ERR_ARGUMENT);
	if (i->address_count > TRUST_LIST_ADDRESSES_MAX) {
		writer_fail(w, HUFU_ERR_LIMIT);
		return;
	}
	cbor_put_map(w, ISSUER_KEYS);
	cbor_put_uint(w, ISSUER_KID);
	cbor_put_bytes(w, span_of(i->kid, sizeof i->kid));
	cbor_put_uint(w, ISSUER_ALG);
	cbor_put_int(w, i->alg);
	cbor_put_uint(w, ISSUER_COSE_KEY);
	cose_key_encode(w, &i->key);
	cbor_put_uint(w, ISSUER_VALID_FROM);
	cbor_put_int(w, i->valid_from_s);
	cbor_put_uint(w, ISSUER_VALID_TO);
	cbor_put_int(w, i->valid_to_s);
	cbor_put_uint(w, ISSUER_PURPOSE);
	cbor_put_uint(w, i->purpose);
	put_text(w, ISSUER_ISS, i->iss);
	put_text(w, ISSUER_DISPLAY_NAME, i->display_name);
	put_text(w, ISSUER_AREA_PREFIX, i->area_prefix);
	cbor_put_uint(w, ISSUER_ADDRESSES);
	cbor_put_array(w, i->address_count);
	for (size_t n = 0; n < i->address_count; n++) {
		if (i->addresses[n].len > TRUST_LIST_TEXT_MAX)
			writer_fail(w, HUFU_ERR_LIMIT);
		cbor_put_text(w, i->addresses[n]);
	}
	put_text(w, ISSUER_LOG_VKEY, i->log_vkey);
}

void trust_list_encode(struct writer *w, const struct trust_list *t)
{
	if (t->issuer_count > TRUST_LIST_ISSUERS_MAX) {
		writer_fail(w, HUFU_ERR_LIMIT);
		return;
	}
	cbor_put_map(w, t->has_next_root ? 6 : 5);
	cbor_put_uint(w, LIST_VERSION);
	cbor_put_uint(w, TRUST_LIST_VERSION);
	cbor_put_uint(w, LIST_SEQUENCE);
	cbor_put_uint(w, t->sequence);
	cbor_put_uint(w, LIST_ISSUERS);
	cbor_put_array(w, t->issuer_count);
	for (size_t i = 0; i < t->issuer_count; i++)
		put_issuer(w, &t->issuers[i]);
	if (t->has_next_root) {
		cbor_put_uint(w, LIST_NEXT_ROOT);
		cose_key_encode(w, &t->next_root);
	}
	cbor_put_uint(w, LIST_EXP);
	cbor_put_int(w, t->expires_s);
	cbor_put_uint(w, LIST_IAT);
	cbor_put_int(w, t->issued_s);
}

/* Each map has exactly these keys in this order, so they are expected. */
static void expect_key(struct reader *r, uint64_t key)
{
	if (cbor_get_uint(r) != key)
		reader_fail(r, HUFU_ERR_MALFORMED);
}

static int64_t get_time(struct reader *r, uint64_t key)
{
	expect_key(r, key);
	int64_t v = cbor_get_int(r);
	if (v < 0)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return v;
}

static struct span get_text(struct reader *r)
{
	struct span s = cbor_get_text(r);
	if (s.len > TRUST_LIST_TEXT_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	return s;
}

static void get_key(struct reader *r, struct trust_issuer *i)
{
	expect_key(r, ISSUER_KID);
	struct span kid = cbor_get_bytes(r);
	if (kid.len != sizeof i->kid) {
		reader_fail(r, HUFU_ERR_MALFORMED);
		return;
	}
	memcpy(i->kid, kid.data, sizeof i->kid);
	expect_key(r, ISSUER_ALG);
	int64_t alg = cbor_get_int(r);
	expect_key(r, ISSUER_COSE_KEY);
	if (cose_key_get(r, &i->key))
		return; /* the failure is the reader's too */
	i->alg = (int32_t)cose_key_alg(&i->key);
	if (alg != i->alg)
		reader_fail(r, HUFU_ERR_MALFORMED);
}

static void get_addresses(struct reader *r, struct trust_issuer *i)
{
	expect_key(r, ISSUER_ADDRESSES);
	size_t left = cbor_get_array(r);
	if (left > TRUST_LIST_ADDRESSES_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	while (cbor_next(r, &left))
		i->addresses[i->address_count++] = get_text(r);
}

static void get_issuer(struct reader *r, struct trust_issuer *i)
{
	*i = (struct trust_issuer){0};
	if (cbor_get_map(r) != ISSUER_KEYS)
		reader_fail(r, HUFU_ERR_MALFORMED);
	get_key(r, i);
	i->valid_from_s = get_time(r, ISSUER_VALID_FROM);
	i->valid_to_s = get_time(r, ISSUER_VALID_TO);
	expect_key(r, ISSUER_PURPOSE);
	uint64_t purpose = cbor_get_uint(r);
	if (!is_purpose(purpose) || i->valid_from_s > i->valid_to_s)
		reader_fail(r, HUFU_ERR_MALFORMED);
	i->purpose = (enum trust_purpose)purpose;
	expect_key(r, ISSUER_ISS);
	i->iss = get_text(r);
	expect_key(r, ISSUER_DISPLAY_NAME);
	i->display_name = get_text(r);
	expect_key(r, ISSUER_AREA_PREFIX);
	i->area_prefix = get_text(r);
	get_addresses(r, i);
	expect_key(r, ISSUER_LOG_VKEY);
	i->log_vkey = get_text(r);
}

static bool has_duplicate_kid(const struct trust_list *t)
{
	for (size_t a = 0; a < t->issuer_count; a++)
		for (size_t b = 0; b < a; b++)
			if (memcmp(t->issuers[a].kid, t->issuers[b].kid,
			            COSE_KEY_ID_LEN) == 0)
				return true;
	return false;
}

/* Into *t itself: it is too large for a second one on the stack. */
static void get_list(struct reader *r, struct trust_list *t)
{
	size_t keys = cbor_get_map(r);
	expect_key(r, LIST_VERSION);
	if (cbor_get_uint(r) != TRUST_LIST_VERSION)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	expect_key(r, LIST_SEQUENCE);
	t->sequence = cbor_get_uint(r);
	expect_key(r, LIST_ISSUERS);
	size_t left = cbor_get_array(r);
	if (left > TRUST_LIST_ISSUERS_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	t->issuer_count = 0;
	while (cbor_next(r, &left))
		get_issuer(r, &t->issuers[t->issuer_count++]);
	t->has_next_root = keys == 6;
	if (t->has_next_root) {
		expect_key(r, LIST_NEXT_ROOT);
		if (cose_key_get(r, &t->next_root))
			return; /* the failure is the reader's too */
	}
	t->expires_s = get_time(r, LIST_EXP);
	t->issued_s = get_time(r, LIST_IAT);
	if ((keys != 5 && keys != 6) || t->expires_s <= t->issued_s)
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (has_duplicate_kid(t))
		reader_fail(r, HUFU_ERR_DUPLICATE);
}

int trust_list_decode(struct span payload, struct trust_list *ret)
{
	struct reader r;
	if (payload.len > TRUST_LIST_MAX)
		return HUFU_ERR_LIMIT;
	int rc = cbor_check(payload, CBOR_DETERMINISTIC);
	if (rc)
		return rc;
	reader_init(&r, payload);
	get_list(&r, ret);
	rc = reader_done(&r);
	if (rc)
		ret->issuer_count = 0; /* believes nobody */
	return rc;
}

int trust_list_open(struct span file, const struct cose_key *root,
        const struct sigcheck *sigs, struct writer *space,
        struct trust_list *ret)
{
	struct cose_sign1 c;
	if (file.len > TRUST_LIST_MAX)
		return HUFU_ERR_LIMIT;
	int rc = cose_decode_sign1(file, &c);
	if (rc)
		return rc;
	if (!span_is_text(c.type, TRUST_LIST_TYPE))
		return HUFU_ERR_UNSUPPORTED; /* signed, but not as this */
	rc = cose_check_sign1(&c, root, sigs, space);
	return rc ? rc : trust_list_decode(c.payload, ret);
}

int trust_list_check_newer(uint64_t seen_sequence, const uint8_t seen_hash[32],
        uint64_t sequence, const uint8_t hash[32])
{
	if (sequence < seen_sequence)
		return HUFU_ERR_STALE;
	if (sequence == seen_sequence && memcmp(seen_hash, hash, 32) != 0)
		return HUFU_ERR_CONFLICT;
	return HUFU_OK;
}

const struct trust_issuer *trust_list_find(
        const struct trust_list *t, enum trust_purpose purpose, struct span kid)
{
	for (size_t n = 0; n < t->issuer_count; n++) {
		const struct trust_issuer *i = &t->issuers[n];
		if (i->purpose == purpose &&
		        span_equal(kid, span_of(i->kid, sizeof i->kid)))
			return i;
	}
	return NULL;
}

const struct trust_issuer *trust_list_find_current(const struct trust_list *t,
        enum trust_purpose purpose, struct span iss, int32_t alg,
        int64_t time_s)
{
	const struct trust_issuer *found = NULL;
	for (size_t n = 0; n < t->issuer_count; n++) {
		const struct trust_issuer *i = &t->issuers[n];
		if (i->purpose != purpose || i->alg != alg ||
		        !span_equal(i->iss, iss) || time_s < i->valid_from_s ||
		        time_s > i->valid_to_s)
			continue;
		if (!found || i->valid_from_s > found->valid_from_s)
			found = i;
	}
	return found;
}

const struct trust_issuer *trust_list_find_iss(const struct trust_list *t,
        enum trust_purpose purpose, struct span iss, int32_t alg)
{
	const struct trust_issuer *found = NULL;
	for (size_t n = 0; n < t->issuer_count; n++) {
		const struct trust_issuer *i = &t->issuers[n];
		if (i->purpose != purpose || i->alg != alg ||
		        !span_equal(i->iss, iss))
			continue;
		if (found)
			return NULL; /* two keys: the kid would have to say */
		found = i;
	}
	return found;
}
