/*
 * Ed25519 verification (RFC 8032 section 5.1.7, without the cofactor), in
 * variable time. No speed is asked of it.
 */
#ifndef CORE_ED25519_H
#define CORE_ED25519_H

#include "crypto/core/bytes.h"

/*
 * HUFU_ERR_MALFORMED: `key` is no point in its only encoding;
 * HUFU_ERR_SIGNATURE, also for S not below the order or another length.
 */
HUFU_MUST_USE int ed25519_verify(
        struct span key, struct span message, struct span sig);

#endif
