/*
 * What QR and chip are judged by alike: issuer, signature, time and status.
 * Shared by verify.c and verify_chip.c only.
 */
#ifndef CORE_VERIFY_RULES_H
#define CORE_VERIFY_RULES_H

#include <hufu/verify.h>

#include "crypto/core/bytes.h"
#include "crypto/core/cose.h"
#include "crypto/core/trust_list.h"

/* Signed statements about one card, from its QR or its chip. */
struct verify_claims {
	struct span iss; /* empty: the chip does not name it */
	struct span card_number;
	bool has_issued, has_not_before, has_expires, has_status;
	int64_t issued_s;
	int64_t not_before_s;
	int64_t expires_s;
	uint32_t status_list;
	uint32_t status_index;
};

struct hufu_text verify_text(struct span s);

/* An empty result with the time to use: now, or what was signed later. */
struct hufu_result verify_begin(const struct hufu_verifier *v, int64_t now_s);

/*
 * Finds the key and checks the signature. HUFU_OK with r->verdict NONE if all
 * is well, another verdict if not, or the back end's error.
 */
HUFU_MUST_USE int verify_signature(struct hufu_verifier *v,
        const struct cose_sign1 *c, struct span iss, struct hufu_result *r,
        const struct trust_issuer **ret);

/* After the signature: sets r->verdict and all about times and status. */
void verify_decide(const struct hufu_verifier *v,
        const struct trust_issuer *issuer, const struct verify_claims *claims,
        struct hufu_result *r);

#endif
