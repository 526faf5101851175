/*
 * Published QR codes, with real signatures checked by OpenSSL: Claim 169
 * vectors must be read, EU certificates must verify and be no credential.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/x509.h>

#include <hufu/verify.h>

#include "crypto/core/base45.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "crypto/core/trust_list.h"
#include "crypto/openssl/pkey.h"
#include "crypto/openssl/sigs.h"
#include "vector_file.h"

static struct trust_list trust;
static struct hufu_verifier verifier;

static const char *text_at(const json_t *v, const char *path)
{
	char name[64];
	while (strchr(path, '/')) {
		size_t len = (size_t)(strchr(path, '/') - path);
		memcpy(name, path, len);
		name[len] = '\0';
		v = json_object_get(v, name);
		path += len + 1;
	}
	return json_string_value(json_object_get(v, path));
}

static int64_t time_at(const json_t *v, const char *name)
{
	const json_t *meta = json_object_get(v, "expected_cwt_meta");
	return (int64_t)json_number_value(json_object_get(meta, name));
}

/* Base45 and zlib undone, the message parsed. */
static int open_text(const char *text, struct cose_sign1 *ret)
{
	static uint8_t packed[4096], plain[4096];
	struct writer w;
	size_t len;
	writer_init(&w, packed, sizeof packed);
	int rc = base45_decode(span_of_text(text), &w);
	if (!rc)
		rc = inflate_zlib(writer_span(&w), plain, sizeof plain, &len);
	return rc ? rc : cose_decode_sign1(span_of(plain, len), ret);
}

static enum hufu_verdict verdict_of(const char *text, int64_t now)
{
	struct hufu_result r;
	struct hufu_text t = {text, strlen(text)};
	assert_int_equal(hufu_verify_qr(&verifier, t, now, &r), HUFU_OK);
	return r.verdict;
}

static bool same_text(struct span s, const char *want)
{
	return want ? span_is_text(s, want) : s.len == 0;
}

static void read_claims(const char *name, const json_t *v)
{
	struct cose_sign1 c;
	struct credential cred;
	const char *qr = text_at(v, "qr_data");
	if (strstr(name, "/encrypted")) {
		assert_int_equal(open_text(qr, &c), HUFU_ERR_UNSUPPORTED);
		assert_int_equal(verdict_of(qr, 0), HUFU_UNSUPPORTED);
		return;
	}
	assert_int_equal(open_text(qr, &c), HUFU_OK);
	int rc = credential_decode(c.payload, &cred);
	if (rc)
		fail_msg("%s: %d", name, rc);
	assert_true(same_text(
	        cred.card_number, text_at(v, "expected_claim169/id")));
	assert_true(
	        same_text(cred.name, text_at(v, "expected_claim169/fullName")));
	assert_true(
	        same_text(cred.iss, text_at(v, "expected_cwt_meta/issuer")));
	assert_int_equal(cred.exp_s, time_at(v, "expiresAt"));
	assert_int_equal(cred.iat_s, time_at(v, "issuedAt"));
	assert_int_equal(cred.nbf_s, time_at(v, "notBefore"));
	/* nobody's key is known, or there is no algorithm to begin with */
	assert_int_equal(verdict_of(qr, 0),
	        c.alg ? HUFU_UNKNOWN_ISSUER : HUFU_UNSUPPORTED);
}

static void reads_every_published_claim(void **state)
{
	(void)state;
	assert_int_equal(vector_each("claim169/valid", read_claims), 9);
	assert_int_equal(vector_each("claim169/edge", read_claims), 2);
}

static void refuse(const char *name, const json_t *v)
{
	(void)name;
	assert_int_equal(
	        verdict_of(text_at(v, "qr_data"), 0), HUFU_NOT_CREDENTIAL);
}

static void calls_the_invalid_ones_no_credential(void **state)
{
	(void)state;
	assert_int_equal(vector_each("claim169/invalid", refuse), 3);
}

