#include "crypto/core/cose_key.h"

#include "crypto/core/cbor.h"
#include "crypto/core/mem.h"

enum cose_key_label {
	LABEL_KTY = 1,
	LABEL_CRV = -1,
	LABEL_X = -2,
	LABEL_Y = -3,
	LABEL_D = -4,
};

enum cose_key_type {
	KTY_OKP = 1,
	KTY_EC2 = 2,
};

static bool is_ec2(enum cose_curve curve)
{
	return curve != COSE_CURVE_ED25519;
}

int cose_key_from_public(
        enum cose_curve curve, struct span key, struct cose_key *ret)
{
	struct cose_key k = {.curve = curve};
	size_t head = is_ec2(curve) ? 1 : 0;
	size_t len = is_ec2(curve) ? SIGCHECK_POINT_LEN : SIGCHECK_ED25519_LEN;
	if (key.len != len || (head && key.data[0] != 0x04))
		return HUFU_ERR_MALFORMED;
	memcpy(k.x, key.data + head, sizeof k.x);
	if (head)
		memcpy(k.y, key.data + head + sizeof k.x, sizeof k.y);
	*ret = k;
	return HUFU_OK;
}

struct span cose_key_public(
        const struct cose_key *key, uint8_t space[SIGCHECK_POINT_LEN])
{
	struct writer w;
	writer_init(&w, space, SIGCHECK_POINT_LEN);
	if (is_ec2(key->curve))
		writer_put_u8(&w, 0x04);
	writer_put(&w, key->x, sizeof key->x);
	if (is_ec2(key->curve))
		writer_put(&w, key->y, sizeof key->y);
	return writer_span(&w);
}

enum sigcheck_alg cose_key_alg(const struct cose_key *key)
{
	switch (key->curve) {
	case COSE_CURVE_SM2:
		return SIGCHECK_SM2;
	case COSE_CURVE_ED25519:
		return SIGCHECK_EDDSA;
	default:
		return SIGCHECK_ES256;
	}
}

enum suite cose_key_suite(const struct cose_key *key)
{
	return key->curve == COSE_CURVE_SM2 ? SUITE_SM : SUITE_INTL;
}

void cose_key_encode(struct writer *w, const struct cose_key *key)
{
	bool ec2 = is_ec2(key->curve);
	cbor_put_map(w, ec2 ? 4 : 3);
	cbor_put_uint(w, LABEL_KTY);
	cbor_put_uint(w, ec2 ? KTY_EC2 : KTY_OKP);
	cbor_put_int(w, LABEL_CRV);
	cbor_put_int(w, key->curve);
	cbor_put_int(w, LABEL_X);
	cbor_put_bytes(w, span_of(key->x, sizeof key->x));
	if (ec2) {
		cbor_put_int(w, LABEL_Y);
		cbor_put_bytes(w, span_of(key->y, sizeof key->y));
	}
}

struct members {
	int64_t kty, crv;
	struct span x, y;
};

static void get_member(struct reader *r, struct members *m)
{
	switch (cbor_get_label(r)) {
	case LABEL_KTY:
		m->kty = cbor_get_int(r);
		break;
	case LABEL_CRV:
		m->crv = cbor_get_int(r);
		break;
	case LABEL_X:
		m->x = cbor_get_bytes(r);
		break;
	case LABEL_Y:
		if (cbor_peek(r) == CBOR_SIMPLE)
			reader_fail(r, HUFU_ERR_UNSUPPORTED); /* compressed */
		m->y = cbor_get_bytes(r);
		break;
	case LABEL_D:
		reader_fail(r, HUFU_ERR_MALFORMED);
		break;
	default:
		(void)cbor_get_item(r); /* passed over, failure is sticky */
	}
}

int cose_key_get(struct reader *r, struct cose_key *ret)
{
	struct cose_key k = {0};
	struct members m = {0};
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left))
		get_member(r, &m);
	if (r->error)
		return r->error;

	bool ec2 = m.kty == KTY_EC2;
	bool curve_fits =
	        ec2 ? m.crv == COSE_CURVE_P256 || m.crv == COSE_CURVE_SM2
	            : m.kty == KTY_OKP && m.crv == COSE_CURVE_ED25519;
	if (!curve_fits)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	else if (m.x.len != sizeof k.x || m.y.len != (ec2 ? sizeof k.y : 0))
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (r->error)
		return r->error;
	k.curve = (enum cose_curve)m.crv;
	memcpy(k.x, m.x.data, sizeof k.x);
	if (ec2)
		memcpy(k.y, m.y.data, sizeof k.y);
	*ret = k;
	return HUFU_OK;
}

int cose_key_decode(struct span in, struct cose_key *ret)
{
	struct reader r;
	int rc = cbor_check(in, CBOR_ANY);
	if (rc)
		return rc;
	reader_init(&r, in);
	return cose_key_get(&r, ret);
}

void cose_key_thumbprint(
        const struct cose_key *key, uint8_t ret[COSE_KEY_THUMBPRINT_LEN])
{
	uint8_t space[COSE_KEY_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	cose_key_encode(&w, key);
	suite_hash_of(cose_key_suite(key), writer_span(&w), ret);
}

void cose_key_id(const struct cose_key *key, uint8_t ret[COSE_KEY_ID_LEN])
{
	uint8_t thumbprint[COSE_KEY_THUMBPRINT_LEN];
	cose_key_thumbprint(key, thumbprint);
	memcpy(ret, thumbprint, COSE_KEY_ID_LEN);
}
