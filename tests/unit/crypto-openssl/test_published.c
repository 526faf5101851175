#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/x509.h>

#include <hufu/verify.h>

#include "crypto/core/base45.h"
#include "crypto/core/base64.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "crypto/core/trust_list.h"
#include "crypto/openssl/pkey.h"
#include "crypto/openssl/sigs.h"
#include "tests/unit/crypto-openssl/vector_file.h"

enum { SPACE = 16384 };

static int check(const struct cose_sign1 *c, const struct cose_key *key)
{
	static uint8_t tbs[SPACE];
	struct writer w;
	writer_init(&w, tbs, sizeof tbs);
	return cose_check_sign1(c, key, sigs_openssl(), &w);
}

static enum hufu_verdict verdict_of(
        const char *text, const struct trust_list *trust, int64_t now_s)
{
	struct hufu_verifier *v = calloc(1, sizeof *v);
	struct hufu_result r;
	assert_non_null(v);
	hufu_verifier_init(v, sigs_openssl(), trust);
	assert_int_equal(
	        hufu_verify_qr(
	                v, (struct hufu_text){text, strlen(text)}, now_s, &r),
	        HUFU_OK);
	free(v);
	return r.verdict;
}

/* ---- EU digital COVID certificates ---- */

static int certificate_key(const json_t *vector, struct cose_key *ret)
{
	uint8_t der[4096];
	struct writer w;
	const char *text =
	        vector_text(json_object_get(vector, "TESTCTX"), "CERTIFICATE");
	writer_init(&w, der, sizeof der);
	assert_int_equal(base64_decode(span_of_text(text), &w), HUFU_OK);
	const uint8_t *p = der;
	X509 *cert = d2i_X509(NULL, &p, (long)w.len);
	assert_non_null(cert);
	int r = pkey_public(X509_get0_pubkey(cert), ret);
	X509_free(cert);
	return r;
}

/* Answers whether its key is of a kind that we check. */
static bool check_dcc(const char *name)
{
	static uint8_t cose[SPACE];
	uint8_t sig[512];
	struct cose_key key;
	struct cose_sign1 c;
	json_t *vector = vector_file_load(name);
	struct span in = vector_bytes(vector, "COSE", cose, sizeof cose);
	assert_int_equal(cose_decode_sign1(in, &c), HUFU_OK);
	assert_int_equal(
	        verdict_of(vector_text(vector, "PREFIX"), NULL, 1628000000),
	        HUFU_NOT_CREDENTIAL);
	int r = certificate_key(vector, &key);
	json_decref(vector);
	if (r == HUFU_ERR_UNSUPPORTED) {
		assert_int_equal(c.alg, -37); /* PS256: an RSA key */
		return false;
	}
	assert_int_equal(r, HUFU_OK);
	assert_int_equal(check(&c, &key), HUFU_OK);
	assert_true(c.sig.len <= sizeof sig);
	memcpy(sig, c.sig.data, c.sig.len);
	sig[c.sig.len - 1] ^= 1;
	c.sig.data = sig;
	assert_int_equal(check(&c, &key), HUFU_ERR_SIGNATURE);
	return true;
}

static void european_certificates_verify_under_their_keys(void **state)
{
	(void)state;
	static const struct {
		const char *country;
		int count;
		bool supported;
	} countries[] = {{"AT", 4, true}, {"BE", 5, true}, {"CH", 3, false}};
	for (size_t i = 0; i < 3; i++)
		for (int n = 1; n <= countries[i].count; n++) {
			char name[64];
			(void)snprintf(name, sizeof name,
			        "dcc/%s/2DCode/raw/%d.json",
			        countries[i].country, n);
			assert_int_equal(
			        check_dcc(name), countries[i].supported);
		}
}

/* ---- Claim 169 ---- */

