/*
 * Core's signature checks against OpenSSL, which makes the signatures and
 * multiplies the points. sigs_peer [COUNT]: so many signatures of each curve.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "crypto/core/decimal.h"
#include "crypto/core/ec_point.h"
#include "crypto/core/sigs_core.h"
#include "crypto/issuer/signing_key.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/sigs.h"

enum { KEY_USES = 500, MESSAGE_MAX = 300, EDGES = 7 };

static uint64_t count = 20000;
static uint8_t space[EC_TABLE_FAST_LEN];
static struct sigs_core_key known;
static struct sigs_core core;

static const struct curve {
	enum cose_curve cose;
	enum sigcheck_alg alg;
	int nid;
} p256 = {COSE_CURVE_P256, SIGCHECK_ES256, NID_X9_62_prime256v1},
  sm2 = {COSE_CURVE_SM2, SIGCHECK_SM2, NID_sm2},
  ed25519 = {COSE_CURVE_ED25519, SIGCHECK_EDDSA, 0};

/* one signature and what it is of */
struct piece {
	uint8_t point[SIGCHECK_POINT_LEN];
	struct span key;
	uint8_t text[MESSAGE_MAX];
	size_t text_len;
	uint8_t sig[SIGCHECK_SIG_LEN];
};

static int ask(
        const struct sigcheck *s, const struct curve *c, const struct piece *p)
{
	return s->verify(s->ctx, c->alg, p->key, span_of(p->text, p->text_len),
	        span_of(p->sig, sizeof p->sig));
}

/* A core with both generators' tables, built once. */
static struct sigs_core with_generators(unsigned window)
{
	static uint8_t generators[EC_TABLE_FAST + 1][2 * EC_TABLE_FAST_LEN];
	static struct sigs_core ready[EC_TABLE_FAST + 1];
	if (!ready[window].p256.window)
		assert_int_equal(
		        sigs_core_build_generators(&ready[window], window,
		                generators[window], sizeof generators[window]),
		        0);
	return ready[window];
}

/* No table, the small or the large one, of generator and key. */
static void use_window(const struct curve *c, struct span key, unsigned window)
{
	struct ec_table table;
	sigs_core_init(&core, &known, 1);
	if (window == 0 || c->nid == 0)
		return;
	struct sigs_core built = with_generators(window);
	assert_int_equal(sigs_core_use_generator(&core, &built.p256), 0);
	assert_int_equal(sigs_core_use_generator(&core, &built.sm2), 0);
	assert_int_equal(ec_table_build(c->alg, key, window, space,
	                         sizeof space, &table),
	        0);
	assert_int_equal(sigs_core_add_key(&core, key, &table), 0);
}

static uint32_t below(uint32_t n)
{
	uint32_t v;
	assert_int_equal(random_below(n, &v), 0);
	return v;
}

static void flip_one_bit(const struct curve *c, struct piece *p)
{
	uint8_t *byte = below(2) || p->text_len == 0
	                        ? &p->sig[below(sizeof p->sig)]
	                        : &p->text[below((uint32_t)p->text_len)];
	uint8_t bit = (uint8_t)(1u << below(8));
	*byte ^= bit;
	assert_int_equal(ask(sigs_core_check(&core), c, p), HUFU_ERR_SIGNATURE);
	*byte ^= bit;
}

static void sign(const struct signing_key *key, struct piece *p)
{
	p->text_len = below(MESSAGE_MAX + 1);
	assert_int_equal(random_fill(p->text, p->text_len), 0);
	assert_int_equal(
	        signing_key_sign(key, span_of(p->text, p->text_len), p->sig),
	        0);
}

static void agrees(const struct curve *c, uint64_t signatures)
{
	static const unsigned windows[] = {0, EC_TABLE_SMALL, EC_TABLE_FAST};
	struct signing_key *key = NULL;
	struct piece p;
	for (uint64_t i = 0; i < signatures; i++) {
		if (i % KEY_USES == 0) {
			signing_key_free(key);
			assert_int_equal(
			        signing_key_generate(c->cose, KEY_CARD, &key),
			        0);
			p.key = cose_key_public(
			        signing_key_public(key), p.point);
			use_window(c, p.key, windows[i / KEY_USES % 3]);
		}
		sign(key, &p);
		assert_int_equal(ask(sigs_core_check(&core), c, &p), HUFU_OK);
		flip_one_bit(c, &p);
	}
	signing_key_free(key);
}

