#define _GNU_SOURCE
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/issuer/key_store.h"
#include "crypto/openssl/sigs.h"

/* A rehearsal token of SoftHSM in a folder of its own. */
static char folder[64];

static int run(const char *const argv[])
{
	pid_t pid = fork();
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout) ||
		        !freopen("/dev/null", "w", stderr))
			_exit(126);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	int status = -1;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static int make_token(const char *label)
{
	const char *argv[] = {"softhsm2-util", "--init-token", "--free",
	        "--label", label, "--pin", "123456", "--so-pin", "654321",
	        NULL};
	return run(argv);
}

static int make_world(void **state)
{
	char path[96];
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-token-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/softhsm2.conf", folder);
	FILE *f = fopen(path, "w");
	if (!f)
		return -1;
	(void)fprintf(
	        f, "directories.tokendir = %s\nlog.level = ERROR\n", folder);
	if (fclose(f) != 0 || setenv("SOFTHSM2_CONF", path, 1) != 0)
		return -1;
	return make_token("issuer");
}

static int remove_one(
        const char *name, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(name);
}

static int drop_world(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct token_place place(void)
{
	return (struct token_place){.module = SOFTHSM_MODULE,
	        .label = "issuer",
	        .pin = span_of_text("123456")};
}

static struct key_store *opened(void)
{
	struct key_store *s = NULL;
	struct token_place p = place();
	assert_int_equal(key_store_open_token(&p, &s), HUFU_OK);
	return s;
}

static void signs_for(
        struct key_store *s, enum key_purpose purpose, enum cose_curve curve)
{
	uint8_t sig[SIGNING_KEY_SIG_LEN], space[SIGCHECK_POINT_LEN];
	struct span tbs = span_of_text("what a checkpoint says");
	const struct sigcheck *check = sigs_openssl();
	const struct signing_key *key = key_store_find_only(s, purpose, curve);
	assert_non_null(key);
	const struct cose_key *public = signing_key_public(key);
	assert_int_equal(signing_key_sign(key, tbs, sig), HUFU_OK);
	assert_int_equal(check->verify(check->ctx, cose_key_alg(public),
	                         cose_key_public(public, space), tbs,
	                         span_of(sig, sizeof sig)),
	        HUFU_OK);
	sig[40] ^= 1;
	assert_int_equal(check->verify(check->ctx, cose_key_alg(public),
	                         cose_key_public(public, space), tbs,
	                         span_of(sig, sizeof sig)),
	        HUFU_ERR_SIGNATURE);
}

static void keys_made_on_the_token_sign_after_reopening(void **state)
{
	(void)state;
	struct key_store *s = opened();
	assert_int_equal(key_store_count(s), 0);
	assert_int_equal(
	        key_store_generate_on(s, COSE_CURVE_P256, KEY_CARD), HUFU_OK);
	assert_int_equal(
	        key_store_generate_on(s, COSE_CURVE_P256, KEY_LIST), HUFU_OK);
	assert_int_equal(
	        key_store_generate_on(s, COSE_CURVE_ED25519, KEY_CHECKPOINT),
	        HUFU_OK);
	key_store_close(s);
	s = opened();
	assert_int_equal(key_store_count(s), 3);
	signs_for(s, KEY_CARD, COSE_CURVE_P256);
	signs_for(s, KEY_LIST, COSE_CURVE_P256);
	signs_for(s, KEY_CHECKPOINT, COSE_CURVE_ED25519);
	key_store_close(s);
}

static void sm2_is_refused_and_makes_nothing(void **state)
{
	(void)state;
	struct key_store *s = opened();
	size_t before = key_store_count(s);
	assert_int_equal(key_store_generate_on(s, COSE_CURVE_SM2, KEY_CARD),
	        HUFU_ERR_UNSUPPORTED);
	key_store_close(s);
	s = opened();
	assert_int_equal(key_store_count(s), before);
	key_store_close(s);
}

static void a_key_never_leaves_the_token(void **state)
{
	(void)state;
	char path[96];
	struct key_store *s = opened();
	(void)snprintf(path, sizeof path, "%s/out.pem", folder);
	assert_int_equal(signing_key_create_file(key_store_at(s, 0), path,
	                         span_of_text("correct horse")),
	        HUFU_ERR_UNSUPPORTED);
	assert_int_not_equal(access(path, F_OK), 0);
	key_store_close(s);
}

static void names_what_is_wrong_with_a_token(void **state)
{
	(void)state;
	struct key_store *s = NULL;
	struct token_place p = place();
	p.pin = span_of_text("000000");
	assert_int_equal(key_store_open_token(&p, &s), HUFU_ERR_DENIED);
	p = place();
	p.pin = span_of(NULL, 0);
	assert_int_equal(key_store_open_token(&p, &s), HUFU_ERR_DENIED);
	p = place();
	p.label = "issue"; /* a part of a label is another label */
	assert_int_equal(key_store_open_token(&p, &s), HUFU_ERR_NOT_FOUND);
	p = place();
	p.module = "/nonexistent/module.so";
	assert_int_equal(key_store_open_token(&p, &s), HUFU_ERR_NOT_FOUND);
	p = place();
	p.module = "libcrypto.so.3"; /* no PKCS#11 in it */
	assert_int_equal(key_store_open_token(&p, &s), HUFU_ERR_NOT_FOUND);
	assert_null(s);
}

static void two_tokens_of_one_label_are_refused(void **state)
{
	(void)state;
	struct key_store *s = NULL;
	struct token_place p = place();
	assert_int_equal(make_token("issuer"), 0);
	assert_int_equal(key_store_open_token(&p, &s), HUFU_ERR_CONFLICT);
	assert_null(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keys_made_on_the_token_sign_after_reopening),
	        cmocka_unit_test(sm2_is_refused_and_makes_nothing),
	        cmocka_unit_test(a_key_never_leaves_the_token),
	        cmocka_unit_test(names_what_is_wrong_with_a_token),
	        cmocka_unit_test(two_tokens_of_one_label_are_refused),
	};
	return cmocka_run_group_tests(tests, make_world, drop_world);
}
