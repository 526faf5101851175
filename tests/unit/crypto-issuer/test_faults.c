#define _GNU_SOURCE
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "crypto/issuer/chip_build.h"
#include "crypto/issuer/credential_build.h"
#include "crypto/issuer/note_sign.h"
#include "crypto/issuer/status_build.h"
#include "crypto/issuer/tiles_prove.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/aes.h"
#include "crypto/openssl/pkey.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/seal.h"
#include "crypto/openssl/secret_file.h"
#include "crypto/openssl/sigs.h"
#include "tests/unit/crypto-issuer/faults.h"
#include "tests/unit/crypto-issuer/sample.h"
#include "tests/unit/crypto-issuer/tile_folder.h"

static struct sample *sample[2];
static struct sealer *sealer[2];
static char folder[64];
static char path[96];

static struct span pass(void)
{
	return span_of_text("correct horse");
}

/*
 * Runs `work` with its first, second, ... outer call failing, until it ends
 * without having met the fault. It answers its result and itself checks that
 * a failure left nothing.
 */
static void with_every_fault(int (*work)(int which), int which)
{
	unsigned n = 1;
	bool fired = true;
	for (; fired; n++) {
		assert_true(n < 3000);
		faults_set(n);
		int r = work(which);
		fired = faults_end();
		if (fired != (r != HUFU_OK))
			fail_msg("fault %u in %s: %d", n, faults_last(), r);
		assert_true(r <= 0);
	}
	assert_true(n > 2); /* something did fail */
}

static const struct seal_place place = {"person", 1, "name"};

static int work_seal(int which)
{
	uint8_t space[128];
	struct writer w;
	writer_init(&w, space, sizeof space);
	int r = sealer_seal(
	        sealer[which], &place, span_of_text("generated"), &w);
	if (r)
		assert_int_equal(w.len, 0);
	return r;
}

static int work_unseal(int which)
{
	uint8_t box[128], plain[64];
	struct writer w, v;
	memset(plain, 0xaa, sizeof plain);
	writer_init(&v, plain, sizeof plain);
	/* sealed without a fault; the count starts after it */
	writer_init(&w, box, sizeof box);
	int r = sealer_seal(
	        sealer[which], &place, span_of_text("generated"), &w);
	if (r)
		return r;
	r = sealer_unseal(sealer[which], &place, writer_span(&w), &v);
	if (r) {
		assert_int_equal(v.len, 0);
		for (size_t i = 0; i < sizeof plain; i++)
			assert_true(plain[i] == 0 || plain[i] == 0xaa);
	}
	return r;
}

static int work_blind(int which)
{
	uint8_t out[32], before[32];
	memset(out, 0x77, sizeof out);
	memcpy(before, out, sizeof out);
	int r = sealer_blind(sealer[which], "p", span_of_text("v"), out);
	if (r)
		assert_memory_equal(out, before, sizeof out);
	return r;
}

static unsigned count_files(void)
{
	unsigned n = 0;
	DIR *d = opendir(folder);
	assert_non_null(d);
	for (struct dirent *e = readdir(d); e; e = readdir(d))
		n += e->d_name[0] != '.';
	(void)closedir(d); /* read only */
	return n;
}

static int work_create_file(int which)
{
	int r = sealer_create_file(path, which ? SUITE_SM : SUITE_INTL);
	(void)faults_end(); /* looking must not fail */
	assert_int_equal(count_files(), r ? 0 : 1);
	if (!r)
		assert_int_equal(unlink(path), 0);
	return r;
}

static int work_load(int which)
{
	struct sealer *s = NULL;
	(void)which;
	int r = sealer_load(path, &s);
	if (r)
		assert_null(s);
	sealer_free(s);
	return r;
}

/* Old keys or old and new ones, never fewer. */
static int work_rotate(int which)
{
	struct sealer *s = NULL;
	(void)which;
	int r = sealer_rotate_file(path, SUITE_SM);
	(void)faults_end(); /* looking must not fail */
	assert_int_equal(count_files(), 1);
	assert_int_equal(sealer_load(path, &s), HUFU_OK);
	uint32_t version = sealer_version(s);
	assert_in_range(version, 1, 2);
	sealer_free(s);
	if (version == 2) {
		assert_int_equal(unlink(path), 0);
		assert_int_equal(sealer_create_file(path, SUITE_INTL), HUFU_OK);
	}
	return r;
}

