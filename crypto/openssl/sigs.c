#include "crypto/openssl/sigs.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "crypto/openssl/owned.h"
#include "crypto/openssl/pkey.h"

static int check(EVP_PKEY *pkey, const char *digest, const OSSL_PARAM *params,
        struct span tbs, struct span sig)
{
	OWNED(md_ctx) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (!ctx || EVP_DigestVerifyInit_ex(
	                    ctx, NULL, digest, NULL, NULL, pkey, params) != 1)
		return pkey_error();
	ERR_clear_error();
	if (EVP_DigestVerify(ctx, sig.data, sig.len, tbs.data, tbs.len) == 1)
		return HUFU_OK;
	int r = pkey_error();
	return r == HUFU_ERR_MEMORY ? r : HUFU_ERR_SIGNATURE;
}

static int verify(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	(void)ctx; /* stateless */
	char id[] = SIGCHECK_SM2_ID;
	OSSL_PARAM sm2_params[] = {
	        OSSL_PARAM_octet_string(
	                OSSL_PKEY_PARAM_DIST_ID, id, sizeof id - 1),
	        OSSL_PARAM_END,
	};
	EVP_PKEY *made = NULL;
	int r = pkey_from_public(alg, key, &made);
	if (r)
		return r;
	OWNED(pkey) EVP_PKEY *pkey = made;
	if (sig.len != SIGCHECK_SIG_LEN)
		return HUFU_ERR_SIGNATURE;
	if (alg == SIGCHECK_EDDSA)
		return check(pkey, NULL, NULL, tbs, sig);
	uint8_t der[PKEY_DER_MAX];
	size_t der_len = 0;
	r = pkey_sig_to_der(sig, der, &der_len);
	if (r)
		return r;
	return alg == SIGCHECK_SM2 ? check(pkey, "SM3", sm2_params, tbs,
	                                     span_of(der, der_len))
	                           : check(pkey, "SHA256", NULL, tbs,
	                                     span_of(der, der_len));
}

const struct sigcheck *sigs_openssl(void)
{
	static const struct sigcheck sigs = {.ctx = NULL, .verify = verify};
	return &sigs;
}
