#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/core/command.h"
#include "tests/unit/card-core/desk.h"

static int decode(const char *bytes, size_t len, struct command *c)
{
	return command_decode(span_of(bytes, len), c);
}

static void decodes_short_forms(void **state)
{
	struct command c;
	(void)state;
	assert_int_equal(decode("\x00\xA4\x04\x0C", 4, &c), HUFU_OK);
	assert_false(c.le_present);
	assert_int_equal(c.data.len, 0);
	assert_int_equal(decode("\x00\xB0\x00\x00\x00", 5, &c), HUFU_OK);
	assert_int_equal(c.le, 256);
	assert_int_equal(decode("\x00\xB0\x00\x00\x07", 5, &c), HUFU_OK);
	assert_int_equal(c.le, 7);
	assert_int_equal(
	        decode("\x00\xA4\x00\x00\x02\x3F\x00", 7, &c), HUFU_OK);
	assert_int_equal(c.data.len, 2);
	assert_false(c.le_present);
	assert_int_equal(
	        decode("\x00\xA4\x00\x00\x02\x3F\x00\x10", 8, &c), HUFU_OK);
	assert_int_equal(c.le, 16);
	assert_false(c.extended);
}

static void decodes_extended_forms(void **state)
{
	struct command c;
	(void)state;
	assert_int_equal(
	        decode("\x00\xB0\x00\x00\x00\x00\x00", 7, &c), HUFU_OK);
	assert_int_equal(c.le, 65536);
	assert_true(c.extended);
	assert_int_equal(
	        decode("\x00\xA4\x00\x00\x00\x00\x02\x3F\x00", 9, &c), HUFU_OK);
	assert_int_equal(c.data.len, 2);
	assert_false(c.le_present);
	assert_int_equal(
	        decode("\x00\xA4\x00\x00\x00\x00\x02\x3F\x00\x01\x02", 11, &c),
	        HUFU_OK);
	assert_int_equal(c.le, 0x102);
}

static void rejects_lengths_that_disagree(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
	        {"", 0},
	        {"\x00\xA4\x04", 3},
	        {"\x00\xA4\x00\x00\x02\x3F", 6},
	        {"\x00\xA4\x00\x00\x02\x3F\x00\x00\x00", 9},
	        {"\x00\xA4\x00\x00\x00\x00", 6},
	        {"\x00\xA4\x00\x00\x00\x00\x00\x00", 8},
	        {"\x00\xA4\x00\x00\x00\x00\x02\x3F", 8},
	        {"\x00\xA4\x00\x00\x00\x00\x02\x3F\x00\x00", 10},
	        {"\x00\xA4\x00\x00\x00\x00\x02\x3F\x00\x00\x00\x00", 12},
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct command c = {.cla = 0x77};
		assert_int_equal(decode(bad[i].bytes, bad[i].len, &c),
		        HUFU_ERR_MALFORMED);
		assert_int_equal(c.cla, 0x77);
	}
}

static void answers_6700_to_broken_lengths(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(desk_raw(&d, "\x00\xA4\x00\x00\x05\x3F", 6),
	        CARD_SW_WRONG_LENGTH);
	assert_int_equal(d.len, 0);
	desk_done(&d);
}

static void tells_unknown_class_from_unknown_instruction(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(
	        desk_raw(&d, "\x00\xF2\x00\x00", 4), CARD_SW_UNKNOWN_INS);
	assert_int_equal(
	        desk_raw(&d, "\x80\xC0\x00\x00\x00", 5), CARD_SW_UNKNOWN_INS);
	assert_int_equal(
	        desk_raw(&d, "\x01\xCA\x00\xCF\x00", 5), CARD_SW_UNKNOWN_CLA);
	assert_int_equal(
	        desk_raw(&d, "\x0C\xCA\x00\xCF\x00", 5), CARD_SW_UNKNOWN_CLA);
	assert_int_equal(
	        desk_raw(&d, "\xA0\xCA\x00\xCF\x00", 5), CARD_SW_UNKNOWN_CLA);
	/* GlobalPlatform's own under the class of ISO */
	assert_int_equal(
	        desk_raw(&d, "\x00\x50\x00\x00\x00", 5), CARD_SW_UNKNOWN_CLA);
	desk_done(&d);
}

static void gathers_a_chain(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(
	        desk_raw(&d, "\x10\xA4\x04\x00\x04\xF0\x5A\x3C\x91", 9),
	        CARD_SW_OK);
	assert_int_equal(d.len, 0);
	assert_int_equal(desk_raw(&d,
	                         "\x00\xA4\x04\x00\x07\xE7\x42\xB8\x0D"
	                         "\x6F\x00\x01\x00",
	                         13),
	        CARD_SW_OK);
	assert_memory_equal(d.data, "\x6F\x14\x84\x0B\xF0\x5A", 6);
	desk_done(&d);
}

static void drops_a_chain_that_another_command_breaks(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(
	        desk_raw(&d, "\x10\xA4\x04\x00\x02\xF0\x5A", 7), CARD_SW_OK);
	assert_int_equal(
	        desk_raw(&d, "\x00\xCA\x00\xCF\x00", 5), CARD_SW_LAST_OF_CHAIN);
	assert_int_equal(desk_raw(&d, "\x00\xCA\x00\xCF\x00", 5), CARD_SW_OK);
	/* nothing of the broken chain is left */
	assert_int_equal(desk_raw(&d, "\x00\xA4\x04\x00\x02\x3C\x91", 7),
	        CARD_SW_NOT_FOUND);
	desk_done(&d);
}

static void limits_a_chain(void **state)
{
	uint8_t link[5 + 255] = {0x10, 0xA4, 0x04, 0x00, 255};
	struct desk d;
	(void)state;
	desk_init(&d);
	for (int i = 0; i < CARD_COMMAND_MAX / 255; i++)
		assert_int_equal(desk_raw(&d, link, sizeof link), CARD_SW_OK);
	assert_int_equal(desk_raw(&d, link, sizeof link), CARD_SW_WRONG_LENGTH);
	assert_int_equal(desk_raw(&d, "\x00\xCA\x00\xCF\x00", 5), CARD_SW_OK);
	desk_done(&d);
}

static void limits_a_command(void **state)
{
	static uint8_t apdu[7 + CARD_COMMAND_MAX + 1] = {0x00, 0xA4, 0x04, 0x00,
	        0x00, (CARD_COMMAND_MAX + 1) >> 8,
	        (CARD_COMMAND_MAX + 1) & 0xFF};
	struct desk d;
	(void)state;
	desk_init(&d);
	assert_int_equal(desk_raw(&d, apdu, sizeof apdu), CARD_SW_WRONG_LENGTH);
	desk_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(decodes_short_forms),
	        cmocka_unit_test(decodes_extended_forms),
	        cmocka_unit_test(rejects_lengths_that_disagree),
	        cmocka_unit_test(answers_6700_to_broken_lengths),
	        cmocka_unit_test(tells_unknown_class_from_unknown_instruction),
	        cmocka_unit_test(gathers_a_chain),
	        cmocka_unit_test(drops_a_chain_that_another_command_breaks),
	        cmocka_unit_test(limits_a_chain),
	        cmocka_unit_test(limits_a_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