static void agrees_on_p256(void **state)
{
	(void)state;
	agrees(&p256, count);
}

static void agrees_on_sm2(void **state)
{
	(void)state;
	agrees(&sm2, count);
}

static void agrees_on_ed25519(void **state)
{
	(void)state;
	agrees(&ed25519, count / 20);
}

static BIGNUM *order_of(const EC_GROUP *g)
{
	BIGNUM *n = BN_dup(EC_GROUP_get0_order(g));
	assert_non_null(n);
	return n;
}

/* 0, 1, n − 1, n, n + 1, 2^256 − 1 and the number that was there */
static void put_edge(const BIGNUM *n, unsigned edge, uint8_t at[32])
{
	BIGNUM *v = BN_dup(n);
	assert_non_null(v);
	if (edge < 2)
		assert_int_equal(BN_set_word(v, edge), 1);
	else if (edge == 2)
		assert_int_equal(BN_sub_word(v, 1), 1);
	else if (edge == 4)
		assert_int_equal(BN_add_word(v, 1), 1);
	if (edge < 5)
		assert_int_equal(BN_bn2binpad(v, at, 32), 32);
	else if (edge == 5)
		memset(at, 0xFF, 32);
	BN_free(v);
}

static void edges_on(const struct curve *c, unsigned window)
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(c->nid);
	BIGNUM *n = order_of(g);
	struct signing_key *key = NULL;
	struct piece p;
	assert_int_equal(signing_key_generate(c->cose, KEY_CARD, &key), 0);
	p.key = cose_key_public(signing_key_public(key), p.point);
	use_window(c, p.key, window);
	for (unsigned i = 0; i < EDGES * EDGES; i++) {
		sign(key, &p);
		put_edge(n, i / EDGES, p.sig);
		put_edge(n, i % EDGES, p.sig + 32);
		int want = i == EDGES * EDGES - 1 ? 0 : HUFU_ERR_SIGNATURE;
		assert_int_equal(ask(sigs_openssl(), c, &p), want);
		assert_int_equal(ask(sigs_core_check(&core), c, &p), want);
	}
	/* SM2: r + s = n leaves nothing of the key */
	sign(key, &p);
	BIGNUM *r = BN_bin2bn(p.sig, 32, NULL);
	assert_int_equal(BN_sub(r, n, r), 1);
	assert_int_equal(BN_bn2binpad(r, p.sig + 32, 32), 32);
	assert_int_equal(
	        ask(sigs_core_check(&core), c, &p), HUFU_ERR_SIGNATURE);
	BN_free(r);
	BN_free(n);
	EC_GROUP_free(g);
	signing_key_free(key);
}

static void refuses_edge_numbers(void **state)
{
	static const unsigned windows[] = {0, EC_TABLE_SMALL, EC_TABLE_FAST};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		edges_on(&p256, windows[i]);
		edges_on(&sm2, windows[i]);
	}
}

/* x of k·G by OpenSSL, modulo the order; false at infinity */
static bool peer_x(const EC_GROUP *g, const BIGNUM *k, struct fe *ret)
{
	uint8_t bytes[32];
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *x = BN_new();
	EC_POINT *q = EC_POINT_new(g);
	assert_int_equal(EC_POINT_mul(g, q, k, NULL, NULL, ctx), 1);
	bool finite = !EC_POINT_is_at_infinity(g, q);
	if (finite) {
		assert_int_equal(
		        EC_POINT_get_affine_coordinates(g, q, x, NULL, ctx), 1);
		assert_int_equal(
		        BN_nnmod(x, x, EC_GROUP_get0_order(g), ctx), 1);
		assert_int_equal(BN_bn2binpad(x, bytes, 32), 32);
		fe_get_be(ret, bytes);
	}
	EC_POINT_free(q);
	BN_free(x);
	BN_CTX_free(ctx);
	return finite;
}

static struct fe fe_of(const BIGNUM *v)
{
	uint8_t bytes[32];
	struct fe f;
	assert_int_equal(BN_bn2binpad(v, bytes, 32), 32);
	fe_get_be(&f, bytes);
	return f;
}

