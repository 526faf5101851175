#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/card-core/person.h"

static struct person person;
static struct desk_keys transport, issuer;

static void start(struct desk *d, size_t portrait_len)
{
	desk_transport_keys(&transport);
	desk_issuer_keys(&issuer);
	person_init(&person, CARD_SUITE_INTL, portrait_len);
	desk_init(d);
}

/* Issuer keys in, channel and job open. */
static void start_job(struct desk *d, size_t portrait_len)
{
	start(d, portrait_len);
	assert_int_equal(desk_open(d, &transport), CARD_SW_OK);
	assert_int_equal(
	        desk_put_key(d, &transport, &issuer, true), CARD_SW_OK);
	assert_int_equal(desk_open(d, &issuer), CARD_SW_OK);
	assert_int_equal(
	        desk_open_job(d, person.job, person.fencing, CARD_SUITE_INTL),
	        CARD_SW_OK);
}

static unsigned long writes(struct desk *d)
{
	struct sim_facts facts;
	sim_get_facts(d->sim, &facts);
	return facts.writes;
}

static void puts_keys_in_both_encodings(void **state)
{
	(void)state;
	for (int form = 0; form < 2; form++) {
		struct desk d;
		start(&d, 10);
		assert_int_equal(desk_open(&d, &transport), CARD_SW_OK);
		assert_int_equal(desk_put_key(&d, &transport, &issuer, form),
		        CARD_SW_OK);
		assert_int_equal(d.len, 10);
		assert_int_equal(d.data[0], CARD_KVN_ISSUER);
		assert_int_equal(desk_offer(&d, &transport, CARD_KVN_TRANSPORT),
		        CARD_SW_DATA_NOT_FOUND);
		assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
		desk_done(&d);
	}
}

static uint16_t put_raw_key(
        struct desk *d, uint8_t p1, uint8_t p2, const uint8_t *data, size_t len)
{
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_PUT_KEY,
	                              .p1 = p1,
	                              .p2 = p2,
	                              .data = data,
	                              .len = len});
}

