/* Lines of text from a serial line: good, damaged, too long, cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "merchant/terminal/line.h"
#include "merchant/terminal/port.h"

enum { CAP = 8, LIMIT_MS = 500 };

static uint8_t space[CAP];
static struct line line;

static enum line_event put(const char *text)
{
	enum line_event event = LINE_MORE;
	for (; *text && event == LINE_MORE; text++)
		event = line_put(&line, (unsigned char)*text, 1);
	assert_int_equal(*text, 0);
	return event;
}

static int begin(void **state)
{
	(void)state; /* one line for all */
	line_init(&line, space, sizeof space);
	return 0;
}

static void takes_every_ending(void **state)
{
	(void)state; /* as above */
	assert_int_equal(put("one\r"), LINE_READY);
	assert_true(span_is_text(line_text(&line), "one"));
	assert_int_equal(put("\n"), LINE_MORE);
	assert_int_equal(put("two\n"), LINE_READY);
	assert_true(span_is_text(line_text(&line), "two"));
	assert_int_equal(put("\n"), LINE_MORE);
	assert_int_equal(put("\r"), LINE_MORE);
}

static void takes_a_line_that_just_fits(void **state)
{
	(void)state; /* as above */
	assert_int_equal(put("12345678\n"), LINE_READY);
	assert_true(span_is_text(line_text(&line), "12345678"));
}

static void refuses_a_line_one_too_long_as_a_whole(void **state)
{
	(void)state; /* as above */
	assert_int_equal(put("123456789\n"), LINE_DAMAGED);
	assert_int_equal(line_text(&line).len, 0);
	assert_int_equal(put("ok\n"), LINE_READY);
	assert_true(span_is_text(line_text(&line), "ok"));
}

static void refuses_control_characters_and_lost_bytes(void **state)
{
	(void)state; /* as above */
	static const int bad[] = {0, 1, 0x1B, 0x1F, 0x7F, PORT_LOST};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(line_put(&line, 'a', 1), LINE_MORE);
		assert_int_equal(line_put(&line, bad[i], 1), LINE_MORE);
		assert_int_equal(line_put(&line, 'b', 1), LINE_MORE);
		assert_int_equal(line_put(&line, '\n', 1), LINE_DAMAGED);
	}
	assert_int_equal(put("ok\n"), LINE_READY);
}

static void gives_up_on_a_line_that_stops(void **state)
{
	(void)state; /* as above */
	assert_int_equal(line_wait(&line, 9999, LIMIT_MS), LINE_MORE);
	assert_int_equal(put("abc"), LINE_MORE);
	assert_int_equal(line_wait(&line, LIMIT_MS, LIMIT_MS), LINE_MORE);
	assert_int_equal(
	        line_wait(&line, LIMIT_MS + 1, LIMIT_MS), LINE_DAMAGED);
	assert_int_equal(put("d\n"), LINE_READY);
	assert_true(span_is_text(line_text(&line), "d"));
}

static void bears_a_clock_that_wraps(void **state)
{
	(void)state; /* as above */
	assert_int_equal(line_put(&line, 'a', UINT32_MAX), LINE_MORE);
	assert_int_equal(line_wait(&line, 100, LIMIT_MS), LINE_MORE);
	assert_int_equal(line_wait(&line, LIMIT_MS, LIMIT_MS), LINE_DAMAGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup(takes_every_ending, begin),
	        cmocka_unit_test_setup(takes_a_line_that_just_fits, begin),
	        cmocka_unit_test_setup(
	                refuses_a_line_one_too_long_as_a_whole, begin),
	        cmocka_unit_test_setup(
	                refuses_control_characters_and_lost_bytes, begin),
	        cmocka_unit_test_setup(gives_up_on_a_line_that_stops, begin),
	        cmocka_unit_test_setup(bears_a_clock_that_wraps, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
