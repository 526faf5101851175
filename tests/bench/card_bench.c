/*
 * One card after the other: a blank is personalised, read back through the
 * channel and verified, on the native virtual card in this process, with a
 * portrait of 30 KB. The host's share is the thread's CPU time outside the
 * card. Prints a line of JSON for each suite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "card/terminal/direct.h"
#include "card/terminal/perso.h"
#include "card/terminal/reading.h"
#include "crypto/core/cbor.h"
#include "crypto/core/sha256.h"
#include "crypto/issuer/chip_build.h"
#include "tests/unit/card-terminal/sim_card.h"
#include "tests/unit/crypto-issuer/sample.h"

enum { ROUNDS = 50, PORTRAIT_LEN = 30000, SPACE = 65536, ELEMENTS = 3 };

static const uint16_t files[ELEMENTS] = {
        CARD_EF_CARD_NUMBER, CARD_EF_STATUS_REFERENCE, CARD_EF_PORTRAIT};
static const uint8_t job[CARD_JOB_ID_LEN] = "job-number-one-";
static uint8_t portrait[PORTRAIT_LEN];
static int64_t card_cpu_ns; /* spent inside the card */

struct bench {
	struct sim_card card;
	struct terminal t;
	const struct sample *issuer;
	struct sample_verifier *verifier;
	uint8_t values[SPACE], element[SPACE], object[MSO_MAX], stream[SPACE];
	uint8_t space[2 * SPACE];
	struct reading_card reading;
};

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t); /* cannot fail on Linux */
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int power(void *arg, struct writer *ret_atr)
{
	struct sim_card *c = arg;
	uint8_t atr[SIM_ATR_LEN];
	int64_t from = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	int rc = sim_power_on(c->sim);

	sim_get_atr(atr);
	writer_put(ret_atr, atr, sizeof(atr));
	card_cpu_ns += clock_ns(CLOCK_THREAD_CPUTIME_ID) - from;
	return rc;
}

static int exchange(void *arg, struct span command, struct writer *ret_answer)
{
	struct sim_card *c = arg;
	uint8_t answer[CARD_ANSWER_MAX];
	int64_t from = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	size_t len = sim_transmit(c->sim, command, answer);

	writer_put(ret_answer, answer, len);
	card_cpu_ns += clock_ns(CLOCK_THREAD_CPUTIME_ID) - from;
	return 0;
}

static void open_job(struct bench *b, enum suite suite)
{
	uint8_t block[70];

	assert_int_equal(terminal_connect(&b->t), 0);
	assert_int_equal(
	        perso_open_channel(&b->t, sim_card_provide, &b->card), 0);
	sim_card_key_block(&b->card, block);
	assert_int_equal(perso_put_keys(&b->t, CARD_KVN_TRANSPORT,
	                         span_of(block, sizeof(block))),
	        0);
	assert_int_equal(
	        perso_open_job(&b->t, job, 1,
	                suite == SUITE_SM ? CARD_SUITE_SM : CARD_SUITE_INTL),
	        0);
}

static void put_values(struct bench *b, struct chip_element e[ELEMENTS])
{
	static const char *const names[ELEMENTS] = {
	        MSO_CARD_NUMBER, MSO_STATUS_REFERENCE, MSO_PORTRAIT};
	struct writer w;

	writer_init(&w, b->values, sizeof(b->values));
	for (size_t i = 0, from = 0; i < ELEMENTS; i++, from = w.len) {
		if (i == 0) {
			cbor_put_text(&w, span_of_text(SAMPLE_NUMBER));
		} else if (i == 1) {
			cbor_put_array(&w, 2);
			cbor_put_uint(&w, SAMPLE_LIST);
			cbor_put_uint(&w, SAMPLE_INDEX);
		} else {
			cbor_put_bytes(&w, span_of(portrait, PORTRAIT_LEN));
		}
		e[i].identifier = names[i];
		e[i].value = span_of(w.data + from, w.len - from);
	}
	assert_int_equal(w.error, HUFU_OK);
}

/* Builds and signs the chip's object for its point; writes the stream. */
static struct span build_stream(
        struct bench *b, const uint8_t point[CARD_POINT_LEN], enum suite suite)
{
	uint8_t tbs_space[MSO_MAX], sig[SIGNING_KEY_SIG_LEN];
	struct chip_element elements[ELEMENTS];
	struct span element[ELEMENTS];
	struct writer w, tbs, object;
	struct chip_plan plan = {
	        .signed_s = SAMPLE_NOW_S,
	        .valid_from_s = SAMPLE_NOW_S,
	        .valid_until_s = SAMPLE_UNTIL_S,
	        .elements = elements,
	        .element_count = ELEMENTS,
	};

