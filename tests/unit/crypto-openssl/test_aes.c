#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/openssl/aes.h"
#include "tests/unit/crypto-openssl/vector_file.h"

static void cmac_agrees_with_wycheproof(void **state)
{
	(void)state;
	json_t *file = vector_file_load("wycheproof/aes_cmac_test.json");
	const json_t *group, *test;
	size_t i, j;
	unsigned count = 0;
	json_array_foreach(json_object_get(file, "testGroups"), i, group)
	{
		if (json_integer_value(json_object_get(group, "keySize")) !=
		        128)
			continue;
		json_array_foreach(json_object_get(group, "tests"), j, test)
		{
			uint8_t key[16], msg[256], want[16], got[16];
			struct span m =
			        vector_bytes(test, "msg", msg, sizeof msg);
			(void)vector_bytes(test, "key", key, sizeof key);
			(void)vector_bytes(test, "tag", want, sizeof want);
			bool good = strcmp(vector_text(test, "result"),
			                    "valid") == 0;
			assert_int_equal(aes_cmac(key, m, got), HUFU_OK);
			assert_int_equal(memcmp(got, want, 16) == 0, good);
			count++;
		}
	}
	json_decref(file);
	assert_true(count > 80);
}

/* NIST SP 800-38A, F.1.1 and F.2.1, F.2.2. */
static const uint8_t key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
        0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
static const char plain_hex[] =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
static const char cbc_hex[] =
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
        "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7";
static const char ecb_hex[] = "3ad77bb40d7a3660a89ecaf32466ef97";

static void agrees_with_nist(void **state)
{
	(void)state;
	uint8_t iv[16], plain[64], want[64], got[64];
	struct writer w;
	for (unsigned i = 0; i < sizeof iv; i++)
		iv[i] = (uint8_t)i;
	writer_init(&w, plain, sizeof plain);
	vector_put_hex(&w, plain_hex);
	writer_init(&w, want, sizeof want);
	vector_put_hex(&w, cbc_hex);
	struct span in = span_of(plain, sizeof plain);
	assert_int_equal(aes_cbc_encrypt(key, iv, in, got), HUFU_OK);
	assert_memory_equal(got, want, 64);
	assert_int_equal(
	        aes_cbc_decrypt(key, iv, span_of(got, 64), got), HUFU_OK);
	assert_memory_equal(got, plain, 64);
	writer_init(&w, want, 16);
	vector_put_hex(&w, ecb_hex);
	assert_int_equal(aes_encrypt_block(key, plain, got), HUFU_OK);
	assert_memory_equal(got, want, 16);
}

static void cbc_takes_whole_blocks_only(void **state)
{
	(void)state;
	uint8_t iv[16] = {0}, in[32] = {1}, out[32] = {7};
	assert_int_equal(aes_cbc_encrypt(key, iv, span_of(in, 17), out),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(aes_cbc_decrypt(key, iv, span_of(in, 31), out),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(out[0], 7);
	assert_int_equal(
	        aes_cbc_encrypt(key, iv, span_of(in, 0), out), HUFU_OK);
	assert_int_equal(out[0], 7);
}

static void card_keys_are_cmac_over_prefix_and_serial(void **state)
{
	(void)state;
	uint8_t kdd[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	uint8_t block[16] = {1, 0, 0, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	uint8_t want[16], got[16];
	assert_int_equal(aes_cmac(key, span_of(block, 16), want), HUFU_OK);
	assert_int_equal(aes_derive_card_key(key, 2, kdd, got), HUFU_OK);
	assert_memory_equal(got, want, 16);
	assert_int_equal(aes_derive_card_key(key, 3, kdd, got), HUFU_OK);
	assert_memory_not_equal(got, want, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(cmac_agrees_with_wycheproof),
	        cmocka_unit_test(agrees_with_nist),
	        cmocka_unit_test(cbc_takes_whole_blocks_only),
	        cmocka_unit_test(card_keys_are_cmac_over_prefix_and_serial),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
