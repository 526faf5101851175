#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/terminal/perso.h"
#include "crypto/core/sha256.h"
#include "merchant/cli/chip_reading.h"
#include "tests/unit/card-terminal/sim_card.h"
#include "tests/unit/crypto-issuer/sample.h"

static const uint8_t job[CARD_JOB_ID_LEN] = "job-number-one-";

/* In the order in which sample.c makes the elements. */
static const uint16_t files[SAMPLE_ELEMENTS] = {CARD_EF_CARD_NUMBER,
        CARD_EF_VALID_FROM, CARD_EF_VALID_TO, CARD_EF_AUTHORITY, CARD_EF_NAME,
        CARD_EF_CARD_KIND, CARD_EF_BENEFIT_CLASSES, CARD_EF_STATUS_REFERENCE};

static void open_job(
        struct terminal *t, struct sim_card *c, enum card_suite suite)
{
	uint8_t block[70];
	assert_int_equal(terminal_connect(t), 0);
	assert_int_equal(perso_open_channel(t, sim_card_provide, c), 0);
	sim_card_key_block(c, block);
	assert_int_equal(perso_put_keys(t, CARD_KVN_TRANSPORT,
	                         span_of(block, sizeof block)),
	        0);
	assert_int_equal(perso_open_job(t, job, 1, suite), 0);
}

static void write_sample(struct terminal *t, const struct sample *s)
{
	static uint8_t space[8192];
	uint8_t hash[SHA256_LEN];
	struct writer w;
	writer_init(&w, space, sizeof space);
	perso_put_dgi(&w, CARD_EF_SO, s->object);
	for (size_t i = 0; i < SAMPLE_ELEMENTS; i++)
		perso_put_dgi(&w, files[i], s->files[i]);
	perso_put_dgi(&w, CARD_DGI_CAN, span_of("123456", 6));
	assert_int_equal(w.error, 0);
	sha256_of(writer_span(&w), hash);
	assert_int_equal(perso_store(t, writer_span(&w), NULL), 0);
	assert_int_equal(perso_activate(t, hash), 0);
}

/* A card as a station makes it; its key never leaves it. */
static struct sample *issue(
        struct terminal *t, struct sim_card *c, enum suite suite)
{
	uint8_t point[CARD_POINT_LEN];
	struct cose_key key;
	open_job(t, c, suite == SUITE_SM ? CARD_SUITE_SM : CARD_SUITE_INTL);
	assert_int_equal(perso_generate_key(t, point), 0);
	assert_int_equal(
	        cose_key_from_public(
	                suite == SUITE_SM ? COSE_CURVE_SM2 : COSE_CURVE_P256,
	                span_of(point, sizeof point), &key),
	        HUFU_OK);
	struct sample *s = sample_new_for_chip(&key);
	write_sample(t, s);
	terminal_disconnect(t);
	return s;
}

static struct hufu_result verify_face(
        struct hufu_verifier *v, const struct sample *s)
{
	struct hufu_result r;
	assert_int_equal(hufu_verify_qr(v,
	                         (struct hufu_text){s->text_space, s->text.len},
	                         SAMPLE_NOW_S + 60, &r),
	        HUFU_OK);
	return r;
}

static void reads_an_issued_card_in_both_suites(void **state)
{
	(void)state;
	static const enum suite suites[] = {SUITE_INTL, SUITE_SM};
	for (size_t i = 0; i < 2; i++) {
		struct sim_card c;
		struct terminal t;
		struct hufu_result r;
		struct chip_reading *reading = calloc(1, sizeof *reading);
		assert_non_null(reading);
		sim_card_init(&c);
		terminal_init(&t, sim_card_transport(&c));
		struct sample *s = issue(&t, &c, suites[i]);
		struct sample_verifier *v = sample_verifier_new(s);
		struct sample_verifier *w = sample_verifier_new(s);
		struct hufu_result face = verify_face(&w->v, s);
		assert_int_equal(chip_reading_take(&t, reading), 0);
		reading->chip.face = &face;
		assert_int_equal(hufu_verify_chip(&v->v, &reading->chip,
		                         SAMPLE_NOW_S + 60, &r),
		        HUFU_OK);
		assert_int_equal(r.verdict, HUFU_VALID);
		assert_true(r.chip_genuine);
		assert_int_equal(r.card_number.len, strlen(SAMPLE_NUMBER));
		assert_int_equal(r.name.len, 0); /* needs the CAN */
		/* the face of another card */
		face.chip_hash[0] ^= 1;
		assert_int_equal(hufu_verify_chip(&v->v, &reading->chip,
		                         SAMPLE_NOW_S + 60, &r),
		        HUFU_OK);
		assert_int_equal(r.verdict, HUFU_WRONG_SIGNATURE);
		/* one bit of one element, as a forger would write it */
		face.chip_hash[0] ^= 1;
		reading->files[1][reading->file[1].len - 1] ^= 1;
		assert_int_equal(hufu_verify_chip(&v->v, &reading->chip,
		                         SAMPLE_NOW_S + 60, &r),
		        HUFU_OK);
		assert_int_not_equal(r.verdict, HUFU_VALID);
		free(v);
		free(w);
		sample_free(s);
		terminal_done(&t);
		sim_card_done(&c);
		free(reading);
	}
}

static void a_blank_is_no_card(void **state)
{
	(void)state;
	struct sim_card c;
	struct terminal t;
	struct chip_reading *reading = calloc(1, sizeof *reading);
	assert_non_null(reading);
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	assert_int_not_equal(chip_reading_take(&t, reading), 0);
	assert_null(reading->chip.signed_object.data);
	terminal_done(&t);
	sim_card_done(&c);
	free(reading);
}

static void a_card_pulled_anywhere_is_said_to_be_gone(void **state)
{
	(void)state;
	struct sim_card c;
	struct terminal t;
	struct chip_reading *reading = calloc(1, sizeof *reading);
	assert_non_null(reading);
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	struct sample *s = issue(&t, &c, SUITE_INTL);
	unsigned long n = 1;
	for (;; n++) {
		sim_card_pull_at(&c, n, n % 2);
		int rc = chip_reading_take(&t, reading);
		terminal_disconnect(&t);
		if (rc == 0)
			break;
		assert_true(rc == TERMINAL_LINK_LOST || rc == TERMINAL_NO_CARD);
		assert_true(n < 200);
	}
	assert_true(n > 10);
	sample_free(s);
	terminal_done(&t);
	sim_card_done(&c);
	free(reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_an_issued_card_in_both_suites),
	        cmocka_unit_test(a_blank_is_no_card),
	        cmocka_unit_test(a_card_pulled_anywhere_is_said_to_be_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