static void claim169_verifies_under_its_key(void **state)
{
	(void)state;
	static uint8_t packed[SPACE], plain[SPACE];
	uint8_t pub[32];
	struct writer w;
	size_t len;
	struct cose_key key;
	struct cose_sign1 c;
	struct trust_list *trust = calloc(1, sizeof *trust);
	json_t *vector = vector_file_load("claim169/valid/ed25519-signed.json");
	const char *text = vector_text(vector, "qr_data");
	assert_non_null(trust);
	assert_int_equal(
	        cose_key_from_public(COSE_CURVE_ED25519,
	                vector_bytes(json_object_get(vector, "signing_key"),
	                        "public_key_hex", pub, sizeof pub),
	                &key),
	        HUFU_OK);
	writer_init(&w, packed, sizeof packed);
	assert_int_equal(base45_decode(span_of_text(text), &w), HUFU_OK);
	assert_int_equal(
	        inflate_zlib(writer_span(&w), plain, sizeof plain, &len),
	        HUFU_OK);
	assert_int_equal(cose_decode_sign1(span_of(plain, len), &c), HUFU_OK);
	assert_int_equal(c.alg, SIGCHECK_EDDSA);
	assert_int_equal(check(&c, &key), HUFU_OK);
	struct credential claims;
	assert_int_equal(credential_decode(c.payload, &claims), HUFU_OK);
	trust->issuer_count = 1;
	trust->expires_s = INT64_MAX;
	trust->issuers[0].key = key;
	trust->issuers[0].alg = SIGCHECK_EDDSA;
	trust->issuers[0].purpose = TRUST_CARD;
	trust->issuers[0].valid_to_s = INT64_MAX;
	trust->issuers[0].iss = claims.iss;
	if (c.kid.len == COSE_KEY_ID_LEN)
		memcpy(trust->issuers[0].kid, c.kid.data, COSE_KEY_ID_LEN);
	assert_int_equal(verdict_of(text, trust, claims.iat_s + 1), HUFU_VALID);
	assert_int_equal(verdict_of(text, trust, claims.exp_s), HUFU_EXPIRED);
	key.x[0] ^= 1;
	assert_int_not_equal(check(&c, &key), HUFU_OK);
	json_decref(vector);
	free(trust);
}

static void claim169_verdicts_are_those_of_its_kind(void **state)
{
	(void)state;
	/* MOSIP publishes most without a signature: nobody can be believed */
	static const struct {
		const char *name;
		enum hufu_verdict want;
	} cases[] = {
	        {"valid/minimal", HUFU_UNKNOWN_ISSUER},
	        {"valid/demographics-full", HUFU_UNKNOWN_ISSUER},
	        {"valid/claim169-example", HUFU_UNKNOWN_ISSUER},
	        {"valid/refugee-identity", HUFU_UNKNOWN_ISSUER},
	        {"valid/with-fingerprints", HUFU_UNKNOWN_ISSUER},
	        {"valid/with-all-biometrics", HUFU_UNKNOWN_ISSUER},
	        {"valid/ed25519-signed", HUFU_UNKNOWN_ISSUER},
	        {"valid/encrypted-aes256", HUFU_UNSUPPORTED},
	        {"valid/encrypted-signed", HUFU_UNSUPPORTED},
	        {"edge/unknown-fields", HUFU_UNKNOWN_ISSUER},
	        {"edge/expired", HUFU_UNKNOWN_ISSUER},
	        {"invalid/bad-zlib", HUFU_NOT_CREDENTIAL},
	        {"invalid/not-cose", HUFU_NOT_CREDENTIAL},
	        {"invalid/missing-169", HUFU_NOT_CREDENTIAL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char name[96];
		(void)snprintf(
		        name, sizeof name, "claim169/%s.json", cases[i].name);
		json_t *vector = vector_file_load(name);
		enum hufu_verdict got = verdict_of(
		        vector_text(vector, "qr_data"), NULL, 1750000000);
		if (got != cases[i].want)
			fail_msg("%s: %s", name, hufu_verdict_name(got));
		json_decref(vector);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(european_certificates_verify_under_their_keys),
	        cmocka_unit_test(claim169_verifies_under_its_key),
	        cmocka_unit_test(claim169_verdicts_are_those_of_its_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
