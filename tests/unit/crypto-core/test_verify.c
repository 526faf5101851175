#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <zlib.h>

#include <hufu/verify.h>

#include "crypto/core/base45.h"
#include "crypto/core/cbor.h"
#include "crypto/core/credential.h"
#include "crypto/core/mso.h"
#include "crypto/core/status_list.h"
#include "toy_sigs.h"

enum {
	DAY = 86400,
	IAT = 1785542400, /* 2026-08-01 */
	NOW = IAT + 10 * DAY,
	EXP = IAT + 100 * DAY,
	LIST_TIME = IAT + 9 * DAY,
};

#define ISS    "https://hufu.example"
#define NUMBER "32010512600000018"

static struct trust_list trust;
static struct status_list status;
static uint8_t status_map[4];
static struct hufu_verifier verifier;
static struct cose_key card_key, chip_key;

/* An issuer in SM2 whose list says: 0 valid, 1 invalid, 2 suspended. */
static int set_up(void **state)
{
	(void)state;
	card_key = toy_key(COSE_CURVE_SM2, 1);
	chip_key = toy_key(COSE_CURVE_SM2, 50);
	trust = (struct trust_list){.sequence = 1,
	        .issued_s = IAT,
	        .expires_s = EXP,
	        .issuer_count = 1};
	trust.issuers[0] = (struct trust_issuer){.alg = SIGCHECK_SM2,
	        .key = card_key,
	        .valid_from_s = IAT - DAY,
	        .valid_to_s = EXP,
	        .purpose = TRUST_CARD,
	        .iss = span_of_text(ISS),
	        .display_name = span_of_text("示例市"),
	        .area_prefix = span_of_text("3201")};
	cose_key_id(&card_key, trust.issuers[0].kid);
	memset(status_map, 0, sizeof status_map);
	status_list_put(status_map, 1, STATUS_INVALID);
	status_list_put(status_map, 2, STATUS_SUSPENDED);
	status_map[1] = 0x03; /* entry 4: a value of no meaning here */
	status = (struct status_list){.iss = span_of_text(ISS),
	        .number = 3,
	        .sequence = 5,
	        .issued_s = LIST_TIME,
	        .expires_s = LIST_TIME + 5 * DAY,
	        .map = span_of(status_map, sizeof status_map)};
	hufu_verifier_init(&verifier, &toy_sigs, &trust);
	verifier.lists = &status;
	verifier.list_count = 1;
	return 0;
}

static struct credential sample(uint32_t index)
{
	struct credential c = {.present = CREDENTIAL_OWN,
	        .iss = span_of_text(ISS),
	        .exp_s = EXP,
	        .iat_s = IAT,
	        .card_number = span_of_text(NUMBER),
	        .name = span_of_text("测试人"),
	        .kind = 1,
	        .benefit_classes = 5,
	        .status_list = 3,
	        .status_index = index};
	uint8_t thumbprint[COSE_KEY_THUMBPRINT_LEN];
	cose_key_thumbprint(&chip_key, thumbprint);
	memcpy(c.chip_hash, thumbprint, sizeof c.chip_hash);
	return c;
}

/* zlib and Base45 around any bytes. */
static struct hufu_text pack(struct span plain)
{
	static uint8_t packed[8192], text[HUFU_QR_TEXT_MAX + 4096];
	uLongf len = sizeof packed;
	struct writer w;
	assert_int_equal(
	        compress2(packed, &len, plain.data, plain.len, 9), Z_OK);
	writer_init(&w, text, sizeof text);
	base45_encode(&w, span_of(packed, len));
	assert_int_equal(w.error, HUFU_OK);
	return (struct hufu_text){(const char *)text, w.len};
}

