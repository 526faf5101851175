#include "crypto/core/ec_table.h"

#include "crypto/core/ec_point.h"
#include "crypto/core/mem.h"

static unsigned windows_of(unsigned window)
{
	return window ? 256 / window : 0;
}

static unsigned points_of(unsigned window)
{
	return (1u << window) - 1;
}

static uint8_t *place_of(uint8_t *data, unsigned n)
{
	return data + (size_t)n * EC_TABLE_POINT_LEN;
}

static void put_point(uint8_t *to, const struct ec_affine *p)
{
	fe_put_le(&p->x, to);
	fe_put_le(&p->y, to + FIELD_LEN);
}

static void get_point(struct ec_affine *p, const uint8_t *from)
{
	fe_get_le(&p->x, from);
	fe_get_le(&p->y, from + FIELD_LEN);
}

size_t ec_table_len(unsigned window)
{
	switch (window) {
	case EC_TABLE_SMALL:
		return EC_TABLE_SMALL_LEN;
	case EC_TABLE_FAST:
		return EC_TABLE_FAST_LEN;
	default:
		return 0;
	}
}

/* What the slope of the line through iP and mP is divided by. */
static void divisor(const struct field *f, struct fe *ret,
        const struct ec_affine *i, const struct ec_affine *m, bool same)
{
	if (same)
		field_add(f, ret, &m->y, &m->y);
	else
		field_sub(f, ret, &i->x, &m->x);
}

/* iP + mP, given the inverse of the divisor. */
static void add_divided(const struct ec_curve *c, struct ec_affine *i,
        const struct ec_affine *m, const struct fe *inverse, bool same)
{
	const struct field *f = c->field;
	struct fe slope, x;
	if (same) { /* 3(x² − 1) / 2y */
		struct fe t;
		f->sqr(f, &t, &m->x);
		field_sub(f, &t, &t, &f->one);
		field_add(f, &slope, &t, &t);
		field_add(f, &slope, &slope, &t);
	} else {
		field_sub(f, &slope, &i->y, &m->y);
	}
	f->mul(f, &slope, &slope, inverse);
	f->sqr(f, &x, &slope);
	field_sub(f, &x, &x, &i->x);
	field_sub(f, &x, &x, &m->x);
	field_sub(f, &i->y, &m->x, &x);
	f->mul(f, &i->y, &i->y, &slope);
	field_sub(f, &i->y, &i->y, &m->y);
	i->x = x;
}

/*
 * P to mP stand at `data`; adds the `count` <= m points that follow, with one
 * inversion for all. No divisor is 0: the multiples are far below the prime
 * order. The products of the divisors wait where the points will stand.
 */
static void extend(
        const struct ec_curve *c, uint8_t *data, unsigned m, unsigned count)
{
	const struct field *f = c->field;
	struct ec_affine last, p;
	struct fe product = f->one, inverse, d, t;

	get_point(&last, place_of(data, m - 1));
	for (unsigned i = 0; i < count; i++) {
		fe_put_le(&product, place_of(data, m + i));
		get_point(&p, place_of(data, i));
		divisor(f, &d, &p, &last, i == m - 1);
		f->mul(f, &product, &product, &d);
	}
	field_invert(f, &inverse, &product);
	for (unsigned i = count; i-- > 0;) {
		get_point(&p, place_of(data, i));
		divisor(f, &d, &p, &last, i == m - 1);
		fe_get_le(&product, place_of(data, m + i));
		f->mul(f, &t, &inverse, &product);
		f->mul(f, &inverse, &inverse, &d);
		add_divided(c, &p, &last, &t, i == m - 1);
		put_point(place_of(data, m + i), &p);
	}
}

/*
 * One window, whose base stands first. The base of the next window, twice
 * the middle point, comes behind the last point, which is its place.
 */
