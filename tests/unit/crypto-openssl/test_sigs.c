#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/sigs_core.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "tests/unit/crypto-openssl/vector_file.h"

enum { OPENSSL, NO_TABLES }; /* or the core with tables of a window */
static unsigned back_end;

/* As a verifier does that has a table of every key. */
static int verify_with_tables(
        int32_t alg, struct span key, struct span tbs, struct span sig)
{
	static uint8_t generators[2 * EC_TABLE_FAST_LEN];
	static uint8_t space[EC_TABLE_FAST_LEN];
	static struct sigs_core_key known;
	static struct sigs_core core;
	static unsigned window;
	const struct sigcheck *s = sigs_core_check(&core);
	struct ec_table table;
	if (window != back_end) {
		window = back_end;
		sigs_core_init(&core, &known, 1);
		assert_int_equal(sigs_core_build_generators(&core, window,
		                         generators, sizeof generators),
		        HUFU_OK);
	}
	bool has = core.key_count == 1 && (int32_t)known.table.alg == alg &&
	           span_equal(key, span_of(known.point, sizeof known.point));
	if (!has && (alg == SIGCHECK_ES256 || alg == SIGCHECK_SM2)) {
		core.key_count = 0;
		int rc = ec_table_build((enum sigcheck_alg)alg, key, window,
		        space, sizeof space, &table);
		if (rc)
			return rc;
		assert_int_equal(
		        sigs_core_add_key(&core, key, &table), HUFU_OK);
	}
	return s->verify(s->ctx, alg, key, tbs, sig);
}

static int verify(
        int32_t alg, struct span key, struct span tbs, struct span sig)
{
	struct sigs_core core;
	if (back_end != OPENSSL && back_end != NO_TABLES)
		return verify_with_tables(alg, key, tbs, sig);
	sigs_core_init(&core, NULL, 0);
	const struct sigcheck *s =
	        back_end == OPENSSL ? sigs_openssl() : sigs_core_check(&core);
	return s->verify(s->ctx, alg, key, tbs, sig);
}

static unsigned run_group(const json_t *group, int32_t alg, const char *key)
{
	uint8_t key_space[65], msg_space[1024], sig_space[256];
	struct span pub = vector_bytes(json_object_get(group, "publicKey"), key,
	        key_space, sizeof key_space);
	const json_t *test;
	size_t i;
	unsigned count = 0;
	json_array_foreach(json_object_get(group, "tests"), i, test)
	{
		struct span msg =
		        vector_bytes(test, "msg", msg_space, sizeof msg_space);
		struct span sig =
		        vector_bytes(test, "sig", sig_space, sizeof sig_space);
		bool good = strcmp(vector_text(test, "result"), "valid") == 0;
		int want = good ? HUFU_OK : HUFU_ERR_SIGNATURE;
		int got = verify(alg, pub, msg, sig);
		if (got != want)
			fail_msg("%s: %d", vector_text(test, "comment"), got);
		count++;
	}
	return count;
}

static unsigned run_wycheproof(const char *name, int32_t alg, const char *key)
{
	json_t *file = vector_file_load(name);
	const json_t *group;
	size_t i;
	unsigned count = 0;
	json_array_foreach(json_object_get(file, "testGroups"), i, group)
	{
		count += run_group(group, alg, key);
	}
	json_decref(file);
	return count;
}

static void agrees_with_wycheproof_p256(void **state)
{
	(void)state;
	assert_int_equal(
	        run_wycheproof(
	                "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json",
	                SIGCHECK_ES256, "uncompressed"),
	        262);
}

static void agrees_with_wycheproof_ed25519(void **state)
{
	(void)state;
	assert_int_equal(run_wycheproof("wycheproof/ed25519_test.json",
	                         SIGCHECK_EDDSA, "pk"),
	        151);
}

/* GB/T 32918.5-2017 appendix A.2 (GM/T 0003.5), recommended curve. */
static const char sm2_key[] =
        "04"
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";
static const char sm2_sig[] =
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA";

static struct span hex(const char *text, uint8_t *space, size_t cap)
{
	struct writer w;
	writer_init(&w, space, cap);
	vector_put_hex(&w, text);
	return writer_span(&w);
}

static void agrees_with_the_sm2_standard(void **state)
{
	(void)state;
	uint8_t key_space[65], sig_space[64];
	struct span key = hex(sm2_key, key_space, sizeof key_space);
	struct span sig = hex(sm2_sig, sig_space, sizeof sig_space);
	struct span msg = span_of_text("message digest");
	assert_int_equal(verify(SIGCHECK_SM2, key, msg, sig), HUFU_OK);
	assert_int_equal(
	        verify(SIGCHECK_SM2, key, span_of_text("Message digest"), sig),
	        HUFU_ERR_SIGNATURE);
	for (size_t i = 0; i < sizeof sig_space; i++) {
		sig_space[i] ^= 0x10;
		assert_int_equal(verify(SIGCHECK_SM2, key, msg, sig),
		        HUFU_ERR_SIGNATURE);
		sig_space[i] ^= 0x10;
	}
}

