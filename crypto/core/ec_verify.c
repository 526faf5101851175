#include "crypto/core/ec_verify.h"

#include "crypto/core/sha256.h"
#include "crypto/core/sm3.h"

/* r and s, plain; both in 1 to n − 1 */
struct numbers {
	struct fe r, s;
};

static bool numbers_get(
        const struct field *order, struct span sig, struct numbers *ret)
{
	if (sig.len != SIGCHECK_SIG_LEN)
		return false;
	fe_get_be(&ret->r, sig.data);
	fe_get_be(&ret->s, sig.data + FIELD_LEN);
	return !fe_is_zero(&ret->r) && fe_less(&ret->r, &order->m) &&
	       !fe_is_zero(&ret->s) && fe_less(&ret->s, &order->m);
}

/* A hash as a number below the order: it is at most twice that. */
static void reduce_hash(
        const struct field *order, const uint8_t hash[32], struct fe *ret)
{
	struct fe e, less;
	fe_get_be(&e, hash);
	*ret = fe_sub(&less, &e, &order->m) ? e : less;
}

/* a·G + b·Q */
static struct ec_point combine(
        const struct ec_verify_key *key, const struct fe *a, const struct fe *b)
{
	struct ec_point p = {0};
	if (key->generator->window)
		ec_table_add_multiple(key->generator, a, &p);
	else
		ec_point_add_multiple(
		        key->curve, &p, &key->curve->generator, a);
	if (key->table)
		ec_table_add_multiple(key->table, b, &p);
	else
		ec_point_add_multiple(key->curve, &p, &key->point, b);
	return p;
}

int ec_verify_es256(
        const struct ec_verify_key *key, struct span tbs, struct span sig)
{
	const struct field *order = key->curve->order;
	struct numbers n;
	struct fe e, w, a, b;
	uint8_t hash[SHA256_LEN];

	if (!numbers_get(order, sig, &n))
		return HUFU_ERR_SIGNATURE;
	sha256_of(tbs, hash);
	reduce_hash(order, hash, &e);
	field_to(order, &w, &n.s);
	field_invert(order, &w, &w);
	order->mul(order, &a, &e, &w); /* plain times Montgomery: plain */
	order->mul(order, &b, &n.r, &w);
	struct ec_point p = combine(key, &a, &b);
	if (ec_point_is_infinity(&p))
		return HUFU_ERR_SIGNATURE;
	return ec_point_x_is(key->curve, &p, &n.r) ? HUFU_OK
	                                           : HUFU_ERR_SIGNATURE;
}

/* x1 ≡ r − e is asked instead of e + x1 ≡ r. */
int ec_verify_sm2(
        const struct ec_verify_key *key, struct span tbs, struct span sig)
{
	const struct field *order = key->curve->order;
	struct numbers n;
	struct fe e, t, x;
	struct sm3 h;
	uint8_t hash[SM3_LEN];

	if (!numbers_get(order, sig, &n))
		return HUFU_ERR_SIGNATURE;
	field_add(order, &t, &n.r, &n.s);
	if (fe_is_zero(&t))
		return HUFU_ERR_SIGNATURE;
	sm3_init(&h);
	sm3_put(&h, key->identity, SM3_LEN);
	sm3_put(&h, tbs.data, tbs.len);
	sm3_done(&h, hash);
	reduce_hash(order, hash, &e);
	field_sub(order, &x, &n.r, &e);
	struct ec_point p = combine(key, &n.s, &t);
	if (ec_point_is_infinity(&p))
		return HUFU_ERR_SIGNATURE;
	return ec_point_x_is(key->curve, &p, &x) ? HUFU_OK : HUFU_ERR_SIGNATURE;
}

void ec_verify_identity(
        const uint8_t point[SIGCHECK_POINT_LEN], uint8_t ret[SM3_LEN])
{
	/* a, b and the generator of GB/T 32918.5 */
	static const uint8_t curve[] = {0xff, 0xff, 0xff, 0xfe, 0xff, 0xff,
	        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff,
	        0xff, 0xff, 0xff, 0xff, 0xff, 0xfc, 0x28, 0xe9, 0xfa, 0x9e,
	        0x9d, 0x9f, 0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65,
	        0x09, 0xa7, 0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92,
	        0xdd, 0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93, 0x32, 0xc4,
	        0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04, 0x46,
	        0x6a, 0x39, 0xc9, 0x94, 0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66,
	        0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74, 0xc7,
	        0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd,
	        0xce, 0xe3, 0x6b, 0x69, 0x21, 0x53, 0xd0, 0xa9, 0x87, 0x7c,
	        0xc6, 0x2a, 0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39,
	        0xf0, 0xa0};
	struct span id = span_of_text(SIGCHECK_SM2_ID);
	const uint8_t bits[2] = {0, (uint8_t)(8 * id.len)};
	struct sm3 h;

	sm3_init(&h);
	sm3_put(&h, bits, sizeof bits);
	sm3_put(&h, id.data, id.len);
	sm3_put(&h, curve, sizeof curve);
	sm3_put(&h, point + 1, SIGCHECK_POINT_LEN - 1);
	sm3_done(&h, ret);
}