static void add_multiple(const struct curve *c, const struct ec_table *t,
        const BIGNUM *k, struct ec_point *p)
{
	const struct ec_curve *curve = ec_curve_of(c->alg);
	struct fe plain = fe_of(k);
	if (t->window)
		ec_table_add_multiple(t, &plain, p);
	else
		ec_point_add_multiple(curve, p, &curve->generator, &plain);
}

/* a·G + b·G, where a and b make the two meet, double or cancel */
static void sum_is_right(const struct curve *c, const EC_GROUP *g,
        const struct ec_table *t, const BIGNUM *a, const BIGNUM *b)
{
	const struct ec_curve *curve = ec_curve_of(c->alg);
	struct ec_point p = {0};
	struct fe x;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *k = BN_new();
	add_multiple(c, t, a, &p);
	add_multiple(c, t, b, &p);
	assert_int_equal(BN_mod_add(k, a, b, EC_GROUP_get0_order(g), ctx), 1);
	assert_int_equal(ec_point_is_infinity(&p), !peer_x(g, k, &x));
	if (!ec_point_is_infinity(&p))
		assert_true(ec_point_x_is(curve, &p, &x));
	BN_free(k);
	BN_CTX_free(ctx);
}

static void sums_on(const struct curve *c, unsigned window)
{
	static const BN_ULONG small[] = {0, 1, 2, 15, 16, 17, 255, 256, 257};
	enum { SMALL = sizeof small / sizeof small[0] };
	EC_GROUP *g = EC_GROUP_new_by_curve_name(c->nid);
	struct ec_table t = {.alg = c->alg};
	BIGNUM *n = order_of(g), *a = BN_new(), *b = BN_new();
	if (window)
		assert_int_equal(ec_table_build(c->alg, span_of(NULL, 0),
		                         window, space, sizeof space, &t),
		        0);
	for (size_t i = 0; i < (size_t)SMALL * SMALL * 2; i++) {
		size_t j = i / 2 % SMALL;
		assert_int_equal(BN_set_word(a, small[i / 2 / SMALL]), 1);
		assert_int_equal(BN_set_word(b, small[j]), 1);
		if (i % 2 && small[j] > 0)
			assert_int_equal(BN_sub(b, n, b), 1);
		sum_is_right(c, g, &t, a, b);
		sum_is_right(c, g, &t, b, a);
	}
	BN_free(a);
	BN_free(b);
	BN_free(n);
	EC_GROUP_free(g);
}

static void adds_equal_and_opposite_points(void **state)
{
	static const unsigned windows[] = {0, EC_TABLE_SMALL, EC_TABLE_FAST};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		sums_on(&p256, windows[i]);
		sums_on(&sm2, windows[i]);
	}
}

static void refuses_a_trust_list_with_a_wrong_point(void **state)
{
	(void)state;
	static struct trust_list trust;
	struct sigs_core_key keys[2];
	struct signing_key *key = NULL;
	assert_int_equal(
	        signing_key_generate(COSE_CURVE_SM2, KEY_CARD, &key), 0);
	trust.issuer_count = 1;
	trust.issuers[0].alg = SIGCHECK_SM2;
	trust.issuers[0].key = *signing_key_public(key);
	sigs_core_init(&core, keys, 2);
	assert_int_equal(sigs_core_use_trust(&core, &trust, EC_TABLE_SMALL,
	                         space, sizeof space),
	        HUFU_OK);
	assert_int_equal(core.key_count, 1);
	trust.issuers[0].key.y[31] ^= 1;
	assert_int_equal(sigs_core_use_trust(&core, &trust, EC_TABLE_SMALL,
	                         space, sizeof space),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(core.key_count, 0);
	signing_key_free(key);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(agrees_on_p256),
	        cmocka_unit_test(agrees_on_sm2),
	        cmocka_unit_test(agrees_on_ed25519),
	        cmocka_unit_test(refuses_edge_numbers),
	        cmocka_unit_test(adds_equal_and_opposite_points),
	        cmocka_unit_test(refuses_a_trust_list_with_a_wrong_point),
	};
	if (argc == 2 &&
	        decimal_decode(span_of_text(argv[1]), UINT32_MAX, &count)) {
		fprintf(stderr, "sigs_peer [COUNT]\n");
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
