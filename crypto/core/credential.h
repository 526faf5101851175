/*
 * The claims of a Claim 169 credential (CWT, RFC 8392; MOSIP Claim 169):
 * the payload of the COSE_Sign1 that stands in the QR code.
 *
 * {1: iss, 2: sub, 4: exp, 5: nbf, 6: iat, 169: {1: card number, 4: name,
 * 75: kind, 76: benefit classes, 77: [list, index], 78: chip key hash}},
 * 169 as a map or as a byte string that holds it (written so). Every other
 * claim and every other Claim 169 attribute is passed over.
 */
#ifndef CORE_CREDENTIAL_H
#define CORE_CREDENTIAL_H

#include "crypto/core/bytes.h"
#include "crypto/core/cose_key.h"

enum {
	CREDENTIAL_MAX = 4096, /* bytes, whole COSE_Sign1, inflated */
	CREDENTIAL_QR_TEXT_MAX = 4296, /* characters, QR version 40 */
	CREDENTIAL_ISS_MAX = 128,
	CREDENTIAL_NUMBER_MAX = 64,
	CREDENTIAL_NAME_MAX = 512,
	CREDENTIAL_CHIP_HASH_LEN = COSE_KEY_CHIP_HASH_LEN,
};

/* Bits of credential.present. */
enum credential_field {
	CREDENTIAL_ISS = 1u << 0,
	CREDENTIAL_EXP = 1u << 1,
	CREDENTIAL_NBF = 1u << 2,
	CREDENTIAL_IAT = 1u << 3,
	CREDENTIAL_CARD_NUMBER = 1u << 4,
	CREDENTIAL_NAME = 1u << 5,
	CREDENTIAL_KIND = 1u << 6,
	CREDENTIAL_BENEFITS = 1u << 7,
	CREDENTIAL_STATUS = 1u << 8,
	CREDENTIAL_CHIP = 1u << 9,
	/* what our own cards carry; nbf is not among it */
	CREDENTIAL_OWN = CREDENTIAL_ISS | CREDENTIAL_EXP | CREDENTIAL_IAT |
	                 CREDENTIAL_CARD_NUMBER | CREDENTIAL_NAME |
	                 CREDENTIAL_KIND | CREDENTIAL_BENEFITS |
	                 CREDENTIAL_STATUS | CREDENTIAL_CHIP,
};

struct credential {
	uint32_t present; /* credential_field bits */
	struct span iss; /* UTF-8; the spans point into the input */
	int64_t exp_s; /* seconds since 1970 */
	int64_t nbf_s;
	int64_t iat_s; /* cut to the day by the issuer */
	struct span card_number;
	struct span name; /* UTF-8 */
	uint32_t kind;
	uint64_t benefit_classes; /* bit map */
	uint32_t status_list;
	uint32_t status_index;
	uint8_t chip_hash[CREDENTIAL_CHIP_HASH_LEN];
};

/*
 * HUFU_ERR_NOT_FOUND: a good CWT, or other CBOR, without claim 169;
 * MALFORMED, DUPLICATE, LIMIT, TRAILING, TRUNCATED as in cbor_check().
 */
HUFU_MUST_USE int credential_decode(
        struct span payload, struct credential *ret);

/* Deterministic; what `present` does not name is left out. */
void credential_encode(struct writer *w, const struct credential *c);

#endif
