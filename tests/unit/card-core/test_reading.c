#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/card-core/person.h"

static struct person person;
static struct desk_keys issuer;

static void personalise(struct desk *d, enum card_suite suite)
{
	desk_issuer_keys(&issuer);
	person_init(&person, suite, 40000);
	desk_init(d);
	assert_int_equal(person_go_on(d, &person), CARD_SW_OK);
	sim_reset(d->sim);
	assert_int_equal(desk_select(d), CARD_SW_OK);
}

static uint16_t raw(struct desk *d, const char *bytes, size_t len)
{
	return desk_raw(d, bytes, len);
}
#define RAW(d, text) raw(d, text, sizeof text - 1)

static void selects_by_name_with_and_without_le(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(RAW(&d, "\x00\xA4\x04\x00\x00"), CARD_SW_OK);
	assert_memory_equal(d.data, "\x6F\x11\x84\x08\xA0\x00\x00\x01\x51", 9);
	assert_int_equal(d.len, 0x13);
	assert_int_equal(RAW(&d, "\x00\xA4\x04\x00"), CARD_SW_OK);
	assert_int_equal(d.len, 0);
	assert_int_equal(RAW(&d, "\x00\xA4\x04\x0C\x05\xF0\x5A\x3C\x91\xE7"),
	        CARD_SW_OK);
	assert_int_equal(d.len, 0);
	assert_int_equal(
	        RAW(&d, "\x00\xA4\x04\x00\x05\xF0\x5A\x3C\x91\xE7\x00"),
	        CARD_SW_OK);
	assert_memory_equal(d.data, "\x6F\x14\x84\x0B\xF0", 5);
	assert_int_equal(d.len, 0x16);
	desk_done(&d);
}

static void knows_no_other_name(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(desk_select(&d), CARD_SW_OK);
	assert_int_equal(
	        RAW(&d, "\x00\xA4\x04\x00\x05\xA0\x00\x00\x00\x03\x00"),
	        CARD_SW_NOT_FOUND);
	assert_int_equal(RAW(&d, "\x00\xA4\x04\x00\x04\xF0\x5A\x3C\x91\x00"),
	        CARD_SW_NOT_FOUND);
	assert_int_equal(RAW(&d, "\x00\xA4\x04\x00\x0C\xF0\x5A\x3C\x91\xE7\x42"
	                         "\xB8\x0D\x6F\x00\x01\x00"),
	        CARD_SW_NOT_FOUND);
	assert_int_equal(
	        RAW(&d, "\x00\xA4\x08\x00\x02\x3F\x00"), CARD_SW_WRONG_P1P2);
	/* what was selected stays */
	assert_int_equal(RAW(&d, "\x00\xB0\x81\x00\x00"), CARD_SW_CONDITIONS);
	desk_done(&d);
}

static void declares_its_limits(void **state)
{
	static const uint8_t info[] = {0x43, 0x01, 0xF8, 0x47, 0x03, 0xD4, 0x01,
	        0xE0, 0x7F, 0x66, 0x08, 0x02, 0x02, 0x08, 0x09, 0x02, 0x02,
	        0x08, 0x02, 0x53, 0x01, 0x00};
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(RAW(&d, "\x00\xB0\x81\x00\x00"), CARD_SW_OK);
	assert_int_equal(d.len, sizeof info);
	assert_memory_equal(d.data, info, sizeof info);
	assert_int_equal(RAW(&d, "\x00\xB0\x9E\x00\x00"), CARD_SW_OK);
	assert_memory_equal(d.data, "\x61\x13\x4F\x0B\xF0", 5);
	assert_int_equal(d.len, 0x15);
	/* without PACE there is no EF.CardAccess */
	assert_int_equal(
	        RAW(&d, "\x00\xA4\x02\x0C\x02\x01\x1C"), CARD_SW_NOT_FOUND);
	desk_done(&d);
}

static void tells_its_suite(void **state)
{
	struct desk d;
	(void)state;
	personalise(&d, CARD_SUITE_SM);
	assert_int_equal(RAW(&d, "\x00\xA4\x02\x0C\x02\x2F\x01"), CARD_SW_OK);
	assert_int_equal(RAW(&d, "\x00\xB0\x00\x13\x03"), CARD_SW_OK);
	assert_int_equal(d.len, 3);
	assert_memory_equal(d.data, "\x53\x01\x02", 3);
	desk_done(&d);
}

