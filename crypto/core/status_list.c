#include "crypto/core/status_list.h"

#include "crypto/core/cbor.h"
#include "crypto/core/compact_list.h"
#include "crypto/core/cose.h"
#include "crypto/core/inflate.h"

enum claim {
	CLAIM_SUB = 2,
	CLAIM_EXP = 4,
	CLAIM_IAT = 6,
	CLAIM_STATUS_LIST = 65533,
	CLAIM_TTL = 65534,
	CLAIM_NUMBER = -65537,
	CLAIM_SEQUENCE = -65538,
};

enum {
	PER_BYTE = 8 / STATUS_LIST_BITS,
	VALUE_MASK = (1 << STATUS_LIST_BITS) - 1,
};

void status_list_encode(struct writer *w, const struct status_list *t)
{
	if (t->issued_s < 0 || t->expires_s < t->issued_s || t->ttl_s < 0)
		writer_fail(w, HUFU_ERR_ARGUMENT);
	cbor_put_map(w, 7);
	cbor_put_uint(w, CLAIM_SUB);
	cbor_put_text(w, t->address);
	cbor_put_uint(w, CLAIM_EXP);
	cbor_put_int(w, t->expires_s);
	cbor_put_uint(w, CLAIM_IAT);
	cbor_put_int(w, t->issued_s);
	cbor_put_uint(w, CLAIM_STATUS_LIST);
	cbor_put_map(w, 2);
	cbor_put_text(w, span_of_text("lst"));
	cbor_put_bytes(w, t->packed);
	cbor_put_text(w, span_of_text("bits"));
	cbor_put_uint(w, STATUS_LIST_BITS);
	cbor_put_uint(w, CLAIM_TTL);
	cbor_put_int(w, t->ttl_s);
	cbor_put_int(w, CLAIM_NUMBER);
	cbor_put_uint(w, t->number);
	cbor_put_int(w, CLAIM_SEQUENCE);
	cbor_put_uint(w, t->sequence);
}

static int64_t get_time(struct reader *r)
{
	int64_t v = cbor_get_int(r);
	if (v < 0)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return v;
}

enum seen {
	SEEN_SUB = 1u << 0,
	SEEN_IAT = 1u << 1,
	SEEN_NUMBER = 1u << 2,
	SEEN_SEQUENCE = 1u << 3,
	SEEN_LIST = 1u << 4,
	SEEN_BITS = 1u << 5,
	SEEN_EXP = 1u << 6,
	SEEN_ALL = (1u << 7) - 1, /* ttl may be absent */
};

static unsigned get_list(struct reader *r, struct status_list *t)
{
	unsigned seen = 0;
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left)) {
		struct span name = cbor_get_name(r);
		if (span_is_text(name, "bits")) {
			if (cbor_get_uint(r) != STATUS_LIST_BITS)
				reader_fail(r, HUFU_ERR_UNSUPPORTED);
			seen |= SEEN_BITS;
		} else if (span_is_text(name, "lst")) {
			t->packed = cbor_get_bytes(r);
			seen |= SEEN_LIST;
		} else {
			(void)cbor_get_item(r);
		}
	}
	return seen;
}

static unsigned get_claim(struct reader *r, struct status_list *t)
{
	switch (cbor_get_label(r)) {
	case CLAIM_SUB:
		t->address = cbor_get_text(r);
		if (t->address.len > STATUS_LIST_ADDRESS_MAX)
			reader_fail(r, HUFU_ERR_LIMIT);
		return SEEN_SUB;
	case CLAIM_EXP:
		t->expires_s = get_time(r);
		return SEEN_EXP;
	case CLAIM_IAT:
		t->issued_s = get_time(r);
		return SEEN_IAT;
	case CLAIM_STATUS_LIST:
		return get_list(r, t);
	case CLAIM_TTL:
		t->ttl_s = get_time(r);
		return 0;
	case CLAIM_NUMBER: {
		uint64_t number = cbor_get_uint(r);
		if (number > UINT32_MAX)
			reader_fail(r, HUFU_ERR_MALFORMED);
		t->number = (uint32_t)number;
		return SEEN_NUMBER;
	}
	case CLAIM_SEQUENCE:
		t->sequence = cbor_get_uint(r);
		return SEEN_SEQUENCE;
	default:
		(void)cbor_get_item(r);
		return 0;
	}
}

int status_list_decode(struct span payload, struct status_list *ret)
{
	struct reader r;
	struct status_list t = {0};
	unsigned seen = 0;
	int rc = cbor_check(payload, CBOR_ANY);
	if (rc)
		return rc;
	reader_init(&r, payload);
	size_t left = cbor_get_map(&r);
	while (cbor_next(&r, &left))
		seen |= get_claim(&r, &t);
	if (r.error)
		return r.error;
	if (seen != SEEN_ALL || t.expires_s < t.issued_s)
		return HUFU_ERR_MALFORMED;
	*ret = t;
	return HUFU_OK;
}

int status_list_open(struct span file, const struct trust_list *trust,
        const struct sigcheck *sigs, struct writer *space,
        struct status_list *ret)
{
	struct cose_sign1 c;
	struct status_list t;
	int rc = cose_decode_sign1(file, &c);
	if (rc)
		return rc;
	if (!span_is_text(c.type, STATUS_LIST_TYPE))
		return HUFU_ERR_UNSUPPORTED; /* signed, but not as this */
	const struct trust_issuer *issuer =
	        trust_list_find(trust, TRUST_STATUS_LIST, c.kid);
	if (!issuer)
		return HUFU_ERR_NOT_FOUND;
	rc = cose_check_sign1(&c, &issuer->key, sigs, space);
	if (rc)
		return rc;
	rc = status_list_decode(c.payload, &t);
	if (rc)
		return rc;
	if (t.issued_s < issuer->valid_from_s ||
	        t.issued_s > issuer->valid_to_s)
		return HUFU_ERR_NOT_FOUND; /* no longer this key's to say */
	t.iss = issuer->iss;
	*ret = t;
	return HUFU_OK;
}

int status_list_expand(struct status_list *t, uint8_t *map, size_t cap)
{
	size_t len;
	int rc = inflate_zlib(t->packed, map, cap, &len);
	if (rc)
		return rc;
	if (len == 0 || len > STATUS_LIST_MAP_MAX)
		return HUFU_ERR_LIMIT;
	t->map = span_of(map, len);
	return HUFU_OK;
}

int status_list_find(
        const struct status_list *t, uint32_t index, enum status_value *ret)
{
	if (t->coded)
		return compact_list_find(t->coded, index, ret);
	if (index / PER_BYTE >= t->map.len)
		return HUFU_ERR_LIMIT;
	unsigned shift = index % PER_BYTE * STATUS_LIST_BITS;
	unsigned v = t->map.data[index / PER_BYTE] >> shift & VALUE_MASK;
	if (v > STATUS_SUSPENDED)
		return HUFU_ERR_UNSUPPORTED;
	*ret = (enum status_value)v;
	return HUFU_OK;
}

void status_list_put(uint8_t *map, uint32_t index, enum status_value value)
{
	unsigned shift = index % PER_BYTE * STATUS_LIST_BITS;
	unsigned mask = (unsigned)VALUE_MASK << shift;
	uint8_t *byte = &map[index / PER_BYTE];
	*byte = (uint8_t)((*byte & ~mask) | (unsigned)value << shift);
}
