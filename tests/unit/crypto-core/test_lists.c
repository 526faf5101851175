#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "crypto/core/cbor.h"
#include "crypto/core/status_list.h"
#include "toy_sigs.h"

static struct trust_list list, back;

static struct trust_issuer make_issuer(
        enum cose_curve curve, uint8_t number, enum trust_purpose what)
{
	struct trust_issuer i = {.key = toy_key(curve, number),
	        .valid_from_s = 1000,
	        .valid_to_s = 2000,
	        .purpose = what,
	        .iss = span_of_text("https://hufu.example"),
	        .display_name = span_of_text("示例市退役军人事务局"),
	        .area_prefix = span_of_text("3201"),
	        .address_count = 2,
	        .addresses = {span_of_text("https://a.example/1"),
	                span_of_text("https://b.example/1")},
	        .log_vkey = span_of_text("x+00000000+AA==")};
	i.alg = (int32_t)cose_key_alg(&i.key);
	cose_key_id(&i.key, i.kid);
	return i;
}

static void make_list(void)
{
	list = (struct trust_list){.sequence = 7,
	        .issued_s = 900,
	        .expires_s = 3000,
	        .has_next_root = true,
	        .next_root = toy_key(COSE_CURVE_P256, 90),
	        .issuer_count = 3};
	list.issuers[0] = make_issuer(COSE_CURVE_P256, 1, TRUST_CARD);
	list.issuers[1] = make_issuer(COSE_CURVE_SM2, 2, TRUST_CARD);
	list.issuers[2] = make_issuer(COSE_CURVE_SM2, 3, TRUST_STATUS_LIST);
}

static bool issuers_equal(
        const struct trust_issuer *a, const struct trust_issuer *b)
{
	bool same = a->address_count == b->address_count;
	for (size_t i = 0; same && i < a->address_count; i++)
		same = span_equal(a->addresses[i], b->addresses[i]);
	return same && memcmp(a->kid, b->kid, sizeof a->kid) == 0 &&
	       a->alg == b->alg &&
	       memcmp(&a->key, &b->key, sizeof a->key) == 0 &&
	       a->valid_from_s == b->valid_from_s &&
	       a->valid_to_s == b->valid_to_s && a->purpose == b->purpose &&
	       span_equal(a->iss, b->iss) &&
	       span_equal(a->display_name, b->display_name) &&
	       span_equal(a->area_prefix, b->area_prefix) &&
	       span_equal(a->log_vkey, b->log_vkey);
}

static void carries_the_trust_list(void **state)
{
	(void)state;
	uint8_t space[4096];
	struct writer w;
	for (int root = 0; root < 2; root++) {
		make_list();
		list.has_next_root = root;
		writer_init(&w, space, sizeof space);
		trust_list_encode(&w, &list);
		assert_int_equal(w.error, HUFU_OK);
		assert_int_equal(
		        trust_list_decode(writer_span(&w), &back), HUFU_OK);
		assert_int_equal(back.sequence, 7);
		assert_int_equal(back.issued_s, 900);
		assert_int_equal(back.expires_s, 3000);
		assert_int_equal(back.has_next_root, root);
		if (root)
			assert_memory_equal(&back.next_root, &list.next_root,
			        sizeof back.next_root);
		assert_int_equal(back.issuer_count, 3);
		for (size_t i = 0; i < 3; i++)
			assert_true(issuers_equal(
			        &back.issuers[i], &list.issuers[i]));
		for (size_t cut = 0; cut < w.len; cut++) {
			assert_int_equal(
			        trust_list_decode(span_of(space, cut), &back),
			        HUFU_ERR_TRUNCATED);
		}
	}
}

