#include "crypto/core/ec_point.h"

#include "crypto/core/mem.h"

/* SP 800-186 section 3.2.1.3 and GB/T 32918.5, times 2^256. */
static const struct ec_curve curve_p256 = {
        .field = &field_p256,
        .order = &field_p256_order,
        .b = {{0xd89cdf6229c4bddf, 0xacf005cd78843090, 0xe5a220abf7212ed6,
                0xdc30061d04874834}},
        .generator =
                {
                        .x = {{0x79e730d418a9143c, 0x75ba95fc5fedb601,
                                0x79fb732b77622510, 0x18905f76a53755c6}},
                        .y = {{0xddf25357ce95560a, 0x8b4ab8e4ba19e45c,
                                0xd2e88688dd21f325, 0x8571ff1825885d85}},
                },
};

static const struct ec_curve curve_sm2 = {
        .field = &field_sm2,
        .order = &field_sm2_order,
        .b = {{0x90d230632bc0dd42, 0x71cf379ae9b537ab, 0x527981505ea51c3c,
                0x240fe188ba20e2c8}},
        .generator =
                {
                        .x = {{0x61328990f418029e, 0x3e7981eddca6c050,
                                0xd6a1ed99ac24c3c3, 0x91167a5ee1c13b05}},
                        .y = {{0xc1354e593c2d0ddd, 0xc1f5e5788d3295fa,
                                0x8d4cfb066e2a48f8, 0x63cd65d481d735bd}},
                },
};

const struct ec_curve *ec_curve_of(int32_t alg)
{
	switch (alg) {
	case SIGCHECK_ES256:
		return &curve_p256;
	case SIGCHECK_SM2:
		return &curve_sm2;
	default:
		return NULL;
	}
}

bool ec_affine_is_on(const struct ec_curve *c, const struct ec_affine *p)
{
	const struct field *f = c->field;
	struct fe left, right;
	if (!fe_less(&p->x, &f->m) || !fe_less(&p->y, &f->m))
		return false;
	f->sqr(f, &left, &p->y);
	f->sqr(f, &right, &p->x);
	for (unsigned i = 0; i < 3; i++)
		field_sub(f, &right, &right, &f->one);
	f->mul(f, &right, &right, &p->x); /* (x² − 3)·x */
	field_add(f, &right, &right, &c->b);
	return fe_equal(&left, &right);
}

int ec_affine_decode(
        const struct ec_curve *c, struct span in, struct ec_affine *ret)
{
	struct ec_affine p;
	if (in.len != SIGCHECK_POINT_LEN || in.data[0] != 0x04)
		return HUFU_ERR_MALFORMED;
	fe_get_be(&p.x, in.data + 1);
	fe_get_be(&p.y, in.data + 1 + FIELD_LEN);
	if (!fe_less(&p.x, &c->field->m) || !fe_less(&p.y, &c->field->m))
		return HUFU_ERR_MALFORMED;
	field_to(c->field, &p.x, &p.x);
	field_to(c->field, &p.y, &p.y);
	if (!ec_affine_is_on(c, &p))
		return HUFU_ERR_MALFORMED;
	*ret = p;
	return HUFU_OK;
}

bool ec_point_is_infinity(const struct ec_point *p)
{
	return fe_is_zero(&p->z);
}

/* "dbl-2001-b" with a = −3; infinity stays infinity. */
void ec_point_double(const struct ec_curve *c, struct ec_point *p)
{
	const struct field *f = c->field;
	struct fe delta, gamma, beta, alpha, t;
	f->sqr(f, &delta, &p->z);
	f->sqr(f, &gamma, &p->y);
	f->mul(f, &beta, &p->x, &gamma);
	field_sub(f, &t, &p->x, &delta);
	field_add(f, &alpha, &p->x, &delta);
	f->mul(f, &alpha, &alpha, &t);
	field_add(f, &t, &alpha, &alpha);
	field_add(f, &alpha, &alpha, &t); /* 3(x − δ)(x + δ) */
	field_add(f, &t, &p->y, &p->z);
	f->sqr(f, &t, &t);
	field_sub(f, &t, &t, &gamma);
	field_sub(f, &p->z, &t, &delta);
	field_add(f, &beta, &beta, &beta);
	field_add(f, &beta, &beta, &beta); /* 4β */
	f->sqr(f, &t, &alpha);
	field_sub(f, &t, &t, &beta);
	field_sub(f, &p->x, &t, &beta);
	field_sub(f, &beta, &beta, &p->x);
	f->mul(f, &t, &alpha, &beta);
	f->sqr(f, &gamma, &gamma);
	field_add(f, &gamma, &gamma, &gamma);
	field_add(f, &gamma, &gamma, &gamma);
	field_add(f, &gamma, &gamma, &gamma); /* 8γ² */
	field_sub(f, &p->y, &t, &gamma);
}

