#define _GNU_SOURCE
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/issuer/key_store.h"
#include "crypto/openssl/secret_file.h"
#include "crypto/openssl/sigs.h"

static char folder[64];
static char path[96];

static const enum cose_curve curves[] = {
        COSE_CURVE_P256, COSE_CURVE_SM2, COSE_CURVE_ED25519};

static struct span pass(void)
{
	return span_of_text("correct horse");
}

static int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-keys-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/key.pem", folder);
	return 0;
}

static int remove_one(
        const char *name, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(name);
}

static int drop_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct signing_key *made(enum cose_curve curve, enum key_purpose purpose)
{
	struct signing_key *key = NULL;
	assert_int_equal(signing_key_generate(curve, purpose, &key), HUFU_OK);
	return key;
}

static int check(const struct cose_key *key, struct span tbs,
        const uint8_t sig[SIGNING_KEY_SIG_LEN])
{
	uint8_t space[SIGCHECK_POINT_LEN];
	const struct sigcheck *s = sigs_openssl();
	return s->verify(s->ctx, cose_key_alg(key), cose_key_public(key, space),
	        tbs, span_of(sig, SIGNING_KEY_SIG_LEN));
}

static void signs_what_the_check_accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint8_t sig[SIGNING_KEY_SIG_LEN];
		struct signing_key *key = made(curves[i], KEY_CARD);
		const struct cose_key *public = signing_key_public(key);
		struct span tbs = span_of_text("to be signed");
		assert_int_equal(public->curve, curves[i]);
		/* short r or s must keep their leading zeros */
		for (int n = 0; n < 300; n++) {
			assert_int_equal(
			        signing_key_sign(key, tbs, sig), HUFU_OK);
			assert_int_equal(check(public, tbs, sig), HUFU_OK);
		}
		assert_int_equal(check(public, span_of_text("to be"), sig),
		        HUFU_ERR_SIGNATURE);
		signing_key_free(key);
	}
	signing_key_free(NULL);
}

static void loads_what_it_saved(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint8_t sig[SIGNING_KEY_SIG_LEN];
		struct stat st;
		enum key_purpose purpose = (enum key_purpose)(KEY_CARD + i);
		struct signing_key *key = made(curves[i], purpose);
		struct signing_key *again = NULL;
		struct span tbs = span_of_text("to be signed");
		assert_int_equal(
		        signing_key_create_file(key, path, pass()), HUFU_OK);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(
		        signing_key_load(path, pass(), &again), HUFU_OK);
		assert_int_equal(signing_key_purpose(again), purpose);
		assert_memory_equal(signing_key_public(again),
		        signing_key_public(key), sizeof(struct cose_key));
		assert_int_equal(signing_key_sign(again, tbs, sig), HUFU_OK);
		assert_int_equal(
		        check(signing_key_public(key), tbs, sig), HUFU_OK);
		signing_key_free(again);
		signing_key_free(key);
		assert_int_equal(unlink(path), 0);
	}
}

static void file_holds_no_key_in_the_clear(void **state)
{
	(void)state;
	uint8_t text[2048];
	struct writer w;
	struct signing_key *key = made(COSE_CURVE_P256, KEY_CARD);
	assert_int_equal(signing_key_create_file(key, path, pass()), HUFU_OK);
	writer_init(&w, text, sizeof text - 1);
	assert_int_equal(secret_file_read(path, &w), HUFU_OK);
	text[w.len] = '\0';
	assert_non_null(strstr((char *)text, "BEGIN ENCRYPTED PRIVATE KEY"));
	assert_null(strstr((char *)text, "BEGIN PRIVATE KEY"));
	signing_key_free(key);
}