static void refuses_keys_with_wrong_check_values(void **state)
{
	uint8_t data[70] = {CARD_KVN_ISSUER}, before[CARD_PROGRESS_LEN];
	struct desk d;
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		memcpy(data + 1 + 23 * i, "\x88\x11\x10", 3);
		data[1 + 23 * i + 19] = 3;
	}
	start(&d, 10);
	desk_progress(&d, before);
	assert_int_equal(desk_open(&d, &transport), CARD_SW_OK);
	unsigned long n = writes(&d);
	assert_int_equal(put_raw_key(&d, 0, 0x81, data, sizeof data),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(
	        put_raw_key(&d, 0, 0x81, data, 69), CARD_SW_WRONG_DATA);
	data[0] = CARD_KVN_TRANSPORT; /* transport keys cannot come back */
	assert_int_equal(put_raw_key(&d, 0, 0x81, data, sizeof data),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(put_raw_key(&d, 0, 0x01, data, sizeof data),
	        CARD_SW_WRONG_P1P2);
	assert_int_equal(put_raw_key(&d, 0x31, 0x81, data, sizeof data),
	        CARD_SW_DATA_NOT_FOUND);
	assert_int_equal(writes(&d), n);
	assert_int_equal(desk_open(&d, &transport), CARD_SW_OK);
	desk_done(&d);
}

static void fences_stale_workers_off(void **state)
{
	struct desk d;
	uint8_t progress[CARD_PROGRESS_LEN];
	(void)state;
	start_job(&d, 10); /* job 4A, fencing 7 */
	unsigned long n = writes(&d);
	assert_int_equal(
	        desk_open_job(&d, 0x4A, 7, CARD_SUITE_INTL), CARD_SW_OK);
	assert_int_equal(writes(&d), n);
	assert_int_equal(desk_open_job(&d, 0x4A, 6, CARD_SUITE_INTL),
	        CARD_SW_CONDITIONS);
	assert_int_equal(desk_open_job(&d, 0x4B, 6, CARD_SUITE_INTL),
	        CARD_SW_CONDITIONS);
	assert_int_equal(
	        desk_open_job(&d, 0x4A, 8, CARD_SUITE_SM), CARD_SW_CONDITIONS);
	assert_int_equal(desk_open_job(&d, 0x4A, 8, (enum card_suite)3),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(writes(&d), n);
	assert_int_equal(
	        desk_open_job(&d, 0x4A, UINT64_MAX - 1, CARD_SUITE_INTL),
	        CARD_SW_OK);
	sim_reset(d.sim);
	desk_progress(&d, progress);
	for (int i = 0; i < 7; i++)
		assert_int_equal(progress[17 + i], 0xFF);
	assert_int_equal(progress[24], 0xFE);
	desk_done(&d);
}

static void needs_an_open_job(void **state)
{
	struct desk d;
	(void)state;
	start_job(&d, 10);
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	unsigned long n = writes(&d);
	assert_int_equal(person_generate(&d, &person), CARD_SW_CONDITIONS);
	assert_int_equal(person_store(&d, &person, 0), CARD_SW_CONDITIONS);
	assert_int_equal(person_activate(&d, &person), CARD_SW_CONDITIONS);
	assert_int_equal(writes(&d), n);
	desk_done(&d);
}

static void generates_one_key_a_job(void **state)
{
	struct desk d;
	uint8_t first[CARD_POINT_LEN];
	(void)state;
	start_job(&d, 10);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	memcpy(first, person.point, sizeof first);
	unsigned long n = writes(&d);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	assert_memory_equal(first, person.point, sizeof first);
	assert_int_equal(writes(&d), n);
	/* another job: another key, and nothing of the old stream */
	assert_int_equal(person_store(&d, &person, 0), CARD_SW_OK);
	assert_int_equal(
	        desk_open_job(&d, 0x4B, 8, CARD_SUITE_INTL), CARD_SW_OK);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	assert_memory_not_equal(first, person.point, sizeof first);
	sim_reset(d.sim);
	uint8_t progress[CARD_PROGRESS_LEN], empty[32];
	desk_progress(&d, progress);
	desk_sha256("", 0, empty);
	assert_int_equal(progress[27], 0);
	assert_memory_equal(progress + 28, empty, 32);
	desk_done(&d);
}

static void resumes_at_every_block(void **state)
{
	(void)state;
	person_init(&person, CARD_SUITE_INTL, 2000);
	size_t blocks = person_blocks(&person);
	for (size_t stop = 0; stop <= blocks; stop++) {
		struct desk d;
		uint8_t progress[CARD_PROGRESS_LEN];
		start_job(&d, 2000);
		assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
		for (size_t i = 0; i < stop; i++)
			assert_int_equal(
			        person_store(&d, &person, i), CARD_SW_OK);
		assert_int_equal(sim_power_on(d.sim), HUFU_OK);
		desk_progress(&d, progress);
		assert_int_equal(progress[27], stop);
		assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
		person_check(&d, &person);
		desk_done(&d);
	}
}

static void repeats_stored_blocks_without_a_write(void **state)
{
	struct desk d;
	(void)state;
	start_job(&d, 2000);
	size_t blocks = person_blocks(&person);
	for (size_t i = 0; i < blocks; i++) {
		assert_int_equal(person_store(&d, &person, i), CARD_SW_OK);
		unsigned long n = writes(&d);
		for (size_t old = 0; old <= i; old++)
			assert_int_equal(
			        person_store(&d, &person, old), CARD_SW_OK);
		assert_int_equal(writes(&d), n);
	}
	/* one byte of the stream is another: its block is refused */
	person.stream[person.stream_len / 2] ^= 1;
	size_t refused = 0;
	for (size_t i = 0; i < blocks; i++)
		refused += person_store(&d, &person, i) == CARD_SW_CONDITIONS;
	assert_int_equal(refused, 1);
	person.hash[31] ^= 1; /* stands in block 0 */
	assert_int_equal(person_store(&d, &person, 0), CARD_SW_CONDITIONS);
	desk_done(&d);
}

static void repeats_blocks_beyond_256(void **state)
{
	struct desk d;
	(void)state;
	start_job(&d, 4000);
	person.block_len = 40;
	size_t blocks = person_blocks(&person);
	/* block 0 carries a head of 36 bytes: 4 of the stream */
	assert_in_range(blocks, 120, MEMORY_BLOCKS_MAX);
	person_init(&person, CARD_SUITE_INTL, 14000);
	person.block_len = 50;
	blocks = person_blocks(&person);
	assert_in_range(blocks, 280, MEMORY_BLOCKS_MAX);
	for (size_t i = 0; i < blocks; i++)
		assert_int_equal(person_store(&d, &person, i), CARD_SW_OK);
	/* a low byte names the newest block that has it: 14 is 270 now */
	assert_int_equal(person_store(&d, &person, 270), CARD_SW_OK);
	assert_int_equal(person_store(&d, &person, 14), CARD_SW_CONDITIONS);
	assert_int_equal(person_store(&d, &person, 100), CARD_SW_OK);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	assert_int_equal(person_activate(&d, &person), CARD_SW_OK);
	person_check(&d, &person);
	desk_done(&d);
}

static uint16_t store_raw(
        struct desk *d, uint8_t p1, uint8_t p2, const void *data, size_t len)
{
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_STORE_DATA,
	                              .p1 = p1,
	                              .p2 = p2,
	                              .data = data,
	                              .len = len});
}

