/*
 * A public key as PEM (SubjectPublicKeyInfo, RFC 7468), read without any
 * library.
 */
#ifndef LIB_ROOT_KEY_H
#define LIB_ROOT_KEY_H

#include "crypto/core/cose_key.h"

enum { ROOT_KEY_PEM_MAX = 16384 }; /* with text around it */

/*
 * The first "PUBLIC KEY" block. HUFU_ERR_LIMIT, HUFU_ERR_MALFORMED;
 * HUFU_ERR_UNSUPPORTED: neither P-256, SM2 nor Ed25519, or a compressed
 * point. Whether the point is on its curve is checked where it is used.
 */
HUFU_MUST_USE int root_key_decode(struct span pem, struct cose_key *ret);

#endif
