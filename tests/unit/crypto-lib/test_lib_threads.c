/*
 * One loaded handle, clones of it in several threads at once. The tsan preset
 * looks for what the verdicts do not show.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto-lib/press.h"

enum { THREADS = 4, ROUNDS = 200 };

struct gate {
	struct hufu *h;
	const struct sample *good;
	const struct sample *foreign; /* of an issuer that is not known */
	enum hufu_verdict foreign_verdict;
	unsigned wrong;
};

static void *watch(void *arg)
{
	struct gate *g = arg;
	struct hufu_result r;
	for (int i = 0; i < ROUNDS; i++) {
		const struct sample *s = i % 3 ? g->good : g->foreign;
		enum hufu_verdict want =
		        i % 3 ? HUFU_VALID : g->foreign_verdict;
		int rc = hufu_check_qr(
		        g->h, s->text_space, s->text.len, SAMPLE_NOW_S, &r);
		g->wrong += rc || r.verdict != want;
		if (i % 3)
			g->wrong += r.name.len != strlen(SAMPLE_NAME) ||
			            memcmp(r.name.data, SAMPLE_NAME,
			                    r.name.len) != 0;
	}
	return NULL;
}

static void run(const struct hufu *h, const struct sample *good,
        const struct sample *foreign, enum hufu_verdict foreign_verdict)
{
	struct gate gates[THREADS];
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++) {
		gates[i] =
		        (struct gate){NULL, good, foreign, foreign_verdict, 0};
		assert_int_equal(hufu_clone(h, &gates[i].h), HUFU_OK);
		assert_int_equal(
		        pthread_create(&threads[i], NULL, watch, &gates[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(gates[i].wrong, 0);
		hufu_free(gates[i].h);
	}
}

static void clones_share_lists_and_tables(void **state)
{
	struct sample *s = sample_new(SUITE_SM);
	struct sample *foreign = sample_new(SUITE_INTL);
	struct hufu *h = press_handle(s), *clone;
	(void)state;
	assert_int_equal(
	        hufu_load_status(h, s->status.data, s->status.len), HUFU_OK);
	run(h, s, foreign, HUFU_UNKNOWN_ISSUER);
	assert_int_equal(hufu_prepare(h), HUFU_OK);
	run(h, s, foreign, HUFU_UNKNOWN_ISSUER);

	/* what a clone shares it may not change */
	assert_int_equal(hufu_clone(h, &clone), HUFU_OK);
	assert_int_equal(hufu_load_trust(clone, s->trust.data, s->trust.len),
	        HUFU_ERR_STATE);
	assert_int_equal(hufu_load_status(clone, s->status.data, s->status.len),
	        HUFU_ERR_STATE);
	assert_int_equal(hufu_prepare(clone), HUFU_ERR_STATE);
	assert_int_equal(
	        press_check(clone, s, SAMPLE_NOW_S).status_stale, false);
	hufu_free(clone);
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S).verdict, HUFU_VALID);
	hufu_free(h);
	sample_free(s);
	sample_free(foreign);
}

static void clones_of_one_key_are_apart(void **state)
{
	static struct sheet pem;
	struct sample *s = sample_new(SUITE_INTL);
	struct sample *foreign = sample_new(SUITE_SM);
	struct hufu *h;
	(void)state;
	assert_int_equal(hufu_new(&h), HUFU_OK);
	press_pem(s->card, &pem);
	assert_int_equal(hufu_set_key(h, pem.bytes, pem.len), HUFU_OK);
	run(h, s, foreign, HUFU_WRONG_SIGNATURE);
	hufu_free(h);
	sample_free(s);
	sample_free(foreign);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(clones_share_lists_and_tables),
	        cmocka_unit_test(clones_of_one_key_are_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