static void fill_window(const struct ec_curve *c, uint8_t *data,
        unsigned window, bool with_next)
{
	unsigned half = 1u << (window - 1);
	for (unsigned m = 1; m < half; m *= 2)
		extend(c, data, m, m);
	extend(c, data, half, with_next ? half : half - 1);
}

static int base_of(enum sigcheck_alg alg, struct span point,
        const struct ec_curve **ret_curve, struct ec_affine *ret)
{
	*ret_curve = ec_curve_of(alg);
	if (!*ret_curve)
		return HUFU_ERR_UNSUPPORTED;
	if (point.len > 0)
		return ec_affine_decode(*ret_curve, point, ret);
	*ret = (*ret_curve)->generator;
	return HUFU_OK;
}

int ec_table_build(enum sigcheck_alg alg, struct span point, unsigned window,
        void *space, size_t cap, struct ec_table *ret)
{
	const struct ec_curve *c;
	struct ec_affine base;
	uint8_t *data = space;
	size_t len = ec_table_len(window);
	if (len == 0)
		return HUFU_ERR_ARGUMENT;
	if (cap < len)
		return HUFU_ERR_SPACE;
	int rc = base_of(alg, point, &c, &base);
	if (rc)
		return rc;
	put_point(data, &base);
	for (unsigned i = 0; i < windows_of(window); i++)
		fill_window(c, place_of(data, i * points_of(window)), window,
		        i + 1 < windows_of(window));
	*ret = (struct ec_table){alg, window, data};
	return HUFU_OK;
}

int ec_table_begin(enum sigcheck_alg alg, struct span point,
        uint8_t space[EC_TABLE_SMALL_SPACE_LEN])
{
	const struct ec_curve *c;
	struct ec_affine base;
	int rc = base_of(alg, point, &c, &base);
	if (!rc)
		put_point(place_of(space, points_of(EC_TABLE_SMALL)), &base);
	return rc;
}

void ec_table_next(
        enum sigcheck_alg alg, uint8_t space[EC_TABLE_SMALL_SPACE_LEN])
{
	memcpy(space, place_of(space, points_of(EC_TABLE_SMALL)),
	        EC_TABLE_POINT_LEN);
	fill_window(ec_curve_of(alg), space, EC_TABLE_SMALL, true);
}

int ec_table_use(enum sigcheck_alg alg, struct span data, unsigned window,
        struct ec_table *ret)
{
	const struct ec_curve *c = ec_curve_of(alg);
	struct ec_affine first;
	if (!c || ec_table_len(window) == 0 || data.len != ec_table_len(window))
		return HUFU_ERR_ARGUMENT;
	get_point(&first, data.data);
	if (!ec_affine_is_on(c, &first))
		return HUFU_ERR_CORRUPT;
	*ret = (struct ec_table){alg, window, data.data};
	return HUFU_OK;
}

bool ec_table_is_of(const struct ec_table *t, struct span point)
{
	const struct ec_curve *c;
	struct ec_affine base;
	uint8_t first[EC_TABLE_POINT_LEN];
	if (t->window == 0 || base_of(t->alg, point, &c, &base))
		return false;
	put_point(first, &base);
	return memcmp(first, t->data, sizeof first) == 0;
}

void ec_table_add_multiple(
        const struct ec_table *t, const struct fe *k, struct ec_point *p)
{
	const struct ec_curve *c = ec_curve_of(t->alg);
	const uint8_t *places[256 / EC_TABLE_SMALL];
	unsigned count = 0;
	/* all at once, so that memory is waited for once */
	for (unsigned i = 0; i < windows_of(t->window); i++) {
		unsigned digit = fe_bits(k, i * t->window, t->window);
		if (digit == 0)
			continue;
		places[count] = t->data +
		                (size_t)(i * points_of(t->window) + digit - 1) *
		                        EC_TABLE_POINT_LEN;
		__builtin_prefetch(places[count++]);
	}
	for (unsigned i = 0; i < count; i++) {
		struct ec_affine q;
		get_point(&q, places[i]);
		ec_point_add_affine(c, p, &q);
	}
}
