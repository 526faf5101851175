#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/openssl/seal.h"
#include "crypto/openssl/secret_file.h"

static char folder[64];
static char path[96];

static int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-seal-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/keys", folder);
	return 0;
}

static int drop_folder(void **state)
{
	(void)state;
	(void)unlink(path); /* a test may have left none */
	return rmdir(folder);
}

static struct sealer *made(enum suite suite)
{
	struct sealer *s = NULL;
	assert_int_equal(sealer_create_file(path, suite), HUFU_OK);
	assert_int_equal(sealer_load(path, &s), HUFU_OK);
	return s;
}

static const struct seal_place place = {"person", 7, "name"};

static struct span seal_text(
        const struct sealer *s, const char *text, uint8_t *space, size_t cap)
{
	struct writer w;
	writer_init(&w, space, cap);
	assert_int_equal(
	        sealer_seal(s, &place, span_of_text(text), &w), HUFU_OK);
	return writer_span(&w);
}

static void opens_what_it_sealed(enum suite suite)
{
	struct sealer *s = made(suite);
	static const char *const texts[] = {"", "x", "generated person",
	        "0123456789abcdef0123456789abcdef0123456789abcdef"};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		uint8_t sealed[128], plain[64];
		struct writer w;
		struct span box = seal_text(s, texts[i], sealed, sizeof sealed);
		assert_int_equal(box.len,
		        strlen(texts[i]) + (suite == SUITE_SM ? 52 : 32));
		assert_true(box.len <= strlen(texts[i]) + SEAL_OVERHEAD_MAX);
		assert_int_equal(sealer_version_of(box), 1);
		writer_init(&w, plain, sizeof plain);
		assert_int_equal(sealer_unseal(s, &place, box, &w), HUFU_OK);
		assert_true(
		        span_equal(writer_span(&w), span_of_text(texts[i])));
	}
	sealer_free(s);
}

static void opens_what_it_sealed_intl(void **state)
{
	(void)state;
	opens_what_it_sealed(SUITE_INTL);
}

static void opens_what_it_sealed_sm(void **state)
{
	(void)state;
	opens_what_it_sealed(SUITE_SM);
}

static void refuse(const struct sealer *s, const struct seal_place *at,
        struct span box, int want)
{
	uint8_t plain[64];
	struct writer w;
	memset(plain, 0xaa, sizeof plain);
	writer_init(&w, plain, sizeof plain);
	writer_put_u8(&w, 0x55);
	assert_int_equal(sealer_unseal(s, at, box, &w), want);
	assert_int_equal(w.len, 1);
	assert_int_equal(plain[0], 0x55);
	/* no plain text may stay behind in the buffer */
	for (size_t i = 1; i < sizeof plain; i++)
		assert_true(plain[i] == 0 || plain[i] == 0xaa);
}

static void opens_in_its_own_place_only(enum suite suite)
{
	struct sealer *s = made(suite);
	uint8_t sealed[128];
	struct span box = seal_text(s, "generated", sealed, sizeof sealed);
	static const struct seal_place others[] = {
	        {"person", 8, "name"},
	        {"person", -7, "name"},
	        {"person", 7, "number"},
	        {"persons", 7, "name"},
	        {"personname", 7, "n"},
	        {"p", 7, "name"},
	};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		refuse(s, &others[i], box, HUFU_ERR_SIGNATURE);
	refuse(s, &(struct seal_place){"", 7, "name"}, box, HUFU_ERR_ARGUMENT);
	sealer_free(s);
}

static void opens_in_its_own_place_only_intl(void **state)
{
	(void)state;
	opens_in_its_own_place_only(SUITE_INTL);
}

static void opens_in_its_own_place_only_sm(void **state)
{
	(void)state;
	opens_in_its_own_place_only(SUITE_SM);
}

