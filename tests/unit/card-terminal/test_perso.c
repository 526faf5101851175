#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/terminal/perso.h"
#include "card/terminal/reading.h"
#include "crypto/core/sha256.h"
#include "sim_card.h"

enum { PORTRAIT_LEN = 33333, STREAM_CAP = 40000 };

static const uint8_t job[CARD_JOB_ID_LEN] = "job-number-one-";
static uint8_t portrait[PORTRAIT_LEN];
static uint8_t stream_space[STREAM_CAP];
static struct span stream;
static uint8_t stream_hash[32];

static int make_stream(void **state)
{
	struct writer w;
	(void)state;
	for (size_t i = 0; i < sizeof portrait; i++)
		portrait[i] = (uint8_t)(i * 31 + i / 256);
	writer_init(&w, stream_space, sizeof stream_space);
	perso_put_dgi(&w, CARD_EF_SO, span_of(portrait, 700));
	perso_put_dgi(&w, CARD_EF_CARD_NUMBER, span_of(portrait, 2 * 251));
	perso_put_dgi(&w, CARD_EF_NAME, span_of(portrait, 30));
	perso_put_dgi(&w, CARD_EF_PORTRAIT, span_of(portrait, PORTRAIT_LEN));
	perso_put_dgi(&w, CARD_DGI_CAN, span_of("123456", 6));
	assert_int_equal(w.error, 0);
	stream = writer_span(&w);
	sha256_of(stream, stream_hash);
	return 0;
}

/*
 * The whole personalisation as a station does it; every step may be met
 * again. Answers the first thing that is not 0.
 */
static int personalise(struct terminal *t, struct sim_card *c,
        uint8_t ret_point[CARD_POINT_LEN], unsigned *ret_sent)
{
	struct perso_progress p = {0};
	uint8_t block[70];
	int rc = terminal_connect(t);
	if (rc == 0)
		rc = perso_open_channel(t, sim_card_provide, c);
	if (rc == 0 && perso_key_version(t) == CARD_KVN_TRANSPORT) {
		sim_card_key_block(c, block);
		rc = perso_put_keys(
		        t, CARD_KVN_TRANSPORT, span_of(block, sizeof block));
	}
	if (rc == 0)
		rc = perso_open_job(t, job, 7, CARD_SUITE_INTL);
	if (rc == 0)
		rc = perso_get_progress(t, &p);
	if (rc == 0 && p.state == CARD_SECURED)
		return 0; /* only the last answer was lost */
	if (rc == 0)
		rc = perso_generate_key(t, ret_point);
	if (rc == 0)
		rc = perso_store(t, stream, ret_sent);
	if (rc == 0)
		rc = perso_activate(t, stream_hash);
	return rc;
}

static void check_card(struct terminal *t)
{
	struct perso_progress p;
	uint8_t *space = malloc(STREAM_CAP);
	struct writer w;
	assert_non_null(space);
	assert_int_equal(perso_get_progress(t, &p), 0);
	assert_int_equal(p.state, CARD_SECURED);
	assert_memory_equal(p.job, job, sizeof job);
	assert_int_equal(p.fencing, 7);
	assert_true(p.key_present);
	assert_int_equal(p.next_block, perso_block_count(stream.len));
	assert_memory_equal(p.hash, stream_hash, 32);
	writer_init(&w, space, STREAM_CAP);
	assert_int_equal(reading_get_file(t, CARD_EF_PORTRAIT, &w), 0);
	assert_int_equal(w.len, PORTRAIT_LEN);
	assert_memory_equal(space, portrait, PORTRAIT_LEN);
	w.len = 0;
	assert_int_equal(reading_get_file(t, CARD_EF_CARD_NUMBER, &w), 0);
	assert_int_equal(w.len, 2 * 251);
	free(space);
}

static void a_blank_becomes_a_card(void **state)
{
	struct sim_card c;
	struct terminal t;
	struct perso_progress p;
	uint8_t serial[CARD_SERIAL_LEN], point[CARD_POINT_LEN], again[65];
	uint8_t space[600];
	struct writer w;
	unsigned sent = 0;
	(void)state;
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	assert_int_equal(terminal_connect(&t), 0);
	assert_int_equal(perso_identify(&t, serial), 0);
	assert_memory_equal(serial, c.serial, sizeof serial);
	assert_int_equal(perso_get_progress(&t, &p), 0);
	assert_int_equal(p.state, CARD_OP_READY);
	assert_int_equal(p.next_block, 0);
	assert_false(p.key_present);
	assert_int_equal(personalise(&t, &c, point, &sent), 0);
	assert_int_equal(sent, perso_block_count(stream.len));
	check_card(&t);
	/* the merchant, without a channel */
	assert_int_equal(terminal_connect(&t), 0);
	writer_init(&w, space, sizeof space);
	assert_int_equal(reading_get_file(&t, CARD_EF_CARD_NUMBER, &w), 0);
	assert_int_equal(w.len, 2 * 251);
	assert_memory_equal(space, portrait, w.len);
	assert_int_equal(
	        reading_get_file(&t, CARD_EF_NAME, &w), TERMINAL_NOT_READABLE);
	assert_int_equal(
	        reading_get_file(&t, CARD_EF_SEX, &w), HUFU_ERR_NOT_FOUND);
	assert_int_equal(reading_get_file(&t, CARD_EF_SO, &w), HUFU_ERR_SPACE);
	assert_int_equal(w.len, 2 * 251);
	/* once more is nothing new */
	unsigned stores = c.stores;
	assert_int_equal(personalise(&t, &c, again, &sent), 0);
	assert_int_equal(c.stores, stores);
	terminal_done(&t);
	sim_card_done(&c);
}

