#include "crypto/core/field.h"

/*
 * 1/a by division steps (Bernstein and Yang, "Fast constant-time gcd
 * computation and modular inversion", 2019), 62 at a time and, unlike there,
 * in variable time: several steps at once where the low bits allow it.
 *
 * Numbers are five signed limbs of 62 bits, the lower four not negative.
 */
__extension__ typedef __int128 wide;

enum { LIMBS = 5, LIMB_BITS = 62, ROUNDS_MAX = 12 };

#define LIMB_MASK (UINT64_MAX >> 2)

struct limbs {
	int64_t v[LIMBS];
};

/* What 62 steps make of (f, g), times 2^62. */
struct steps {
	int64_t u, v, q, r;
};

static struct limbs limbs_of(const struct fe *a)
{
	const uint64_t *v = a->v;
	return (struct limbs){{
	        (int64_t)(v[0] & LIMB_MASK),
	        (int64_t)((v[0] >> 62 | v[1] << 2) & LIMB_MASK),
	        (int64_t)((v[1] >> 60 | v[2] << 4) & LIMB_MASK),
	        (int64_t)((v[2] >> 58 | v[3] << 6) & LIMB_MASK),
	        (int64_t)(v[3] >> 56),
	}};
}

/* Of a number in 0 to 2^256 − 1. */
static struct fe fe_of(const struct limbs *a)
{
	uint64_t v[LIMBS];
	for (unsigned i = 0; i < LIMBS; i++)
		v[i] = (uint64_t)a->v[i];
	return (struct fe){{v[0] | v[1] << 62, v[1] >> 2 | v[2] << 60,
	        v[2] >> 4 | v[3] << 58, v[3] >> 6 | v[4] << 56}};
}

static bool is_zero(const struct limbs *a)
{
	return (a->v[0] | a->v[1] | a->v[2] | a->v[3] | a->v[4]) == 0;
}

/* −1 if negative, else 0 */
static int64_t sign_of(const struct limbs *a)
{
	return a->v[LIMBS - 1] >> 63;
}

/* a + k·b, k = 1 or −1 */
static struct limbs add(const struct limbs *a, int64_t k, const struct limbs *b)
{
	struct limbs ret;
	int64_t carry = 0;
	for (unsigned i = 0; i < LIMBS; i++) {
		carry += a->v[i] + k * b->v[i];
		ret.v[i] = carry;
		if (i < LIMBS - 1) {
			ret.v[i] = (int64_t)((uint64_t)carry & LIMB_MASK);
			carry >>= LIMB_BITS;
		}
	}
	return ret;
}

/*
 * 62 steps on the low bits of f (odd) and g; `eta` is the paper's −δ. A step
 * halves an even g; for an odd one f is added to it, after the two have
 * changed places if eta is negative. Until it is again, a multiple of f that
 * makes up to 6 low bits of g zero stands for as many steps.
 */
