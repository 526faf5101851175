/*
 * Public keys as PEM (SubjectPublicKeyInfo), for people and other tools.
 */
#ifndef OPENSSL_PUBLIC_PEM_H
#define OPENSSL_PUBLIC_PEM_H

#include "crypto/core/cose_key.h"

enum {
	PUBLIC_PEM_MAX = 512, /* bytes that we write */
	PUBLIC_PEM_READ_MAX = 16384, /* with text around it */
};

/* Appends PEM text, without a NUL. */
HUFU_MUST_USE int public_pem_encode(
        const struct cose_key *key, struct writer *ret);

/*
 * HUFU_ERR_MALFORMED: no PEM public key; HUFU_ERR_UNSUPPORTED: neither
 * P-256, SM2 nor Ed25519.
 */
HUFU_MUST_USE int public_pem_decode(struct span pem, struct cose_key *ret);

#endif
