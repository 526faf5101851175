/* Every instruction in every state of the life cycle, in and out of the
 * channel: the exact status word, and no write where it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/card-core/person.h"

enum { STATES = 5 };
static const enum card_state all_states[STATES] = {CARD_OP_READY,
        CARD_INITIALIZED, CARD_SECURED, CARD_LOCKED, CARD_TERMINATED};

static struct person person;
static struct desk_keys transport, issuer;
static uint8_t image[STATES][PORT_NV_SIZE];

static uint16_t send_status(struct desk *d, uint8_t p2)
{
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_SET_STATUS,
	                              .p1 = 0x80,
	                              .p2 = p2});
}

static int make_images(void **state)
{
	struct desk d;
	(void)state;
	desk_transport_keys(&transport);
	desk_issuer_keys(&issuer);
	person_init(&person, CARD_SUITE_INTL, 300);
	desk_init(&d);
	memcpy(image[0], sim_memory(d.sim), PORT_NV_SIZE);
	assert_int_equal(desk_open(&d, &transport), CARD_SW_OK);
	assert_int_equal(
	        desk_put_key(&d, &transport, &issuer, true), CARD_SW_OK);
	memcpy(image[1], sim_memory(d.sim), PORT_NV_SIZE);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	memcpy(image[2], sim_memory(d.sim), PORT_NV_SIZE);
	assert_int_equal(send_status(&d, CARD_LOCKED), CARD_SW_OK);
	memcpy(image[3], sim_memory(d.sim), PORT_NV_SIZE);
	assert_int_equal(desk_secure(&d, &(struct desk_command){.cla = 0x80,
	                                         .ins = CARD_INS_TERMINATE}),
	        CARD_SW_OK);
	memcpy(image[4], sim_memory(d.sim), PORT_NV_SIZE);
	desk_done(&d);
	return 0;
}

static void put_in_state(struct desk *d, size_t s)
{
	uint8_t progress[CARD_PROGRESS_LEN];
	desk_init(d);
	memcpy(sim_memory(d->sim), image[s], PORT_NV_SIZE);
	assert_int_equal(sim_power_on(d->sim), HUFU_OK);
	desk_progress(d, progress);
	assert_int_equal(progress[0], all_states[s]);
	desk_select(d);
}

#define ISD_TEXT "\xA0\x00\x00\x01\x51\x00\x00\x00"
#define AID_TEXT "\xF0\x5A\x3C\x91\xE7\x42\xB8\x0D\x6F\x00\x01"
#define ZEROS_16 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

struct expectation {
	struct desk_command command;
	uint16_t sw[STATES];
};

static const struct expectation plain[] = {
        {{0, CARD_INS_SELECT, 4, 0, AID_TEXT, 11, true, false},
                {0x9000, 0x9000, 0x9000, 0x6283, 0x6285}},
        {{0, CARD_INS_SELECT, 4, 0, "\xA0\x00\x00\x01\x51\x00\x00\x00", 8, true,
                 false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0x6285}},
        {{0, CARD_INS_SELECT, 2, 12, "\x2F\x01", 2, false, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0x6985}},
        {{0, CARD_INS_SELECT, 2, 12, "\x01\x01", 2, false, false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0x6985}},
        {{0, CARD_INS_GET_DATA, 0, 0xCF, "", 0, true, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0x9000}},
        {{0, CARD_INS_GET_DATA, 0, 0xC1, "", 0, true, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0x9000}},
        {{0, CARD_INS_READ_BINARY, 0x81, 0, "", 0, true, false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0x6985}},
        {{0, CARD_INS_READ_BINARY, 0x91, 0, "", 0, true, false},
                {0x6985, 0x6985, 0x6982, 0x6985, 0x6985}},
        {{0, CARD_INS_READ_BINARY_ODD, 1, 1, "\x54\x01\x00", 3, true, false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0x6985}},
        {{0, CARD_INS_GET_CHALLENGE, 0, 0, "", 0, true, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0x6985}},
        {{0, CARD_INS_INTERNAL_AUTHENTICATE, 0, 0, ZEROS_16 ZEROS_16, 32, true,
                 false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0x6985}},
        {{0x80, CARD_INS_INITIALIZE_UPDATE, 0, 0, ZEROS_16, 8, true, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0x6985}},
        {{0x84, CARD_INS_EXTERNAL_AUTHENTICATE, 0x33, 0, ZEROS_16, 16, false,
                 false},
                {0x6985, 0x6985, 0x6985, 0x6985, 0x6985}},
#define NEEDS_CHANNEL(ins)                                                     \
	{                                                                      \
		{0x80, ins, 0, 0, "", 0, false, false},                        \
		{                                                              \
			0x6982, 0x6982, 0x6982, 0x6982, 0x6982                 \
		}                                                              \
	}
        NEEDS_CHANNEL(CARD_INS_PUT_KEY),
        NEEDS_CHANNEL(CARD_INS_INSTALL),
        NEEDS_CHANNEL(CARD_INS_OPEN_JOB),
        NEEDS_CHANNEL(CARD_INS_GENERATE_KEY_PAIR),
        NEEDS_CHANNEL(CARD_INS_STORE_DATA),
        NEEDS_CHANNEL(CARD_INS_ACTIVATE),
        NEEDS_CHANNEL(CARD_INS_UPDATE_BINARY),
        NEEDS_CHANNEL(CARD_INS_SET_STATUS),
        NEEDS_CHANNEL(CARD_INS_TERMINATE),
};

/* In the channel; a terminated card opens none. */
static const struct expectation secured[] = {
        {{0x80, CARD_INS_SELECT, 4, 0, AID_TEXT, 11, true, false},
                {0x6985, 0x6985, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_SELECT, 2, 12, "\x01\x11", 2, false, false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0}},
        {{0x80, CARD_INS_GET_DATA, 0xDF, 0x21, "", 0, true, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0}},
        {{0x80, CARD_INS_READ_BINARY, 0x91, 0, "", 0, true, false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0}},
        {{0x80, CARD_INS_INITIALIZE_UPDATE, 0, 0, ZEROS_16, 8, true, false},
                {0x6982, 0x6982, 0x6982, 0x6982, 0}},
        {{0x80, CARD_INS_EXTERNAL_AUTHENTICATE, 0x33, 0, ZEROS_16, 16, false,
                 false},
                {0x6982, 0x6982, 0x6982, 0x6982, 0}},
        {{0x80, CARD_INS_PUT_KEY, 0, 0x81, "", 0, false, false},
                {0x6A80, 0x6A80, 0x6A80, 0x6985, 0}},
        {{0x80, CARD_INS_INSTALL, 0x20, 0, "\0\0\x0B" AID_TEXT "\0\0\0", 17,
                 false, false},
                {0x6985, 0x9000, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_OPEN_JOB, 0, 0, ZEROS_16 "\0\0\0\0\0\1\0\0\1", 25,
                 false, false},
                {0x9000, 0x9000, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_GENERATE_KEY_PAIR, 0, 0, "", 0, true, false},
                {0x6985, 0x6985, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_STORE_DATA, 0, 0, ZEROS_16, 16, false, false},
                {0x6985, 0x6985, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_ACTIVATE, 0, 0, ZEROS_16 ZEROS_16, 32, false, false},
                {0x6985, 0x6985, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_UPDATE_BINARY, 0x90, 0, ZEROS_16, 16, false, false},
                {0x6985, 0x6985, 0x9000, 0x6985, 0}},
        {{0x80, CARD_INS_UPDATE_BINARY, 0x81, 0, ZEROS_16, 16, false, false},
                {0x6985, 0x6985, 0x6985, 0x6985, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x80, 0x7F, "", 0, false, false},
                {0x6985, 0x6985, 0x9000, 0x9000, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x80, 0x0F, "", 0, false, false},
                {0x6985, 0x6985, 0x9000, 0x9000, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x80, 0xFF, "", 0, false, false},
                {0x6985, 0x6985, 0x6A86, 0x6A86, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x80, 0x7F, ISD_TEXT, 8, false, false},
                {0x6985, 0x6985, 0x9000, 0x9000, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x80, 0x7F, AID_TEXT, 11, false, false},
                {0x6985, 0x6985, 0x6A88, 0x6A88, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x40, 0x83, AID_TEXT, 11, false, false},
                {0x6985, 0x6985, 0x9000, 0x9000, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x40, 0x83, ISD_TEXT, 8, false, false},
                {0x6985, 0x6985, 0x6A88, 0x6A88, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x40, 0x07, AID_TEXT, 11, false, false},
                {0x6985, 0x6985, 0x9000, 0x9000, 0}},
        {{0x80, CARD_INS_SET_STATUS, 0x40, 0x7F, "", 0, false, false},
                {0x6985, 0x6985, 0x6A86, 0x6A86, 0}},
        {{0x80, CARD_INS_TERMINATE, 0, 0, "", 0, false, false},
                {0x9000, 0x9000, 0x9000, 0x9000, 0}},
};