static void refuses_blocks_out_of_order(void **state)
{
	uint8_t head[40] = {0, 0, 0, 4};
	struct desk d;
	(void)state;
	start_job(&d, 2000);
	unsigned long n = writes(&d);
	assert_int_equal(person_store(&d, &person, 1), CARD_SW_CONDITIONS);
	assert_int_equal(store_raw(&d, 0, 0, "", 0), CARD_SW_WRONG_LENGTH);
	assert_int_equal(store_raw(&d, 0x40, 0, head, 40), CARD_SW_WRONG_P1P2);
	assert_int_equal(store_raw(&d, 0, 0, head, 35), CARD_SW_WRONG_DATA);
	/* the last block must end the stream */
	assert_int_equal(store_raw(&d, 0x80, 0, head, 39), CARD_SW_WRONG_DATA);
	head[3] = 3; /* more than announced */
	assert_int_equal(store_raw(&d, 0x00, 0, head, 40), CARD_SW_WRONG_DATA);
	memcpy(head, "\x00\x00\xEC\x01", 4); /* 60417 */
	assert_int_equal(store_raw(&d, 0x00, 0, head, 40), CARD_SW_NO_SPACE);
	memcpy(head, "\xFF\xFF\xFF\xFF", 4);
	assert_int_equal(store_raw(&d, 0x00, 0, head, 40), CARD_SW_NO_SPACE);
	assert_int_equal(writes(&d), n);
	assert_int_equal(person_store(&d, &person, 0), CARD_SW_OK);
	assert_int_equal(person_store(&d, &person, 2), CARD_SW_CONDITIONS);
	desk_done(&d);
}

/* Stores this stream whole and answers what ACTIVATE says. */
static uint16_t activate_stream(const char *dgis, size_t len)
{
	uint8_t data[239] = {0}, hash[32];
	struct desk d;
	start_job(&d, 10);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	data[3] = (uint8_t)len;
	desk_sha256(dgis, len, hash);
	memcpy(data + 4, hash, 32);
	memcpy(data + 36, dgis, len);
	assert_int_equal(store_raw(&d, 0x80, 0, data, 36 + len), CARD_SW_OK);
	uint16_t sw = desk_secure(&d, &(struct desk_command){.cla = 0x80,
	                                      .ins = CARD_INS_ACTIVATE,
	                                      .data = hash,
	                                      .len = 32});
	uint8_t progress[CARD_PROGRESS_LEN];
	sim_reset(d.sim);
	desk_progress(&d, progress);
	assert_int_equal(progress[0],
	        sw == CARD_SW_OK ? CARD_SECURED : CARD_INITIALIZED);
	desk_done(&d);
	return sw;
}

#define SO             "\x01\x1D\x02\xD2\x84"
#define CAN            "\x80\x10\x06"
#define ACTIVATE(text) activate_stream(text, sizeof text - 1)

static void activates_only_a_whole_stream(void **state)
{
	(void)state;
	assert_int_equal(ACTIVATE(SO CAN "123456"), CARD_SW_OK);
	assert_int_equal(ACTIVATE(SO), CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(CAN "123456"), CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "12345x"), CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO "\x80\x10\x05"
	                             "12345"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO SO CAN "123456"), CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01\x30\x01\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01\x01\x05\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01\x01\xFF\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01\x01\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01\x20\x10"
	                                 "abcdefghijklmnop"),
	        CARD_SW_OK);
	assert_int_equal(ACTIVATE(SO CAN "123456"
	                                 "\x01\x20\x02"
	                                 "ab"),
	        CARD_SW_WRONG_DATA);
}