static int work_verify(int which)
{
	uint8_t sig[64], point[65];
	const struct signing_key *key =
	        which == 2 ? sample[0]->checkpoint : sample[which]->card;
	const struct cose_key *public = signing_key_public(key);
	const struct sigcheck *sigs = sigs_openssl();
	int r = signing_key_sign(key, span_of_text("x"), sig);
	if (r)
		return r;
	return sigs->verify(sigs->ctx, cose_key_alg(public),
	        cose_key_public(public, point), span_of_text("x"),
	        span_of(sig, sizeof sig));
}

static int work_sign(int which)
{
	uint8_t sig[64] = {0x5a}, before[64] = {0x5a};
	const struct signing_key *key =
	        which == 2 ? sample[0]->checkpoint : sample[which]->card;
	int r = signing_key_sign(key, span_of_text("x"), sig);
	if (r)
		assert_memory_equal(sig, before, sizeof sig);
	return r;
}

static int work_key_file(int which)
{
	struct signing_key *again = NULL;
	int r = signing_key_create_file(sample[which]->card, path, pass());
	if (!r)
		r = signing_key_load(path, pass(), &again);
	(void)faults_end(); /* looking must not fail */
	if (r)
		assert_null(again);
	signing_key_free(again);
	assert_in_range(count_files(), 0, 1); /* nothing beside it */
	(void)unlink(path); /* the save may be what failed */
	assert_int_equal(count_files(), 0);
	return r;
}

static int work_aes(int which)
{
	uint8_t key[16] = {1}, iv[16] = {2}, in[32] = {3}, out[32];
	(void)which;
	int r = aes_cmac(key, span_of(in, 32), out);
	if (!r)
		r = aes_cbc_encrypt(key, iv, span_of(in, 32), out);
	if (!r)
		r = aes_cbc_decrypt(key, iv, span_of(in, 32), out);
	return r ? r : aes_encrypt_block(key, in, out);
}

static int work_random(int which)
{
	char digits[8] = "";
	uint32_t v = 7;
	(void)which;
	int r = random_digits(digits, 6);
	if (r)
		assert_int_equal(digits[0], 0);
	if (!r)
		r = random_below(5, &v);
	return r;
}

static int work_credential(int which)
{
	const struct sample *s = sample[which];
	uint8_t sig[64];
	char text[CREDENTIAL_QR_TEXT_MAX];
	struct writer w;
	writer_init(&w, text, sizeof text);
	int r = signing_key_sign(s->card, s->qr_tbs, sig);
	if (!r)
		r = credential_build_text(s->qr_tbs, span_of(sig, 64), &w);
	if (r)
		assert_int_equal(w.len, 0);
	return r;
}

static int work_chip(int which)
{
	const struct sample *s = sample[which];
	uint8_t value = 1, files_space[512], tbs_space[2048];
	struct chip_element e[2] = {
	        {MSO_CARD_KIND, {&value, 1}}, {MSO_SEX, {&value, 1}}};
	struct chip_plan plan = {
	        .chip_key = *signing_key_public(s->chip),
	        .valid_until_s = SAMPLE_UNTIL_S,
	        .elements = e,
	        .element_count = 2,
	};
	struct span files[2] = {{NULL, 0}, {NULL, 0}};
	struct writer w, tbs;
	writer_init(&w, files_space, sizeof files_space);
	writer_init(&tbs, tbs_space, sizeof tbs_space);
	int r = chip_build(&plan, signing_key_public(s->card), &w, files, &tbs);
	if (r) {
		assert_null(files[0].data);
		assert_int_equal(tbs.len, 0);
	}
	return r;
}

static int work_status(int which)
{
	const struct sample *s = sample[which];
	struct status_list t = {
	        .address = span_of_text(SAMPLE_ISS),
	        .number = 1,
	        .issued_s = SAMPLE_NOW_S,
	        .expires_s = SAMPLE_NOW_S + 1,
	        .ttl_s = 1,
	        .map = span_of(s->map, sizeof s->map),
	};
	uint8_t *tbs = NULL, *file = NULL, sig[64] = {0};
	size_t len = 0, file_len = 0;
	int r = status_build_tbs(&t, signing_key_public(s->list), &tbs, &len);
	if (!r)
		r = status_build_file(
		        span_of(tbs, len), span_of(sig, 64), &file, &file_len);
	if (r)
		assert_null(file);
	free(tbs);
	free(file);
	return r;
}

static struct trust_list *trust;

