/*
 * ES256 (FIPS 186-5 section 6.4.2 with SHA-256) and SM2 with SM3 (GB/T 32918.2
 * section 7.1), in variable time. HUFU_OK or HUFU_ERR_SIGNATURE.
 */
#ifndef CORE_EC_VERIFY_H
#define CORE_EC_VERIFY_H

#include "crypto/core/ec_point.h"
#include "crypto/core/ec_table.h"

enum { EC_VERIFY_IDENTITY_LEN = 32 };

struct ec_verify_key {
	const struct ec_curve *curve;
	const struct ec_table *generator; /* may have no window */
	const struct ec_table *table; /* NULL: use `point` */
	struct ec_affine point;
	const uint8_t *identity; /* SM2: Z_A */
};

HUFU_MUST_USE int ec_verify_es256(
        const struct ec_verify_key *key, struct span tbs, struct span sig);
HUFU_MUST_USE int ec_verify_sm2(
        const struct ec_verify_key *key, struct span tbs, struct span sig);

/* Z_A (section 5.5) of a point, for the one user identifier there is. */
void ec_verify_identity(const uint8_t point[SIGCHECK_POINT_LEN],
        uint8_t ret[EC_VERIFY_IDENTITY_LEN]);

#endif
