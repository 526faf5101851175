#include "crypto/core/credential.h"

#include "crypto/core/cbor.h"
#include "crypto/core/mem.h"

/* Claims of a CWT (RFC 8392 section 4, IANA CWT Claims). */
enum cwt_claim {
	CLAIM_ISS = 1,
	CLAIM_EXP = 4,
	CLAIM_NBF = 5,
	CLAIM_IAT = 6,
	CLAIM_169 = 169,
};

/* Attributes within claim 169; 75 to 78 are ours. */
enum attribute {
	ATTRIBUTE_ID = 1,
	ATTRIBUTE_FULL_NAME = 4,
	ATTRIBUTE_KIND = 75,
	ATTRIBUTE_BENEFITS = 76,
	ATTRIBUTE_STATUS = 77,
	ATTRIBUTE_CHIP = 78,
};

enum {
	ATTRIBUTES_LEN_MAX = CREDENTIAL_NUMBER_MAX + CREDENTIAL_NAME_MAX +
	                     CREDENTIAL_CHIP_HASH_LEN + 64,
};

static struct span get_text(struct reader *r, size_t max)
{
	struct span s = cbor_get_text(r);
	if (s.len > max)
		reader_fail(r, HUFU_ERR_LIMIT);
	return s;
}

static uint32_t get_u32(struct reader *r)
{
	uint64_t v = cbor_get_uint(r);
	if (v > UINT32_MAX)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return (uint32_t)v;
}

static void get_status(struct reader *r, struct credential *c)
{
	size_t left = cbor_get_array(r);
	if (left != 2 && left != CBOR_INDEFINITE)
		reader_fail(r, HUFU_ERR_MALFORMED);
	c->status_list = get_u32(r);
	c->status_index = get_u32(r);
	if (left == CBOR_INDEFINITE && cbor_next(r, &left))
		reader_fail(r, HUFU_ERR_MALFORMED);
}

static void get_chip(struct reader *r, struct credential *c)
{
	struct span s = cbor_get_bytes(r);
	if (s.len == sizeof c->chip_hash)
		memcpy(c->chip_hash, s.data, sizeof c->chip_hash);
	else
		reader_fail(r, HUFU_ERR_MALFORMED);
}

static void get_attribute(struct reader *r, struct credential *c)
{
	switch (cbor_get_label(r)) {
	case ATTRIBUTE_ID:
		c->card_number = get_text(r, CREDENTIAL_NUMBER_MAX);
		c->present |= CREDENTIAL_CARD_NUMBER;
		break;
	case ATTRIBUTE_FULL_NAME:
		c->name = get_text(r, CREDENTIAL_NAME_MAX);
		c->present |= CREDENTIAL_NAME;
		break;
	case ATTRIBUTE_KIND:
		c->kind = get_u32(r);
		c->present |= CREDENTIAL_KIND;
		break;
	case ATTRIBUTE_BENEFITS:
		c->benefit_classes = cbor_get_uint(r);
		c->present |= CREDENTIAL_BENEFITS;
		break;
	case ATTRIBUTE_STATUS:
		get_status(r, c);
		c->present |= CREDENTIAL_STATUS;
		break;
	case ATTRIBUTE_CHIP:
		get_chip(r, c);
		c->present |= CREDENTIAL_CHIP;
		break;
	default:
		(void)cbor_get_item(r);
	}
}

static void get_attributes(struct reader *r, struct credential *c)
{
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left))
		get_attribute(r, c);
}

/* Claim 169 as a byte string that holds the map. */
static void get_wrapped(struct reader *r, struct credential *c)
{
	struct reader inner;
	struct span in = cbor_get_bytes(r);
	if (r->error)
		return;
	int rc = cbor_check(in, CBOR_ANY);
	if (rc) {
		reader_fail(r, rc);
		return;
	}
	reader_init(&inner, in);
	get_attributes(&inner, c);
	if (inner.error)
		reader_fail(r, inner.error);
}

static int64_t get_time(struct reader *r)
{
	int64_t v = cbor_get_int(r);
	if (v < 0)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return v;
}

static void get_claim(struct reader *r, struct credential *c)
{
	switch (cbor_get_label(r)) {
	case CLAIM_ISS:
		c->iss = get_text(r, CREDENTIAL_ISS_MAX);
		c->present |= CREDENTIAL_ISS;
		break;
	case CLAIM_EXP:
		c->exp_s = get_time(r);
		c->present |= CREDENTIAL_EXP;
		break;
	case CLAIM_NBF:
		c->nbf_s = get_time(r);
		c->present |= CREDENTIAL_NBF;
		break;
	case CLAIM_IAT:
		c->iat_s = get_time(r);
		c->present |= CREDENTIAL_IAT;
		break;
	case CLAIM_169:
		if (cbor_peek(r) == CBOR_BYTES)
			get_wrapped(r, c);
		else
			get_attributes(r, c);
		break;
	default:
		(void)cbor_get_item(r);
	}
}