static void reads_exactly_what_is_asked(void **state)
{
	struct desk d;
	struct span so;
	(void)state;
	personalise(&d, CARD_SUITE_INTL);
	so = person_file(&person, CARD_EF_SO);
	assert_int_equal(RAW(&d, "\x00\xB0\x9D\x00\xFB"), CARD_SW_OK);
	assert_int_equal(d.len, CARD_READ_MAX);
	assert_memory_equal(d.data, so.data, CARD_READ_MAX);
	/* extended: the whole file */
	assert_int_equal(RAW(&d, "\x00\xB0\x00\x00\x00\x00\x00"), CARD_SW_OK);
	assert_int_equal(d.len, so.len);
	assert_memory_equal(d.data, so.data, so.len);
	/* the last byte, and behind it */
	assert_int_equal(RAW(&d, "\x00\xB0\x02\x57\x10"), CARD_SW_OK);
	assert_int_equal(d.len, 1);
	assert_int_equal(RAW(&d, "\x00\xB0\x02\x58\x10"), CARD_SW_PAST_END);
	assert_int_equal(RAW(&d, "\x00\xB0\x7F\xFF\x10"), CARD_SW_PAST_END);
	assert_int_equal(d.len, 0);
	desk_done(&d);
}

static void reads_far_offsets_by_data_object(void **state)
{
	struct desk d;
	struct span portrait;
	(void)state;
	personalise(&d, CARD_SUITE_INTL);
	portrait = person_file(&person, CARD_EF_PORTRAIT);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x13\x04\x54\x02\x90\x00\x00"),
	        CARD_SW_SECURITY_STATUS);
	sim_reset(d.sim);
	assert_int_equal(desk_select(&d), CARD_SW_OK);
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	assert_int_equal(desk_secure(&d, &(struct desk_command){.cla = 0x80,
	                                         .ins = 0xB1,
	                                         .p1 = 0x01,
	                                         .p2 = 0x13,
	                                         .data = "\x54\x02\x90\x00",
	                                         .len = 4,
	                                         .le = true}),
	        CARD_SW_OK);
	assert_memory_equal(d.data, "\x53\x81\xEB", 3);
	assert_int_equal(d.len, 3 + 0xEB);
	assert_memory_equal(d.data + 3, portrait.data + 0x9000, 0xEB);
	desk_done(&d);
}

static void refuses_broken_offsets(void **state)
{
	struct desk d;
	(void)state;
	personalise(&d, CARD_SUITE_INTL);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x01\x00"), CARD_SW_WRONG_DATA);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x01\x03\x55\x01\x00\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x01\x03\x54\x02\x00\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x01\x04\x54\x01\x00\x00\x00"),
	        CARD_SW_WRONG_DATA);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x01\x03\x54\x01\x00\x04"),
	        CARD_SW_WRONG_LENGTH);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x01\x06\x54\x04\xFF\xFF\xFF\xFF"
	                         "\x00"),
	        CARD_SW_PAST_END);
	assert_int_equal(RAW(&d, "\x00\xB1\x01\x0A\x03\x54\x01\x00\x00"),
	        CARD_SW_NOT_FOUND);
	assert_int_equal(RAW(&d, "\x00\xB1\x80\x10\x03\x54\x01\x00\x00"),
	        CARD_SW_NOT_FOUND); /* the CAN is no file */
	desk_done(&d);
}

static void reads_protected_elements_in_the_channel(void **state)
{
	struct desk d;
	struct span name;
	(void)state;
	personalise(&d, CARD_SUITE_INTL);
	name = person_file(&person, CARD_EF_NAME);
	assert_int_equal(
	        RAW(&d, "\x00\xB0\x91\x00\x00"), CARD_SW_SECURITY_STATUS);
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	assert_int_equal(desk_secure(&d, &(struct desk_command){.cla = 0x80,
	                                         .ins = 0xB0,
	                                         .p1 = 0x91,
	                                         .le = true}),
	        CARD_SW_OK);
	assert_int_equal(d.len, name.len);
	assert_memory_equal(d.data, name.data, name.len);
	/* a short answer never passes what one frame holds */
	assert_int_equal(desk_secure(&d, &(struct desk_command){.cla = 0x80,
	                                         .ins = 0xB0,
	                                         .p1 = 0x93,
	                                         .le = true}),
	        CARD_SW_OK);
	assert_int_equal(d.len, CARD_PLAIN_MAX);
	assert_int_equal(desk_secure(&d, &(struct desk_command){.cla = 0x80,
	                                         .ins = 0xB0,
	                                         .p1 = 0x93,
	                                         .le = true,
	                                         .extended = true}),
	        CARD_SW_OK);
	assert_int_equal(d.len, CARD_RESPONSE_MAX - CHANNEL_GROWTH_MAX);
	desk_done(&d);
}

