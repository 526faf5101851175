#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/bytes.h"
#include "crypto/core/decimal.h"
#include "crypto/core/name_mask.h"
#include "crypto/core/timestamp.h"
#include "crypto/core/utf8.h"

static void keeps_the_first_error_of_a_reader(void **state)
{
	(void)state;
	static const uint8_t in[] = {0x01, 0x02, 0x03};
	struct reader r;
	reader_init(&r, span_of(in, sizeof in));
	assert_int_equal(reader_get_u16(&r), 0x0102);
	assert_int_equal(reader_get_u32(&r), 0);
	reader_fail(&r, HUFU_ERR_LIMIT);
	assert_int_equal(reader_done(&r), HUFU_ERR_TRUNCATED);
	assert_int_equal(reader_get_u8(&r), 0);
	assert_int_equal(reader_left(&r), 0);
	assert_int_equal(r.pos, 2);
}

static void tells_of_bytes_left(void **state)
{
	(void)state;
	struct reader r;
	reader_init(&r, span_of("ab", 2));
	assert_int_equal(reader_get_u8(&r), 'a');
	assert_int_equal(reader_done(&r), HUFU_ERR_TRAILING);
	assert_int_equal(reader_get_u8(&r), 'b');
	assert_int_equal(reader_done(&r), HUFU_OK);
}

static void writes_nothing_past_the_end(void **state)
{
	(void)state;
	uint8_t space[8] = {9, 9, 9, 9, 9, 9, 9, 9};
	struct writer w;
	writer_init(&w, space, 5);
	writer_put_u32(&w, 0x01020304);
	writer_put_u16(&w, 0xFFFF);
	writer_put_u8(&w, 1);
	assert_int_equal(w.error, HUFU_ERR_SPACE);
	assert_int_equal(writer_span(&w).len, 0);
	static const uint8_t want[] = {1, 2, 3, 4, 9, 9, 9, 9};
	assert_memory_equal(space, want, sizeof want);
}

static void reads_only_plain_decimal(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t max;
		int rc;
		uint64_t v;
	} cases[] = {
	        {"0", 9, HUFU_OK, 0},
	        {"18446744073709551615", UINT64_MAX, HUFU_OK, UINT64_MAX},
	        {"18446744073709551616", UINT64_MAX, HUFU_ERR_LIMIT, 7},
	        {"99999999999999999999999", UINT64_MAX, HUFU_ERR_LIMIT, 7},
	        {"100", 99, HUFU_ERR_LIMIT, 7},
	        {"99", 99, HUFU_OK, 99},
	        {"5", 3, HUFU_ERR_LIMIT, 7},
	        {"", 99, HUFU_ERR_MALFORMED, 7},
	        {"01", 99, HUFU_ERR_MALFORMED, 7},
	        {"+1", 99, HUFU_ERR_MALFORMED, 7},
	        {"-1", 99, HUFU_ERR_MALFORMED, 7},
	        {" 1", 99, HUFU_ERR_MALFORMED, 7},
	        {"1 ", 99, HUFU_ERR_MALFORMED, 7},
	        {"0x1", 99, HUFU_ERR_MALFORMED, 7},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint64_t v = 7;
		assert_int_equal(decimal_decode(span_of_text(cases[i].text),
		                         cases[i].max, &v),
		        cases[i].rc);
		assert_int_equal(v, cases[i].v);
	}
}

static void writes_decimal(void **state)
{
	(void)state;
	char space[64];
	struct writer w;
	writer_init(&w, space, sizeof space);
	decimal_encode(&w, 0);
	decimal_encode(&w, UINT64_MAX);
	decimal_encode_fixed(&w, 42, 5);
	assert_memory_equal(space, "01844674407370955161500042", 26);
	assert_int_equal(w.len, 26);
}

static void agrees_with_the_definition_of_utf8(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
	        {"", true},
	        {"a\x7F", true},
	        {"\xC2\x80", true},
	        {"\xDF\xBF", true},
	        {"\xE0\xA0\x80", true},
	        {"\xED\x9F\xBF", true},
	        {"\xEE\x80\x80", true},
	        {"\xF0\x90\x80\x80", true},
	        {"\xF4\x8F\xBF\xBF", true},
	        {"\x80", false},
	        {"\xC0\x80", false},
	        {"\xC1\xBF", false},
	        {"\xC2", false},
	        {"\xC2\x41", false},
	        {"\xE0\x9F\xBF", false},
	        {"\xE4\xB8", false},
	        {"\xED\xA0\x80", false},
	        {"\xED\xBF\xBF", false},
	        {"\xF0\x8F\xBF\xBF", false},
	        {"\xF4\x90\x80\x80", false},
	        {"\xF8\x88\x80\x80\x80", false},
	        {"\xFE", false},
	        {"\xFF", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(utf8_is_valid(span_of_text(cases[i].text)),
		        cases[i].valid);
}

static void carries_every_code_point_through_utf8(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x111000; c++) {
		uint8_t space[4];
		struct writer w;
		struct reader r;
		bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
		writer_init(&w, space, sizeof space);
		utf8_put(&w, c);
		assert_int_equal(w.error, scalar ? HUFU_OK : HUFU_ERR_ARGUMENT);
		if (!scalar)
			continue;
		reader_init(&r, writer_span(&w));
		assert_int_equal(utf8_get(&r), c);
		assert_int_equal(reader_done(&r), HUFU_OK);
	}
}

