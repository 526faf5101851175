/*
 * Points of P-256 and SM2 (y² = x³ − 3x + b, prime order), in variable time,
 * for verification only. Coordinates are in Montgomery form (field.h).
 */
#ifndef CORE_EC_POINT_H
#define CORE_EC_POINT_H

#include "crypto/core/bytes.h"
#include "crypto/core/field.h"
#include "crypto/core/sigcheck.h"

/* x ‖ y; never the point at infinity. */
struct ec_affine {
	struct fe x, y;
};

/* x = X/Z², y = Y/Z³; infinity is Z = 0. */
struct ec_point {
	struct fe x, y, z;
};

struct ec_curve {
	const struct field *field;
	const struct field *order;
	struct fe b;
	struct ec_affine generator;
};

/* NULL if `alg` is none of this kind. */
const struct ec_curve *ec_curve_of(int32_t alg);

/* From 04 ‖ X ‖ Y. HUFU_ERR_MALFORMED unless it is a point of the curve. */
HUFU_MUST_USE int ec_affine_decode(
        const struct ec_curve *c, struct span in, struct ec_affine *ret);
bool ec_affine_is_on(const struct ec_curve *c, const struct ec_affine *p);

/* All of these are complete: infinity, equal and opposite points count. */
void ec_point_double(const struct ec_curve *c, struct ec_point *p);
void ec_point_add_affine(const struct ec_curve *c, struct ec_point *p,
        const struct ec_affine *q);
void ec_point_add(
        const struct ec_curve *c, struct ec_point *p, const struct ec_point *q);
bool ec_point_is_infinity(const struct ec_point *p);

/* p += k·q, without a table; k < order. */
void ec_point_add_multiple(const struct ec_curve *c, struct ec_point *p,
        const struct ec_affine *q, const struct fe *k);

/*
 * Whether the affine x of p, a number below the field's modulus, is congruent
 * to `v` (plain, below the order) modulo the order. Not for infinity.
 */
bool ec_point_x_is(
        const struct ec_curve *c, const struct ec_point *p, const struct fe *v);

#endif
