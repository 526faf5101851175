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
#include "verdict_run.h"

enum { TABLES_MAX = 8 };

struct back_end {
	const char *name;
	const struct sigcheck *(*open)(const struct trust_list *trust);
};

static struct trust_list trust;
static struct status_list lists[VERDICT_LISTS];
static struct hufu_verifier verifier;
static bool show_times;

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

static void load_lists(void)
{
	static uint8_t file[1 + VERDICT_LISTS][VERDICT_FILE_MAX],
	        maps[VERDICT_LISTS][VERDICT_FILE_MAX],
	        space[VERDICT_FILE_MAX + 64];
	struct cose_key root;
	struct writer w;
	const struct sigcheck *sigs = sigs_openssl();
	size_t len = verdict_read_file("root.pem", file[0]);
	assert_int_equal(public_pem_decode(span_of(file[0], len), &root), 0);
	len = verdict_read_file("trust-list.cbor", file[0]);
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        trust_list_open(span_of(file[0], len), &root, sigs, &w, &trust),
	        0);
	for (int n = 0; n < VERDICT_LISTS; n++) {
		len = verdict_read_list(n + 1, file[n + 1]);
		writer_init(&w, space, sizeof space);
		assert_int_equal(status_list_open(span_of(file[n + 1], len),
		                         &trust, sigs, &w, &lists[n]),
		        0);
		assert_int_equal(status_list_expand(
		                         &lists[n], maps[n], VERDICT_FILE_MAX),
		        0);
	}
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
		verdict_complain("%s: %u checks over %zu bytes", c->id,
		        counted.checks, counted.bytes);
}

static int verify(const struct verdict_case *c, struct hufu_result *ret)
{
	counted.checks = 0;
	counted.bytes = 0;
	return hufu_verify_qr(&verifier, c->text, c->time_s, ret);
}

static void gives_every_verdict(void **state)
{
	const struct back_end *back_end = *state;
	struct verdict_runner runner = {
	        back_end->name, verify, check_work, show_times};
	counted.real = back_end->open(&trust);
	hufu_verifier_init(&verifier, &counting, &trust);
	verifier.lists = lists;
	verifier.list_count = VERDICT_LISTS;
	verdict_run(&runner);
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
