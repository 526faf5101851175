#include "crypto/core/field.h"

/* For machines whose widest product is 32 × 32 bits: WebAssembly, Cortex-M. */

enum { WORDS = 8 };

static inline void split(uint32_t ret[WORDS], const struct fe *a)
{
	for (unsigned i = 0; i < WORDS; i++)
		ret[i] = (uint32_t)(a->v[i / 2] >> 32 * (i % 2));
}

/* ret = v + 2^256·carry, less m if that is not below m */
static void finish(struct fe *ret, const uint32_t v[WORDS], uint64_t carry,
        const struct fe *m)
{
	struct fe whole, less;
	for (unsigned i = 0; i < 4; i++)
		whole.v[i] = v[2 * i] | (uint64_t)v[2 * i + 1] << 32;
	bool borrow = fe_sub(&less, &whole, m);
	*ret = borrow > carry ? whole : less;
}

static void multiply(
        uint32_t t[2 * WORDS], const struct fe *a, const struct fe *b)
{
	uint32_t x[WORDS], y[WORDS];
	split(x, a);
	split(y, b);
	for (unsigned i = 0; i < WORDS; i++)
		t[i] = 0;
	for (unsigned i = 0; i < WORDS; i++) {
		uint32_t carry = 0;
		for (unsigned k = 0; k < WORDS; k++) {
			uint64_t v = (uint64_t)x[i] * y[k] + t[i + k] + carry;
			t[i + k] = (uint32_t)v;
			carry = (uint32_t)(v >> 32);
		}
		t[i + WORDS] = carry;
	}
}

/*
 * Montgomery's reduction for the two special primes, column by column. Both
 * are −1 modulo 2^32, so the q of column i is the column's own sum, which
 * q·(m + 1) − q turns into 0; only the terms of q·(m + 1) are carried along,
 * with a carry of either sign.
 */
static inline int64_t column(int64_t carry, uint32_t *t, int64_t terms)
{
	int64_t sum = carry + *t + terms;
	*t = (uint32_t)sum;
	return sum >> 32;
}

/* q of column i, or 0 where there is none */
static inline int64_t q_at(const uint32_t *t, unsigned i, unsigned back)
{
	return i >= back && i - back < WORDS ? (int64_t)t[i - back] : 0;
}

/* m + 1 = 2^256 − 2^224 + 2^192 + 2^96 */
static void reduce_p256(struct fe *ret, uint32_t t[2 * WORDS])
{
	int64_t carry = 0;
	for (unsigned i = 3; i < 2 * WORDS; i++)
		carry = column(carry, &t[i],
		        q_at(t, i, 3) + q_at(t, i, 6) - q_at(t, i, 7) +
		                q_at(t, i, 8));
	finish(ret, t + WORDS, (uint64_t)carry, &field_p256.m);
}

/* m + 1 = 2^256 − 2^224 − 2^96 + 2^64 */
static void reduce_sm2(struct fe *ret, uint32_t t[2 * WORDS])
{
	int64_t carry = 0;
	for (unsigned i = 2; i < 2 * WORDS; i++)
		carry = column(carry, &t[i],
		        q_at(t, i, 2) - q_at(t, i, 3) - q_at(t, i, 7) +
		                q_at(t, i, 8));
	finish(ret, t + WORDS, (uint64_t)carry, &field_sm2.m);
}

static void reduce_any(
        const struct field *f, struct fe *ret, uint32_t t[2 * WORDS])
{
	uint32_t m[WORDS], top = 0;
	split(m, &f->m);
	for (unsigned i = 0; i < WORDS; i++) {
		uint32_t q = t[i] * (uint32_t)f->n0, carry = 0;
		uint64_t v;
		for (unsigned k = 0; k < WORDS; k++) {
			v = (uint64_t)q * m[k] + t[i + k] + carry;
			t[i + k] = (uint32_t)v;
			carry = (uint32_t)(v >> 32);
		}
		v = (uint64_t)t[i + WORDS] + carry + top;
		t[i + WORDS] = (uint32_t)v;
		top = (uint32_t)(v >> 32);
	}
	finish(ret, t + WORDS, top, &f->m);
}

void field_mul_p256(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint32_t t[2 * WORDS];
	(void)f;
	multiply(t, a, b);
	reduce_p256(ret, t);
}

void field_sqr_p256(const struct field *f, struct fe *ret, const struct fe *a)
{
	field_mul_p256(f, ret, a, a);
}

void field_mul_sm2(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint32_t t[2 * WORDS];
	(void)f;
	multiply(t, a, b);
	reduce_sm2(ret, t);
}

void field_sqr_sm2(const struct field *f, struct fe *ret, const struct fe *a)
{
	field_mul_sm2(f, ret, a, a);
}

void field_mul_any(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint32_t t[2 * WORDS];
	multiply(t, a, b);
	reduce_any(f, ret, t);
}

void field_sqr_any(const struct field *f, struct fe *ret, const struct fe *a)
{
	field_mul_any(f, ret, a, a);
}

void field_add(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	struct fe sum, less;
	bool carry = fe_add(&sum, a, b);
	bool borrow = fe_sub(&less, &sum, &f->m);
	*ret = borrow > carry ? sum : less;
}

void field_sub(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	struct fe diff;
	if (fe_sub(&diff, a, b))
		(void)fe_add(&diff, &diff, &f->m); /* the borrow cancels it */
	*ret = diff;
}

void field_invert(const struct field *f, struct fe *ret, const struct fe *a)
{
	static const struct fe two = {{2, 0, 0, 0}};
	struct fe e;
	(void)fe_sub(&e, &f->m, &two); /* no borrow: the modulus is large */
	field_pow(f, ret, a, &e);
}
