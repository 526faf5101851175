#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/tlog_proof.h"
#include "crypto/issuer/note_sign.h"
#include "crypto/issuer/tiles_prove.h"
#include "crypto/openssl/sigs.h"
#include "tests/unit/crypto-issuer/tile_folder.h"

static struct signing_key *ed25519, *sm2;
static struct note_signer signer;

static int make_keys(void **state)
{
	(void)state;
	if (signing_key_generate(
	            COSE_CURVE_ED25519, KEY_CHECKPOINT, &ed25519) ||
	        signing_key_generate(COSE_CURVE_SM2, KEY_CHECKPOINT, &sm2))
		return -1;
	signer = (struct note_signer){
	        span_of_text("hall.example.invalid/log/1"), ed25519, NULL};
	return 0;
}

static int drop_keys(void **state)
{
	(void)state;
	signing_key_free(ed25519);
	signing_key_free(sm2);
	return 0;
}

static struct note_key vkey(char *space, size_t cap)
{
	struct note_key key;
	struct writer w;
	writer_init(&w, space, cap);
	assert_int_equal(note_sign_vkey(&signer, &w), HUFU_OK);
	assert_int_equal(note_decode_vkey(writer_span(&w), &key), HUFU_OK);
	return key;
}

static void checkpoint_says_what_was_signed(void **state)
{
	(void)state;
	uint8_t root[32], space[1024];
	char vkey_space[256];
	struct writer w;
	struct note n;
	struct checkpoint c;
	struct note_key key = vkey(vkey_space, sizeof vkey_space);
	memset(root, 0xab, sizeof root);
	writer_init(&w, space, sizeof space);
	assert_int_equal(note_sign_checkpoint(&signer, 42, root, &w), HUFU_OK);
	assert_int_equal(note_decode(writer_span(&w), &n), HUFU_OK);
	assert_int_equal(note_check(&n, &key, sigs_openssl()), HUFU_OK);
	assert_int_equal(checkpoint_decode(n.text, &c), HUFU_OK);
	assert_true(span_equal(c.origin, signer.name));
	assert_int_equal(c.size, 42);
	assert_memory_equal(c.root, root, 32);
	/* another size under the same signature */
	uint8_t *at = memchr(space, '\n', w.len);
	assert_int_equal(at[1], '4');
	at[1] = '5';
	assert_int_equal(
	        note_check(&n, &key, sigs_openssl()), HUFU_ERR_SIGNATURE);
}

static void sm2_line_stands_beside(void **state)
{
	(void)state;
	uint8_t space[1024];
	char vkey_space[256];
	struct writer w;
	struct note n;
	struct note_key key = vkey(vkey_space, sizeof vkey_space);
	struct span text = span_of_text("some text\n");
	signer.sm2 = sm2;
	writer_init(&w, space, sizeof space);
	assert_int_equal(note_sign(&signer, text, &w), HUFU_OK);
	assert_int_equal(note_decode(writer_span(&w), &n), HUFU_OK);
	assert_int_equal(note_check(&n, &key, sigs_openssl()), HUFU_OK);
	assert_int_equal(note_sign_check_sm2(&n, signer.name,
	                         signing_key_public(sm2), sigs_openssl()),
	        HUFU_OK);
	assert_int_equal(note_sign_check_sm2(&n, span_of_text("other"),
	                         signing_key_public(sm2), sigs_openssl()),
	        HUFU_ERR_NOT_FOUND);
	space[0] ^= 1;
	assert_int_equal(note_sign_check_sm2(&n, signer.name,
	                         signing_key_public(sm2), sigs_openssl()),
	        HUFU_ERR_SIGNATURE);
	signer.sm2 = NULL;
}

static void refuses_texts_and_keys_of_another_kind(void **state)
{
	(void)state;
	uint8_t space[1024];
	struct writer w;
	struct signing_key *card;
	struct note_signer other = signer;
	assert_int_equal(
	        signing_key_generate(COSE_CURVE_ED25519, KEY_CARD, &card),
	        HUFU_OK);
	writer_init(&w, space, sizeof space);
	assert_int_equal(note_sign(&signer, span_of_text("no newline"), &w),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        note_sign(&signer, span_of_text(""), &w), HUFU_ERR_ARGUMENT);
	other.ed25519 = card;
	assert_int_equal(
	        note_sign(&other, span_of_text("x\n"), &w), HUFU_ERR_ARGUMENT);
	other.ed25519 = sm2;
	assert_int_equal(
	        note_sign(&other, span_of_text("x\n"), &w), HUFU_ERR_ARGUMENT);
	assert_int_equal(w.len, 0);
	writer_init(&w, space, 10);
	assert_int_equal(
	        note_sign(&signer, span_of_text("x\n"), &w), HUFU_ERR_SPACE);
	assert_int_equal(w.len, 0);
	signing_key_free(card);
}

static struct tile_folder folder;

static void tlog_proof_shows_one_entry(void **state)
{
	(void)state;
	struct tiles_io io = tile_folder_io(&folder);
	struct tiles *t;
	uint8_t root[32], note_space[1024], text[TLOG_PROOF_MAX];
	char vkey_space[256];
	struct note_key key = vkey(vkey_space, sizeof vkey_space);
	struct writer note, w;
	struct tlog_proof p = {
	        .has_extra = true, .extra_len = 4, .extra = "salt", .index = 5};
	struct tlog_proof again;
	assert_int_equal(tiles_new(&t), HUFU_OK);
	for (int i = 0; i < 300; i++) {
		uint8_t entry[2] = {(uint8_t)i, (uint8_t)(i >> 8)};
		assert_int_equal(tiles_append(t, span_of(entry, 2)), HUFU_OK);
	}
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	tiles_root(t, root);
	writer_init(&note, note_space, sizeof note_space);
	assert_int_equal(
	        note_sign_checkpoint(&signer, 300, root, &note), HUFU_OK);
	p.checkpoint = writer_span(&note);
	assert_int_equal(tiles_prove_inclusion(&io, 5, 300, &p.proof), HUFU_OK);
	writer_init(&w, text, sizeof text);
	tlog_proof_encode(&w, &p);
	assert_int_equal(tlog_proof_decode(writer_span(&w), &again), HUFU_OK);
	assert_int_equal(again.extra_len, 4);
	uint8_t entry[2] = {5, 0};
	assert_int_equal(tlog_proof_check(&again, span_of(entry, 2), &key,
	                         sigs_openssl()),
	        HUFU_OK);
	entry[0] = 6;
	assert_int_equal(tlog_proof_check(&again, span_of(entry, 2), &key,
	                         sigs_openssl()),
	        HUFU_ERR_PROOF);
	tiles_free(t);
	tile_folder_done(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(checkpoint_says_what_was_signed),
	        cmocka_unit_test(sm2_line_stands_beside),
	        cmocka_unit_test(refuses_texts_and_keys_of_another_kind),
	        cmocka_unit_test(tlog_proof_shows_one_entry),
	};
	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