static struct hufu_text make_text(
        const struct credential *c, const struct cose_key *key)
{
	uint8_t payload[1024], plain[1400];
	struct writer p, w;
	writer_init(&p, payload, sizeof payload);
	credential_encode(&p, c);
	writer_init(&w, plain, sizeof plain);
	toy_seal(&w, COSE_FORM_CWT, key, "", writer_span(&p));
	assert_int_equal(p.error | w.error, HUFU_OK);
	return pack(writer_span(&w));
}

static struct hufu_result verify_text_at(struct hufu_text text, int64_t now)
{
	struct hufu_result r;
	assert_int_equal(hufu_verify_qr(&verifier, text, now, &r), HUFU_OK);
	return r;
}

static struct hufu_result verify_at(const struct credential *c, int64_t now)
{
	return verify_text_at(make_text(c, &card_key), now);
}

static bool text_is(struct hufu_text t, const char *want)
{
	return span_is_text(span_of(t.data, t.len), want);
}

static void shows_a_valid_card(void **state)
{
	(void)state;
	struct credential c = sample(0);
	struct hufu_result r = verify_at(&c, NOW);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_false(r.status_stale);
	assert_false(r.chip_genuine);
	assert_int_equal(r.status_age_s, DAY);
	assert_int_equal(r.checked_at_s, NOW);
	assert_true(text_is(r.issuer_name, "示例市"));
	assert_true(text_is(r.card_number, NUMBER));
	assert_true(text_is(r.name, "测试人"));
	assert_int_equal(r.kind, 1);
	assert_int_equal(r.benefit_classes, 5);
	assert_int_equal(r.issued_s, IAT);
	assert_int_equal(r.expires_s, EXP);
	assert_true(r.has_chip_hash);
	assert_memory_equal(r.chip_hash, c.chip_hash, sizeof c.chip_hash);
}

static void says_what_the_status_list_says(void **state)
{
	(void)state;
	struct credential c = sample(1);
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_REVOKED);
	/* for good, so also after it ran out */
	trust.expires_s = EXP + 1;
	assert_int_equal(verify_at(&c, EXP).verdict, HUFU_REVOKED);
	c = sample(2);
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_SUSPENDED);
	c = sample(4);
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNSUPPORTED);
}

static void shows_a_stale_status_as_stale(void **state)
{
	(void)state;
	struct credential c = sample(0);
	/* past the list's own time */
	struct hufu_result r = verify_at(&c, LIST_TIME + 5 * DAY);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_true(r.status_stale);
	assert_int_equal(r.status_age_s, 5 * DAY);
	/* past the verifier's limit */
	verifier.status_limit_s = DAY - 1;
	assert_true(verify_at(&c, NOW).status_stale);
	verifier.status_limit_s = DAY;
	assert_false(verify_at(&c, NOW).status_stale);
	/* a card newer than the list */
	c.iat_s = LIST_TIME + 1;
	assert_true(verify_at(&c, NOW).status_stale);
	/* a stale list still revokes */
	c = sample(1);
	r = verify_at(&c, LIST_TIME + 6 * DAY);
	assert_int_equal(r.verdict, HUFU_REVOKED);
	assert_true(r.status_stale);
}

static void shows_a_missing_status_as_stale(void **state)
{
	(void)state;
	struct credential c = sample(16); /* past the end of the map */
	struct hufu_result r = verify_at(&c, NOW);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_true(r.status_stale);
	assert_int_equal(r.status_age_s, -1);
	c = sample(1);
	c.status_list = 4; /* a list that is not in hand */
	assert_true(verify_at(&c, NOW).status_stale);
	c = sample(1);
	status.iss = span_of_text("https://other.example");
	r = verify_at(&c, NOW);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_true(r.status_stale);
	verifier.list_count = 0;
	assert_true(verify_at(&c, NOW).status_stale);
}

static void takes_the_newest_list_in_hand(void **state)
{
	(void)state;
	static uint8_t later_map[1];
	struct status_list lists[3] = {status, status, status};
	struct credential c = sample(1);
	lists[1].map = span_of(later_map, sizeof later_map);
	lists[1].sequence = 9;
	verifier.lists = lists;
	verifier.list_count = 3;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_VALID);
}