static void knows_the_calendar(void **state)
{
	(void)state;
	static const struct {
		int64_t time_s;
		const char *text;
	} cases[] = {
	        {0, "1970-01-01T00:00:00Z"},
	        {951782400, "2000-02-29T00:00:00Z"},
	        {951868800, "2000-03-01T00:00:00Z"},
	        {1785542399, "2026-07-31T23:59:59Z"},
	        {4107542400, "2100-03-01T00:00:00Z"},
	        {TIMESTAMP_MAX_S, "9999-12-31T23:59:59Z"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char space[TIMESTAMP_LEN];
		struct writer w;
		int64_t back = -1;
		writer_init(&w, space, sizeof space);
		timestamp_encode(&w, cases[i].time_s);
		assert_int_equal(w.error, HUFU_OK);
		assert_memory_equal(space, cases[i].text, sizeof space);
		assert_int_equal(
		        timestamp_decode(writer_span(&w), &back), HUFU_OK);
		assert_int_equal(back, cases[i].time_s);
	}
}

static void walks_through_every_day(void **state)
{
	(void)state;
	char last[TIMESTAMP_DATE_LEN] = "1969-12-31";
	for (int64_t t = 0; t <= TIMESTAMP_MAX_S; t += TIMESTAMP_DAY_S) {
		char space[TIMESTAMP_DATE_LEN];
		struct writer w;
		int64_t back = -1;
		writer_init(&w, space, sizeof space);
		timestamp_encode_date(&w, t);
		assert_true(memcmp(last, space, sizeof space) < 0);
		memcpy(last, space, sizeof last);
		assert_int_equal(
		        timestamp_decode_date(writer_span(&w), &back), HUFU_OK);
		assert_int_equal(back, t);
	}
	assert_memory_equal(last, "9999-12-31", sizeof last);
}

static void refuses_times_that_are_none(void **state)
{
	(void)state;
	static const char *const cases[] = {"", "2026-08-01",
	        "2026-08-01T00:00:00", "2026-08-01T00:00:00+08:00",
	        "2026-08-01T00:00:00.5Z", "2026-08-01t00:00:00Z",
	        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
	        "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z",
	        "2100-02-29T00:00:00Z", "2026-04-00T00:00:00Z",
	        "2026-08-01T24:00:00Z", "2026-08-01T00:60:00Z",
	        "2026-08-01T00:00:60Z", "1969-12-31T23:59:59Z",
	        "2026-08-01T00:00:00Z ", "2026-8-01T00:00:00Z",
	        "0000-00-00T00:00:00Z", "\xFF\xFF\xFF\xFF-08-01T"};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t t = -5;
		assert_int_equal(timestamp_decode(span_of_text(cases[i]), &t),
		        HUFU_ERR_MALFORMED);
		assert_int_equal(t, -5);
	}
	char space[TIMESTAMP_LEN];
	struct writer w;
	writer_init(&w, space, sizeof space);
	timestamp_encode(&w, -1);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	writer_init(&w, space, sizeof space);
	timestamp_encode(&w, TIMESTAMP_MAX_S + 1);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
}

static void masks_names(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
	        {"张三", "张*"},
	        {"张三丰", "张**"},
	        {"欧阳某某", "欧阳**"},
	        {"欧阳修", "欧阳*"},
	        {"欧阳", "欧*"},
	        {"司馬光", "司馬*"},
	        {"买买提·吐尔逊", "买**·***"},
	        {"𠮷田", "𠮷*"},
	        {"Test Person", "T*** ******"},
	        {"王", "王"},
	        {"", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char space[64];
		struct writer w;
		writer_init(&w, space, sizeof space);
		name_mask_encode(&w, span_of_text(cases[i][0]));
		assert_int_equal(w.error, HUFU_OK);
		assert_true(span_is_text(writer_span(&w), cases[i][1]));
	}
	char space[64];
	struct writer w;
	writer_init(&w, space, sizeof space);
	name_mask_encode(&w, span_of("\xE5\xBC", 2));
	assert_int_equal(w.error, HUFU_ERR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keeps_the_first_error_of_a_reader),
	        cmocka_unit_test(tells_of_bytes_left),
	        cmocka_unit_test(writes_nothing_past_the_end),
	        cmocka_unit_test(reads_only_plain_decimal),
	        cmocka_unit_test(writes_decimal),
	        cmocka_unit_test(agrees_with_the_definition_of_utf8),
	        cmocka_unit_test(carries_every_code_point_through_utf8),
	        cmocka_unit_test(knows_the_calendar),
	        cmocka_unit_test(walks_through_every_day),
	        cmocka_unit_test(refuses_times_that_are_none),
	        cmocka_unit_test(masks_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
