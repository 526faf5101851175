#include "crypto/core/field.h"

/* For machines that multiply 64-bit numbers to 128 bits. */

__extension__ typedef unsigned __int128 wide;

/* a call between the halves of a product would put it into memory */
#define ALWAYS inline __attribute__((always_inline))

static ALWAYS uint64_t add_carry(uint64_t a, uint64_t b, uint64_t *carry)
{
	wide sum = (wide)a + b + *carry;
	*carry = (uint64_t)(sum >> 64);
	return (uint64_t)sum;
}

static ALWAYS uint64_t sub_borrow(uint64_t a, uint64_t b, uint64_t *borrow)
{
	wide diff = (wide)a - b - *borrow;
	*borrow = (uint64_t)(diff >> 64) & 1;
	return (uint64_t)diff;
}

/* sum + a·b + carry, which always fits two words */
static ALWAYS uint64_t mul_add(
        uint64_t sum, uint64_t a, uint64_t b, uint64_t *carry)
{
	wide v = (wide)a * b + sum + *carry;
	*carry = (uint64_t)(v >> 64);
	return (uint64_t)v;
}

static ALWAYS void multiply(
        uint64_t t[8], const uint64_t a[4], const uint64_t b[4])
{
	t[0] = t[1] = t[2] = t[3] = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t carry = 0;
		for (unsigned k = 0; k < 4; k++)
			t[i + k] = mul_add(t[i + k], a[i], b[k], &carry);
		t[i + 4] = carry;
	}
}

static ALWAYS void square(uint64_t t[8], const uint64_t a[4])
{
	uint64_t carry = 0;

	t[1] = mul_add(0, a[0], a[1], &carry);
	t[2] = mul_add(0, a[0], a[2], &carry);
	t[3] = mul_add(0, a[0], a[3], &carry);
	t[4] = carry;
	carry = 0;
	t[3] = mul_add(t[3], a[1], a[2], &carry);
	t[4] = mul_add(t[4], a[1], a[3], &carry);
	t[5] = carry;
	carry = 0;
	t[5] = mul_add(t[5], a[2], a[3], &carry);
	t[6] = carry;
	t[7] = t[6] >> 63;
	for (unsigned i = 6; i > 1; i--)
		t[i] = t[i] << 1 | t[i - 1] >> 63;
	t[1] <<= 1;
	t[0] = 0;
	carry = 0;
	for (unsigned i = 0; i < 4; i++) {
		wide v = (wide)a[i] * a[i];
		t[2 * i] = add_carry(t[2 * i], (uint64_t)v, &carry);
		t[2 * i + 1] =
		        add_carry(t[2 * i + 1], (uint64_t)(v >> 64), &carry);
	}
}

/* ret = v + 2^256·carry, less m if that is not below m */
static ALWAYS void finish(struct fe *ret, const uint64_t v[4], uint64_t carry,
        const uint64_t m[4])
{
	uint64_t borrow = 0, less[4];
	for (unsigned i = 0; i < 4; i++)
		less[i] = sub_borrow(v[i], m[i], &borrow);
	uint64_t keep = 0 - (uint64_t)(borrow > carry);
	for (unsigned i = 0; i < 4; i++)
		ret->v[i] = (less[i] & ~keep) | (v[i] & keep);
}

/*
 * Montgomery's reduction, one word q at a time: q·m is added to make the
 * lowest word 0. Both special primes are −1 modulo 2^64, so q is that word
 * itself, and what is added above it is `add`, q·(m + 1) / 2^64.
 */
static ALWAYS void reduce_step(
        uint64_t *t, const uint64_t add[4], uint64_t *top)
{
	uint64_t carry = 0;
	for (unsigned i = 0; i < 3; i++)
		t[i] = add_carry(t[i], add[i], &carry);
	/* m + 1 < 2^256, so that add[3] has room for a carry */
	t[3] = add_carry(t[3], add[3] + carry, top);
}

/* m + 1 = 2^256 − 2^224 + 2^192 + 2^96 */
static ALWAYS void reduce_p256(struct fe *ret, uint64_t t[8])
{
	uint64_t top = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t q = t[i], low = q << 32, high = q >> 32, borrow = 0;
		uint64_t add[4] = {low, high};
		add[2] = sub_borrow(q, low, &borrow);
		add[3] = q - high - borrow;
		reduce_step(t + i + 1, add, &top);
	}
	finish(ret, t + 4, top, field_p256.m.v);
}

/* m + 1 = 2^256 − 2^224 − 2^96 + 2^64 */
static ALWAYS void reduce_sm2(struct fe *ret, uint64_t t[8])
{
	uint64_t top = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t q = t[i], low = q << 32, high = q >> 32, borrow = 0;
		uint64_t add[4];
		add[0] = sub_borrow(q, low, &borrow);
		add[1] = sub_borrow(0, high, &borrow);
		add[2] = sub_borrow(0, low, &borrow);
		add[3] = q - high - borrow;
		reduce_step(t + i + 1, add, &top);
	}
	finish(ret, t + 4, top, field_sm2.m.v);
}

static ALWAYS void reduce_any(
        const struct field *f, struct fe *ret, uint64_t t[8])
{
	uint64_t top = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t q = t[i] * f->n0, carry = 0;
		for (unsigned k = 0; k < 4; k++)
			t[i + k] = mul_add(t[i + k], q, f->m.v[k], &carry);
		t[i + 4] = add_carry(t[i + 4], carry, &top);
	}
	finish(ret, t + 4, top, f->m.v);
}

void field_mul_p256(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint64_t t[8];
	(void)f;
	multiply(t, a->v, b->v);
	reduce_p256(ret, t);
}

void field_sqr_p256(const struct field *f, struct fe *ret, const struct fe *a)
{
	uint64_t t[8];
	(void)f;
	square(t, a->v);
	reduce_p256(ret, t);
}

void field_mul_sm2(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint64_t t[8];
	(void)f;
	multiply(t, a->v, b->v);
	reduce_sm2(ret, t);
}

void field_sqr_sm2(const struct field *f, struct fe *ret, const struct fe *a)
{
	uint64_t t[8];
	(void)f;
	square(t, a->v);
	reduce_sm2(ret, t);
}

void field_mul_any(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint64_t t[8];
	multiply(t, a->v, b->v);
	reduce_any(f, ret, t);
}

void field_sqr_any(const struct field *f, struct fe *ret, const struct fe *a)
{
	uint64_t t[8];
	square(t, a->v);
	reduce_any(f, ret, t);
}

void field_add(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint64_t sum[4], carry = 0;
	for (unsigned i = 0; i < 4; i++)
		sum[i] = add_carry(a->v[i], b->v[i], &carry);
	finish(ret, sum, carry, f->m.v);
}

void field_sub(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *b)
{
	uint64_t diff[4], borrow = 0, carry = 0;
	for (unsigned i = 0; i < 4; i++)
		diff[i] = sub_borrow(a->v[i], b->v[i], &borrow);
	for (unsigned i = 0; i < 4; i++)
		ret->v[i] =
		        add_carry(diff[i], f->m.v[i] & (0 - borrow), &carry);
}