static void judges_time(void **state)
{
	(void)state;
	struct credential c = sample(0);
	trust.expires_s = EXP + 2 * DAY;
	assert_int_equal(verify_at(&c, EXP - 1).verdict, HUFU_VALID);
	assert_int_equal(verify_at(&c, EXP).verdict, HUFU_EXPIRED);
	c.present |= CREDENTIAL_NBF;
	c.nbf_s = NOW + HUFU_CLOCK_LEEWAY_S;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_VALID);
	c.nbf_s++;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_NOT_YET_VALID);
	c = sample(0);
	c.iat_s = NOW + HUFU_CLOCK_LEEWAY_S + 1;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_NOT_YET_VALID);
}

static void is_not_fooled_by_a_clock_set_back(void **state)
{
	(void)state;
	struct credential c = sample(0);
	/* the list in hand was signed later than this clock shows */
	struct hufu_result r = verify_at(&c, 0);
	assert_int_equal(r.checked_at_s, LIST_TIME);
	assert_int_equal(r.verdict, HUFU_VALID);
	verifier.time_floor_s = EXP;
	trust.expires_s = EXP + 1;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_EXPIRED);
}

/* Kept from one run to the next: it only grows. */
static void hands_out_the_floor_to_keep(void **state)
{
	(void)state;
	struct credential c = sample(0);
	assert_int_equal(hufu_verifier_floor(&verifier), LIST_TIME);
	verifier.list_count = 0;
	assert_int_equal(hufu_verifier_floor(&verifier), trust.issued_s);
	verifier.time_floor_s = EXP;
	verifier.list_count = 1;
	assert_int_equal(hufu_verifier_floor(&verifier), EXP);
	assert_int_equal(verify_at(&c, NOW).checked_at_s, EXP);
	assert_int_equal(hufu_verifier_floor(&verifier), EXP);
}

/* A stale list stays stale when the clock goes back to its day. */
static void a_stale_list_is_not_made_fresh_by_the_clock(void **state)
{
	(void)state;
	struct credential c = sample(0);
	verifier.status_limit_s = DAY;
	assert_false(verify_at(&c, LIST_TIME + DAY).status_stale);
	struct hufu_result r = verify_at(&c, LIST_TIME + DAY + 1);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_true(r.status_stale);
	verifier.time_floor_s = LIST_TIME + DAY + 1;
	assert_true(verify_at(&c, LIST_TIME).status_stale);
	verifier.status_limit_s = 0;
	assert_false(verify_at(&c, LIST_TIME).status_stale);
	verifier.time_floor_s = status.expires_s;
	assert_true(verify_at(&c, LIST_TIME).status_stale);
}

static void assert_shows_nothing(const struct hufu_result *r)
{
	assert_int_equal(r->card_number.len, 0);
	assert_int_equal(r->name.len, 0);
	assert_int_equal(r->kind, 0);
	assert_false(r->has_chip_hash);
	assert_false(r->chip_genuine);
}

static void knows_only_entitled_issuers(void **state)
{
	(void)state;
	struct credential c = sample(0);
	struct cose_key stranger = toy_key(COSE_CURVE_SM2, 9);
	struct hufu_result r = verify_text_at(make_text(&c, &stranger), NOW);
	assert_int_equal(r.verdict, HUFU_UNKNOWN_ISSUER);
	assert_shows_nothing(&r);
	c.iss = span_of_text("https://other.example");
	r = verify_at(&c, NOW);
	assert_int_equal(r.verdict, HUFU_UNKNOWN_ISSUER);
	assert_shows_nothing(&r);
	c = sample(0);
	c.card_number = span_of_text("32020512600000018");
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNKNOWN_ISSUER);
	c = sample(0);
	c.iat_s = IAT - 2 * DAY; /* before the key was valid */
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNKNOWN_ISSUER);
	c = sample(0);
	trust.issuers[0].purpose = TRUST_STATUS_LIST;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNKNOWN_ISSUER);
	trust.issuers[0].purpose = TRUST_CARD;
	r = verify_at(&c, trust.expires_s);
	assert_int_equal(r.verdict, HUFU_UNKNOWN_ISSUER);
	assert_true(r.trust_expired);
	verifier.trust = NULL;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNKNOWN_ISSUER);
}

