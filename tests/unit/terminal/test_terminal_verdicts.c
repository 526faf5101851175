/*
 * Every verdict vector as a line from the scanner, and what the screen
 * shows of it; also of those texts that no line can carry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/timestamp.h"
#include "tests/unit/verdicts/verdict_case.h"
#include "world.h"

enum { CASES_MIN = 1600 };

static uint8_t *installed;

/* Whether one line carries all of it. */
static bool is_line(const struct hufu_text *text)
{
	for (size_t i = 0; i < text->len; i++) {
		uint8_t c = (uint8_t)text->data[i];
		if ((c < ' ' && c != '\t') || c == 0x7F)
			return false;
	}
	return text->len > 0 && text->len <= HUFU_QR_TEXT_MAX;
}

/* Here that is the line's end; elsewhere a part of the text. */
static bool ends_in_newline(const struct verdict_case *c)
{
	return c->text.len > 0 && c->text.data[c->text.len - 1] == '\n';
}

static const char *mark_of(const struct verdict_case *c)
{
	if (c->verdict == HUFU_VALID)
		return c->stale || c->time_s < 0 ? "check" : "ok";
	if (c->verdict == HUFU_UNKNOWN_ISSUER &&
	        c->time_s >= WORLD_TRUST_UNTIL_S)
		return "check";
	return "no";
}

static const char *reason_of(const struct verdict_case *c)
{
	if (c->verdict == HUFU_VALID && c->stale)
		return "状态未确认 Status not confirmed";
	if (c->verdict == HUFU_UNKNOWN_ISSUER &&
	        c->time_s >= WORLD_TRUST_UNTIL_S)
		return "信任列表已过期，请更新 Trust list expired: update";
	return hufu_verdict_name(c->verdict);
}

/* Its own flash, since the floor never goes down. */
static void start_at(int64_t time_s)
{
	flash_host_restore(installed);
	(void)drive_power_on();
	if (time_s > TIMESTAMP_MAX_S)
		time_s = TIMESTAMP_MAX_S;
	if (time_s >= 0)
		(void)drive_ask_number("TIME", (uint64_t)time_s);
}

static void check_picture(const struct verdict_case *c, const char *shown)
{
	char want[16], reason[120];
	(void)snprintf(want, sizeof want, "V %s\n", mark_of(c));
	(void)snprintf(reason, sizeof reason, "\nD2 %s\n", reason_of(c));
	if (strncmp(shown, want, strlen(want)) != 0 || !strstr(shown, reason))
		fail_msg("%s: not%s%s%s", c->id, want, reason, shown);
	bool tells = strstr(shown, "\nD3 ") != NULL;
	if (tells && c->verdict >= HUFU_UNKNOWN_ISSUER)
		fail_msg("%s: tells more than its verdict: %s", c->id, shown);
	if ((c->verdict == HUFU_VALID) != (strstr(shown, "\nD6 ") != NULL))
		fail_msg("%s: the photo: %s", c->id, shown);
}

static void shows_the_same_verdict_as_every_other_build(void **state)
{
	static char line[VERDICT_LINE_MAX];
	struct verdict_case c;
	size_t same = 0, count = 0;
	int64_t time_s = -1;
	(void)state; /* one region for all */
	FILE *f = fopen(HUFU_VECTORS "/verdicts/cases.tsv", "rb");
	assert_non_null(f);
	world_install();
	installed = test_malloc(FLASH_SIZE);
	flash_host_save(installed);
	for (; fgets(line, sizeof line, f); count++) {
		assert_int_equal(verdict_case_parse(line, &c), 0);
		if (count == 0 || c.time_s != time_s)
			start_at(c.time_s);
		time_s = c.time_s;
		const char *shown =
		        drive_scan(span_of(c.text.data, c.text.len));
		bool valid = strstr(shown, "V ok") != NULL;
		if (strstr(c.id, "judged-value-3"))
			continue; /* a compact list has no such value */
		if (valid && c.verdict != HUFU_VALID && !ends_in_newline(&c))
			fail_msg("%s: %s", c.id, shown);
		if (!is_line(&c.text))
			continue;
		check_picture(&c, shown);
		same++;
	}
	assert_int_equal(fclose(f), 0);
	test_free(installed);
	assert_true(same >= CASES_MIN);
}

/* The masked name and the last four only; nothing else of the person. */
static void shows_no_more_than_it_should(void **state)
{
	(void)state; /* as above */
	world_install();
	const char *shown =
	        drive_scan(world_card("accepted-sm2-61-18-bytes-sorted"));
	assert_string_equal(shown, "V ok\n"
	                           "D1 有效 Valid\n"
	                           "D2 有效 Valid\n"
	                           "D3 生***\n"
	                           "D4 尾号 No. 0014，至 until 2036-07-29\n"
	                           "D5 名单 List 36 小时 h\n"
	                           "D6 核对本人照片 Compare the photo\n"
	                           "B -\n"
	                           "E\n");
}

static void says_when_a_line_is_broken(void **state)
{
	(void)state; /* as above */
	static uint8_t text[HUFU_QR_TEXT_MAX + 1];
	static const char again[] =
	        "V again\nD1 请重新扫码 Scan again\nB ..\nE\n";
	world_install();
	memset(text, 'A', sizeof text);
	assert_string_equal(drive_scan(span_of(text, sizeof text)), again);
	assert_string_equal(drive_scan(span_of("a\0b", 3)), again);
	assert_string_equal(drive_scan(span_of(NULL, 0)), "");
	memset(text, 0xFF, sizeof text);
	assert_non_null(strstr(drive_scan(span_of(text, 100)),
	        hufu_verdict_name(HUFU_NOT_CREDENTIAL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(shows_the_same_verdict_as_every_other_build),
	        cmocka_unit_test(shows_no_more_than_it_should),
	        cmocka_unit_test(says_when_a_line_is_broken),
	};
	return cmocka_run_group_tests(tests, world_open, world_close);
}
