#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "crypto/core/merkle.h"
#include "crypto/core/suite.h"
#include "vector_file.h"

static void check_hash(enum suite suite, const char *text, const char *want)
{
	uint8_t hash[SUITE_HASH_LEN], space[SUITE_HASH_LEN];
	suite_hash_of(suite, span_of_text(text), hash);
	struct span w = vector_hex(want, space, sizeof space);
	assert_int_equal(w.len, sizeof hash);
	assert_memory_equal(hash, w.data, sizeof hash);
}

/* FIPS 180-4 examples of NIST */
static void matches_the_examples_of_sha256(void **state)
{
	(void)state;
	check_hash(SUITE_INTL, "",
	        "e3b0c44298fc1c149afbf4c8996fb924"
	        "27ae41e4649b934ca495991b7852b855");
	check_hash(SUITE_INTL, "abc",
	        "ba7816bf8f01cfea414140de5dae2223"
	        "b00361a396177a9cb410ff61f20015ad");
	check_hash(SUITE_INTL,
	        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnop"
	        "nopq",
	        "248d6a61d20638b8e5c026930c3e6039"
	        "a33ce45964ff2167f6ecedd419db06c1");
}

/* GB/T 32905-2016 appendix A */
static void matches_the_examples_of_sm3(void **state)
{
	(void)state;
	check_hash(SUITE_SM, "abc",
	        "66c7f0f462eeedd9d1f2d46bdc10e4e2"
	        "4167c4875cf2f7a2297da02b8f4ba8e0");
	check_hash(SUITE_SM,
	        "abcdabcdabcdabcdabcdabcdabcdabcd"
	        "abcdabcdabcdabcdabcdabcdabcdabcd",
	        "debe9ff92275b8a138604889c18e5a4d"
	        "6fdb70e5387e5765293dcba39c0c5732");
}

static void check_pieces(enum suite suite, const EVP_MD *md)
{
	uint8_t in[300], got[SUITE_HASH_LEN], want[SUITE_HASH_LEN];
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof in; len++) {
		assert_int_equal(EVP_Digest(in, len, want, NULL, md, NULL), 1);
		for (size_t cut = 0; cut <= len; cut += 1 + len / 9) {
			struct suite_hash h;
			suite_hash_init(&h, suite);
			suite_hash_put(&h, in, cut);
			suite_hash_put(&h, in + cut, 0);
			suite_hash_put(&h, in + cut, len - cut);
			suite_hash_done(&h, got);
			assert_memory_equal(got, want, sizeof got);
		}
	}
}

static void agrees_with_openssl_in_pieces_of_any_length(void **state)
{
	(void)state;
	check_pieces(SUITE_INTL, EVP_sha256());
	check_pieces(SUITE_SM, EVP_sm3());
}

static void hash_of(const json_t *v, const char *name, uint8_t ret[32])
{
	/* some bad vectors name a root that is no hash: it is filled up */
	memset(ret, 0, 32);
	(void)vector_base64(
	        json_string_value(json_object_get(v, name)), ret, 32);
}

static void proof_of(const json_t *v, struct merkle_proof *ret)
{
	const json_t *list = json_object_get(v, "proof");
	ret->count = json_array_size(list);
	for (size_t i = 0; i < ret->count; i++) {
		memset(ret->hash[i], 0, 32);
		(void)vector_base64(json_string_value(json_array_get(list, i)),
		        ret->hash[i], 32);
	}
}

static uint64_t number_of(const json_t *v, const char *name)
{
	double number = json_number_value(json_object_get(v, name));
	return number < 0x1p64 ? (uint64_t)number : UINT64_MAX;
}

static void check_result(const char *name, const json_t *v, int rc)
{
	bool bad = json_is_true(json_object_get(v, "wantErr"));
	if (rc != (bad ? HUFU_ERR_PROOF : HUFU_OK))
		fail_msg("%s: %d", name, rc);
}

static void check_inclusion(const char *name, const json_t *v)
{
	struct merkle_proof proof;
	uint8_t leaf[32], root[32];
	proof_of(v, &proof);
	hash_of(v, "leafHash", leaf);
	hash_of(v, "root", root);
	check_result(name, v,
	        merkle_check_inclusion(&proof, number_of(v, "leafIdx"),
	                number_of(v, "treeSize"), leaf, root));
}

static void check_consistency(const char *name, const json_t *v)
{
	struct merkle_proof proof;
	uint8_t old_root[32], new_root[32];
	/* RFC 6962 leaves a proof from the empty tree undefined, and these
	 * vectors refuse it; C2SP tlog-witness needs it, with no hashes */
	if (strstr(name, "size1-is-zero-and-size2-is-not-zero"))
		return;
	proof_of(v, &proof);
	hash_of(v, "root1", old_root);
	hash_of(v, "root2", new_root);
	check_result(name, v,
	        merkle_check_consistency(&proof, number_of(v, "size1"),
	                old_root, number_of(v, "size2"), new_root));
}

static void judges_published_proofs(void **state)
{
	(void)state;
	unsigned count = vector_each("merkle/inclusion/0", check_inclusion);
	count += vector_each("merkle/inclusion/2", check_inclusion);
	count += vector_each("merkle/inclusion/4", check_inclusion);
	count += vector_each("merkle/inclusion/additional", check_inclusion);
	count += vector_each("merkle/consistency/0", check_consistency);
	count += vector_each("merkle/consistency/2", check_consistency);
	count += vector_each("merkle/consistency/4", check_consistency);
	count +=
	        vector_each("merkle/consistency/additional", check_consistency);
	assert_int_equal(count, 106);
}

static void takes_every_tree_for_a_child_of_the_empty_one(void **state)
{
	(void)state;
	struct merkle_proof none = {.count = 0};
	uint8_t empty[32], other[32] = {1};
	merkle_empty(empty);
	assert_int_equal(
	        merkle_check_consistency(&none, 0, empty, 0, empty), HUFU_OK);
	assert_int_equal(
	        merkle_check_consistency(&none, 0, empty, 9, other), HUFU_OK);
	assert_int_equal(merkle_check_consistency(&none, 0, other, 9, other),
	        HUFU_ERR_PROOF);
	none.count = 1;
	assert_int_equal(merkle_check_consistency(&none, 0, empty, 9, other),
	        HUFU_ERR_PROOF);
	none.count = MERKLE_PROOF_MAX + 1;
	assert_int_equal(merkle_check_inclusion(&none, 0, 9, empty, other),
	        HUFU_ERR_PROOF);
	assert_int_equal(merkle_check_consistency(&none, 3, empty, 9, other),
	        HUFU_ERR_PROOF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(matches_the_examples_of_sha256),
	        cmocka_unit_test(matches_the_examples_of_sm3),
	        cmocka_unit_test(agrees_with_openssl_in_pieces_of_any_length),
	        cmocka_unit_test(judges_published_proofs),
	        cmocka_unit_test(takes_every_tree_for_a_child_of_the_empty_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