static void refuses_another_algorithm_under_a_known_kid(void **state)
{
	(void)state;
	struct credential c = sample(0);
	struct cose_key es256 = toy_key(COSE_CURVE_P256, 9);
	cose_key_id(&es256, trust.issuers[0].kid);
	struct hufu_result r = verify_text_at(make_text(&c, &es256), NOW);
	assert_int_equal(r.verdict, HUFU_WRONG_SIGNATURE);
	assert_shows_nothing(&r);
}

/* No flipped bit of the signed bytes may give a valid card. */
static void finds_every_flipped_bit(void **state)
{
	(void)state;
	uint8_t payload[1024], plain[1400];
	struct credential c = sample(0);
	struct writer p, w;
	writer_init(&p, payload, sizeof payload);
	credential_encode(&p, &c);
	writer_init(&w, plain, sizeof plain);
	toy_seal(&w, COSE_FORM_CWT, &card_key, "", writer_span(&p));
	for (size_t bit = 0; bit < 8 * w.len; bit++) {
		plain[bit / 8] ^= (uint8_t)(1 << bit % 8);
		struct hufu_result r =
		        verify_text_at(pack(writer_span(&w)), NOW);
		assert_true(r.verdict >= HUFU_UNKNOWN_ISSUER);
		assert_shows_nothing(&r);
		plain[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void accepts_every_form_of_the_field(void **state)
{
	(void)state;
	static const enum cose_form forms[] = {
	        COSE_FORM_CWT, COSE_FORM_TAGGED, COSE_FORM_UNTAGGED};
	struct credential c = sample(0);
	uint8_t payload[1024], plain[1400];
	struct writer p, w;
	writer_init(&p, payload, sizeof payload);
	credential_encode(&p, &c);
	for (size_t i = 0; i < 3; i++) {
		writer_init(&w, plain, sizeof plain);
		toy_seal(&w, forms[i], &card_key, "", writer_span(&p));
		assert_int_equal(
		        verify_text_at(pack(writer_span(&w)), NOW).verdict,
		        HUFU_VALID);
	}
}

static enum hufu_verdict verdict_of(const char *text)
{
	return verify_text_at((struct hufu_text){text, strlen(text)}, NOW)
	        .verdict;
}

static void calls_other_codes_no_credential(void **state)
{
	(void)state;
	static const char *const cases[] = {"", " ", "A", "HELLO WORLD",
	        "https://www.example.org/a?b=c",
	        "HTTPS://WWW.EXAMPLE.ORG/SOME/LONG/PATH/WITH/MANY/PARTS"
	        "/AND/YET/MORE/OF/THEM/UNTIL/IT/IS/LONGER/THAN/A/"
	        "SIGNATURE/0123456789",
	        "BEGIN:VCARD\nVERSION:3.0\nN:Test\nEND:VCARD",
	        "WIFI:T:WPA;S:test;P:test;;", "HC1:6BF", "12345678", "优待证",
	        "{\"a\":1}", "\xFF\xFE"};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (verdict_of(cases[i]) != HUFU_NOT_CREDENTIAL)
			fail_msg("%s: %s", cases[i],
			        hufu_verdict_name(verdict_of(cases[i])));
	/* packed like ours, and still something else */
	assert_int_equal(
	        verify_text_at(pack(span_of_text("hello")), NOW).verdict,
	        HUFU_NOT_CREDENTIAL);
	assert_int_equal(
	        verify_text_at(pack(span_of("\xA1\x01\x02", 3)), NOW).verdict,
	        HUFU_NOT_CREDENTIAL);
	/* signed, and of another claim */
	uint8_t plain[300];
	struct writer w;
	writer_init(&w, plain, sizeof plain);
	toy_seal(&w, COSE_FORM_CWT, &card_key, "",
	        span_of("\xA1\x39\x01\x03\xA0", 5));
	assert_int_equal(verify_text_at(pack(writer_span(&w)), NOW).verdict,
	        HUFU_NOT_CREDENTIAL);
	writer_init(&w, plain, sizeof plain);
	toy_seal(&w, COSE_FORM_CWT, &card_key, "", span_of_text("{\"a\":1}"));
	assert_int_equal(verify_text_at(pack(writer_span(&w)), NOW).verdict,
	        HUFU_NOT_CREDENTIAL);
}

static void calls_broken_codes_malformed(void **state)
{
	(void)state;
	uint8_t payload[1024], plain[5000];
	struct credential c = sample(0);
	struct hufu_text text = make_text(&c, &card_key);
	struct writer p, w;
	/* cut between groups of three characters */
	text.len -= text.len % 3 + 3;
	assert_int_equal(verify_text_at(text, NOW).verdict, HUFU_MALFORMED);
	writer_init(&p, payload, sizeof payload);
	credential_encode(&p, &c);
	writer_init(&w, plain, sizeof plain);
	toy_seal(&w, COSE_FORM_CWT, &card_key, "", writer_span(&p));
	writer_put_u8(&w, 0);
	assert_int_equal(verify_text_at(pack(writer_span(&w)), NOW).verdict,
	        HUFU_MALFORMED);
	/* more than 4 KiB after inflation */
	memset(plain, 0, sizeof plain);
	assert_int_equal(
	        verify_text_at(pack(span_of(plain, 4097)), NOW).verdict,
	        HUFU_MALFORMED);
	writer_init(&w, plain, sizeof plain);
	toy_seal(&w, COSE_FORM_CWT, &card_key, "",
	        span_of("\xA2\x18\xA9\xA0\x18\xA9\xA0", 7));
	assert_int_equal(verify_text_at(pack(writer_span(&w)), NOW).verdict,
	        HUFU_MALFORMED);
}

static void names_what_it_does_not_support(void **state)
{
	(void)state;
	uint8_t plain[300], head[16], text[700];
	struct writer w, p, t;
	/* COSE_Encrypt0 */
	writer_init(&w, plain, sizeof plain);
	cbor_put_tag(&w, COSE_TAG_ENCRYPT0);
	cbor_put_array(&w, 3);
	cbor_put_bytes(&w, span_of("\xA1\x01\x03", 3));
	cbor_put_map(&w, 0);
	cbor_put_bytes(&w, span_of_text("ciphertext"));
	assert_int_equal(verify_text_at(pack(writer_span(&w)), NOW).verdict,
	        HUFU_UNSUPPORTED);
	/* PS256 */
	writer_init(&p, head, sizeof head);
	cose_encode_protected(&p, -37, span_of("kid", 3), span_of("", 0));
	writer_init(&w, plain, sizeof plain);
	cose_encode_sign1(&w, COSE_FORM_CWT, writer_span(&p),
	        span_of("\xA1\x18\xA9\xA0", 4), span_of_text("sig"));
	assert_int_equal(verify_text_at(pack(writer_span(&w)), NOW).verdict,
	        HUFU_UNSUPPORTED);
	/* not compressed */
	writer_init(&t, text, sizeof text);
	base45_encode(&t, writer_span(&w));
	assert_int_equal(
	        verify_text_at((struct hufu_text){(char *)text, t.len}, NOW)
	                .verdict,
	        HUFU_UNSUPPORTED);
	/* Brotli: window 22, last, 4 nibbles, length 200, then noise */
	memset(plain, 0x5A, 200);
	uint32_t bits = 0xB | 1u << 4 | 0u << 5 | 0u << 6 | 199u << 8;
	for (int i = 0; i < 4; i++)
		plain[i] = (uint8_t)(bits >> 8 * i);
	writer_init(&t, text, sizeof text);
	base45_encode(&t, span_of(plain, 200));
	assert_int_equal(
	        verify_text_at((struct hufu_text){(char *)text, t.len}, NOW)
	                .verdict,
	        HUFU_UNSUPPORTED);
}

static double seconds_of(struct hufu_text text)
{
	double best = 1;
	for (int i = 0; i < 5; i++) {
		struct timespec a, b;
		struct hufu_result r;
		clock_gettime(CLOCK_MONOTONIC, &a);
		assert_int_equal(
		        hufu_verify_qr(&verifier, text, NOW, &r), HUFU_OK);
		clock_gettime(CLOCK_MONOTONIC, &b);
		assert_true(r.verdict >= HUFU_NOT_CREDENTIAL);
		double s = (double)(b.tv_sec - a.tv_sec) +
		           1e-9 * (double)(b.tv_nsec - a.tv_nsec);
		best = s < best ? s : best;
	}
	return best;
}

static void refuses_hostile_codes_within_a_millisecond(void **state)
{
	(void)state;
	static uint8_t zeros[1 << 16], nested[4096];
	char longest[HUFU_QR_TEXT_MAX + 1];
	assert_true(seconds_of(pack(span_of(zeros, sizeof zeros))) < 1e-3);
	memset(nested, 0x81, sizeof nested);
	nested[0] = 0xD2;
	assert_true(seconds_of(pack(span_of(nested, sizeof nested))) < 1e-3);
	memset(nested, 0xBF, sizeof nested);
	nested[0] = 0xD2;
	assert_true(seconds_of(pack(span_of(nested, sizeof nested))) < 1e-3);
	memset(longest, '0', sizeof longest);
	assert_true(seconds_of((struct hufu_text){longest, HUFU_QR_TEXT_MAX}) <
	            1e-3);
	assert_true(seconds_of((struct hufu_text){
	                    longest, HUFU_QR_TEXT_MAX + 1}) < 1e-3);
}

static int fail_back_end(void *ctx, int32_t alg, struct span key,
        struct span tbs, struct span sig)
{
	(void)alg;
	(void)key;
	(void)tbs;
	(void)sig;
	return *(const int *)ctx;
}

static void forwards_a_failing_back_end(void **state)
{
	(void)state;
	int rc = HUFU_ERR_CRYPTO;
	struct sigcheck sigs = {&rc, fail_back_end};
	struct credential c = sample(0);
	struct hufu_result r = {.verdict = HUFU_EXPIRED};
	verifier.sigs = &sigs;
	assert_int_equal(
	        hufu_verify_qr(&verifier, make_text(&c, &card_key), NOW, &r),
	        HUFU_ERR_CRYPTO);
	assert_int_equal(r.verdict, HUFU_EXPIRED);
	rc = HUFU_ERR_MALFORMED; /* the trust list holds no real key */
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNKNOWN_ISSUER);
	rc = HUFU_ERR_UNSUPPORTED;
	assert_int_equal(verify_at(&c, NOW).verdict, HUFU_UNSUPPORTED);
}

/* A whole chip: three elements, its object, and an answered challenge. */
static uint8_t files[3][200], object[1024], challenge[32], answer[80];
static struct hufu_bytes elements[3];
static struct hufu_chip chip;

static void put_element(
        struct mso *m, size_t at, const char *identifier, struct span value)
{
	struct writer w;
	struct mso_item item = {.digest_id = (uint32_t)(900 - at),
	        .random = span_of_text("0123456789abcdef"),
	        .identifier = span_of_text(identifier),
	        .value = value};
	writer_init(&w, files[at], sizeof files[at]);
	mso_encode_item(&w, &item);
	assert_int_equal(w.error, HUFU_OK);
	elements[at] = (struct hufu_bytes){files[at], w.len};
	m->digests[at].id = item.digest_id;
	mso_digest_item(m->suite, writer_span(&w), m->digests[at].digest);
	m->digest_count = at + 1;
}

static void answer_challenge(void)
{
	uint8_t tbs[MSO_IA_TBS_LEN], point[SIGCHECK_POINT_LEN];
	struct writer w;
	memset(challenge, 0x33, sizeof challenge);
	writer_init(&w, tbs, sizeof tbs);
	mso_encode_ia_tbs(&w, SUITE_SM, span_of(object, chip.signed_object.len),
	        span_of(challenge, sizeof challenge),
	        span_of(answer, MSO_NONCE_LEN));
	toy_sign(SIGCHECK_SM2, cose_key_public(&chip_key, point),
	        writer_span(&w), answer + MSO_NONCE_LEN);
}

static void make_chip(uint32_t index, const char *doc_type)
{
	static struct mso m;
	uint8_t payload[1024], value[16];
	struct writer w, v;
	m = (struct mso){.suite = SUITE_SM,
	        .doc_type = span_of_text(doc_type),
	        .chip_key = chip_key,
	        .signed_s = IAT,
	        .valid_from_s = IAT,
	        .valid_until_s = EXP};
	put_element(&m, 0, MSO_CARD_NUMBER, span_of_text("\x71" NUMBER));
	put_element(&m, 1, MSO_CARD_KIND, span_of("\x02", 1));
	writer_init(&v, value, sizeof value);
	cbor_put_array(&v, 2);
	cbor_put_uint(&v, 3);
	cbor_put_uint(&v, index);
	put_element(&m, 2, MSO_STATUS_REFERENCE, writer_span(&v));
	writer_init(&w, payload, sizeof payload);
	mso_encode(&w, &m);
	writer_init(&v, object, sizeof object);
	toy_seal(&v, COSE_FORM_TAGGED, &card_key, "", writer_span(&w));
	assert_int_equal(w.error | v.error, HUFU_OK);
	chip = (struct hufu_chip){.signed_object = {object, v.len},
	        .elements = elements,
	        .element_count = 3,
	        .challenge = {challenge, sizeof challenge},
	        .answer = {answer, sizeof answer}};
	answer_challenge();
}

static struct hufu_result verify_chip_at(int64_t now)
{
	struct hufu_result r;
	assert_int_equal(hufu_verify_chip(&verifier, &chip, now, &r), HUFU_OK);
	return r;
}

static void verifies_a_chip(void **state)
{
	(void)state;
	struct credential c = sample(0);
	struct hufu_result face = verify_at(&c, NOW);
	make_chip(0, MSO_DOC_TYPE);
	chip.face = &face;
	struct hufu_result r = verify_chip_at(NOW);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_true(r.chip_genuine);
	assert_false(r.status_stale);
	assert_true(text_is(r.card_number, NUMBER));
	assert_int_equal(r.kind, 2);
	assert_memory_equal(r.chip_hash, c.chip_hash, sizeof r.chip_hash);
	assert_int_equal(verify_chip_at(EXP - 1).verdict, HUFU_VALID);
	chip.challenge.len = 0;
	r = verify_chip_at(NOW);
	assert_int_equal(r.verdict, HUFU_VALID);
	assert_false(r.chip_genuine);
	make_chip(1, MSO_DOC_TYPE);
	assert_int_equal(verify_chip_at(NOW).verdict, HUFU_REVOKED);
	make_chip(2, MSO_DOC_TYPE);
	assert_int_equal(verify_chip_at(NOW).verdict, HUFU_SUSPENDED);
	make_chip(0, "org.iso.18013.5.1.mDL");
	r = verify_chip_at(NOW);
	assert_int_equal(r.verdict, HUFU_NOT_CREDENTIAL);
	assert_shows_nothing(&r);
}

static void refuses_a_chip_that_is_no_match(void **state)
{
	(void)state;
	struct credential c = sample(0);
	c.chip_hash[0] ^= 1;
	struct hufu_result face = verify_at(&c, NOW);
	make_chip(0, MSO_DOC_TYPE);
	chip.face = &face;
	struct hufu_result r = verify_chip_at(NOW);
	assert_int_equal(r.verdict, HUFU_WRONG_SIGNATURE);
	assert_shows_nothing(&r);
	c = sample(0);
	c.card_number = span_of_text("32010512600000026");
	face = verify_at(&c, NOW);
	assert_int_equal(verify_chip_at(NOW).verdict, HUFU_WRONG_SIGNATURE);
	chip.face = NULL;
	assert_int_equal(verify_chip_at(NOW).verdict, HUFU_VALID);
}

static void finds_every_flipped_bit_of_a_chip(void **state)
{
	(void)state;
	struct {
		uint8_t *data;
		size_t len;
	} parts[5];
	make_chip(0, MSO_DOC_TYPE);
	parts[0].data = object;
	parts[0].len = chip.signed_object.len;
	for (size_t i = 0; i < 3; i++) {
		parts[1 + i].data = files[i];
		parts[1 + i].len = elements[i].len;
	}
	parts[4].data = answer;
	parts[4].len = sizeof answer;
	for (size_t p = 0; p < 5; p++)
		for (size_t bit = 0; bit < 8 * parts[p].len; bit++) {
			parts[p].data[bit / 8] ^= (uint8_t)(1 << bit % 8);
			struct hufu_result r = verify_chip_at(NOW);
			assert_true(r.verdict >= HUFU_UNKNOWN_ISSUER);
			assert_shows_nothing(&r);
			parts[p].data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	assert_int_equal(verify_chip_at(NOW).verdict, HUFU_VALID);
	challenge[0] ^= 1; /* a replayed answer */
	assert_int_equal(verify_chip_at(NOW).verdict, HUFU_WRONG_SIGNATURE);
}

static void names_every_verdict(void **state)
{
	(void)state;
	for (int v = HUFU_VALID; v <= HUFU_UNSUPPORTED; v++)
		assert_string_not_equal(hufu_verdict_name((enum hufu_verdict)v),
		        hufu_verdict_name(HUFU_VERDICT_NONE));
	assert_string_equal(hufu_verdict_name(HUFU_VALID), "有效 Valid");
}

#define CASE(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        CASE(shows_a_valid_card),
	        CASE(says_what_the_status_list_says),
	        CASE(shows_a_stale_status_as_stale),
	        CASE(shows_a_missing_status_as_stale),
	        CASE(takes_the_newest_list_in_hand),
	        CASE(judges_time),
	        CASE(is_not_fooled_by_a_clock_set_back),
	        CASE(hands_out_the_floor_to_keep),
	        CASE(a_stale_list_is_not_made_fresh_by_the_clock),
	        CASE(knows_only_entitled_issuers),
	        CASE(refuses_another_algorithm_under_a_known_kid),
	        CASE(finds_every_flipped_bit),
	        CASE(accepts_every_form_of_the_field),
	        CASE(calls_other_codes_no_credential),
	        CASE(calls_broken_codes_malformed),
	        CASE(names_what_it_does_not_support),
	        CASE(refuses_hostile_codes_within_a_millisecond),
	        CASE(forwards_a_failing_back_end),
	        CASE(verifies_a_chip),
	        CASE(refuses_a_chip_that_is_no_match),
	        CASE(finds_every_flipped_bit_of_a_chip),
	        CASE(names_every_verdict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
