#include "crypto/core/ed25519.h"

#include "crypto/core/field.h"
#include "crypto/core/mem.h"
#include "crypto/core/sha512.h"
#include "crypto/core/sigcheck.h"

/* x = X/Z, y = Y/Z, xy = T/Z */
struct point {
	struct fe x, y, z, t;
};

static const struct field *const field = &field_25519;
static const struct field *const order = &field_25519_order;

/* Numbers of RFC 8032 section 5.1, times 2^256. */
static const struct fe curve_d = {{0x80ed8bfedf47e9fa, 0x10a18777afc62973,
        0xe5939207bc188690, 0x2c822b5a729fc526}};
static const struct fe curve_2d = {{0x01db17fdbe8fd3f4, 0x21430eef5f8c52e7,
        0xcb27240f78310d20, 0x590456b4e53f8a4d}};
static const struct fe root_of_minus_1 = {{0x3b5807d4fe2bdb04,
        0x03f590fdb51be9ed, 0x6d6e16bf336202d1, 0x75776b0bd6c71ba8}};
static const struct point base = {
        .x = {{0xe2cabc553f9da287, 0x9ca598562396e489, 0x9879936bade4b5b7,
                0x759e23707e6077d0}},
        .y = {{0x333333333333334a, 0x3333333333333333, 0x3333333333333333,
                0x3333333333333333}},
        .z = {{0x0000000000000026, 0x0000000000000000, 0x0000000000000000,
                0x0000000000000000}},
        .t = {{0x4f0896aa994ae86c, 0xe3b7ad11b612506e, 0x46c7a922f183c492,
                0x5e181c59feb3930d}},
};
static const struct fe exponent = {{0xfffffffffffffffd, 0xffffffffffffffff,
        0xffffffffffffffff, 0x0fffffffffffffff}}; /* (p − 5) / 8 */

static void mul(struct fe *ret, const struct fe *a, const struct fe *b)
{
	field->mul(field, ret, a, b);
}

static void sqr(struct fe *ret, const struct fe *a)
{
	field->sqr(field, ret, a);
}

static void add(struct fe *ret, const struct fe *a, const struct fe *b)
{
	field_add(field, ret, a, b);
}

static void sub(struct fe *ret, const struct fe *a, const struct fe *b)
{
	field_sub(field, ret, a, b);
}

static void negate(struct fe *ret, const struct fe *a)
{
	static const struct fe zero;
	sub(ret, &zero, a);
}

/* From E, F, G, H of RFC 8032 section 5.1.4. */
static void assemble(struct point *p, const struct fe *e, const struct fe *f,
        const struct fe *g, const struct fe *h)
{
	mul(&p->x, e, f);
	mul(&p->y, g, h);
	mul(&p->t, e, h);
	mul(&p->z, f, g);
}

/* Complete: d is no square. */
static void point_add(struct point *p, const struct point *q)
{
	struct fe a, b, c, d, t, h;
	sub(&a, &p->y, &p->x);
	sub(&t, &q->y, &q->x);
	mul(&a, &a, &t);
	add(&b, &p->y, &p->x);
	add(&t, &q->y, &q->x);
	mul(&b, &b, &t);
	mul(&c, &p->t, &q->t);
	mul(&c, &c, &curve_2d);
	mul(&d, &p->z, &q->z);
	add(&d, &d, &d);
	add(&h, &b, &a);
	sub(&b, &b, &a); /* E */
	sub(&a, &d, &c); /* F */
	add(&d, &d, &c); /* G */
	assemble(p, &b, &a, &d, &h);
}

static void point_double(struct point *p)
{
	struct fe a, b, c, e, h;
	sqr(&a, &p->x);
	sqr(&b, &p->y);
	sqr(&c, &p->z);
	add(&c, &c, &c);
	add(&h, &a, &b);
	add(&e, &p->x, &p->y);
	sqr(&e, &e);
	sub(&e, &h, &e);
	sub(&a, &a, &b); /* G */
	add(&c, &c, &a); /* F */
	assemble(p, &e, &c, &a, &h);
}

static bool is_odd(const struct fe *a)
{
	struct fe plain;
	field_from(field, &plain, a);
	return plain.v[0] & 1;
}

