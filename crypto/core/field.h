/*
 * Arithmetic modulo a 256-bit odd number, in Montgomery form (times 2^256),
 * for verification only: variable time. Two whole-file variants do the
 * multiplying: field_64.c where 64-bit numbers multiply to 128 bits, and
 * field_32.c elsewhere. Both agree on every bit.
 *
 * Every value is fully reduced, unless a function says otherwise, so equal
 * values have equal limbs; results may stand where the operands do.
 */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include <stdbool.h>
#include <stdint.h>

enum { FIELD_LEN = 32 };

struct fe {
	uint64_t v[4]; /* lowest first */
};

struct field {
	struct fe m; /* the modulus, above 2^252 */
	struct fe one; /* 2^256 mod m */
	struct fe square; /* 2^512 mod m */
	uint64_t n0; /* −m^−1 mod 2^64 */
	/* a < 2^256 and b < m, or the other way round; ret < m */
	void (*mul)(const struct field *f, struct fe *ret, const struct fe *a,
	        const struct fe *b);
	void (*sqr)(const struct field *f, struct fe *ret, const struct fe *a);
};

/* Coordinates of P-256, SM2 and Ed25519, and the order of each group. */
extern const struct field field_p256, field_sm2, field_25519;
extern const struct field field_p256_order, field_sm2_order, field_25519_order;

/* In field_64.c or field_32.c. */
void field_mul_p256(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b);
void field_sqr_p256(const struct field *f, struct fe *ret, const struct fe *a);
void field_mul_sm2(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b);
void field_sqr_sm2(const struct field *f, struct fe *ret, const struct fe *a);
void field_mul_any(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b);
void field_sqr_any(const struct field *f, struct fe *ret, const struct fe *a);
void field_add(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b);
void field_sub(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b);

/* a^e; `e` is a plain number. */
void field_pow(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *e);
/* 1/a; 0 of 0. In field_inverse_64.c or field_32.c; m must be a prime. */
void field_invert(const struct field *f, struct fe *ret, const struct fe *a);

/* A plain number below 2^256 to Montgomery form and back. */
void field_to(const struct field *f, struct fe *ret, const struct fe *a);
void field_from(const struct field *f, struct fe *ret, const struct fe *a);

bool fe_is_zero(const struct fe *a);
bool fe_equal(const struct fe *a, const struct fe *b);
bool fe_less(const struct fe *a, const struct fe *b);
/* Plain a + b; the answer is the carry. */
bool fe_add(struct fe *ret, const struct fe *a, const struct fe *b);
/* Plain a − b; the answer is the borrow. */
bool fe_sub(struct fe *ret, const struct fe *a, const struct fe *b);
/* Bits n to n + count − 1; count <= 8 divides 64, n is a multiple of it. */
unsigned fe_bits(const struct fe *a, unsigned n, unsigned count);

void fe_get_be(struct fe *ret, const uint8_t in[FIELD_LEN]);
void fe_get_le(struct fe *ret, const uint8_t in[FIELD_LEN]);
void fe_put_le(const struct fe *a, uint8_t ret[FIELD_LEN]);

#endif
