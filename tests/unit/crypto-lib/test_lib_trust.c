/* Root, trust list and saved state: what is believed, and what never again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/issuer/trust_build.h"
#include "tests/unit/crypto-lib/press.h"

static struct sample *s;
static struct sheet sheet, other;

static int set_up(void **state)
{
	(void)state;
	s = sample_new(SUITE_INTL);
	return 0;
}

static int set_up_sm(void **state)
{
	(void)state;
	s = sample_new(SUITE_SM);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sample_free(s);
	return 0;
}

/* A later run: what was saved, and the root that is pinned. */
static struct hufu *next_run(struct hufu *h, const struct signing_key *root)
{
	static uint8_t saved[HUFU_STATE_MAX];
	size_t len;
	assert_int_equal(
	        hufu_save_state(h, saved, sizeof saved, &len), HUFU_OK);
	hufu_free(h);
	assert_int_equal(hufu_new(&h), HUFU_OK);
	assert_int_equal(hufu_load_state(h, saved, len), HUFU_OK);
	press_pem(root, &other);
	assert_int_equal(hufu_set_root(h, other.bytes, other.len), HUFU_OK);
	return h;
}

static void wants_root_then_trust_then_status(void **state)
{
	struct hufu_result r;
	struct hufu *h;
	(void)state;
	assert_int_equal(hufu_new(&h), HUFU_OK);
	assert_int_equal(hufu_load_trust(h, s->trust.data, s->trust.len),
	        HUFU_ERR_STATE);
	assert_int_equal(hufu_load_status(h, s->status.data, s->status.len),
	        HUFU_ERR_STATE);
	memset(&r, 0x55, sizeof r);
	assert_int_equal(hufu_check_qr(h, "", 0, 0, &r), HUFU_ERR_STATE);
	assert_int_equal(r.verdict, 0x55555555);
	press_pem(s->root, &sheet);
	assert_int_equal(hufu_set_root(h, sheet.bytes, sheet.len), HUFU_OK);
	assert_int_equal(hufu_load_status(h, s->status.data, s->status.len),
	        HUFU_ERR_STATE);
	assert_int_equal(
	        hufu_load_trust(h, s->trust.data, s->trust.len), HUFU_OK);
	assert_int_equal(
	        hufu_load_status(h, s->status.data, s->status.len), HUFU_OK);
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S).verdict, HUFU_VALID);
	hufu_free(h);
}

static void refuses_another_roots_list(void **state)
{
	struct hufu *h;
	(void)state;
	assert_int_equal(hufu_new(&h), HUFU_OK);
	press_pem(s->card, &sheet);
	assert_int_equal(hufu_set_root(h, sheet.bytes, sheet.len), HUFU_OK);
	assert_int_equal(hufu_load_trust(h, s->trust.data, s->trust.len),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(hufu_trust_issued(h), 0);
	assert_int_equal(hufu_check_qr(h, "", 0, 0, &(struct hufu_result){0}),
	        HUFU_ERR_STATE);
	hufu_free(h);
}

static void refuses_every_truncated_list(void **state)
{
	struct hufu *h = press_handle(s);
	(void)state;
	press_trust_as(s, 2, SAMPLE_NOW_S + 60, NULL, &sheet);
	for (size_t len = 0; len < sheet.len; len++)
		assert_true(hufu_load_trust(h, sheet.bytes, len) < 0);
	for (size_t at = 0; at < sheet.len; at += 7) {
		sheet.bytes[at] ^= 0x20;
		assert_true(press_load_trust(h, &sheet) < 0);
		sheet.bytes[at] ^= 0x20;
	}
	assert_int_equal(hufu_trust_issued(h), SAMPLE_NOW_S);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	assert_int_equal(hufu_trust_issued(h), SAMPLE_NOW_S + 60);
	hufu_free(h);
}

static void refuses_a_rollback(void **state)
{
	struct hufu *h = press_handle(s);
	(void)state;
	press_trust_as(s, 9, SAMPLE_NOW_S + 60, NULL, &sheet);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	press_trust_as(s, 8, SAMPLE_NOW_S + 120, NULL, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_ERR_STALE);
	press_trust_as(s, 9, SAMPLE_NOW_S + 120, NULL, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_ERR_CONFLICT);
	assert_int_equal(hufu_trust_issued(h), SAMPLE_NOW_S + 60);

	h = next_run(h, s->root);
	assert_int_equal(hufu_load_trust(h, s->trust.data, s->trust.len),
	        HUFU_ERR_STALE);
	press_trust_as(s, 9, SAMPLE_NOW_S + 120, NULL, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_ERR_CONFLICT);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	hufu_free(h);
}

static void follows_only_an_introduced_root(void **state)
{
	struct hufu *h = press_handle(s);
	struct trust_list *t = calloc(1, sizeof *t);
	struct signing_key *next;
	(void)state;
	assert_non_null(t);
	assert_int_equal(signing_key_generate(COSE_CURVE_P256, KEY_ROOT, &next),
	        HUFU_OK);
	sample_fill_trust(s, t);
	t->sequence = 3;
	press_trust(t, next, &sheet);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_ERR_SIGNATURE);
	press_trust_as(s, 2, SAMPLE_NOW_S, next, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_OK);

	h = next_run(h, s->root); /* the old one is still what is pinned */
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	press_trust_as(s, 4, SAMPLE_NOW_S, NULL, &other);
	assert_int_equal(press_load_trust(h, &other), HUFU_ERR_SIGNATURE);
	h = next_run(h, s->root);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	signing_key_free(next);
	hufu_free(h);
	free(t);
}

