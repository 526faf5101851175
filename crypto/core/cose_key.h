/*
 * COSE_Key (RFC 9052 section 7, RFC 9053 section 7): public keys only.
 *
 * SM2 has no registered curve; it stands as EC2 (kty 2) with the private
 * curve number -65537. y is always a byte string; a compressed point (y as
 * a bool) is HUFU_ERR_UNSUPPORTED, and a private part (d) is refused.
 */
#ifndef CORE_COSE_KEY_H
#define CORE_COSE_KEY_H

#include "crypto/core/bytes.h"
#include "crypto/core/sigcheck.h"
#include "crypto/core/suite.h"

enum cose_curve {
	COSE_CURVE_P256 = 1,
	COSE_CURVE_ED25519 = 6,
	COSE_CURVE_SM2 = -65537,
};

enum {
	COSE_KEY_COORDINATE_LEN = 32,
	COSE_KEY_ID_LEN = 8,
	COSE_KEY_THUMBPRINT_LEN = 32,
	COSE_KEY_CHIP_HASH_LEN = 16, /* claim 78: start of the thumbprint */
	COSE_KEY_MAX = 96, /* bytes of an encoded key */
};

struct cose_key {
	enum cose_curve curve;
	uint8_t x[COSE_KEY_COORDINATE_LEN]; /* Ed25519: the public key */
	uint8_t y[COSE_KEY_COORDINATE_LEN]; /* Ed25519: unused, zero */
};

/* From 04 ‖ X ‖ Y, or 32 bytes for Ed25519. HUFU_ERR_MALFORMED. */
HUFU_MUST_USE int cose_key_from_public(
        enum cose_curve curve, struct span key, struct cose_key *ret);
/* What struct sigcheck takes; the span points into `space`. */
struct span cose_key_public(
        const struct cose_key *key, uint8_t space[SIGCHECK_POINT_LEN]);

enum sigcheck_alg cose_key_alg(const struct cose_key *key);
enum suite cose_key_suite(const struct cose_key *key);

/* Deterministic: {1: kty, -1: crv, -2: x, -3: y}. */
void cose_key_encode(struct writer *w, const struct cose_key *key);

/* One item from a checked document; other members are passed over. */
HUFU_MUST_USE int cose_key_get(struct reader *r, struct cose_key *ret);
/* Exactly one key. */
HUFU_MUST_USE int cose_key_decode(struct span in, struct cose_key *ret);

/*
 * RFC 9679: hash over the deterministic encoding of the required members.
 * The hash is the suite's: SHA-256, or SM3 for an SM2 key.
 */
void cose_key_thumbprint(
        const struct cose_key *key, uint8_t ret[COSE_KEY_THUMBPRINT_LEN]);
/* First 8 bytes of the thumbprint: kid of every key in the trust list. */
void cose_key_id(const struct cose_key *key, uint8_t ret[COSE_KEY_ID_LEN]);

#endif