static void updates_status_in_the_channel_only(void **state)
{
	struct desk d;
	(void)state;
	personalise(&d, CARD_SUITE_INTL);
	struct desk_command c = {.cla = 0x80,
	        .ins = CARD_INS_UPDATE_BINARY,
	        .p1 = 0x90,
	        .data = "status of a card",
	        .len = 16};
	assert_int_equal(desk_plain(&d, &c), CARD_SW_SECURITY_STATUS);
	assert_int_equal(desk_open(&d, &issuer), CARD_SW_OK);
	assert_int_equal(desk_secure(&d, &c), CARD_SW_OK);
	c.len = 15;
	assert_int_equal(desk_secure(&d, &c), CARD_SW_WRONG_LENGTH);
	c.p2 = 1;
	assert_int_equal(desk_secure(&d, &c), CARD_SW_PAST_END);
	c.p1 = 0x81;
	c.p2 = 0;
	assert_int_equal(desk_secure(&d, &c), CARD_SW_CONDITIONS);
	assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	assert_int_equal(desk_select(&d), CARD_SW_OK);
	assert_int_equal(RAW(&d, "\x00\xB0\x90\x00\x00"), CARD_SW_OK);
	assert_int_equal(d.len, 16);
	assert_memory_equal(d.data, "status of a card", 16);
	desk_done(&d);
}

static void gives_fresh_challenges(void **state)
{
	struct desk d;
	uint8_t first[32];
	(void)state;
	desk_init(&d);
	assert_int_equal(RAW(&d, "\x00\x84\x00\x00\x10"), CARD_SW_OK);
	assert_int_equal(d.len, 16);
	memcpy(first, d.data, 16);
	assert_int_equal(RAW(&d, "\x00\x84\x00\x00\x00"), CARD_SW_OK);
	assert_int_equal(d.len, 32);
	assert_memory_not_equal(first, d.data, 16);
	assert_int_equal(RAW(&d, "\x00\x84\x00\x01\x08"), CARD_SW_WRONG_P1P2);
	desk_done(&d);
}

static void never_signs_twice_the_same(void **state)
{
	struct desk d;
	uint8_t ask[38] = {0x00, 0x88, 0x00, 0x00, 32}, first[80];
	(void)state;
	for (enum card_suite s = CARD_SUITE_INTL; s <= CARD_SUITE_SM; s++) {
		personalise(&d, s);
		assert_true(person_chip_signs(&d, &person));
		assert_int_equal(desk_raw(&d, ask, sizeof ask), CARD_SW_OK);
		memcpy(first, d.data, sizeof first);
		assert_int_equal(desk_raw(&d, ask, sizeof ask), CARD_SW_OK);
		assert_memory_not_equal(first, d.data, 16);
		assert_memory_not_equal(first + 16, d.data + 16, 64);
		assert_int_equal(desk_raw(&d, ask, 5), CARD_SW_WRONG_LENGTH);
		desk_done(&d);
	}
}

static void speaks_of_keys_as_globalplatform_does(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(RAW(&d, "\x80\xCA\x00\xE0\x00"), CARD_SW_OK);
	assert_int_equal(d.len, 20);
	assert_memory_equal(d.data,
	        "\xE0\x12\xC0\x04\x01\x30\x88\x10\xC0\x04\x02\x30\x88"
	        "\x10\xC0\x04\x03\x30\x88\x10",
	        20);
	assert_int_equal(RAW(&d, "\x80\xCA\x00\x66\x00"), CARD_SW_OK);
	assert_int_equal(d.len, 51);
	assert_memory_equal(d.data, "\x66\x31\x73\x2F", 4);
	assert_int_equal(
	        RAW(&d, "\x80\xCA\x9F\x7F\x00"), CARD_SW_DATA_NOT_FOUND);
	desk_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(selects_by_name_with_and_without_le),
	        cmocka_unit_test(knows_no_other_name),
	        cmocka_unit_test(declares_its_limits),
	        cmocka_unit_test(tells_its_suite),
	        cmocka_unit_test(reads_exactly_what_is_asked),
	        cmocka_unit_test(reads_far_offsets_by_data_object),
	        cmocka_unit_test(refuses_broken_offsets),
	        cmocka_unit_test(reads_protected_elements_in_the_channel),
	        cmocka_unit_test(updates_status_in_the_channel_only),
	        cmocka_unit_test(gives_fresh_challenges),
	        cmocka_unit_test(never_signs_twice_the_same),
	        cmocka_unit_test(speaks_of_keys_as_globalplatform_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
