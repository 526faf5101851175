#include "crypto/openssl/pkey.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <string.h>

#include "crypto/openssl/owned.h"

int pkey_error(void)
{
	unsigned long e = ERR_peek_last_error();
	ERR_clear_error();
	return ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE ? HUFU_ERR_MEMORY
	                                                 : HUFU_ERR_CRYPTO;
}

static int from_point(
        const char *type, char *group, struct span key, EVP_PKEY **ret)
{
	uint8_t point[SIGCHECK_POINT_LEN];
	if (key.len != sizeof point || key.data[0] != 0x04)
		return HUFU_ERR_MALFORMED;
	memcpy(point, key.data, sizeof point);
	OSSL_PARAM params[] = {
	        OSSL_PARAM_utf8_string(
	                OSSL_PKEY_PARAM_GROUP_NAME, group, strlen(group)),
	        OSSL_PARAM_octet_string(
	                OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
	        OSSL_PARAM_END,
	};
	OWNED(pkey_ctx)
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1)
		return pkey_error();
	EVP_PKEY *pkey = NULL;
	if (EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) {
		int r = pkey_error();
		return r == HUFU_ERR_MEMORY ? r : HUFU_ERR_MALFORMED;
	}
	*ret = pkey;
	return HUFU_OK;
}

static int from_ed25519(struct span key, EVP_PKEY **ret)
{
	if (key.len != SIGCHECK_ED25519_LEN)
		return HUFU_ERR_MALFORMED;
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(
	        EVP_PKEY_ED25519, NULL, key.data, key.len);
	if (!pkey)
		return pkey_error();
	*ret = pkey;
	return HUFU_OK;
}

int pkey_from_public(int32_t alg, struct span key, EVP_PKEY **ret)
{
	char p256[] = "prime256v1";
	char sm2[] = "SM2";
	switch (alg) {
	case SIGCHECK_ES256:
		return from_point("EC", p256, key, ret);
	case SIGCHECK_SM2:
		return from_point("SM2", sm2, key, ret);
	case SIGCHECK_EDDSA:
		return from_ed25519(key, ret);
	default:
		return HUFU_ERR_UNSUPPORTED;
	}
}

static int get_coordinate(const EVP_PKEY *pkey, const char *name,
        uint8_t ret[COSE_KEY_COORDINATE_LEN])
{
	BIGNUM *got = NULL;
	if (EVP_PKEY_get_bn_param(pkey, name, &got) != 1)
		return pkey_error();
	OWNED(bignum) BIGNUM *v = got;
	return BN_bn2binpad(v, ret, COSE_KEY_COORDINATE_LEN) ==
	                       COSE_KEY_COORDINATE_LEN
	               ? HUFU_OK
	               : HUFU_ERR_MALFORMED;
}

static int curve_of(const EVP_PKEY *pkey, enum cose_curve *ret)
{
	char group[32] = "";
	if (EVP_PKEY_is_a(pkey, "ED25519")) {
		*ret = COSE_CURVE_ED25519;
		return HUFU_OK;
	}
	if (!EVP_PKEY_is_a(pkey, "EC") && !EVP_PKEY_is_a(pkey, "SM2"))
		return HUFU_ERR_UNSUPPORTED;
	if (EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) != 1)
		return HUFU_ERR_UNSUPPORTED; /* explicit parameters */
	if (strcmp(group, "prime256v1") == 0)
		*ret = COSE_CURVE_P256;
	else if (strcmp(group, "SM2") == 0)
		*ret = COSE_CURVE_SM2;
	else
		return HUFU_ERR_UNSUPPORTED;
	return HUFU_OK;
}

int pkey_public(const EVP_PKEY *pkey, struct cose_key *ret)
{
	struct cose_key key = {0};
	int r = curve_of(pkey, &key.curve);
	if (r)
		return r;
	if (key.curve == COSE_CURVE_ED25519) {
		size_t len = sizeof key.x;
		if (EVP_PKEY_get_raw_public_key(pkey, key.x, &len) != 1 ||
		        len != sizeof key.x)
			return pkey_error();
	} else {
		r = get_coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_X, key.x);
		if (!r)
			r = get_coordinate(
			        pkey, OSSL_PKEY_PARAM_EC_PUB_Y, key.y);
		if (r)
			return r;
	}
	*ret = key;
	return HUFU_OK;
}

int pkey_sig_to_der(struct span sig, uint8_t ret[PKEY_DER_MAX], size_t *ret_len)
{
	if (sig.len != SIGCHECK_SIG_LEN)
		return HUFU_ERR_SIGNATURE;
	OWNED(ecdsa_sig) ECDSA_SIG *s = ECDSA_SIG_new();
	OWNED(bignum) BIGNUM *r = BN_bin2bn(sig.data, 32, NULL);
	OWNED(bignum) BIGNUM *v = BN_bin2bn(sig.data + 32, 32, NULL);
	if (!s || !r || !v)
		return pkey_error();
	if (ECDSA_SIG_set0(s, r, v) != 1)
		return pkey_error();
	r = NULL; /* now owned by s */
	v = NULL;
	int len = i2d_ECDSA_SIG(s, NULL);
	if (len <= 0 || len > PKEY_DER_MAX)
		return pkey_error();
	uint8_t *p = ret;
	len = i2d_ECDSA_SIG(s, &p);
	if (len <= 0)
		return pkey_error();
	*ret_len = (size_t)len;
	return HUFU_OK;
}

int pkey_sig_from_der(struct span der, uint8_t ret[SIGCHECK_SIG_LEN])
{
	const uint8_t *p = der.data;
	OWNED(ecdsa_sig)
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)der.len);
	if (!s)
		return pkey_error();
	uint8_t sig[SIGCHECK_SIG_LEN];
	if (BN_bn2binpad(ECDSA_SIG_get0_r(s), sig, 32) != 32 ||
	        BN_bn2binpad(ECDSA_SIG_get0_s(s), sig + 32, 32) != 32)
		return HUFU_ERR_CRYPTO;
	memcpy(ret, sig, sizeof sig);
	return HUFU_OK;
}