/* A root of u/v (RFC 8032 section 5.1.3); false if there is none. */
static bool divided_root(struct fe *ret, const struct fe *u, const struct fe *v)
{
	struct fe v3, x, t;
	sqr(&v3, v);
	mul(&v3, &v3, v);
	sqr(&t, &v3);
	mul(&t, &t, v);
	mul(&t, &t, u);
	field_pow(field, &t, &t, &exponent);
	mul(&x, u, &v3);
	mul(&x, &x, &t);
	sqr(&t, &x);
	mul(&t, &t, v);
	if (!fe_equal(&t, u)) {
		negate(&t, &t);
		if (!fe_equal(&t, u))
			return false;
		mul(&x, &x, &root_of_minus_1);
	}
	*ret = x;
	return true;
}

static bool point_decode(const uint8_t in[FIELD_LEN], struct point *p)
{
	struct fe u, v;
	bool odd = in[FIELD_LEN - 1] >> 7;
	fe_get_le(&p->y, in);
	p->y.v[3] &= UINT64_MAX >> 1;
	if (!fe_less(&p->y, &field->m))
		return false;
	field_to(field, &p->y, &p->y);
	sqr(&u, &p->y);
	mul(&v, &u, &curve_d);
	sub(&u, &u, &field->one);
	add(&v, &v, &field->one);
	if (!divided_root(&p->x, &u, &v) || (odd && fe_is_zero(&p->x)))
		return false;
	if (is_odd(&p->x) != odd)
		negate(&p->x, &p->x);
	p->z = field->one;
	mul(&p->t, &p->x, &p->y);
	return true;
}

static void point_encode(const struct point *p, uint8_t ret[FIELD_LEN])
{
	struct fe inverse, x, y;
	field_invert(field, &inverse, &p->z);
	mul(&x, &p->x, &inverse);
	mul(&y, &p->y, &inverse);
	field_from(field, &y, &y);
	fe_put_le(&y, ret);
	if (is_odd(&x))
		ret[FIELD_LEN - 1] |= 0x80;
}

/* s·B + k·q */
static struct point combine(
        const struct fe *s, const struct fe *k, const struct point *q)
{
	struct point both = base, p = {.y = field->one, .z = field->one};
	point_add(&both, q);
	for (unsigned n = 256; n-- > 0;) {
		point_double(&p);
		switch (fe_bits(s, n, 1) + 2 * fe_bits(k, n, 1)) {
		case 1:
			point_add(&p, &base);
			break;
		case 2:
			point_add(&p, q);
			break;
		case 3:
			point_add(&p, &both);
			break;
		default:
			break;
		}
	}
	return p;
}

/* SHA-512(R ‖ A ‖ M) modulo the order. */
static void challenge(const uint8_t *r, const uint8_t *key, struct span message,
        struct fe *ret)
{
	uint8_t hash[SHA512_LEN];
	struct sha512 h;
	struct fe low, high;
	sha512_init(&h);
	sha512_put(&h, r, FIELD_LEN);
	sha512_put(&h, key, FIELD_LEN);
	sha512_put(&h, message.data, message.len);
	sha512_done(&h, hash);
	fe_get_le(&low, hash);
	fe_get_le(&high, hash + FIELD_LEN);
	field_to(order, &low, &low);
	field_from(order, &low, &low);
	field_to(order, &high, &high); /* that is, times 2^256 */
	field_add(order, ret, &low, &high);
}

int ed25519_verify(struct span key, struct span message, struct span sig)
{
	struct point a, p;
	struct fe s, k;
	uint8_t r[FIELD_LEN];

	if (key.len != SIGCHECK_ED25519_LEN || !point_decode(key.data, &a))
		return HUFU_ERR_MALFORMED;
	if (sig.len != SIGCHECK_SIG_LEN)
		return HUFU_ERR_SIGNATURE;
	fe_get_le(&s, sig.data + FIELD_LEN);
	if (!fe_less(&s, &order->m))
		return HUFU_ERR_SIGNATURE;
	challenge(sig.data, key.data, message, &k);
	negate(&a.x, &a.x);
	negate(&a.t, &a.t);
	p = combine(&s, &k, &a);
	point_encode(&p, r);
	return memcmp(r, sig.data, sizeof r) == 0 ? HUFU_OK
	                                          : HUFU_ERR_SIGNATURE;
}
