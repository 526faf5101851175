/*
 * Making the QR credential: claims → bytes to be signed → signature → COSE
 * (61(18)) → zlib → Base45.
 */
#ifndef ISSUER_CREDENTIAL_BUILD_H
#define ISSUER_CREDENTIAL_BUILD_H

#include "crypto/core/credential.h"
#include "crypto/issuer/tbs.h"

/*
 * iat is cut to the start of its day in China (UTC+8), so that it is the day
 * that the face shows. HUFU_ERR_ARGUMENT: a claim of ours is missing.
 */
HUFU_MUST_USE int credential_build_tbs(const struct credential *c,
        const struct cose_key *issuer, struct writer *ret_tbs);

/* The text of the QR code. HUFU_ERR_LIMIT: longer than any QR code. */
HUFU_MUST_USE int credential_build_text(
        struct span tbs, struct span sig, struct writer *ret_text);

#endif