static void every_bit_counts(enum suite suite)
{
	struct sealer *s = made(suite);
	uint8_t sealed[128];
	struct span box = seal_text(s, "generated", sealed, sizeof sealed);
	for (size_t i = 0; i < box.len * 8; i++) {
		sealed[i / 8] ^= (uint8_t)(1u << i % 8);
		/* the version says which key, and there is only one */
		refuse(s, &place, box,
		        i < 32 ? HUFU_ERR_NOT_FOUND : HUFU_ERR_SIGNATURE);
		sealed[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t len = 0; len < box.len; len++) {
		size_t least = box.len - strlen("generated");
		refuse(s, &place, span_of(sealed, len),
		        len < least ? HUFU_ERR_TRUNCATED : HUFU_ERR_SIGNATURE);
	}
	sealer_free(s);
}

static void every_bit_counts_intl(void **state)
{
	(void)state;
	every_bit_counts(SUITE_INTL);
}

static void every_bit_counts_sm(void **state)
{
	(void)state;
	every_bit_counts(SUITE_SM);
}

static void equal_texts_seal_unequally(void **state)
{
	(void)state;
	struct sealer *s = made(SUITE_INTL);
	uint8_t a[128], b[128];
	struct span x = seal_text(s, "generated", a, sizeof a);
	struct span y = seal_text(s, "generated", b, sizeof b);
	assert_false(span_equal(x, y));
	sealer_free(s);
}

static void needs_room_and_says_so(void **state)
{
	(void)state;
	struct sealer *s = made(SUITE_SM);
	uint8_t space[64], sealed[128];
	struct writer w;
	struct span box = seal_text(s, "generated", sealed, sizeof sealed);
	writer_init(&w, space, box.len - 1);
	assert_int_equal(sealer_seal(s, &place, span_of_text("generated"), &w),
	        HUFU_ERR_SPACE);
	assert_int_equal(w.len, 0);
	writer_init(&w, space, 8);
	assert_int_equal(sealer_unseal(s, &place, box, &w), HUFU_ERR_SPACE);
	assert_int_equal(w.len, 0);
	sealer_free(s);
}

static void rotation_seals_anew_and_opens_the_old(void **state)
{
	(void)state;
	struct sealer *s = made(SUITE_INTL);
	uint8_t old_space[128], new_space[128], plain[64], blind[32], again[32];
	struct writer w;
	struct span old = seal_text(s, "old", old_space, sizeof old_space);
	assert_int_equal(
	        sealer_blind(s, "id", span_of_text("x"), blind), HUFU_OK);
	assert_int_equal(sealer_rotate_file(path, SUITE_SM), HUFU_OK);
	struct sealer *t = NULL;
	assert_int_equal(sealer_load(path, &t), HUFU_OK);
	assert_int_equal(sealer_version(t), 2);
	struct span new = seal_text(t, "new", new_space, sizeof new_space);
	assert_int_equal(sealer_version_of(new), 2);
	writer_init(&w, plain, sizeof plain);
	assert_int_equal(sealer_unseal(t, &place, old, &w), HUFU_OK);
	assert_int_equal(sealer_unseal(t, &place, new, &w), HUFU_OK);
	assert_true(span_equal(writer_span(&w), span_of_text("oldnew")));
	refuse(s, &place, new, HUFU_ERR_NOT_FOUND);
	assert_int_equal(
	        sealer_blind(t, "id", span_of_text("x"), again), HUFU_OK);
	assert_memory_equal(blind, again, 32);
	sealer_free(s);
	sealer_free(t);
}

static void rotation_ends_at_its_limit(void **state)
{
	(void)state;
	struct sealer *s = made(SUITE_INTL);
	sealer_free(s);
	for (int i = 1; i < SEAL_VERSIONS_MAX; i++)
		assert_int_equal(sealer_rotate_file(path, SUITE_INTL), HUFU_OK);
	assert_int_equal(sealer_rotate_file(path, SUITE_INTL), HUFU_ERR_LIMIT);
	assert_int_equal(sealer_load(path, &s), HUFU_OK);
	assert_int_equal(sealer_version(s), SEAL_VERSIONS_MAX);
	sealer_free(s);
}

static void blind_index_keeps_purposes_and_values_apart(void **state)
{
	(void)state;
	struct sealer *s = made(SUITE_SM);
	uint8_t a[32], b[32];
	assert_int_equal(
	        sealer_blind(s, "person.number", span_of_text("1"), a), 0);
	assert_int_equal(
	        sealer_blind(s, "person.number", span_of_text("1"), b), 0);
	assert_memory_equal(a, b, 32);
	assert_int_equal(
	        sealer_blind(s, "person.number", span_of_text("2"), b), 0);
	assert_memory_not_equal(a, b, 32);
	assert_int_equal(
	        sealer_blind(s, "person.numbe", span_of_text("r1"), b), 0);
	assert_memory_not_equal(a, b, 32);
	assert_int_equal(
	        sealer_blind(s, "", span_of_text("1"), b), HUFU_ERR_ARGUMENT);
	sealer_free(s);
	/* another file is another key */
	assert_int_equal(unlink(path), 0);
	s = made(SUITE_SM);
	assert_int_equal(
	        sealer_blind(s, "person.number", span_of_text("1"), b), 0);
	assert_memory_not_equal(a, b, 32);
	sealer_free(s);
}

static void refuses_a_file_that_others_may_read(void **state)
{
	(void)state;
	static const mode_t bad[] = {
	        0644, 0640, 0604, 0620, 0602, 0610, 0700, 04600};
	static const mode_t good[] = {0600, 0400};
	struct sealer *s = made(SUITE_INTL);
	sealer_free(s);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		s = NULL;
		assert_int_equal(chmod(path, bad[i]), 0);
		assert_int_equal(sealer_load(path, &s), HUFU_ERR_DENIED);
		assert_null(s);
	}
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(chmod(path, good[i]), 0);
		assert_int_equal(sealer_load(path, &s), HUFU_OK);
		sealer_free(s);
	}
}

