#include "crypto/core/cbor.h"
#include "crypto/core/mem.h"
#include "crypto/core/mso.h"
#include "crypto/core/verify_rules.h"

static struct span span_of_bytes(struct hufu_bytes b)
{
	return span_of(b.data, b.len);
}

static enum hufu_verdict parse(
        struct span in, struct cose_sign1 *c, struct mso *m)
{
	if (in.len > MSO_MAX)
		return HUFU_MALFORMED;
	int rc = cose_decode_sign1(in, c);
	if (!rc)
		rc = mso_decode(c->payload, m);
	if (rc)
		return rc == HUFU_ERR_UNSUPPORTED ? HUFU_UNSUPPORTED
		                                  : HUFU_MALFORMED;
	return span_is_text(m->doc_type, MSO_DOC_TYPE) ? HUFU_VERDICT_NONE
	                                               : HUFU_NOT_CREDENTIAL;
}

static uint32_t get_u32(struct reader *r)
{
	uint64_t v = cbor_get_uint(r);
	if (v > UINT32_MAX)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return (uint32_t)v;
}

/* One verified element, as far as it says something that is shown. */
static int take_element(const struct mso_item *item,
        struct verify_claims *claims, struct hufu_result *r)
{
	struct reader in;
	reader_init(&in, item->value);
	if (mso_item_is(item, MSO_CARD_NUMBER)) {
		claims->card_number = cbor_get_text(&in);
		r->card_number = verify_text(claims->card_number);
	} else if (mso_item_is(item, MSO_CARD_KIND)) {
		r->kind = get_u32(&in);
	} else if (mso_item_is(item, MSO_BENEFIT_CLASSES)) {
		r->benefit_classes = cbor_get_uint(&in);
	} else if (mso_item_is(item, MSO_NAME)) {
		r->name = verify_text(cbor_get_text(&in));
	} else if (mso_item_is(item, MSO_STATUS_REFERENCE)) {
		if (cbor_get_array(&in) != 2)
			reader_fail(&in, HUFU_ERR_MALFORMED);
		claims->status_list = get_u32(&in);
		claims->status_index = get_u32(&in);
		claims->has_status = true;
	}
	return in.error;
}

static enum hufu_verdict take_elements(const struct hufu_chip *chip,
        const struct mso *m, struct verify_claims *claims,
        struct hufu_result *r)
{
	if (chip->element_count > MSO_ELEMENTS_MAX)
		return HUFU_MALFORMED;
	for (size_t i = 0; i < chip->element_count; i++) {
		struct mso_item item;
		int rc = mso_check_item(
		        m, span_of_bytes(chip->elements[i]), &item);
		if (rc == HUFU_ERR_SIGNATURE || rc == HUFU_ERR_NOT_FOUND)
			return HUFU_WRONG_SIGNATURE;
		if (!rc)
			rc = take_element(&item, claims, r);
		if (rc)
			return HUFU_MALFORMED;
	}
	return HUFU_VERDICT_NONE;
}

/* The chip's own proof, if it was asked for one. */
static int check_answer(const struct hufu_verifier *v,
        const struct hufu_chip *chip, const struct mso *m,
        struct hufu_result *r)
{
	if (chip->challenge.len == 0)
		return HUFU_OK;
	int rc = mso_check_answer(m, span_of_bytes(chip->signed_object),
	        span_of_bytes(chip->challenge), span_of_bytes(chip->answer),
	        v->sigs);
	if (rc == HUFU_ERR_SIGNATURE || rc == HUFU_ERR_MALFORMED)
		r->verdict = HUFU_WRONG_SIGNATURE;
	else if (rc)
		return rc;
	else
		r->chip_genuine = true;
	return HUFU_OK;
}

static bool is_same_card(
        const struct hufu_result *chip, const struct hufu_result *face)
{
	if (!face->has_chip_hash || memcmp(chip->chip_hash, face->chip_hash,
	                                    sizeof chip->chip_hash) != 0)
		return false;
	return chip->card_number.len == 0 ||
	       span_equal(
	               span_of(chip->card_number.data, chip->card_number.len),
	               span_of(face->card_number.data, face->card_number.len));
}

/* Everything after the issuer's signature, in *r and *claims. */
static int check_contents(const struct hufu_verifier *v,
        const struct hufu_chip *chip, const struct mso *m,
        struct verify_claims *claims, struct hufu_result *r)
{
	uint8_t thumbprint[COSE_KEY_THUMBPRINT_LEN];
	r->verdict = take_elements(chip, m, claims, r);
	if (r->verdict)
		return HUFU_OK;
	cose_key_thumbprint(&m->chip_key, thumbprint);
	memcpy(r->chip_hash, thumbprint, sizeof r->chip_hash);
	r->has_chip_hash = true;
	if (chip->face && !is_same_card(r, chip->face)) {
		r->verdict = HUFU_WRONG_SIGNATURE;
		return HUFU_OK;
	}
	return check_answer(v, chip, m, r);
}

int hufu_verify_chip(struct hufu_verifier *v, const struct hufu_chip *chip,
        int64_t now_s, struct hufu_result *ret)
{
	struct cose_sign1 c;
	struct mso m;
	const struct trust_issuer *issuer = NULL;
	struct hufu_result begin = verify_begin(v, now_s), r = begin;
	int rc = HUFU_OK;

	r.verdict = parse(span_of_bytes(chip->signed_object), &c, &m);
	if (!r.verdict)
		rc = verify_signature(
		        v, &c, (struct span){NULL, 0}, &r, &issuer);
	if (rc)
		return rc;
	if (!r.verdict) {
		struct verify_claims claims = {.has_issued = true,
		        .has_not_before = true,
		        .has_expires = true,
		        .issued_s = m.signed_s,
		        .not_before_s = m.valid_from_s,
		        .expires_s = m.valid_until_s};
		rc = check_contents(v, chip, &m, &claims, &r);
		if (rc)
			return rc;
		if (!r.verdict)
			verify_decide(v, issuer, &claims, &r);
	}
	if (r.verdict >= HUFU_UNKNOWN_ISSUER) {
		/* nothing of an unproven card is shown */
		begin.verdict = r.verdict;
		r = begin;
	}
	*ret = r;
	return HUFU_OK;
}
