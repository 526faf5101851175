/*
 * OpenSSL's form of the three kinds of key, and of the r ‖ s signature.
 */
#ifndef OPENSSL_PKEY_H
#define OPENSSL_PKEY_H

#include <openssl/evp.h>

#include "crypto/core/cose_key.h"

/*
 * `key` is 04 ‖ X ‖ Y, or 32 bytes for Ed25519; EVP_PKEY_free() the answer.
 * HUFU_ERR_MALFORMED: no point of the curve; _UNSUPPORTED; _CRYPTO; _MEMORY.
 */
HUFU_MUST_USE int pkey_from_public(
        int32_t alg, struct span key, EVP_PKEY **ret);

/* HUFU_ERR_UNSUPPORTED: another kind of key. */
HUFU_MUST_USE int pkey_public(const EVP_PKEY *pkey, struct cose_key *ret);

enum { PKEY_DER_MAX = 80 };

/* r ‖ s as the DER ECDSA-Sig-Value that OpenSSL takes. */
HUFU_MUST_USE int pkey_sig_to_der(
        struct span sig, uint8_t ret[PKEY_DER_MAX], size_t *ret_len);
HUFU_MUST_USE int pkey_sig_from_der(
        struct span der, uint8_t ret[SIGCHECK_SIG_LEN]);

/* What OpenSSL's last error means: HUFU_ERR_MEMORY or HUFU_ERR_CRYPTO. */
int pkey_error(void);

#endif