static void refuses_a_file_of_another_owner(void **state)
{
	(void)state;
	struct sealer *s = made(SUITE_INTL);
	sealer_free(s);
	s = NULL;
	if (geteuid() != 0)
		skip(); /* only root can give a file away */
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_int_equal(sealer_load(path, &s), HUFU_ERR_DENIED);
	assert_null(s);
}

static void refuses_what_is_no_regular_file(void **state)
{
	(void)state;
	struct sealer *s = NULL;
	assert_int_equal(sealer_load(folder, &s), HUFU_ERR_DENIED);
	assert_int_equal(sealer_load(path, &s), HUFU_ERR_NOT_FOUND);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(sealer_load(path, &s), HUFU_ERR_DENIED);
	assert_int_equal(unlink(path), 0);
	char real[128];
	(void)snprintf(real, sizeof real, "%s.real", path);
	assert_int_equal(sealer_create_file(real, SUITE_INTL), HUFU_OK);
	assert_int_equal(symlink(real, path), 0);
	assert_int_equal(sealer_load(path, &s), HUFU_ERR_DENIED);
	assert_int_equal(unlink(real), 0);
	assert_null(s);
}

static void never_overwrites_a_key_file(void **state)
{
	(void)state;
	uint8_t before[512], after[512];
	struct writer w, v;
	struct sealer *s = made(SUITE_INTL);
	sealer_free(s);
	writer_init(&w, before, sizeof before);
	assert_int_equal(secret_file_read(path, &w), HUFU_OK);
	assert_int_equal(
	        sealer_create_file(path, SUITE_INTL), HUFU_ERR_CONFLICT);
	writer_init(&v, after, sizeof after);
	assert_int_equal(secret_file_read(path, &v), HUFU_OK);
	assert_true(span_equal(writer_span(&w), writer_span(&v)));
	assert_int_equal(sealer_create_file("/nowhere/at/all", SUITE_SM),
	        HUFU_ERR_NOT_FOUND);
}