static void refuses_points_off_the_curve(void **state)
{
	(void)state;
	uint8_t key_space[65], sig_space[64];
	struct span key = hex(sm2_key, key_space, sizeof key_space);
	struct span sig = hex(sm2_sig, sig_space, sizeof sig_space);
	struct span msg = span_of_text("message digest");
	/* a point of SM2 is none of P-256 */
	assert_int_equal(
	        verify(SIGCHECK_ES256, key, msg, sig), HUFU_ERR_MALFORMED);
	key_space[64] ^= 1;
	assert_int_equal(
	        verify(SIGCHECK_SM2, key, msg, sig), HUFU_ERR_MALFORMED);
	key_space[64] ^= 1;
	key_space[0] = 0x03;
	assert_int_equal(
	        verify(SIGCHECK_SM2, key, msg, sig), HUFU_ERR_MALFORMED);
	memset(key_space, 0, sizeof key_space); /* infinity, padded */
	assert_int_equal(
	        verify(SIGCHECK_SM2, key, msg, sig), HUFU_ERR_MALFORMED);
	key.len = 1;
	assert_int_equal(
	        verify(SIGCHECK_SM2, key, msg, sig), HUFU_ERR_MALFORMED);
}

static void refuses_other_lengths_and_algorithms(void **state)
{
	(void)state;
	uint8_t key_space[65], sig_space[65] = {0};
	struct span key = hex(sm2_key, key_space, sizeof key_space);
	struct span sig = hex(sm2_sig, sig_space, sizeof sig_space);
	struct span msg = span_of_text("message digest");
	assert_int_equal(verify(SIGCHECK_SM2, key, msg, span_of(sig.data, 63)),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(verify(SIGCHECK_SM2, key, msg, span_of(sig.data, 65)),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(verify(SIGCHECK_SM2, key, msg, span_of(NULL, 0)),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(verify(-37, key, msg, sig), HUFU_ERR_UNSUPPORTED);
	assert_int_equal(verify(0, key, msg, sig), HUFU_ERR_UNSUPPORTED);
	assert_int_equal(
	        verify(SIGCHECK_EDDSA, key, msg, sig), HUFU_ERR_MALFORMED);
}

static void writes_and_reads_public_pem(void **state)
{
	(void)state;
	uint8_t point[65], space[PUBLIC_PEM_MAX];
	struct cose_key key, again = {0};
	struct writer w;
	assert_int_equal(cose_key_from_public(COSE_CURVE_SM2,
	                         hex(sm2_key, point, sizeof point), &key),
	        HUFU_OK);
	writer_init(&w, space, sizeof space);
	assert_int_equal(public_pem_encode(&key, &w), HUFU_OK);
	assert_int_equal(public_pem_decode(writer_span(&w), &again), HUFU_OK);
	assert_int_equal(again.curve, COSE_CURVE_SM2);
	assert_memory_equal(again.x, key.x, 32);
	assert_memory_equal(again.y, key.y, 32);
	assert_int_equal(public_pem_decode(span_of(space, 40), &again),
	        HUFU_ERR_MALFORMED);
	writer_init(&w, space, 20);
	assert_int_equal(public_pem_encode(&key, &w), HUFU_ERR_SPACE);
}

/* Every P-256 and Ed25519 key of Wycheproof, as PEM and as bytes. */
static void reads_the_pem_of_others(void **state)
{
	(void)state;
	json_t *file = vector_file_load(
	        "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json");
	const json_t *group;
	size_t i;
	json_array_foreach(json_object_get(file, "testGroups"), i, group)
	{
		uint8_t space[65], point[65];
		struct cose_key key;
		struct span want =
		        vector_bytes(json_object_get(group, "publicKey"),
		                "uncompressed", space, sizeof space);
		assert_int_equal(
		        public_pem_decode(span_of_text(vector_text(
		                                  group, "publicKeyPem")),
		                &key),
		        HUFU_OK);
		assert_int_equal(key.curve, COSE_CURVE_P256);
		assert_true(span_equal(cose_key_public(&key, point), want));
	}
	json_decref(file);
}

static void refuses_pem_of_other_keys(void **state)
{
	(void)state;
	/* a public key of P-384, made for this test */
	static const char p384[] =
	        "-----BEGIN PUBLIC KEY-----\n"
	        "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE6+lTnN8lMcvb/"
	        "vyT17jqiLRjDQdK7ttz\n"
	        "XJTxQ05uo4+GSCsQbZrUKd0tLUZi7RGvCGT8Wvg1WRlXJ2f8WxaBD5L8bkv5v+"
	        "cu\n"
	        "DD4HwS0dMMvUjqdp4L0fWhN2gkxv8H+v\n"
	        "-----END PUBLIC KEY-----\n";
	struct cose_key key = {.curve = COSE_CURVE_P256};
	assert_int_equal(public_pem_decode(span_of_text(p384), &key),
	        HUFU_ERR_UNSUPPORTED);
	assert_int_equal(
	        public_pem_decode(span_of(NULL, 0), &key), HUFU_ERR_MALFORMED);
	assert_int_equal(key.curve, COSE_CURVE_P256);
}

int main(void)
{
	static const unsigned back_ends[] = {
	        OPENSSL, NO_TABLES, EC_TABLE_SMALL, EC_TABLE_FAST};
	const struct CMUnitTest signatures[] = {
	        cmocka_unit_test(agrees_with_wycheproof_p256),
	        cmocka_unit_test(agrees_with_wycheproof_ed25519),
	        cmocka_unit_test(agrees_with_the_sm2_standard),
	        cmocka_unit_test(refuses_points_off_the_curve),
	        cmocka_unit_test(refuses_other_lengths_and_algorithms),
	};
	const struct CMUnitTest keys[] = {
	        cmocka_unit_test(writes_and_reads_public_pem),
	        cmocka_unit_test(reads_the_pem_of_others),
	        cmocka_unit_test(refuses_pem_of_other_keys),
	};
	int failed = cmocka_run_group_tests(keys, NULL, NULL);
	for (size_t i = 0; i < sizeof back_ends / sizeof back_ends[0]; i++) {
		back_end = back_ends[i];
		failed += cmocka_run_group_tests(signatures, NULL, NULL);
	}
	return failed;
}
