/* Card numbers, status indices and deadlines: pure functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/card_number.h"
#include "host/issue/status_index.h"

static const struct card_number sound = {"320106", 1, 26, 1};

static void formats_seventeen_digits(void **state)
{
	char text[CARD_NUMBER_LEN + 1];

	(void)state;
	assert_int_equal(card_number_format(&sound, text), 0);
	assert_memory_equal(text, "3201061260000001", 16);
	assert_int_equal(strlen(text), 17);
}

/* ISO/IEC 7064, MOD 11,10; the standard's example 0794 → 5 passed the
 * program that gave these. */
static void agrees_with_another_program(void **state)
{
	struct card_number n;

	(void)state;
	assert_int_equal(card_number_parse("32010612600000017", &n), 0);
	assert_int_equal(card_number_parse("32010612612345673", &n), 0);
	assert_int_equal(card_number_parse("11010123099999995", &n), 0);
	assert_string_equal(n.area, "110101");
	assert_int_equal(n.kind, 2);
	assert_int_equal(n.year, 30);
	assert_int_equal(n.serial, 9999999);
}

static void refuses_every_single_wrong_digit(void **state)
{
	struct card_number n, before = sound;
	char text[CARD_NUMBER_LEN + 1];

	(void)state;
	memcpy(&n, &before, sizeof(n)); /* what lies between the members, too */
	assert_int_equal(card_number_format(&sound, text), 0);
	for (size_t at = 0; at < CARD_NUMBER_LEN; at++) {
		for (char d = '0'; d <= '9'; d++) {
			char wrong[CARD_NUMBER_LEN + 1];
			if (d == text[at])
				continue;
			memcpy(wrong, text, sizeof(wrong));
			wrong[at] = d;
			assert_int_equal(card_number_parse(wrong, &n),
			        HUFU_ERR_SIGNATURE);
			assert_memory_equal(&n, &before, sizeof(n));
		}
	}
}

static void refuses_what_is_no_number(void **state)
{
	static const char *const texts[] = {"", "3201061260000001",
	        "320106126000000179", "3201061260000001X", " 2010612600000017",
	        "٣2010612600000017"};
	struct card_number n;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(
		        card_number_parse(texts[i], &n), HUFU_ERR_MALFORMED);
}

static void refuses_parts_out_of_range(void **state)
{
	static const struct card_number bad[] = {
	        {"32010", 1, 26, 1},
	        {"32010x", 1, 26, 1},
	        {"320106", 0, 26, 1},
	        {"320106", 10, 26, 1},
	        {"320106", 1, 100, 1},
	        {"320106", 1, 26, 0},
	        {"320106", 1, 26, 10000000},
	};
	char text[CARD_NUMBER_LEN + 1] = "untouched";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(
		        card_number_format(&bad[i], text), HUFU_ERR_ARGUMENT);
	assert_string_equal(text, "untouched");
}

static void permutes_every_index_once(void **state)
{
	static const uint8_t key[STATUS_INDEX_KEY_LEN] = {1, 2, 3};

	(void)state;
	for (unsigned bits = 8; bits <= 13; bits++) {
		uint32_t size = 1u << bits;
		uint8_t *seen = calloc(size, 1);
		uint32_t in_place = 0;
		assert_non_null(seen);
		for (uint32_t i = 0; i < size; i++) {
			uint32_t v = UINT32_MAX;
			assert_int_equal(
			        status_index_permute(key, 1, bits, i, &v), 0);
			assert_true(v < size);
			assert_int_equal(seen[v]++, 0);
			in_place += v == i;
		}
		assert_true(in_place < 10); /* about one is expected */
		free(seen);
	}
}

static void depends_on_key_list_and_size(void **state)
{
	static const uint8_t key[STATUS_INDEX_KEY_LEN] = {1};
	static const uint8_t other[STATUS_INDEX_KEY_LEN] = {2};
	int same[3] = {0};

	(void)state;
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t v, w;
		assert_int_equal(status_index_permute(key, 1, 26, i, &v), 0);
		assert_int_equal(status_index_permute(key, 1, 26, i, &w), 0);
		assert_int_equal(v, w);
		assert_int_equal(status_index_permute(other, 1, 26, i, &w), 0);
		same[0] += v == w;
		assert_int_equal(status_index_permute(key, 2, 26, i, &w), 0);
		same[1] += v == w;
		assert_int_equal(status_index_permute(key, 1, 25, i, &w), 0);
		same[2] += v == w;
	}
	assert_true(same[0] + same[1] + same[2] < 3);
}

static void refuses_indices_out_of_range(void **state)
{
	static const uint8_t key[STATUS_INDEX_KEY_LEN] = {1};
	uint32_t v = 7;

	(void)state;
	assert_int_equal(
	        status_index_permute(key, 1, 7, 0, &v), HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        status_index_permute(key, 1, 27, 0, &v), HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        status_index_permute(key, 1, 8, 256, &v), HUFU_ERR_ARGUMENT);
	assert_int_equal(v, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(formats_seventeen_digits),
	        cmocka_unit_test(agrees_with_another_program),
	        cmocka_unit_test(refuses_every_single_wrong_digit),
	        cmocka_unit_test(refuses_what_is_no_number),
	        cmocka_unit_test(refuses_parts_out_of_range),
	        cmocka_unit_test(permutes_every_index_once),
	        cmocka_unit_test(depends_on_key_list_and_size),
	        cmocka_unit_test(refuses_indices_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
