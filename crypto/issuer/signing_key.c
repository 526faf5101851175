#include "crypto/issuer/signing_key.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/signing_key_inside.h"
#include "crypto/issuer/token.h"
#include "crypto/openssl/owned.h"
#include "crypto/openssl/pkey.h"

static EVP_PKEY *generate(enum cose_curve curve)
{
	switch (curve) {
	case COSE_CURVE_P256:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	case COSE_CURVE_SM2:
		return EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	case COSE_CURVE_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	}
	return NULL;
}

int signing_key_take(
        EVP_PKEY *pkey, enum key_purpose purpose, struct signing_key **ret)
{
	struct signing_key *key = calloc(1, sizeof *key);
	int r = key ? pkey_public(pkey, &key->public) : HUFU_ERR_MEMORY;
	if (r) {
		free(key);
		EVP_PKEY_free(pkey);
		return r;
	}
	key->pkey = pkey;
	key->purpose = purpose;
	*ret = key;
	return HUFU_OK;
}

int signing_key_generate(enum cose_curve curve, enum key_purpose purpose,
        struct signing_key **ret)
{
	EVP_PKEY *pkey = generate(curve);
	if (!pkey)
		return pkey_error();
	return signing_key_take(pkey, purpose, ret);
}

void signing_key_free(struct signing_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

enum key_purpose signing_key_purpose(const struct signing_key *key)
{
	return key->purpose;
}

const struct cose_key *signing_key_public(const struct signing_key *key)
{
	return &key->public;
}

static int sign(EVP_PKEY *pkey, const char *digest, const OSSL_PARAM *params,
        struct span tbs, struct writer *ret)
{
	OWNED(md_ctx) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = ret->cap;
	if (!ctx ||
	        EVP_DigestSignInit_ex(
	                ctx, NULL, digest, NULL, NULL, pkey, params) != 1 ||
	        EVP_DigestSign(ctx, ret->data, &len, tbs.data, tbs.len) != 1)
		return pkey_error();
	ret->len = len;
	return HUFU_OK;
}

int signing_key_sign(const struct signing_key *key, struct span tbs,
        uint8_t ret[SIGNING_KEY_SIG_LEN])
{
	char id[] = SIGCHECK_SM2_ID;
	OSSL_PARAM sm2_params[] = {
	        OSSL_PARAM_octet_string(
	                OSSL_PKEY_PARAM_DIST_ID, id, sizeof id - 1),
	        OSSL_PARAM_END,
	};
	uint8_t space[PKEY_DER_MAX];
	struct writer w;
	int r;
	if (key->token)
		return token_sign(
		        key->token, key->object, key->public.curve, tbs, ret);
	writer_init(&w, space, sizeof space);
	switch (key->public.curve) {
	case COSE_CURVE_ED25519:
		r = sign(key->pkey, NULL, NULL, tbs, &w);
		if (!r && w.len != SIGNING_KEY_SIG_LEN)
			r = HUFU_ERR_CRYPTO;
		if (!r)
			memcpy(ret, space, SIGNING_KEY_SIG_LEN);
		return r;
	case COSE_CURVE_P256:
		r = sign(key->pkey, "SHA256", NULL, tbs, &w);
		break;
	case COSE_CURVE_SM2:
		r = sign(key->pkey, "SM3", sm2_params, tbs, &w);
		break;
	default:
		return HUFU_ERR_UNSUPPORTED;
	}
	return r ? r : pkey_sig_from_der(writer_span(&w), ret);
}
