/*
 * Making the trust list (crypto/core/trust_list.h), at the ceremony where
 * the offline root key is present.
 */
#ifndef ISSUER_TRUST_BUILD_H
#define ISSUER_TRUST_BUILD_H

#include "crypto/core/trust_list.h"
#include "crypto/issuer/signing_key.h"

/* kid and alg of an issuer from its key; the rest stays. */
void trust_build_set_key(
        struct trust_issuer *issuer, const struct cose_key *key);

/*
 * Appends the signed file. HUFU_ERR_ARGUMENT: not a root key, or an issuer
 * that has no valid span, name or key of its own.
 */
HUFU_MUST_USE int trust_build_file(const struct trust_list *t,
        const struct signing_key *root, struct writer *ret);

#endif