static void verifies_the_ed25519_vector_to_the_end(void **state)
{
	(void)state;
	uint8_t pub[32];
	json_t *v = vector_load("claim169/valid/ed25519-signed.json");
	const char *qr = text_at(v, "qr_data");
	struct trust_issuer *i = &trust.issuers[0];
	int64_t iat = time_at(v, "issuedAt"), exp = time_at(v, "expiresAt");
	struct cose_sign1 c;

	assert_int_equal(open_text(qr, &c), HUFU_OK);
	trust = (struct trust_list){.expires_s = INT64_MAX, .issuer_count = 1};
	*i = (struct trust_issuer){.alg = SIGCHECK_EDDSA,
	        .valid_to_s = INT64_MAX,
	        .purpose = TRUST_CARD,
	        .iss = span_of_text(text_at(v, "expected_cwt_meta/issuer"))};
	assert_int_equal(cose_key_from_public(COSE_CURVE_ED25519,
	                         vector_hex(text_at(v, "signing_key/"
	                                               "public_key_"
	                                               "hex"),
	                                 pub, sizeof pub),
	                         &i->key),
	        HUFU_OK);
	assert_true(c.kid.len == 0 || c.kid.len == 8);
	if (c.kid.len)
		memcpy(i->kid, c.kid.data, sizeof i->kid);
	verifier.trust = &trust;
	assert_int_equal(verdict_of(qr, iat), HUFU_VALID);
	assert_int_equal(verdict_of(qr, exp), HUFU_EXPIRED);
	i->key.x[5] ^= 1;
	enum hufu_verdict wrong = verdict_of(qr, iat);
	/* some changed keys are no points at all */
	assert_true(
	        wrong == HUFU_WRONG_SIGNATURE || wrong == HUFU_UNKNOWN_ISSUER);
	verifier.trust = NULL;
	json_decref(v);
}

static void verify_certificate(const char *name, const json_t *v)
{
	static uint8_t der[4096], tbs_space[4096];
	struct cose_sign1 c;
	struct cose_key key;
	struct credential cred;
	struct writer tbs;
	struct span cert = vector_base64(
	        text_at(v, "TESTCTX/CERTIFICATE"), der, sizeof der);
	const char *text = text_at(v, "BASE45");

	assert_int_equal(open_text(text, &c), HUFU_OK);
	assert_int_equal(
	        credential_decode(c.payload, &cred), HUFU_ERR_NOT_FOUND);
	assert_int_equal(verdict_of(text, 0), HUFU_NOT_CREDENTIAL);
	assert_int_equal(
	        verdict_of(text_at(v, "PREFIX"), 0), HUFU_NOT_CREDENTIAL);
	if (strstr(name, "/CH/")) {
		assert_int_equal(c.alg, -37); /* PS256 */
		return;
	}
	const unsigned char *p = cert.data;
	X509 *x = d2i_X509(NULL, &p, (long)cert.len);
	assert_non_null(x);
	assert_int_equal(pkey_public(X509_get0_pubkey(x), &key), HUFU_OK);
	X509_free(x);
	writer_init(&tbs, tbs_space, sizeof tbs_space);
	assert_int_equal(
	        cose_check_sign1(&c, &key, sigs_openssl(), &tbs), HUFU_OK);
	key.x[0] ^= 1;
	assert_int_equal(cose_check_sign1(&c, &key, sigs_openssl(), &tbs),
	        HUFU_ERR_MALFORMED); /* no longer on the curve */
}

static void verifies_certificates_that_are_no_credential(void **state)
{
	(void)state;
	assert_int_equal(
	        vector_each("dcc/AT/2DCode/raw", verify_certificate), 4);
	assert_int_equal(
	        vector_each("dcc/BE/2DCode/raw", verify_certificate), 5);
	assert_int_equal(
	        vector_each("dcc/CH/2DCode/raw", verify_certificate), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_every_published_claim),
	        cmocka_unit_test(calls_the_invalid_ones_no_credential),
	        cmocka_unit_test(verifies_the_ed25519_vector_to_the_end),
	        cmocka_unit_test(verifies_certificates_that_are_no_credential),
	};
	hufu_verifier_init(&verifier, sigs_openssl(), NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
