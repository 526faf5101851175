/*
 * Bytes to be signed (Sig_structure of RFC 9052 section 4.4), apart from the
 * signature, so that the host builds them and the signer signs them.
 */
#ifndef ISSUER_TBS_H
#define ISSUER_TBS_H

#include "crypto/core/cose.h"
#include "crypto/core/cose_key.h"

/* Appends the Sig_structure; alg and kid are those of `key`. */
HUFU_MUST_USE int tbs_encode(const struct cose_key *key, struct span type,
        struct span payload, struct writer *ret);

struct tbs {
	struct span protected; /* contents of the byte string */
	int32_t alg;
	struct span kid;
	struct span type; /* header 16, may be empty */
	struct span payload;
};

/* Strict: what tbs_encode() makes and nothing else. HUFU_ERR_MALFORMED... */
HUFU_MUST_USE int tbs_decode(struct span in, struct tbs *ret);

/* Appends the COSE_Sign1 made of a Sig_structure and its signature. */
HUFU_MUST_USE int tbs_finish(struct span tbs, struct span sig,
        enum cose_form form, struct writer *ret);

#endif