static void check_one(
        struct desk *d, const struct expectation *e, size_t s, bool channel)
{
	struct sim_facts before, after;
	sim_get_facts(d->sim, &before);
	uint16_t sw = channel ? desk_secure(d, &e->command)
	                      : desk_plain(d, &e->command);
	sim_get_facts(d->sim, &after);
	if (sw != e->sw[s])
		fail_msg("INS %02X in state %02X: %04X, not %04X",
		        e->command.ins, (unsigned)all_states[s], sw, e->sw[s]);
	if (sw != CARD_SW_OK)
		assert_int_equal(before.writes, after.writes);
}

static void answers_plain_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		for (size_t s = 0; s < STATES; s++) {
			struct desk d;
			put_in_state(&d, s);
			check_one(&d, &plain[i], s, false);
			desk_done(&d);
		}
}

static void answers_protected_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof secured / sizeof secured[0]; i++)
		for (size_t s = 0; s < STATES - 1; s++) {
			struct desk d;
			put_in_state(&d, s);
			assert_int_equal(
			        desk_open(&d, s ? &issuer : &transport),
			        CARD_SW_OK);
			check_one(&d, &secured[i], s, true);
			desk_done(&d);
		}
}

static void lock_and_unlock_change_nothing_else(void **state)
{
	struct desk d;
	(void)state;
	put_in_state(&d, 3);
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	assert_int_equal(send_status(&d, CARD_SECURED), CARD_SW_OK);
	person_check(&d, &person);
	desk_done(&d);
}

