/*
 * The project's own verdict vectors (tests/vectors/verdicts), once for each
 * signature back end: `verdicts`, or `verdicts --slowest` for a table of
 * what takes longest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "crypto/core/sigs_core.h"
#include "crypto/core/status_list.h"
#include "crypto/core/trust_list.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "verdict_case.h"

#define FOLDER HUFU_VECTORS "/verdicts/"

enum { LISTS = 3, FILE_MAX = 1 << 16, CASES_MIN = 600, TABLES_MAX = 8 };

struct back_end {
	const char *name;
	const struct sigcheck *(*open)(const struct trust_list *trust);
};

static struct trust_list trust;
static struct status_list lists[LISTS];
static struct hufu_verifier verifier;
static bool show_times;
static unsigned failures;

/* Counts what is asked of a back end. */
static struct {
	const struct sigcheck *real;
	unsigned checks; /* in this case */
	size_t bytes;
} counted;

static int count_verify(void *ctx, int32_t alg, struct span key,
        struct span tbs, struct span sig)
{
	(void)ctx; /* the counters are all there is */
	counted.checks++;
	counted.bytes += tbs.len;
	return counted.real->verify(counted.real->ctx, alg, key, tbs, sig);
}

static const struct sigcheck counting = {.verify = count_verify};

static struct span read_file(const char *name, uint8_t space[FILE_MAX])
{
	char path[512];
	(void)snprintf(path, sizeof path, FOLDER "%s", name);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("%s is missing", path);
	size_t len = fread(space, 1, FILE_MAX, f);
	assert_true(len < FILE_MAX);
	assert_int_equal(fclose(f), 0);
	return span_of(space, len);
}

static void load_lists(void)
{
	static uint8_t pem[FILE_MAX], file[1 + LISTS][FILE_MAX],
	        space[FILE_MAX + 64], maps[LISTS][FILE_MAX];
	struct cose_key root;
	struct writer w;
	const struct sigcheck *sigs = sigs_openssl();
	assert_int_equal(
	        public_pem_decode(read_file("root.pem", pem), &root), 0);
	writer_init(&w, space, sizeof space);
	assert_int_equal(trust_list_open(read_file("trust-list.cbor", file[0]),
	                         &root, sigs, &w, &trust),
	        0);
	for (int n = 0; n < LISTS; n++) {
		char name[32];
		(void)snprintf(name, sizeof name, "status-%d.cwt", n + 1);
		writer_init(&w, space, sizeof space);
		assert_int_equal(status_list_open(read_file(name, file[n + 1]),
		                         &trust, sigs, &w, &lists[n]),
		        0);
		assert_int_equal(
		        status_list_expand(&lists[n], maps[n], FILE_MAX), 0);
	}
}

/* All of them are told, so that one run shows what a change does. */
static void complain(const char *format, ...)
        __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
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
		complain("%s: %s, not %s", c->id,
		        verdict_case_token(r->verdict, r->status_stale),
		        verdict_case_token(c->verdict, c->stale));
	/* a status of unknown meaning is unsupported, of a card we know */
	if (r->verdict != HUFU_UNSUPPORTED &&
	        silent != (r->verdict >= HUFU_UNKNOWN_ISSUER))
		complain("%s: whose verdict is it", c->id);
	if (silent &&
	        (r->card_number.len || r->name.len || r->kind ||
	                r->benefit_classes || r->issued_s || r->expires_s ||
	                r->has_chip_hash || r->status_age_s != -1))
		complain("%s: tells more than its verdict", c->id);
	assert_false(r->chip_genuine);
}

/*
 * What a verdict may cost, whatever the text is: one signature check over at
 * most HUFU_TBS_MAX bytes, and none for what is refused before it.
 */