static void activates_only_what_was_announced(void **state)
{
	struct desk d;
	uint8_t wrong[32];
	(void)state;
	start_job(&d, 1000);
	size_t blocks = person_blocks(&person);
	for (size_t i = 0; i + 1 < blocks; i++)
		assert_int_equal(person_store(&d, &person, i), CARD_SW_OK);
	assert_int_equal(person_activate(&d, &person), CARD_SW_CONDITIONS);
	assert_int_equal(person_store(&d, &person, blocks - 1), CARD_SW_OK);
	/* no key yet */
	assert_int_equal(person_activate(&d, &person), CARD_SW_CONDITIONS);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	memcpy(wrong, person.hash, 32);
	person.hash[0] ^= 1;
	assert_int_equal(person_activate(&d, &person), CARD_SW_WRONG_DATA);
	memcpy(person.hash, wrong, 32);
	assert_int_equal(person_activate(&d, &person), CARD_SW_OK);
	unsigned long n = writes(&d);
	assert_int_equal(person_activate(&d, &person), CARD_SW_OK);
	assert_int_equal(writes(&d), n);
	desk_done(&d);
}

static void refuses_a_stream_with_another_hash(void **state)
{
	struct desk d;
	(void)state;
	start_job(&d, 1000);
	assert_int_equal(person_generate(&d, &person), CARD_SW_OK);
	person.stream[5] ^= 1; /* after block 0 named the hash */
	for (size_t i = 0; i < person_blocks(&person); i++)
		assert_int_equal(person_store(&d, &person, i), CARD_SW_OK);
	assert_int_equal(person_activate(&d, &person), CARD_SW_WRONG_DATA);
	desk_sha256(person.stream, person.stream_len, person.hash);
	assert_int_equal(person_activate(&d, &person), CARD_SW_WRONG_DATA);
	desk_done(&d);
}

static void a_secured_card_takes_no_job_over(void **state)
{
	struct desk d;
	(void)state;
	start(&d, 500);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	assert_int_equal(desk_open_job(&d, 0x4B, 99, CARD_SUITE_INTL),
	        CARD_SW_CONDITIONS);
	assert_int_equal(
	        desk_open_job(&d, person.job, person.fencing, CARD_SUITE_INTL),
	        CARD_SW_OK);
	assert_int_equal(person_store(&d, &person, 0), CARD_SW_CONDITIONS);
	assert_int_equal(person_generate(&d, &person), CARD_SW_CONDITIONS);
	/* but its keys can be rolled over */
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	assert_int_equal(desk_put_key(&d, &issuer, &transport, true),
	        CARD_SW_DATA_NOT_FOUND); /* P1 names version 30 */
	person_check(&d, &person);
	desk_done(&d);
}

static void fills_its_memory_to_the_last_byte(void **state)
{
	struct desk d;
	(void)state;
	start_job(&d, 500);
	size_t spare = PERSON_STREAM_MAX - person.stream_len;
	/* a portrait of 255 bytes or more has a length of three bytes */
	person_init(&person, CARD_SUITE_INTL, 500 + spare);
	assert_int_equal(person.stream_len, MEMORY_STREAM_MAX);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	person_check(&d, &person);
	desk_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(puts_keys_in_both_encodings),
	        cmocka_unit_test(refuses_keys_with_wrong_check_values),
	        cmocka_unit_test(fences_stale_workers_off),
	        cmocka_unit_test(needs_an_open_job),
	        cmocka_unit_test(generates_one_key_a_job),
	        cmocka_unit_test(resumes_at_every_block),
	        cmocka_unit_test(repeats_stored_blocks_without_a_write),
	        cmocka_unit_test(repeats_blocks_beyond_256),
	        cmocka_unit_test(refuses_blocks_out_of_order),
	        cmocka_unit_test(activates_only_a_whole_stream),
	        cmocka_unit_test(activates_only_what_was_announced),
	        cmocka_unit_test(refuses_a_stream_with_another_hash),
	        cmocka_unit_test(a_secured_card_takes_no_job_over),
	        cmocka_unit_test(fills_its_memory_to_the_last_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