static int64_t take_steps(
        int64_t eta, uint64_t f, uint64_t g, struct steps *ret)
{
	uint64_t u = 1, v = 0, q = 0, r = 1, t;
	unsigned left = LIMB_BITS;
	for (;;) {
		unsigned zeros =
		        (unsigned)__builtin_ctzll(g | UINT64_MAX << left);
		g >>= zeros;
		u <<= zeros;
		v <<= zeros;
		eta -= zeros;
		left -= zeros;
		if (left == 0)
			break;
		if (eta < 0) {
			eta = -eta;
			t = f, f = g, g = 0 - t;
			t = u, u = q, q = 0 - t;
			t = v, v = r, r = 0 - t;
		}
		unsigned bits = eta + 1 < left ? (unsigned)eta + 1 : left;
		/* −g/f modulo 64: f·(2 − f²) is 1/f */
		uint64_t w =
		        f * g * (f * f - 2) & 63 & (UINT64_MAX >> (64 - bits));
		g += f * w;
		q += u * w;
		r += v * w;
	}
	*ret = (struct steps){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
	return eta;
}

/* (f, g) by the steps; both divide by 2^62. */
static void step_pair(const struct steps *s, struct limbs *f, struct limbs *g)
{
	wide a = (wide)s->u * f->v[0] + (wide)s->v * g->v[0];
	wide b = (wide)s->q * f->v[0] + (wide)s->r * g->v[0];
	for (unsigned i = 1; i < LIMBS; i++) {
		int64_t fi = f->v[i], gi = g->v[i];
		a = (a >> LIMB_BITS) + (wide)s->u * fi + (wide)s->v * gi;
		b = (b >> LIMB_BITS) + (wide)s->q * fi + (wide)s->r * gi;
		f->v[i - 1] = (int64_t)((uint64_t)a & LIMB_MASK);
		g->v[i - 1] = (int64_t)((uint64_t)b & LIMB_MASK);
	}
	f->v[LIMBS - 1] = (int64_t)(a >> LIMB_BITS);
	g->v[LIMBS - 1] = (int64_t)(b >> LIMB_BITS);
}

/* How often m is added, so that the low limb of `low` + m·k is 0. */
static int64_t cancel(const struct field *f, wide low, int64_t k)
{
	/* n0 is −1/m */
	uint64_t more = (uint64_t)low * (0 - f->n0) + (uint64_t)k;
	return k - (int64_t)(more & LIMB_MASK);
}

/* The same modulo m; d and e stay between −2m and m. */
static void step_modulo(const struct field *f, const struct limbs *m,
        const struct steps *s, struct limbs *d, struct limbs *e)
{
	int64_t d_sign = sign_of(d), e_sign = sign_of(e);
	wide a = (wide)s->u * d->v[0] + (wide)s->v * e->v[0];
	wide b = (wide)s->q * d->v[0] + (wide)s->r * e->v[0];
	int64_t j = cancel(f, a, (s->u & d_sign) + (s->v & e_sign));
	int64_t k = cancel(f, b, (s->q & d_sign) + (s->r & e_sign));
	a += (wide)m->v[0] * j;
	b += (wide)m->v[0] * k;
	for (unsigned i = 1; i < LIMBS; i++) {
		int64_t di = d->v[i], ei = e->v[i];
		a = (a >> LIMB_BITS) + (wide)s->u * di + (wide)s->v * ei +
		    (wide)m->v[i] * j;
		b = (b >> LIMB_BITS) + (wide)s->q * di + (wide)s->r * ei +
		    (wide)m->v[i] * k;
		d->v[i - 1] = (int64_t)((uint64_t)a & LIMB_MASK);
		e->v[i - 1] = (int64_t)((uint64_t)b & LIMB_MASK);
	}
	d->v[LIMBS - 1] = (int64_t)(a >> LIMB_BITS);
	e->v[LIMBS - 1] = (int64_t)(b >> LIMB_BITS);
}

/* Throughout, d·a ≡ f and e·a ≡ g modulo m; at the end f is 1 or −1. */
void field_invert(const struct field *field, struct fe *ret, const struct fe *a)
{
	const struct limbs m = limbs_of(&field->m), zero = {{0}};
	struct limbs f = m, g = limbs_of(a), d = zero, e = {{1}};
	struct steps s;
	int64_t eta = -1;
	for (unsigned i = 0; i < ROUNDS_MAX && !is_zero(&g); i++) {
		eta = take_steps(eta, (uint64_t)f.v[0], (uint64_t)g.v[0], &s);
		step_modulo(field, &m, &s, &d, &e);
		step_pair(&s, &f, &g);
	}
	if (sign_of(&f))
		d = add(&zero, -1, &d);
	while (sign_of(&d))
		d = add(&d, 1, &m);
	for (struct limbs less = add(&d, -1, &m); !sign_of(&less);
	        less = add(&d, -1, &m))
		d = less;
	struct fe plain = fe_of(&d);
	/* a stood for a/2^256 */
	field->mul(field, &plain, &plain, &field->square);
	field->mul(field, ret, &plain, &field->square);
}
