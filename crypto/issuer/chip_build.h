/*
 * Making the chip's signed object and its element files: random digest
 * numbers and salts, one IssuerSignedItem per element, and the bytes to be
 * signed over the digests of them all (crypto/core/mso.h).
 */
#ifndef ISSUER_CHIP_BUILD_H
#define ISSUER_CHIP_BUILD_H

#include "crypto/core/mso.h"
#include "crypto/issuer/tbs.h"

struct chip_element {
	const char *identifier; /* MSO_CARD_NUMBER ... */
	struct span value; /* one encoded CBOR item */
};

struct chip_plan {
	struct cose_key chip_key; /* made on the card */
	int64_t signed_s;
	int64_t valid_from_s;
	int64_t valid_until_s;
	const struct chip_element *elements;
	size_t element_count; /* 1 to MSO_ELEMENTS_MAX */
};

/*
 * Appends the element files one after the other to `files` and answers where
 * each lies in ret_files[element_count], in the plan's order; appends the
 * bytes to be signed to ret_tbs. The suite is the issuer key's.
 */
HUFU_MUST_USE int chip_build(const struct chip_plan *plan,
        const struct cose_key *issuer, struct writer *files,
        struct span *ret_files, struct writer *ret_tbs);

/* EF.SO: tag 18. */
HUFU_MUST_USE int chip_build_object(
        struct span tbs, struct span sig, struct writer *ret);

#endif