	assert_int_equal(
	        cose_key_from_public(
	                suite == SUITE_SM ? COSE_CURVE_SM2 : COSE_CURVE_P256,
	                span_of(point, CARD_POINT_LEN), &plan.chip_key),
	        HUFU_OK);
	put_values(b, elements);
	writer_init(&w, b->element, sizeof(b->element));
	writer_init(&tbs, tbs_space, sizeof(tbs_space));
	assert_int_equal(chip_build(&plan, signing_key_public(b->issuer->card),
	                         &w, element, &tbs),
	        HUFU_OK);
	assert_int_equal(
	        signing_key_sign(b->issuer->card, writer_span(&tbs), sig),
	        HUFU_OK);
	writer_init(&object, b->object, sizeof(b->object));
	assert_int_equal(chip_build_object(writer_span(&tbs),
	                         span_of(sig, sizeof(sig)), &object),
	        HUFU_OK);
	writer_init(&w, b->stream, sizeof(b->stream));
	perso_put_dgi(&w, CARD_EF_SO, writer_span(&object));
	for (size_t i = 0; i < ELEMENTS; i++)
		perso_put_dgi(&w, files[i], element[i]);
	perso_put_dgi(&w, CARD_DGI_CAN, span_of("123456", 6));
	assert_int_equal(w.error, HUFU_OK);
	return writer_span(&w);
}

static void make_card(struct bench *b, enum suite suite)
{
	uint8_t point[CARD_POINT_LEN], hash[SHA256_LEN];
	struct hufu_result r;
	struct span stream;

	open_job(b, suite);
	assert_int_equal(perso_generate_key(&b->t, point), 0);
	stream = build_stream(b, point, suite);
	sha256_of(stream, hash);
	assert_int_equal(perso_store(&b->t, stream, NULL), 0);
	assert_int_equal(perso_activate(&b->t, hash), 0);
	reading_card_init(&b->reading, b->space, sizeof(b->space));
	assert_int_equal(
	        reading_get_card(&b->t, files, ELEMENTS, &b->reading), 0);
	assert_int_equal(hufu_verify_chip(&b->verifier->v, &b->reading.chip,
	                         SAMPLE_NOW_S + 60, &r),
	        HUFU_OK);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_true(r.chip_genuine);
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure(enum suite suite, const char *name)
{
	int64_t whole[ROUNDS], host[ROUNDS];
	struct sample *issuer = sample_new(suite);
	struct bench *b = calloc(1, sizeof(*b));
	uint64_t apdus = 0;

	assert_non_null(b);
	b->issuer = issuer;
	b->verifier = sample_verifier_new(issuer);
	for (int i = -1; i < ROUNDS; i++) { /* the first one warms up */
		struct transport *t = NULL;
		const struct direct_card direct = {
		        .power = power, .exchange = exchange, .card = &b->card};

		sim_card_init(&b->card);
		assert_int_equal(direct_new(&direct, &t), 0);
		terminal_init(&b->t, t);
		card_cpu_ns = 0;
		int64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		int64_t wall = clock_ns(CLOCK_MONOTONIC);
		make_card(b, suite);
		wall = clock_ns(CLOCK_MONOTONIC) - wall;
		cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu - card_cpu_ns;
		whole[i < 0 ? 0 : i] = wall;
		host[i < 0 ? 0 : i] = cpu;
		apdus = t->apdus;
		terminal_done(&b->t);
		sim_card_done(&b->card);
	}
	qsort(whole, ROUNDS, sizeof(*whole), by_value);
	qsort(host, ROUNDS, sizeof(*host), by_value);
	printf("{\"bench\": \"%s\", \"count\": %d, \"portrait_bytes\": %d, "
	       "\"apdus\": %llu, \"median_ms\": %.2f, \"worst_ms\": %.2f, "
	       "\"host_cpu_ms\": %.2f}\n",
	        name, ROUNDS, PORTRAIT_LEN, (unsigned long long)apdus,
	        (double)whole[ROUNDS / 2] / 1e6,
	        (double)whole[ROUNDS - 1] / 1e6,
	        (double)host[ROUNDS / 2] / 1e6);
	free(b->verifier);
	free(b);
	sample_free(issuer);
}

static void cards_of_both_suites(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(portrait); i++)
		portrait[i] = (uint8_t)(i * 31 + i / 256);
	measure(SUITE_INTL, "card_intl");
	measure(SUITE_SM, "card_sm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(cards_of_both_suites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