static int encode_error(void)
{
	static uint8_t space[TRUST_LIST_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	trust_list_encode(&w, &list);
	return w.error;
}

static void refuses_to_write_a_wrong_trust_list(void **state)
{
	(void)state;
	static const char long_text[TRUST_LIST_TEXT_MAX + 1] = "";
	make_list();
	list.issuers[1].alg = SIGCHECK_ES256;
	assert_int_equal(encode_error(), HUFU_ERR_ARGUMENT);
	make_list();
	list.issuers[1].valid_to_s = 999;
	assert_int_equal(encode_error(), HUFU_ERR_ARGUMENT);
	make_list();
	list.issuers[1].purpose = (enum trust_purpose)3;
	assert_int_equal(encode_error(), HUFU_ERR_ARGUMENT);
	make_list();
	list.issuers[0].iss = span_of(long_text, sizeof long_text);
	assert_int_equal(encode_error(), HUFU_ERR_LIMIT);
	make_list();
	list.issuers[0].address_count = TRUST_LIST_ADDRESSES_MAX + 1;
	assert_int_equal(encode_error(), HUFU_ERR_LIMIT);
	make_list();
	list.issuer_count = TRUST_LIST_ISSUERS_MAX + 1;
	assert_int_equal(encode_error(), HUFU_ERR_LIMIT);
}

static void believes_no_kid_twice(void **state)
{
	(void)state;
	uint8_t space[4096];
	struct writer w;
	make_list();
	memcpy(list.issuers[2].kid, list.issuers[0].kid, 8);
	writer_init(&w, space, sizeof space);
	trust_list_encode(&w, &list);
	assert_int_equal(
	        trust_list_decode(writer_span(&w), &back), HUFU_ERR_DUPLICATE);
	assert_int_equal(back.issuer_count, 0);
}

static void opens_only_what_the_root_signed(void **state)
{
	(void)state;
	static uint8_t payload[4096], file[5000], tbs[5000];
	struct cose_key root = toy_key(COSE_CURVE_P256, 77);
	struct cose_key other = toy_key(COSE_CURVE_P256, 78);
	struct writer w, f, space;
	make_list();
	writer_init(&w, payload, sizeof payload);
	trust_list_encode(&w, &list);
	writer_init(&f, file, sizeof file);
	toy_seal(&f, COSE_FORM_CWT, &root, TRUST_LIST_TYPE, writer_span(&w));
	assert_int_equal(f.error, HUFU_OK);
	writer_init(&space, tbs, sizeof tbs);
	assert_int_equal(trust_list_open(writer_span(&f), &root, &toy_sigs,
	                         &space, &back),
	        HUFU_OK);
	assert_int_equal(back.issuer_count, 3);
	assert_int_equal(trust_list_open(writer_span(&f), &other, &toy_sigs,
	                         &space, &back),
	        HUFU_ERR_SIGNATURE);
	file[f.len / 2] ^= 1;
	assert_int_equal(trust_list_open(writer_span(&f), &root, &toy_sigs,
	                         &space, &back),
	        HUFU_ERR_SIGNATURE);
	/* the same signature under another name means nothing */
	writer_init(&f, file, sizeof file);
	toy_seal(&f, COSE_FORM_CWT, &root, STATUS_LIST_TYPE, writer_span(&w));
	assert_int_equal(trust_list_open(writer_span(&f), &root, &toy_sigs,
	                         &space, &back),
	        HUFU_ERR_UNSUPPORTED);
}

static void never_goes_back(void **state)
{
	(void)state;
	uint8_t a[32] = {1}, b[32] = {2};
	assert_int_equal(trust_list_check_newer(5, a, 6, b), HUFU_OK);
	assert_int_equal(trust_list_check_newer(5, a, 5, a), HUFU_OK);
	assert_int_equal(trust_list_check_newer(5, a, 5, b), HUFU_ERR_CONFLICT);
	assert_int_equal(trust_list_check_newer(5, a, 4, a), HUFU_ERR_STALE);
}

static void finds_issuers_by_purpose(void **state)
{
	(void)state;
	make_list();
	const struct trust_issuer *i = list.issuers;
	struct span iss = i[0].iss;
	assert_ptr_equal(
	        trust_list_find(&list, TRUST_CARD, span_of(i[1].kid, 8)),
	        &i[1]);
	assert_null(trust_list_find(
	        &list, TRUST_STATUS_LIST, span_of(i[1].kid, 8)));
	assert_null(trust_list_find(&list, TRUST_CARD, span_of(i[1].kid, 7)));
	assert_ptr_equal(
	        trust_list_find_iss(&list, TRUST_CARD, iss, SIGCHECK_ES256),
	        &i[0]);
	assert_null(
	        trust_list_find_iss(&list, TRUST_CARD, iss, SIGCHECK_EDDSA));
	list.issuers[1] = make_issuer(COSE_CURVE_P256, 4, TRUST_CARD);
	assert_null(
	        trust_list_find_iss(&list, TRUST_CARD, iss, SIGCHECK_ES256));
}

enum { ENTRIES = 10000 };

static struct status_list make_status(uint8_t *map, uint8_t *packed)
{
	struct status_list t = {.address = span_of_text("https://a.example/3"),
	        .number = 3,
	        .sequence = 12,
	        .issued_s = 1500,
	        .expires_s = 1900,
	        .ttl_s = 60};
	uLongf len = 4096;
	srand(2);
	memset(map, 0, ENTRIES / 4);
	for (uint32_t i = 0; i < ENTRIES; i += 1 + (uint32_t)rand() % 100)
		status_list_put(map, i, (enum status_value)(1 + i % 2));
	assert_int_equal(compress2(packed, &len, map, ENTRIES / 4, 9), Z_OK);
	t.packed = span_of(packed, len);
	return t;
}

static void carries_the_status_list(void **state)
{
	(void)state;
	static uint8_t map[ENTRIES / 4], packed[4096], out[ENTRIES / 4];
	static uint8_t payload[4096], file[5000], tbs[5000];
	struct writer w, f, space;
	struct status_list t = make_status(map, packed), got = {0};
	struct cose_key key;

	make_list();
	key = list.issuers[2].key;
	writer_init(&w, payload, sizeof payload);
	status_list_encode(&w, &t);
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(
	        cbor_check(writer_span(&w), CBOR_DETERMINISTIC), HUFU_OK);
	writer_init(&f, file, sizeof file);
	toy_seal(&f, COSE_FORM_CWT, &key, STATUS_LIST_TYPE, writer_span(&w));
	writer_init(&space, tbs, sizeof tbs);
	assert_int_equal(status_list_open(writer_span(&f), &list, &toy_sigs,
	                         &space, &got),
	        HUFU_OK);
	assert_true(span_equal(got.address, t.address));
	assert_true(span_equal(got.iss, list.issuers[2].iss));
	assert_int_equal(got.number, 3);
	assert_int_equal(got.sequence, 12);
	assert_int_equal(got.issued_s, 1500);
	assert_int_equal(got.expires_s, 1900);
	assert_int_equal(got.ttl_s, 60);
	assert_int_equal(
	        status_list_expand(&got, out, sizeof out - 1), HUFU_ERR_LIMIT);
	assert_int_equal(got.map.len, 0);
	assert_int_equal(status_list_expand(&got, out, sizeof out), HUFU_OK);
	assert_memory_equal(out, map, sizeof map);

	/* a card's key is not a list's key, nor is one out of its time */
	list.issuers[2].purpose = TRUST_CARD;
	assert_int_equal(status_list_open(writer_span(&f), &list, &toy_sigs,
	                         &space, &got),
	        HUFU_ERR_NOT_FOUND);
	list.issuers[2].purpose = TRUST_STATUS_LIST;
	list.issuers[2].valid_to_s = 1499;
	assert_int_equal(status_list_open(writer_span(&f), &list, &toy_sigs,
	                         &space, &got),
	        HUFU_ERR_NOT_FOUND);
	list.issuers[2].valid_to_s = 2000;
	file[f.len - 1] ^= 1;
	assert_int_equal(status_list_open(writer_span(&f), &list, &toy_sigs,
	                         &space, &got),
	        HUFU_ERR_SIGNATURE);
	for (size_t cut = 0; cut < w.len; cut++)
		assert_int_equal(
		        status_list_decode(span_of(payload, cut), &got),
		        HUFU_ERR_TRUNCATED);
}

static void finds_the_key_that_signs_now(void **state)
{
	(void)state;
	make_list();
	struct span iss = list.issuers[0].iss;
	int32_t alg = list.issuers[0].alg;
	list.issuer_count = 2;
	list.issuers[1] = list.issuers[0]; /* its successor */
	list.issuers[0].valid_from_s = 1000;
	list.issuers[0].valid_to_s = 2000;
	list.issuers[1].valid_from_s = 1500;
	list.issuers[1].valid_to_s = 3000;
#define CURRENT(time) trust_list_find_current(&list, TRUST_CARD, iss, alg, time)
	assert_null(CURRENT(999));
	assert_ptr_equal(CURRENT(1000), &list.issuers[0]);
	assert_ptr_equal(CURRENT(1499), &list.issuers[0]);
	assert_ptr_equal(CURRENT(1500), &list.issuers[1]);
	assert_ptr_equal(CURRENT(3000), &list.issuers[1]);
	assert_null(CURRENT(3001));
	assert_null(trust_list_find_current(
	        &list, TRUST_STATUS_LIST, iss, alg, 1500));
	assert_null(trust_list_find_current(
	        &list, TRUST_CARD, span_of_text("other"), alg, 1500));
	assert_null(trust_list_find_current(
	        &list, TRUST_CARD, iss, SIGCHECK_EDDSA, 1500));
}

/* draft-ietf-oauth-status-list section 4.1: two bits, lowest first. */
static void orders_bits_as_the_draft_does(void **state)
{
	(void)state;
	/* the draft's example of twelve entries: C9 44 F9 */
	static const uint8_t map[3] = {0xC9, 0x44, 0xF9};
	static const unsigned values[12] = {1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3};
	struct status_list t = {.map = span_of(map, sizeof map)};
	uint8_t made[3] = {0xFF, 0xFF, 0xFF};
	for (uint32_t i = 0; i < 12; i++) {
		enum status_value v = (enum status_value)77;
		int rc = status_list_find(&t, i, &v);
		assert_int_equal(
		        rc, values[i] == 3 ? HUFU_ERR_UNSUPPORTED : HUFU_OK);
		assert_int_equal(v, values[i] == 3 ? 77 : values[i]);
		status_list_put(made, i, (enum status_value)values[i]);
	}
	assert_memory_equal(made, map, sizeof map);
	enum status_value v = (enum status_value)77;
	assert_int_equal(status_list_find(&t, 12, &v), HUFU_ERR_LIMIT);
	assert_int_equal(status_list_find(&t, UINT32_MAX, &v), HUFU_ERR_LIMIT);
	assert_int_equal(v, 77);
}

static void refuses_status_lists_of_other_shapes(void **state)
{
	(void)state;
	static uint8_t map[ENTRIES / 4], packed[4096], payload[4096];
	struct status_list t = make_status(map, packed), got;
	struct writer w;
	writer_init(&w, payload, sizeof payload);
	status_list_encode(&w, &t);
	assert_int_equal(status_list_decode(writer_span(&w), &got), HUFU_OK);
	/* each bit of what is before the packed map */
	unsigned refused = 0;
	for (size_t bit = 0; bit < 8 * 8; bit++) {
		payload[bit / 8] ^= (uint8_t)(1 << bit % 8);
		refused += status_list_decode(writer_span(&w), &got) != HUFU_OK;
		payload[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_true(refused > 8);
	/* one bit an entry, well formed, is not for us */
	uint8_t *bits = payload;
	while (memcmp(bits,
	               "\x64"
	               "bits\x02",
	               6) != 0)
		bits++;
	bits[5] = 1;
	assert_int_equal(status_list_decode(writer_span(&w), &got),
	        HUFU_ERR_UNSUPPORTED);
	t.issued_s = t.expires_s + 1;
	writer_init(&w, payload, sizeof payload);
	status_list_encode(&w, &t);
	assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(carries_the_trust_list),
	        cmocka_unit_test(refuses_to_write_a_wrong_trust_list),
	        cmocka_unit_test(believes_no_kid_twice),
	        cmocka_unit_test(opens_only_what_the_root_signed),
	        cmocka_unit_test(never_goes_back),
	        cmocka_unit_test(finds_issuers_by_purpose),
	        cmocka_unit_test(carries_the_status_list),
	        cmocka_unit_test(finds_the_key_that_signs_now),
	        cmocka_unit_test(orders_bits_as_the_draft_does),
	        cmocka_unit_test(refuses_status_lists_of_other_shapes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