static uint8_t state_after(struct desk *d, uint8_t p1, uint8_t p2)
{
	uint8_t progress[CARD_PROGRESS_LEN];
	assert_int_equal(desk_secure(d, &(struct desk_command){.cla = 0x80,
	                                        .ins = CARD_INS_SET_STATUS,
	                                        .p1 = p1,
	                                        .p2 = p2}),
	        CARD_SW_OK);
	assert_int_equal(sim_power_on(d->sim), HUFU_OK);
	desk_progress(d, progress);
	desk_select(d);
	assert_int_equal(desk_open(d, &issuer), CARD_SW_OK);
	return progress[0];
}

static void card_and_application_states_lock_the_same(void **state)
{
	struct desk d;
	(void)state;
	put_in_state(&d, 2);
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	assert_int_equal(state_after(&d, 0x40, 0x83), CARD_LOCKED);
	assert_int_equal(state_after(&d, 0x80, 0x0F), CARD_SECURED);
	assert_int_equal(state_after(&d, 0x80, 0x7F), CARD_LOCKED);
	assert_int_equal(state_after(&d, 0x40, 0x07), CARD_SECURED);
	person_check(&d, &person);
	desk_done(&d);
}

static void tells_the_counter_of_the_channel(void **state)
{
	struct desk d;
	(void)state;
	put_in_state(&d, 0);
	assert_int_equal(desk_raw(&d, "\x00\xCA\x00\xC1\x00", 5), CARD_SW_OK);
	assert_int_equal(d.len, 5);
	assert_memory_equal(d.data, "\xC1\x03\0\0\0", 5);
	assert_int_equal(desk_open(&d, &transport), CARD_SW_OK);
	assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	assert_int_equal(desk_raw(&d, "\x00\xCA\x00\xC1\x00", 5), CARD_SW_OK);
	assert_memory_equal(d.data, "\xC1\x03\0\0\1", 5);
	desk_done(&d);
}

static void a_terminated_card_still_names_itself(void **state)
{
	struct desk d;
	uint8_t progress[CARD_PROGRESS_LEN];
	(void)state;
	put_in_state(&d, 4);
	desk_progress(&d, progress);
	assert_int_equal(progress[1], person.job);
	assert_int_equal(progress[24], person.fencing);
	assert_int_equal(progress[25], 0);
	assert_int_equal(desk_raw(&d, "\x00\xCA\x00\xCF\x00", 5), CARD_SW_OK);
	assert_memory_equal(d.data + 2, desk_serial, CARD_SERIAL_LEN);
	desk_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(answers_plain_commands),
	        cmocka_unit_test(answers_protected_commands),
	        cmocka_unit_test(lock_and_unlock_change_nothing_else),
	        cmocka_unit_test(card_and_application_states_lock_the_same),
	        cmocka_unit_test(tells_the_counter_of_the_channel),
	        cmocka_unit_test(a_terminated_card_still_names_itself),
	};
	return cmocka_run_group_tests(tests, make_images, NULL);
}
