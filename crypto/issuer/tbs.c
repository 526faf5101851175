#include "crypto/issuer/tbs.h"

#include "crypto/core/cbor.h"

int tbs_encode(const struct cose_key *key, struct span type,
        struct span payload, struct writer *ret)
{
	uint8_t kid[COSE_KEY_ID_LEN];
	uint8_t space[COSE_PROTECTED_MAX];
	struct writer protected;
	cose_key_id(key, kid);
	writer_init(&protected, space, sizeof space);
	cose_encode_protected(
	        &protected, cose_key_alg(key), span_of(kid, sizeof kid), type);
	if (protected.error)
		return protected.error;
	cose_encode_tbs(ret, writer_span(&protected), payload);
	return ret->error;
}

static int decode_protected(struct tbs *t)
{
	struct reader r;
	int e = cbor_check(t->protected, CBOR_DETERMINISTIC);
	if (e)
		return e;
	reader_init(&r, t->protected);
	for (size_t left = cbor_get_map(&r); cbor_next(&r, &left);) {
		switch (cbor_get_int(&r)) {
		case 1:
			t->alg = (int32_t)cbor_get_int(&r);
			break;
		case 4:
			t->kid = cbor_get_bytes(&r);
			break;
		case 16:
			t->type = cbor_get_text(&r);
			break;
		default:
			reader_fail(&r, HUFU_ERR_MALFORMED);
		}
	}
	if (r.error)
		return r.error;
	if (t->alg != SIGCHECK_ES256 && t->alg != SIGCHECK_SM2 &&
	        t->alg != SIGCHECK_EDDSA)
		return HUFU_ERR_UNSUPPORTED;
	return t->kid.len == COSE_KEY_ID_LEN ? HUFU_OK : HUFU_ERR_MALFORMED;
}

int tbs_decode(struct span in, struct tbs *ret)
{
	struct tbs t = {0};
	struct reader r;
	int e = cbor_check(in, CBOR_DETERMINISTIC);
	if (e)
		return e;
	reader_init(&r, in);
	if (cbor_get_array(&r) != 4 ||
	        !span_equal(cbor_get_text(&r), span_of_text("Signature1")))
		return HUFU_ERR_MALFORMED;
	t.protected = cbor_get_bytes(&r);
	struct span aad = cbor_get_bytes(&r);
	t.payload = cbor_get_bytes(&r);
	if (r.error || aad.len != 0 || t.protected.len > COSE_PROTECTED_MAX)
		return HUFU_ERR_MALFORMED;
	e = decode_protected(&t);
	if (!e)
		*ret = t;
	return e;
}

int tbs_finish(struct span tbs, struct span sig, enum cose_form form,
        struct writer *ret)
{
	struct tbs t;
	int r = tbs_decode(tbs, &t);
	if (r)
		return r;
	if (sig.len != SIGCHECK_SIG_LEN)
		return HUFU_ERR_ARGUMENT;
	cose_encode_sign1(ret, form, t.protected, t.payload, sig);
	return ret->error;
}