/*
 * The part of an addition that both forms share: p = (x1 : y1 : z), where x1
 * and y1 are p's own numbers scaled to the other's Z, h = x2 − x1, and
 * r = y2 − y1; z is the product of both Z.
 */
static void add_scaled(const struct ec_curve *c, struct ec_point *p,
        const struct fe *x1, const struct fe *y1, const struct fe *h,
        const struct fe *r)
{
	const struct field *f = c->field;
	struct fe h2, h3, v, t;
	f->sqr(f, &h2, h);
	f->mul(f, &h3, &h2, h);
	f->mul(f, &v, x1, &h2);
	f->mul(f, &h2, y1, &h3);
	f->mul(f, &p->z, &p->z, h);
	f->sqr(f, &t, r);
	field_sub(f, &t, &t, &h3);
	field_sub(f, &t, &t, &v);
	field_sub(f, &p->x, &t, &v);
	field_sub(f, &v, &v, &p->x);
	f->mul(f, &t, r, &v);
	field_sub(f, &p->y, &t, &h2);
}

/* The same x on both sides: doubled, or nothing left. */
static void add_same_x(
        const struct ec_curve *c, struct ec_point *p, const struct fe *r)
{
	if (fe_is_zero(r))
		ec_point_double(c, p);
	else
		memset(p, 0, sizeof *p);
}

void ec_point_add_affine(
        const struct ec_curve *c, struct ec_point *p, const struct ec_affine *q)
{
	const struct field *f = c->field;
	struct fe zz, h, r;
	if (ec_point_is_infinity(p)) {
		*p = (struct ec_point){q->x, q->y, f->one};
		return;
	}
	f->sqr(f, &zz, &p->z);
	f->mul(f, &h, &q->x, &zz);
	f->mul(f, &r, &p->z, &zz);
	f->mul(f, &r, &q->y, &r);
	field_sub(f, &h, &h, &p->x);
	field_sub(f, &r, &r, &p->y);
	if (fe_is_zero(&h)) {
		add_same_x(c, p, &r);
		return;
	}
	struct fe x1 = p->x, y1 = p->y;
	add_scaled(c, p, &x1, &y1, &h, &r);
}

void ec_point_add(
        const struct ec_curve *c, struct ec_point *p, const struct ec_point *q)
{
	const struct field *f = c->field;
	struct fe zz, x1, y1, h, r;
	if (ec_point_is_infinity(q))
		return;
	if (ec_point_is_infinity(p)) {
		*p = *q;
		return;
	}
	f->sqr(f, &zz, &q->z);
	f->mul(f, &x1, &p->x, &zz);
	f->mul(f, &y1, &q->z, &zz);
	f->mul(f, &y1, &p->y, &y1);
	f->sqr(f, &zz, &p->z);
	f->mul(f, &h, &q->x, &zz);
	f->mul(f, &r, &p->z, &zz);
	f->mul(f, &r, &q->y, &r);
	field_sub(f, &h, &h, &x1);
	field_sub(f, &r, &r, &y1);
	if (fe_is_zero(&h)) {
		add_same_x(c, p, &r);
		return;
	}
	f->mul(f, &p->z, &p->z, &q->z);
	add_scaled(c, p, &x1, &y1, &h, &r);
}

void ec_point_add_multiple(const struct ec_curve *c, struct ec_point *p,
        const struct ec_affine *q, const struct fe *k)
{
	struct ec_point multiples[16], sum = {0};
	multiples[1] = (struct ec_point){q->x, q->y, c->field->one};
	for (unsigned i = 2; i < 16; i++) {
		multiples[i] = multiples[i - 1];
		ec_point_add_affine(c, &multiples[i], q);
	}
	for (unsigned n = 256; n > 0; n -= 4) {
		unsigned digit = fe_bits(k, n - 4, 4);
		for (unsigned i = 0; i < 4; i++)
			ec_point_double(c, &sum);
		if (digit)
			ec_point_add(c, &sum, &multiples[digit]);
	}
	ec_point_add(c, p, &sum);
}

bool ec_point_x_is(
        const struct ec_curve *c, const struct ec_point *p, const struct fe *v)
{
	const struct field *f = c->field;
	struct fe zz, want, x = *v;
	f->sqr(f, &zz, &p->z);
	do {
		field_to(f, &want, &x);
		f->mul(f, &want, &want, &zz);
		if (fe_equal(&want, &p->x))
			return true;
		/* x itself may be as much as the order or more */
	} while (!fe_add(&x, &x, &c->order->m) && fe_less(&x, &f->m));
	return false;
}