#define K64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void refuses_broken_key_files(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "hufu-keys-1\n",
	        "hufu-keys-2\nblind intl " K64 "\nseal 1 intl " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\n",
	        "hufu-keys-1\nseal 1 intl " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 0 intl " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 01 intl " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 1 aes " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 1 intl " K64,
	        "hufu-keys-1\nblind intl " K64 "\nseal 1 intl " K64 "0\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 1 intl 0\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 99999999 sm " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 2 sm " K64
	        "\nseal 1 sm " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 1 sm " K64
	        "\nseal 1 sm " K64 "\n",
	        "hufu-keys-1\nblind intl " K64 "\nseal 1 sm " K64 "\nrest"};
	struct sealer *s = NULL;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(sealer_decode(span_of_text(bad[i]), &s),
		        HUFU_ERR_MALFORMED);
		assert_null(s);
	}
	assert_int_equal(
	        sealer_decode(span_of_text("hufu-keys-1\nblind intl " K64
	                                   "\nseal 1 sm " K64
	                                   "\nseal 9 intl " K64 "\n"),
	                &s),
	        HUFU_OK);
	assert_int_equal(sealer_version(s), 9);
	sealer_free(s);
	sealer_free(NULL);
}

/*
 * Pins the format: values computed with Python's hmac and cryptography from
 * the key file above. Changing any of it orphans every store.
 */
static void blind_index_has_its_known_value(void **state)
{
	(void)state;
	static const uint8_t want[32] = {0x66, 0x73, 0x50, 0xd1, 0x76, 0xb5,
	        0x53, 0x9e, 0x28, 0x17, 0xaa, 0xb2, 0xbc, 0xb5, 0x31, 0x05,
	        0x5b, 0xa8, 0x65, 0xc3, 0x55, 0xb1, 0xb3, 0xc4, 0x11, 0x54,
	        0x2d, 0x62, 0x05, 0x6f, 0xfb, 0xe8};
	uint8_t got[32];
	struct sealer *s = NULL;
	assert_int_equal(
	        sealer_decode(span_of_text("hufu-keys-1\nblind intl " K64
	                                   "\nseal 1 intl " K64 "\n"),
	                &s),
	        HUFU_OK);
	assert_int_equal(
	        sealer_blind(s, "person.number", span_of_text("1"), got), 0);
	assert_memory_equal(got, want, 32);
	sealer_free(s);
}

static void opens_a_value_sealed_elsewhere(void **state)
{
	(void)state;
	static const uint8_t box[] = {0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x02,
	        0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0xb5,
	        0x3b, 0xfc, 0x0f, 0x25, 0x1a, 0xe3, 0xba, 0x7d, 0x45, 0x54,
	        0x52, 0x76, 0x46, 0x9b, 0xc3, 0x90, 0x34, 0x49, 0x7e, 0x9c,
	        0xb8, 0x10, 0x9b, 0xd0};
	uint8_t plain[64];
	struct writer w;
	struct sealer *s = NULL;
	assert_int_equal(
	        sealer_decode(span_of_text("hufu-keys-1\nblind intl " K64
	                                   "\nseal 1 intl " K64 "\n"),
	                &s),
	        HUFU_OK);
	writer_init(&w, plain, sizeof plain);
	assert_int_equal(sealer_unseal(s, &place, span_of(box, sizeof box), &w),
	        HUFU_OK);
	assert_true(span_equal(writer_span(&w), span_of_text("generated")));
	sealer_free(s);
}

#define IN_FOLDER(f)                                                           \
	cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        IN_FOLDER(opens_what_it_sealed_intl),
	        IN_FOLDER(opens_what_it_sealed_sm),
	        IN_FOLDER(opens_in_its_own_place_only_intl),
	        IN_FOLDER(opens_in_its_own_place_only_sm),
	        IN_FOLDER(every_bit_counts_intl),
	        IN_FOLDER(every_bit_counts_sm),
	        IN_FOLDER(equal_texts_seal_unequally),
	        IN_FOLDER(needs_room_and_says_so),
	        IN_FOLDER(rotation_seals_anew_and_opens_the_old),
	        IN_FOLDER(rotation_ends_at_its_limit),
	        IN_FOLDER(blind_index_keeps_purposes_and_values_apart),
	        IN_FOLDER(refuses_a_file_that_others_may_read),
	        IN_FOLDER(refuses_a_file_of_another_owner),
	        IN_FOLDER(refuses_what_is_no_regular_file),
	        IN_FOLDER(never_overwrites_a_key_file),
	        cmocka_unit_test(refuses_broken_key_files),
	        cmocka_unit_test(blind_index_has_its_known_value),
	        cmocka_unit_test(opens_a_value_sealed_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
