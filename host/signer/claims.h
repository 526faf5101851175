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
	uint32_t list; /* the status reference */
	uint32_t status_index;
};

/* What the files of an edition agree in. */
struct claims_edition {
	int32_t alg;
	uint8_t kid[SIGNER_KID_LEN];
	uint32_t list;
	uint64_t sequence;
	int64_t issued_s;
	int64_t expires_s;
	uint32_t entries; /* of the compact files */
	/* sequences that its deltas start from; closed_base 0: none */
	uint64_t today_base;
	uint64_t closed_base;
	bool has_snapshot;
};

/*
 * Both deterministic, all claims there and no others, one alg and kid, iss
 * as given, the chip key of the object the one that claim 78 names, the
 * digests of the key's suite. HUFU_ERR_MALFORMED and other decoding errors.
 */
HUFU_MUST_USE int claims_check_card(struct span qr_tbs, struct span chip_tbs,
        const char *issuer, struct claims *ret);

/*
 * Each a file of its form; one key, list, sequence and time; with a snapshot
 * today's delta starts from it, and only with one is a delta closed.
 */
HUFU_MUST_USE int claims_check_edition(const struct span files[SIGNER_FILES],
        const char *issuer, struct claims_edition *ret);

#endif