static void check_work(
        const struct verdict_case *c, const struct hufu_result *r)
{
	unsigned most = r->verdict == HUFU_NOT_CREDENTIAL ||
	                                r->verdict == HUFU_MALFORMED
	                        ? 0
	                        : 1;
	if (counted.checks > most || counted.bytes > HUFU_TBS_MAX)
		complain("%s: %u checks over %zu bytes", c->id, counted.checks,
		        counted.bytes);
}

static double run(const struct verdict_case *c)
{
	struct hufu_result r;
	struct timespec a, b;
	counted.checks = 0;
	counted.bytes = 0;
	memset(&r, 0xAA, sizeof r);
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	int rc = hufu_verify_qr(&verifier, c->text, c->time_s, &r);
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	if (rc)
		fail_msg("%s: error %d instead of a verdict", c->id, rc);
	check_result(c, &r);
	check_work(c, &r);
	return (double)(b.tv_sec - a.tv_sec) * 1e6 +
	       (double)(b.tv_nsec - a.tv_nsec) / 1e3;
}

static void gives_every_verdict(void **state)
{
	static char line[VERDICT_LINE_MAX];
	const struct back_end *back_end = *state;
	struct verdict_case c;
	size_t seen[HUFU_UNSUPPORTED + 1] = {0}, count = 0;
	double slowest_us = 0;
	counted.real = back_end->open(&trust);
	hufu_verifier_init(&verifier, &counting, &trust);
	verifier.lists = lists;
	verifier.list_count = LISTS;
	FILE *f = fopen(FOLDER "cases.tsv", "rb");
	assert_non_null(f);
	for (; fgets(line, sizeof line, f); count++) {
		if (verdict_case_parse(line, &c))
			fail_msg("line %zu is no case", count + 1);
		double us = run(&c);
		seen[c.verdict]++;
		if (show_times && us > slowest_us)
			printf("%s: %.0f us %s\n", back_end->name, us, c.id);
		slowest_us = us > slowest_us ? us : slowest_us;
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(failures, 0);
	assert_true(count >= CASES_MIN);
	for (int v = HUFU_VALID; v <= HUFU_UNSUPPORTED; v++)
		assert_true(seen[v] > 0);
}

static const struct sigcheck *open_openssl(const struct trust_list *t)
{
	(void)t; /* it keeps nothing for a key */
	return sigs_openssl();
}

static const struct sigcheck *open_core(const struct trust_list *t)
{
	static struct sigs_core core;
	static struct sigs_core_key keys[TRUST_LIST_ISSUERS_MAX];
	static uint8_t generators[2 * EC_TABLE_SMALL_LEN];
	static uint8_t tables[TABLES_MAX * EC_TABLE_SMALL_LEN];
	sigs_core_init(&core, keys, TRUST_LIST_ISSUERS_MAX);
	assert_int_equal(sigs_core_build_generators(&core, EC_TABLE_SMALL,
	                         generators, sizeof generators),
	        HUFU_OK);
	assert_int_equal(sigs_core_use_trust(&core, t, EC_TABLE_SMALL, tables,
	                         sizeof tables),
	        HUFU_OK);
	return sigs_core_check(&core);
}

static const struct sigcheck *open_core_bare(const struct trust_list *t)
{
	static struct sigs_core core;
	(void)t; /* as for a chip's key: no table */
	sigs_core_init(&core, NULL, 0);
	return sigs_core_check(&core);
}

/* One line a back end. */
static const struct back_end back_ends[] = {
        {"openssl", open_openssl},
        {"core", open_core},
        {"core without tables", open_core_bare},
};

int main(int argc, char **argv)
{
	enum { BACK_ENDS = sizeof back_ends / sizeof back_ends[0] };
	struct CMUnitTest tests[BACK_ENDS];
	show_times = argc == 2 && strcmp(argv[1], "--slowest") == 0;
	for (size_t n = 0; n < BACK_ENDS; n++)
		tests[n] = (struct CMUnitTest){.name = back_ends[n].name,
		        .test_func = gives_every_verdict,
		        .initial_state = (void *)(uintptr_t)&back_ends[n]};
	load_lists();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