static void another_job_does_not_get_an_activated_card(void **state)
{
	static const uint8_t other[CARD_JOB_ID_LEN] = "another-job----";
	struct sim_card c;
	struct terminal t;
	uint8_t point[CARD_POINT_LEN];
	(void)state;
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	assert_int_equal(personalise(&t, &c, point, NULL), 0);
	assert_int_equal(terminal_connect(&t), 0);
	assert_int_equal(perso_open_channel(&t, sim_card_provide, &c), 0);
	assert_int_equal(perso_open_job(&t, other, 8, CARD_SUITE_INTL),
	        TERMINAL_PERSONALISED);
	assert_int_equal(perso_open_job(&t, job, 7, CARD_SUITE_INTL), 0);
	terminal_done(&t);
	sim_card_done(&c);
}

static void a_stale_worker_fails(void **state)
{
	struct sim_card c;
	struct terminal t;
	uint8_t block[70];
	(void)state;
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	assert_int_equal(terminal_connect(&t), 0);
	assert_int_equal(perso_open_channel(&t, sim_card_provide, &c), 0);
	sim_card_key_block(&c, block);
	assert_int_equal(perso_put_keys(&t, CARD_KVN_TRANSPORT,
	                         span_of(block, sizeof block)),
	        0);
	assert_int_equal(perso_open_job(&t, job, 9, CARD_SUITE_SM), 0);
	assert_int_equal(
	        perso_open_job(&t, job, 8, CARD_SUITE_SM), TERMINAL_STALE_JOB);
	assert_int_equal(perso_open_job(&t, job, 9, CARD_SUITE_SM), 0);
	terminal_done(&t);
	sim_card_done(&c);
}

static void wrong_keys_cost_nothing(void **state)
{
	struct sim_card c;
	struct terminal t;
	(void)state;
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	c.transport_master[0] ^= 1;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(terminal_connect(&t), 0);
		assert_int_equal(perso_open_channel(&t, sim_card_provide, &c),
		        TERMINAL_WRONG_KEY);
	}
	c.transport_master[0] ^= 1;
	assert_int_equal(terminal_connect(&t), 0);
	assert_int_equal(perso_open_channel(&t, sim_card_provide, &c), 0);
	terminal_done(&t);
	sim_card_done(&c);
}

/* After a pull at any command the same steps lead to the same card. */
static void pulled_at_every_command_it_resumes(void **state)
{
	const unsigned blocks = (unsigned)perso_block_count(stream.len);
	(void)state;
	for (int after = 0; after < 2; after++) {
		for (unsigned long n = 1;; n++) {
			struct sim_card c;
			struct terminal t;
			uint8_t point[CARD_POINT_LEN], had[CARD_POINT_LEN];
			unsigned sent = 0, first = 0;
			sim_card_init(&c);
			terminal_init(&t, sim_card_transport(&c));
			sim_card_pull_at(&c, n, after);
			int rc = personalise(&t, &c, had, &first);
			bool done = rc == 0;
			c.pull_at = 0;
			if (done) /* no command was left out */
				assert_int_equal(c.commands, n - 1);
			if (!done) {
				assert_int_equal(rc, TERMINAL_LINK_LOST);
				assert_int_equal(
				        personalise(&t, &c, point, &sent), 0);
				assert_true(c.stores <= blocks + 1);
			}
			check_card(&t);
			terminal_done(&t);
			sim_card_done(&c);
			if (done)
				break;
		}
	}
}

static void other_bytes_are_not_resumed(void **state)
{
	struct sim_card c;
	struct terminal t;
	uint8_t point[CARD_POINT_LEN];
	unsigned sent = 0;
	(void)state;
	sim_card_init(&c);
	terminal_init(&t, sim_card_transport(&c));
	sim_card_pull_at(&c, 30, false);
	assert_int_equal(personalise(&t, &c, point, &sent), TERMINAL_LINK_LOST);
	stream_space[5] ^= 1;
	assert_int_equal(personalise(&t, &c, point, &sent), TERMINAL_MISMATCH);
	stream_space[5] ^= 1;
	assert_int_equal(personalise(&t, &c, point, &sent), 0);
	terminal_done(&t);
	sim_card_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_blank_becomes_a_card),
	        cmocka_unit_test(another_job_does_not_get_an_activated_card),
	        cmocka_unit_test(a_stale_worker_fails),
	        cmocka_unit_test(wrong_keys_cost_nothing),
	        cmocka_unit_test(pulled_at_every_command_it_resumes),
	        cmocka_unit_test(other_bytes_are_not_resumed),
	};
	return cmocka_run_group_tests(tests, make_stream, NULL);
}