static int work_trust(int which)
{
	static uint8_t space[4096];
	struct writer w;
	writer_init(&w, space, sizeof space);
	int r = trust_build_file(trust, sample[which]->root, &w);
	if (r)
		assert_int_equal(w.len, 0);
	return r;
}

static int work_note(int which)
{
	struct note_signer signer = {
	        span_of_text("x"), sample[0]->checkpoint, NULL};
	uint8_t space[512];
	struct writer w;
	(void)which;
	writer_init(&w, space, sizeof space);
	int r = note_sign(&signer, span_of_text("text\n"), &w);
	if (r)
		assert_int_equal(w.len, 0);
	return r;
}

static int work_pem(int which)
{
	uint8_t space[PUBLIC_PEM_MAX];
	struct writer w;
	struct cose_key key = {0};
	writer_init(&w, space, sizeof space);
	int r = public_pem_encode(signing_key_public(sample[which]->card), &w);
	if (!r)
		r = public_pem_decode(writer_span(&w), &key);
	if (r)
		assert_int_equal(key.curve, 0);
	return r;
}

static struct tile_folder tiles_files;

static int work_tiles(int which)
{
	struct tiles_io io = tile_folder_io(&tiles_files);
	struct tiles *t = NULL, *again = NULL;
	struct merkle_proof proof;
	uint8_t before[32], after[32];
	(void)which;
	int r = tiles_new(&t);
	for (int i = 0; i < 300 && !r; i++) {
		tiles_root(t, before);
		r = tiles_append(t, span_of(before, 20));
		tiles_root(t, after);
		if (r)
			assert_memory_equal(before, after, 32);
	}
	if (!r)
		r = tiles_flush(t, &io);
	if (!r)
		r = tiles_load(&io, 300, &again);
	if (!r)
		r = tiles_prove_inclusion(&io, 7, 300, &proof);
	tiles_free(t);
	tiles_free(again);
	return r;
}

static int make_all(void **state)
{
	(void)state;
	sample[0] = sample_new(SUITE_INTL);
	sample[1] = sample_new(SUITE_SM);
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-fault-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/keys", folder);
	for (int i = 0; i < 2; i++) {
		if (sealer_create_file(path, i ? SUITE_SM : SUITE_INTL) ||
		        sealer_load(path, &sealer[i]) || unlink(path) != 0)
			return -1;
	}
	struct sample_verifier *v = sample_verifier_new(sample[0]);
	trust = malloc(sizeof *trust);
	*trust = v->trust;
	free(v);
	return 0;
}

static int drop_all(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		sealer_free(sealer[i]);
		sample_free(sample[i]);
	}
	free(trust);
	tile_folder_done(&tiles_files);
	return rmdir(folder);
}

static void sealing_fails_cleanly(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		with_every_fault(work_seal, i);
		with_every_fault(work_unseal, i);
		with_every_fault(work_blind, i);
	}
}

static void key_files_are_whole_or_not_there(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		with_every_fault(work_create_file, i);
		with_every_fault(work_key_file, i);
	}
	assert_int_equal(sealer_create_file(path, SUITE_INTL), HUFU_OK);
	with_every_fault(work_load, 0);
	with_every_fault(work_rotate, 0);
	assert_int_equal(unlink(path), 0);
}

static void checks_never_pass_by_a_fault(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		with_every_fault(work_verify, i);
		with_every_fault(work_sign, i);
	}
	with_every_fault(work_pem, 0);
	with_every_fault(work_pem, 1);
}

static void building_fails_cleanly(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		with_every_fault(work_credential, i);
		with_every_fault(work_chip, i);
		with_every_fault(work_status, i);
		with_every_fault(work_trust, i);
	}
	with_every_fault(work_note, 0);
}

static void small_parts_fail_cleanly(void **state)
{
	(void)state;
	with_every_fault(work_aes, 0);
	with_every_fault(work_random, 0);
}

static void tiles_fail_cleanly(void **state)
{
	(void)state;
	with_every_fault(work_tiles, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sealing_fails_cleanly),
	        cmocka_unit_test(key_files_are_whole_or_not_there),
	        cmocka_unit_test(checks_never_pass_by_a_fault),
	        cmocka_unit_test(building_fails_cleanly),
	        cmocka_unit_test(small_parts_fail_cleanly),
	        cmocka_unit_test(tiles_fail_cleanly),
	};
	return cmocka_run_group_tests(tests, make_all, drop_all);
}