static void refuses_a_key_off_its_curve(void **state)
{
	struct hufu *h = press_handle(s);
	struct trust_list *t = calloc(1, sizeof *t);
	(void)state;
	assert_non_null(t);
	sample_fill_trust(s, t);
	t->sequence = 2;
	t->issuers[0].key.y[31] ^= 1;
	trust_build_set_key(&t->issuers[0], &t->issuers[0].key);
	press_trust(t, s->root, &sheet);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_ERR_MALFORMED);
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S).verdict, HUFU_VALID);
	assert_int_equal(hufu_prepare(h), HUFU_OK);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_ERR_MALFORMED);
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S).verdict, HUFU_VALID);
	hufu_free(h);
	free(t);
}

/* What was signed is newer than the clock: the clock is wrong. */
static void a_clock_set_back_revives_nothing(void **state)
{
	struct hufu *h = press_handle(s);
	int64_t late_s = SAMPLE_UNTIL_S + 86400;
	(void)state;
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S).verdict, HUFU_VALID);
	press_trust_as(s, 2, late_s, NULL, &sheet);
	assert_int_equal(press_load_trust(h, &sheet), HUFU_OK);
	struct hufu_result r = press_check(h, s, SAMPLE_NOW_S);
	assert_int_equal(r.verdict, HUFU_EXPIRED);
	assert_int_equal(r.checked_at_s, late_s);

	/* the floor outlives the run and the root */
	h = next_run(h, s->list);
	press_pem(s->root, &other);
	assert_int_equal(hufu_set_root(h, other.bytes, other.len), HUFU_OK);
	assert_int_equal(
	        hufu_load_trust(h, s->trust.data, s->trust.len), HUFU_OK);
	assert_int_equal(press_check(h, s, SAMPLE_NOW_S).verdict, HUFU_EXPIRED);
	hufu_free(h);
}

static void an_expired_list_knows_nobody(void **state)
{
	struct hufu *h = press_handle(s);
	(void)state;
	struct hufu_result r = press_check(h, s, hufu_trust_expires(h));
	assert_int_equal(r.verdict, HUFU_UNKNOWN_ISSUER);
	assert_true(r.trust_expired);
	hufu_free(h);
}

static void refuses_damaged_state(void **state)
{
	static uint8_t saved[HUFU_STATE_MAX];
	struct hufu *h = press_handle(s);
	size_t len;
	(void)state;
	assert_int_equal(hufu_load_status(h, s->status.data, s->status.len), 0);
	assert_int_equal(hufu_save_state(h, saved, 64, &len), HUFU_ERR_SPACE);
	assert_int_equal(
	        hufu_save_state(h, saved, sizeof saved, &len), HUFU_OK);
	assert_int_equal(hufu_load_state(h, saved, len), HUFU_ERR_STATE);
	hufu_free(h);
	assert_int_equal(hufu_new(&h), HUFU_OK);
	for (size_t at = 0; at < len; at++) {
		assert_int_equal(
		        hufu_load_state(h, saved, at), HUFU_ERR_CORRUPT);
		saved[at] ^= 1;
		assert_int_equal(
		        hufu_load_state(h, saved, len), HUFU_ERR_CORRUPT);
		saved[at] ^= 1;
	}
	assert_int_equal(hufu_load_state(h, saved, len), HUFU_OK);
	hufu_free(h);
}

#define BOTH(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down),              \
	        cmocka_unit_test_setup_teardown(test, set_up_sm, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        BOTH(wants_root_then_trust_then_status),
	        BOTH(refuses_another_roots_list),
	        BOTH(refuses_every_truncated_list),
	        BOTH(refuses_a_rollback),
	        BOTH(follows_only_an_introduced_root),
	        BOTH(refuses_a_key_off_its_curve),
	        BOTH(a_clock_set_back_revives_nothing),
	        BOTH(an_expired_list_knows_nobody),
	        BOTH(refuses_damaged_state),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
