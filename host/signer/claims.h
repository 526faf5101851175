/*
 * That bytes to be signed are what they claim to be: a credential and its
 * chip object, or a status list, of this issuer and of one key.
 */
#ifndef HOST_SIGNER_CLAIMS_H
#define HOST_SIGNER_CLAIMS_H

#include "crypto/core/cose_key.h"
#include "host/signer/wire.h"

struct claims {
	int32_t alg;
	uint8_t kid[SIGNER_KID_LEN];
	uint32_t list; /* the status reference, or the list's own number */
	uint32_t status_index;
	uint64_t sequence; /* of a list */
};

/*
 * Both deterministic, all claims there and no others, one alg and kid, iss
 * as given, the chip key of the object the one that claim 78 names, the
 * digests of the key's suite. HUFU_ERR_MALFORMED and other decoding errors.
 */
HUFU_MUST_USE int claims_check_card(struct span qr_tbs, struct span chip_tbs,
        const char *issuer, struct claims *ret);
HUFU_MUST_USE int claims_check_list(struct span tbs, struct claims *ret);

#endif