/* Asked first: the other claims of a foreign document are not ours to judge. */
static bool has_claim_169(struct span payload)
{
	struct reader r;
	bool found = false;
	reader_init(&r, payload);
	if (cbor_peek(&r) != CBOR_MAP)
		return false;
	size_t left = cbor_get_map(&r);
	while (!found && cbor_next(&r, &left)) {
		found = cbor_get_label(&r) == CLAIM_169;
		(void)cbor_get_item(&r);
	}
	return found;
}

int credential_decode(struct span payload, struct credential *ret)
{
	struct reader r;
	struct credential c = {0};
	int rc = cbor_check(payload, CBOR_ANY);
	if (rc)
		return rc;
	if (!has_claim_169(payload))
		return HUFU_ERR_NOT_FOUND;
	reader_init(&r, payload);
	size_t left = cbor_get_map(&r);
	while (cbor_next(&r, &left))
		get_claim(&r, &c);
	if (r.error)
		return r.error;
	*ret = c;
	return HUFU_OK;
}

static unsigned count_present(const struct credential *c, uint32_t mask)
{
	unsigned count = 0;
	for (uint32_t bits = c->present & mask; bits; bits &= bits - 1)
		count++;
	return count;
}

static void put_attributes(struct writer *w, const struct credential *c)
{
	cbor_put_map(w,
	        count_present(c, CREDENTIAL_CARD_NUMBER | CREDENTIAL_NAME |
	                                 CREDENTIAL_KIND | CREDENTIAL_BENEFITS |
	                                 CREDENTIAL_STATUS | CREDENTIAL_CHIP));
	if (c->present & CREDENTIAL_CARD_NUMBER) {
		cbor_put_uint(w, ATTRIBUTE_ID);
		cbor_put_text(w, c->card_number);
	}
	if (c->present & CREDENTIAL_NAME) {
		cbor_put_uint(w, ATTRIBUTE_FULL_NAME);
		cbor_put_text(w, c->name);
	}
	if (c->present & CREDENTIAL_KIND) {
		cbor_put_uint(w, ATTRIBUTE_KIND);
		cbor_put_uint(w, c->kind);
	}
	if (c->present & CREDENTIAL_BENEFITS) {
		cbor_put_uint(w, ATTRIBUTE_BENEFITS);
		cbor_put_uint(w, c->benefit_classes);
	}
	if (c->present & CREDENTIAL_STATUS) {
		cbor_put_uint(w, ATTRIBUTE_STATUS);
		cbor_put_array(w, 2);
		cbor_put_uint(w, c->status_list);
		cbor_put_uint(w, c->status_index);
	}
	if (c->present & CREDENTIAL_CHIP) {
		cbor_put_uint(w, ATTRIBUTE_CHIP);
		cbor_put_bytes(w, span_of(c->chip_hash, sizeof c->chip_hash));
	}
}

static void put_time(struct writer *w, enum cwt_claim claim, int64_t time_s)
{
	if (time_s < 0)
		writer_fail(w, HUFU_ERR_ARGUMENT);
	cbor_put_uint(w, claim);
	cbor_put_int(w, time_s);
}

void credential_encode(struct writer *w, const struct credential *c)
{
	uint8_t space[ATTRIBUTES_LEN_MAX];
	struct writer inner;
	if (c->iss.len > CREDENTIAL_ISS_MAX ||
	        c->card_number.len > CREDENTIAL_NUMBER_MAX ||
	        c->name.len > CREDENTIAL_NAME_MAX)
		writer_fail(w, HUFU_ERR_LIMIT);
	writer_init(&inner, space, sizeof space);
	put_attributes(&inner, c);

	cbor_put_map(w,
	        1 + count_present(c, CREDENTIAL_ISS | CREDENTIAL_EXP |
	                                     CREDENTIAL_NBF | CREDENTIAL_IAT));
	if (c->present & CREDENTIAL_ISS) {
		cbor_put_uint(w, CLAIM_ISS);
		cbor_put_text(w, c->iss);
	}
	if (c->present & CREDENTIAL_EXP)
		put_time(w, CLAIM_EXP, c->exp_s);
	if (c->present & CREDENTIAL_NBF)
		put_time(w, CLAIM_NBF, c->nbf_s);
	if (c->present & CREDENTIAL_IAT)
		put_time(w, CLAIM_IAT, c->iat_s);
	cbor_put_uint(w, CLAIM_169);
	cbor_put_bytes(w, writer_span(&inner));
	if (inner.error)
		writer_fail(w, inner.error);
	bytes_wipe(space, sizeof space);
}
