#include "verdict_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { CASES_MIN = 600 };

static unsigned failures;

size_t verdict_read_file(const char *name, uint8_t space[VERDICT_FILE_MAX])
{
	char path[512];
	(void)snprintf(path, sizeof path, VERDICT_FOLDER "%s", name);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("%s is missing", path);
	size_t len = fread(space, 1, VERDICT_FILE_MAX, f);
	assert_true(len < VERDICT_FILE_MAX);
	assert_int_equal(fclose(f), 0);
	return len;
}

size_t verdict_read_list(int number, uint8_t space[VERDICT_FILE_MAX])
{
	char name[32];
	(void)snprintf(name, sizeof name, "status-%d.cwt", number);
	return verdict_read_file(name, space);
}

void verdict_complain(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	failures++;
}

/* Whose signature, issuer or match failed says nothing about anybody. */
static void check_result(
        const struct verdict_case *c, const struct hufu_result *r)
{
	bool silent = r->issuer_name.len == 0;
	if (r->verdict != c->verdict ||
	        (r->verdict == HUFU_VALID && r->status_stale != c->stale))
		verdict_complain("%s: %s, not %s", c->id,
		        verdict_case_token(r->verdict, r->status_stale),
		        verdict_case_token(c->verdict, c->stale));
	/* a status of unknown meaning is unsupported, of a card we know */
	if (r->verdict != HUFU_UNSUPPORTED &&
	        silent != (r->verdict >= HUFU_UNKNOWN_ISSUER))
		verdict_complain("%s: whose verdict is it", c->id);
	if (silent &&
	        (r->card_number.len || r->name.len || r->kind ||
	                r->benefit_classes || r->issued_s || r->expires_s ||
	                r->has_chip_hash || r->status_age_s != -1))
		verdict_complain("%s: tells more than its verdict", c->id);
	assert_false(r->chip_genuine);
}

static double run_case(
        const struct verdict_runner *runner, const struct verdict_case *c)
{
	struct hufu_result r;
	struct timespec a, b;
	memset(&r, 0xAA, sizeof r);
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	int rc = runner->verify(c, &r);
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	if (rc)
		fail_msg("%s: error %d instead of a verdict", c->id, rc);
	check_result(c, &r);
	if (runner->look)
		runner->look(c, &r);
	return (double)(b.tv_sec - a.tv_sec) * 1e6 +
	       (double)(b.tv_nsec - a.tv_nsec) / 1e3;
}

void verdict_run(const struct verdict_runner *runner)
{
	static char line[VERDICT_LINE_MAX];
	struct verdict_case c;
	size_t seen[HUFU_UNSUPPORTED + 1] = {0}, count = 0;
	double slowest_us = 0;
	FILE *f = fopen(VERDICT_FOLDER "cases.tsv", "rb");
	assert_non_null(f);
	failures = 0;
	for (; fgets(line, sizeof line, f); count++) {
		if (verdict_case_parse(line, &c))
			fail_msg("line %zu is no case", count + 1);
		double us = run_case(runner, &c);
		seen[c.verdict]++;
		if (runner->show_times && us > slowest_us)
			printf("%s: %.0f us %s\n", runner->name, us, c.id);
		slowest_us = us > slowest_us ? us : slowest_us;
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(failures, 0);
	assert_true(count >= CASES_MIN);
	for (int v = HUFU_VALID; v <= HUFU_UNSUPPORTED; v++)
		assert_true(seen[v] > 0);
}
