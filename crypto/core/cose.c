#include "crypto/core/cose.h"

#include "crypto/core/cbor.h"
#include "crypto/core/cose_key.h"

enum cose_header {
	HEADER_ALG = 1,
	HEADER_CRIT = 2,
	HEADER_KID = 4,
	HEADER_TYPE = 16, /* RFC 9596 */
};

enum {
	SIGN1_ITEMS = 4,
	ENCRYPT0_ITEMS = 3,
};

static bool is_other_cose_tag(uint64_t tag)
{
	/* Encrypt0, Mac0; Encrypt, Mac, Sign (RFC 9052 section 2) */
	return tag == 16 || tag == 17 || (tag >= 96 && tag <= 98);
}

static void skip_tags(struct reader *r)
{
	bool cwt = false, sign1 = false;
	while (cbor_peek(r) == CBOR_TAG) {
		uint64_t tag = cbor_get_tag(r);
		if (is_other_cose_tag(tag))
			reader_fail(r, HUFU_ERR_UNSUPPORTED);
		else if (tag == COSE_TAG_CWT && !cwt && !sign1)
			cwt = true;
		else if (tag == COSE_TAG_SIGN1 && !sign1)
			sign1 = true;
		else
			reader_fail(r, HUFU_ERR_MALFORMED);
	}
}

static void get_alg(struct reader *r, struct cose_sign1 *c)
{
	if (cbor_peek(r) == CBOR_TEXT)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	int64_t alg = cbor_get_int(r);
	if (alg < INT32_MIN || alg > INT32_MAX)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	else
		c->alg = (int32_t)alg;
}

static void get_protected_header(struct reader *r, struct cose_sign1 *c)
{
	switch (cbor_get_label(r)) {
	case HEADER_ALG:
		get_alg(r, c);
		break;
	case HEADER_CRIT:
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
		break;
	case HEADER_KID:
		c->kid = cbor_get_bytes(r);
		break;
	case HEADER_TYPE:
		if (cbor_peek(r) == CBOR_TEXT)
			c->type = cbor_get_text(r);
		else
			(void)cbor_get_item(r); /* a media type's number */
		break;
	default:
		(void)cbor_get_item(r);
	}
}

static int decode_protected(struct cose_sign1 *c)
{
	struct reader r;
	if (c->protected.len == 0)
		return HUFU_OK; /* as good as an empty map */
	int rc = cbor_check(c->protected, CBOR_ANY);
	if (rc)
		return rc;
	reader_init(&r, c->protected);
	size_t left = cbor_get_map(&r);
	while (cbor_next(&r, &left))
		get_protected_header(&r, c);
	return r.error;
}

static void get_unprotected(struct reader *r, struct cose_sign1 *c)
{
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left)) {
		int64_t label = cbor_get_label(r);
		if (label == HEADER_KID && c->kid.len == 0)
			c->kid = cbor_get_bytes(r);
		else if (label == HEADER_CRIT)
			/* it must be protected to mean anything */
			reader_fail(r, HUFU_ERR_MALFORMED);
		else
			(void)cbor_get_item(r);
	}
}

static void get_body(struct reader *r, struct cose_sign1 *c)
{
	size_t left = cbor_get_array(r);
	if (left == ENCRYPT0_ITEMS && cbor_peek(r) == CBOR_BYTES)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	else if (left != SIGN1_ITEMS && left != CBOR_INDEFINITE)
		reader_fail(r, HUFU_ERR_MALFORMED);
	c->protected = cbor_get_bytes(r);
	if (r->error)
		return;
	int rc = decode_protected(c);
	if (rc)
		reader_fail(r, rc);
	get_unprotected(r, c);
	if (cbor_peek(r) == CBOR_SIMPLE)
		reader_fail(r, HUFU_ERR_UNSUPPORTED); /* detached */
	c->payload = cbor_get_bytes(r);
	c->sig = cbor_get_bytes(r);
	if (left == CBOR_INDEFINITE && cbor_next(r, &left))
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (c->kid.len > COSE_KID_MAX || c->type.len > COSE_TYPE_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
}

int cose_decode_sign1(struct span in, struct cose_sign1 *ret)
{
	struct reader r;
	struct cose_sign1 c = {0};
	int rc = cbor_check(in, CBOR_ANY);
	if (rc)
		return rc;
	reader_init(&r, in);
	skip_tags(&r);
	get_body(&r, &c);
	rc = reader_done(&r);
	if (rc)
		return rc;
	*ret = c;
	return HUFU_OK;
}

void cose_encode_protected(
        struct writer *w, int32_t alg, struct span kid, struct span type)
{
	cbor_put_map(w, 1u + (kid.len > 0) + (type.len > 0));
	cbor_put_uint(w, HEADER_ALG);
	cbor_put_int(w, alg);
	if (kid.len > 0) {
		cbor_put_uint(w, HEADER_KID);
		cbor_put_bytes(w, kid);
	}
	if (type.len > 0) {
		cbor_put_uint(w, HEADER_TYPE);
		cbor_put_text(w, type);
	}
}

void cose_encode_tbs(
        struct writer *w, struct span protected, struct span payload)
{
	cbor_put_array(w, 4);
	cbor_put_text(w, span_of_text("Signature1"));
	cbor_put_bytes(w, protected);
	cbor_put_bytes(w, (struct span){NULL, 0}); /* external_aad */
	cbor_put_bytes(w, payload);
}

void cose_encode_sign1(struct writer *w, enum cose_form form,
        struct span protected, struct span payload, struct span sig)
{
	if (form == COSE_FORM_CWT)
		cbor_put_tag(w, COSE_TAG_CWT);
	if (form != COSE_FORM_UNTAGGED)
		cbor_put_tag(w, COSE_TAG_SIGN1);
	cbor_put_array(w, SIGN1_ITEMS);
	cbor_put_bytes(w, protected);
	cbor_put_map(w, 0);
	cbor_put_bytes(w, payload);
	cbor_put_bytes(w, sig);
}

int cose_check_sign1(const struct cose_sign1 *c, const struct cose_key *key,
        const struct sigcheck *sigs, struct writer *space)
{
	uint8_t point[SIGCHECK_POINT_LEN];
	if (c->alg != (int32_t)cose_key_alg(key))
		return HUFU_ERR_SIGNATURE;
	space->len = 0;
	cose_encode_tbs(space, c->protected, c->payload);
	if (space->error)
		return space->error;
	return sigs->verify(sigs->ctx, c->alg, cose_key_public(key, point),
	        writer_span(space), c->sig);
}
