/* Inverses by whatever way this machine takes, against powers (Fermat). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/core/field.h"

enum { RANDOM_COUNT = 3000 };

static const struct field *const fields[] = {&field_p256, &field_sm2,
        &field_25519, &field_p256_order, &field_sm2_order, &field_25519_order};

static void check(const struct field *f, const struct fe *a)
{
	struct fe two = {{2, 0, 0, 0}}, e, want, got = *a;
	(void)fe_sub(&e, &f->m, &two);
	field_pow(f, &want, a, &e);
	field_invert(f, &got, &got); /* in place, as it is used */
	assert_true(fe_equal(&got, &want));
	f->mul(f, &got, &got, a);
	assert_true(fe_is_zero(a) ? fe_is_zero(&got) : fe_equal(&got, &f->one));
}

static void inverts_edges(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const struct field *f = fields[i];
		struct fe one = {{1, 0, 0, 0}}, a = {{0}}, b;
		for (unsigned k = 0; k < 70; k++) { /* 0 … 69, m − 1 … m − 69 */
			check(f, &a);
			(void)fe_sub(&b, &f->m, &a);
			if (k > 0)
				check(f, &b);
			(void)fe_add(&a, &a, &one);
		}
		check(f, &f->one);
		check(f, &f->square);
		for (unsigned bit = 0; bit < 252; bit++) {
			a = (struct fe){{0}};
			a.v[bit / 64] = UINT64_C(1) << bit % 64;
			check(f, &a);
			(void)fe_sub(&a, &a, &one); /* all ones below */
			check(f, &a);
			(void)fe_sub(&b, &f->m, &a);
			if (!fe_is_zero(&a))
				check(f, &b);
		}
	}
}

static void inverts_at_random(void **state)
{
	uint64_t chance = 20261124;
	(void)state;
	for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
		for (unsigned n = 0; n < RANDOM_COUNT; n++) {
			struct fe a;
			for (unsigned k = 0; k < 4; k++) {
				chance = chance * 6364136223846793005u +
				         1442695040888963407u;
				a.v[k] = chance ^ chance >> 29;
			}
			a.v[3] >>= 4 + n % 60; /* lengths of all kinds */
			check(fields[i], &a);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(inverts_edges),
	        cmocka_unit_test(inverts_at_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