static void refuses_a_wrong_passphrase(void **state)
{
	(void)state;
	struct signing_key *key = made(COSE_CURVE_SM2, KEY_CARD);
	struct signing_key *again = NULL;
	assert_int_equal(
	        signing_key_create_file(key, path, span_of_text("7 chars")),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(signing_key_create_file(key, path, pass()), HUFU_OK);
	assert_int_equal(
	        signing_key_load(path, span_of_text("correct Horse"), &again),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(signing_key_load(path, span_of(NULL, 0), &again),
	        HUFU_ERR_SIGNATURE);
	assert_null(again);
	signing_key_free(key);
}

static void refuses_a_file_that_others_may_read(void **state)
{
	(void)state;
	struct signing_key *key = made(COSE_CURVE_P256, KEY_CARD);
	struct signing_key *again = NULL;
	assert_int_equal(signing_key_create_file(key, path, pass()), HUFU_OK);
	assert_int_equal(
	        signing_key_create_file(key, path, pass()), HUFU_ERR_CONFLICT);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(
	        signing_key_load(path, pass(), &again), HUFU_ERR_DENIED);
	assert_null(again);
	signing_key_free(key);
}

/* Made with openssl genpkey and pkcs8 -topk8, passphrase "correct horse". */
static const char foreign_p256[] =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjtkRdOIhw3nAICCAAw\n"
        "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBROrrd7ZWdagltaP8hz3XkEgZAm\n"
        "qGVJQ+SCVyhAAav/Y14fluT3BF7lIN3TOI6aKG7PnIAGFVnyh7tC1SgSZx9tL0us\n"
        "bPHf0FBNwgk9478VPotSGWETEC1W2YRm7lrpqvNLzV0qd920NczL9MLVpJQshkNA\n"
        "SSXyo2OTjTXK+nzMaP6d3WWIoaACjKkYdQd8de9e14L5rbvL19mEpPrpZ+jVr3A=\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char foreign_rsa[] =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        "MIIC3TBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIFllmwt7Xz9kCAggA\n"
        "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBDoOOlem5qnduQrSrfMfIt3BIIC\n"
        "gLea7arZ7IoGRlGru8W7RLSD15xE06PWY79jnaQkiYJPRrK8ICPl2HVeU5nsW8N4\n"
        "+HRClX3YEI5uR7TW+nrr4VAXWuKLBo1RUBW4ujbkQxv5u2TzHIT92BOa+Dhrv3wX\n"
        "wg+3Kk16JhCEgbTpGFBsCxbtVP+r3iOUsenpCgCbk5ed3KfHTyKqStcy+mqlGEQt\n"
        "q7xzz8OwHwy4jXBldiZe21ZUEt5BDlLckRU1R3p+7n5ercQSw/4ieT0DDDmkCzjG\n"
        "+QDTKKibaMpcTupaHSjpMZlBvtK7tTqZd3SJ2iMroZUbJCMim7s0BAAk7c1O0vuQ\n"
        "134Ksv8ZbxbUXp9JushlWUHf4z5S2FpPHj//CnH9m9lhaxCdhUuP5SsumB1oJELD\n"
        "FBq5N1RYFpZWQ5cc/gjCoDTP4SQsseAGtKO89QfCUZfR+7FuJ+spcCD+shANXh1Y\n"
        "HDoRrmXWmfYvednUqbt6sLzpJ0FAEkKQrapS2iS87faWWO+YCZezcH04xzFwgmtf\n"
        "z0YB4inNwYU2Vzc3cwIXPNavtM9h78p5no3IEWTGKVfB5G1r60/HR4tOmCJcdZp7\n"
        "3nffPK8IgPq7C4A4RF6J8W4EWoGDN/tZ6Q9bqVJRR3bX33t+wxMETfzlIDSxOPiX\n"
        "NllMnOT41b3TIb81qyTochFacoiltK8o/Usr58WKtC5YxTjM2iTxDNH9deaUPZAl\n"
        "K4+OP8TsXFvZjSv0f2YeXQ3nNFsI084cm4KUucCReFd0KeMehcoIn+U4NYmG2BI3\n"
        "/mAg1gMyQibWimItD4OxiBmg5boTmppOvgjyCsSQRU7RFHCE8fyOHJKdGDeGPeAk\n"
        "Y/yCmNE8Bzooh1G/OHRJOa4=\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char clear_p256[] =
        "-----BEGIN PRIVATE KEY-----\n"
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZmdZyjIzKAIwW8wu\n"
        "HnhmZf5iWtqwkhElAuvIujYWc96hRANCAASTcqJEtE7ebTTx8jTLQ4jrKdEgaA6j\n"
        "ehdEf/53q6m730pAhUPYq75bAbDRn7eqoX/dRD6h3wCiy2yQOsdk94VW\n"
        "-----END PRIVATE KEY-----\n";

static void refuses_keys_of_others(void **state)
{
	(void)state;
	static const struct {
		const char *pem;
		int want;
	} cases[] = {
	        {foreign_p256, HUFU_ERR_UNSUPPORTED}, /* no purpose in it */
	        {foreign_rsa, HUFU_ERR_UNSUPPORTED},
	        {clear_p256, HUFU_ERR_MALFORMED}, /* not encrypted */
	        {"", HUFU_ERR_MALFORMED},
	        {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
	         "-----END ENCRYPTED PRIVATE KEY-----\n",
	                HUFU_ERR_MALFORMED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct signing_key *key = NULL;
		assert_int_equal(signing_key_decode(span_of_text(cases[i].pem),
		                         pass(), &key),
		        cases[i].want);
		assert_null(key);
	}
}

static void store_finds_by_purpose_and_kid(void **state)
{
	(void)state;
	struct cose_key card, card_sm, list;
	uint8_t kid[COSE_KEY_ID_LEN];
	struct key_store *s = NULL;
	char keys[96];
	(void)snprintf(keys, sizeof keys, "%s/keys", folder);
	assert_int_equal(key_store_generate(keys, pass(), COSE_CURVE_P256,
	                         KEY_CARD, &card),
	        HUFU_OK);
	assert_int_equal(key_store_generate(keys, pass(), COSE_CURVE_SM2,
	                         KEY_CARD, &card_sm),
	        HUFU_OK);
	assert_int_equal(key_store_generate(keys, pass(), COSE_CURVE_P256,
	                         KEY_LIST, &list),
	        HUFU_OK);
	assert_int_equal(key_store_generate(
	                         keys, pass(), COSE_CURVE_P256, KEY_LIST, NULL),
	        HUFU_OK);
	assert_int_equal(key_store_open(keys, pass(), &s), HUFU_OK);
	assert_int_equal(key_store_count(s), 4);
	cose_key_id(&card_sm, kid);
	const struct signing_key *key =
	        key_store_find(s, KEY_CARD, span_of(kid, sizeof kid));
	assert_non_null(key);
	assert_memory_equal(signing_key_public(key), &card_sm, sizeof card_sm);
	/* a key serves no other purpose */
	assert_null(key_store_find(s, KEY_LIST, span_of(kid, sizeof kid)));
	assert_null(key_store_find(s, KEY_CARD, span_of(kid, 7)));
	key = key_store_find_only(s, KEY_CARD, COSE_CURVE_P256);
	assert_non_null(key);
	assert_memory_equal(signing_key_public(key), &card, sizeof card);
	/* two of them: which one is not for the store to say */
	assert_null(key_store_find_only(s, KEY_LIST, COSE_CURVE_P256));
	assert_null(key_store_find_only(s, KEY_ROOT, COSE_CURVE_P256));
	key_store_close(s);
	key_store_close(NULL);
}

static void store_fails_as_a_whole(void **state)
{
	(void)state;
	struct key_store *s = NULL;
	char keys[96], other[128];
	(void)snprintf(keys, sizeof keys, "%s/keys", folder);
	assert_int_equal(key_store_open(keys, pass(), &s), HUFU_ERR_NOT_FOUND);
	assert_int_equal(key_store_generate(
	                         keys, pass(), COSE_CURVE_P256, KEY_CARD, NULL),
	        HUFU_OK);
	assert_int_equal(key_store_open(keys, span_of_text("wrong one"), &s),
	        HUFU_ERR_SIGNATURE);
	assert_int_equal(chmod(keys, 0750), 0);
	assert_int_equal(key_store_open(keys, pass(), &s), HUFU_ERR_DENIED);
	assert_int_equal(key_store_generate(
	                         keys, pass(), COSE_CURVE_P256, KEY_CARD, NULL),
	        HUFU_ERR_DENIED);
	assert_int_equal(chmod(keys, 0700), 0);
	/* a key under another name could be taken for another */
	struct signing_key *key = made(COSE_CURVE_P256, KEY_CARD);
	(void)snprintf(
	        other, sizeof other, "%s/list-0011223344556677.pem", keys);
	assert_int_equal(signing_key_create_file(key, other, pass()), HUFU_OK);
	assert_int_equal(key_store_open(keys, pass(), &s), HUFU_ERR_MALFORMED);
	assert_int_equal(unlink(other), 0);
	assert_null(s);
	assert_int_equal(key_store_open(keys, pass(), &s), HUFU_OK);
	assert_int_equal(key_store_count(s), 1);
	key_store_close(s);
	signing_key_free(key);
}

#define IN_FOLDER(f)                                                           \
	cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(signs_what_the_check_accepts),
	        IN_FOLDER(loads_what_it_saved),
	        IN_FOLDER(file_holds_no_key_in_the_clear),
	        IN_FOLDER(refuses_a_wrong_passphrase),
	        IN_FOLDER(refuses_a_file_that_others_may_read),
	        cmocka_unit_test(refuses_keys_of_others),
	        IN_FOLDER(store_finds_by_purpose_and_kid),
	        IN_FOLDER(store_fails_as_a_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
