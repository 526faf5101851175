#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "vector_file.h"

static void check(const char *hex, enum cbor_rules rules, int want)
{
	uint8_t space[256];
	int rc = cbor_check(vector_hex(hex, space, sizeof space), rules);
	if (rc != want)
		fail_msg("%s: %d, not %d", hex, rc, want);
}

/* RFC 8949 appendix A, but for keys that are not integers or strings */
static void accepts_the_examples_of_rfc_8949(void **state)
{
	(void)state;
	static const char *const any[] = {"00", "01", "0a", "17", "1818",
	        "1819", "1864", "1903e8", "1a000f4240", "1b000000e8d4a51000",
	        "1bffffffffffffffff", "c249010000000000000000",
	        "3bffffffffffffffff", "20", "29", "3863", "3903e7", "f90000",
	        "f98000", "f93c00", "fb3ff199999999999a", "fa47c35000",
	        "f97e00", "f4", "f5", "f6", "f7", "f0", "f8ff",
	        "c074323031332d30332d32315432303a30343a30305a", "c11a514b67b0",
	        "d74401020304", "d818456449455446", "40", "4401020304", "60",
	        "6161", "6449455446", "62225c", "62c3bc", "63e6b0b4",
	        "64f0908591", "80", "83010203", "8301820203820405", "a0",
	        "a201020304", "a26161016162820203", "826161a161626163",
	        "5f42010243030405ff", "7f657374726561646d696e67ff", "9fff",
	        "9f018202039f0405ffff", "9f01820203820405ff",
	        "83018202039f0405ff", "83019f0203ff820405",
	        "bf61610161629f0203ffff", "826161bf61626163ff",
	        "bf6346756ef563416d7421ff"};
	for (size_t i = 0; i < sizeof any / sizeof any[0]; i++)
		check(any[i], CBOR_ANY, HUFU_OK);
}

/* RFC 8949 appendix F */
static void refuses_what_is_not_well_formed(void **state)
{
	(void)state;
	static const char *const truncated[] = {"", "18", "19", "1a", "1b",
	        "1901", "1a0102", "1b01020304050607", "38", "58", "78", "98",
	        "9a01ff00", "b8", "d8", "f8", "f900", "fa0000", "fb000000",
	        "41", "61", "5affffffff00", "5bffffffffffffffff010203",
	        "7affffffff00", "7b7fffffffffffffff010203", "81",
	        "818181818181818181", "8200", "a1", "a20102", "a100",
	        "a2000000", "c0", "5f4100", "7f6100", "9f", "9f0102", "bf",
	        "bf01020202", "819f", "9f8000", "9f9f9f9f9fffffffff",
	        "9f819f819f9fffffff", "9bffffffffffffffff",
	        "bbffffffffffffffff", "bb7fffffffffffffff0000"};
	static const char *const malformed[] = {"1c", "1d", "1e", "3c", "3d",
	        "3e", "5c", "5d", "5e", "7c", "7d", "7e", "9c", "9d", "9e",
	        "bc", "bd", "be", "dc", "dd", "de", "fc", "fd", "fe", "f800",
	        "f801", "f818", "f81f", "5f00ff", "5f21ff", "5f6100ff",
	        "5f80ff", "5fa0ff", "5fc000ff", "5fe0ff", "7f4100ff",
	        "5f5f4100ffff", "7f7f6100ffff", "ff", "81ff", "8200ff",
	        "a1ff00", "a100ff", "a20000ff00", "9f81ff",
	        "9f829f819f9fffffffff", "bf00ff", "bf000001ff", "1f", "3f",
	        "df", "dfff"};
	for (size_t i = 0; i < sizeof truncated / sizeof truncated[0]; i++)
		check(truncated[i], CBOR_ANY, HUFU_ERR_TRUNCATED);
	for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
		check(malformed[i], CBOR_ANY, HUFU_ERR_MALFORMED);
}

static void refuses_what_this_house_refuses(void **state)
{
	(void)state;
	check("0000", CBOR_ANY, HUFU_ERR_TRAILING);
	check("a1000000", CBOR_ANY, HUFU_ERR_TRAILING);
	/* the same key twice, also in other clothes */
	check("a201000100", CBOR_ANY, HUFU_ERR_DUPLICATE);
	check("a20100180100", CBOR_ANY, HUFU_ERR_DUPLICATE);
	check("a220003800 00", CBOR_ANY, HUFU_ERR_DUPLICATE);
	check("a2616100780161 00", CBOR_ANY, HUFU_ERR_DUPLICATE);
	check("bf61610002006161f6ff", CBOR_ANY, HUFU_ERR_DUPLICATE);
	check("a301a20000000000 0200", CBOR_ANY, HUFU_ERR_DUPLICATE);
	/* but not where the maps or the types differ */
	check("a201a101020201", CBOR_ANY, HUFU_OK);
	check("a3010020004101 00", CBOR_ANY, HUFU_OK);
	check("a2616100416100", CBOR_ANY, HUFU_OK);
	/* other kinds of keys */
	check("a18000", CBOR_ANY, HUFU_ERR_UNSUPPORTED);
	check("a1f500", CBOR_ANY, HUFU_ERR_UNSUPPORTED);
	check("a1c00000", CBOR_ANY, HUFU_ERR_UNSUPPORTED);
	check("bf5f4100ff00ff", CBOR_ANY, HUFU_ERR_UNSUPPORTED);
	/* text that is none, also in a chunk and in a key */
	check("62c328", CBOR_ANY, HUFU_ERR_MALFORMED);
	check("61ff", CBOR_ANY, HUFU_ERR_MALFORMED);
	check("7f61c361bcff", CBOR_ANY, HUFU_ERR_MALFORMED);
	check("a161ff00", CBOR_ANY, HUFU_ERR_MALFORMED);
}

static void judges_deterministic_encoding(void **state)
{
	(void)state;
	static const char *const good[] = {"00", "17", "1818", "190100",
	        "1a00010000", "1b0000000100000000", "f5", "a0",
	        "a3 00 00 18 18 00 20 00", "a2 61 7a 00 62 61 61 00",
	        "a2 41 61 00 61 61 00", "d8 18 41 00"};
	static const char *const bad[] = {"1800", "1817", "190001", "1900ff",
	        "1a00000001", "1a0000ffff", "1b00000000ffffffff", "5800",
	        "7800", "9800", "b800", "d80000", "5fff", "7fff", "9fff",
	        "bfff", "a2 01 00 00 00", "a2 62 61 61 00 61 7a 00",
	        "a2 20 00 00 00", "a2 61 62 00 61 61 00"};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		check(good[i], CBOR_DETERMINISTIC, HUFU_OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		check(bad[i], CBOR_ANY, HUFU_OK);
		check(bad[i], CBOR_DETERMINISTIC, HUFU_ERR_MALFORMED);
	}
	check("a2 01 00 01 00", CBOR_DETERMINISTIC, HUFU_ERR_DUPLICATE);
	check("f93c00", CBOR_DETERMINISTIC, HUFU_ERR_UNSUPPORTED);
}

static int check_nested(const char *open, unsigned depth, uint8_t inner)
{
	uint8_t in[600];
	size_t len = 0, step = strlen(open);
	for (unsigned i = 0; i < depth; i++) {
		memcpy(in + len, open, step);
		len += step;
	}
	in[len++] = inner;
	return cbor_check(span_of(in, len), CBOR_ANY);
}

static void stops_at_the_depth_limit(void **state)
{
	(void)state;
	assert_int_equal(check_nested("\x81", CBOR_MAX_DEPTH, 0), HUFU_OK);
	assert_int_equal(
	        check_nested("\x81", CBOR_MAX_DEPTH + 1, 0), HUFU_ERR_LIMIT);
	assert_int_equal(check_nested("\xC1", CBOR_MAX_DEPTH, 0), HUFU_OK);
	assert_int_equal(
	        check_nested("\xC1", CBOR_MAX_DEPTH + 1, 0), HUFU_ERR_LIMIT);
	assert_int_equal(check_nested("\xA1\x01", CBOR_MAX_DEPTH, 0), HUFU_OK);
	assert_int_equal(check_nested("\xA1\x01", CBOR_MAX_DEPTH + 1, 0),
	        HUFU_ERR_LIMIT);
	assert_int_equal(check_nested("\x9F", 500, 0xFF), HUFU_ERR_LIMIT);
	assert_int_equal(check_nested("\xBF\x01", 200, 0xFF), HUFU_ERR_LIMIT);
}

/* A map of `pairs` distinct numbers, falling, so that nothing is sorted. */
static void put_falling_map(struct writer *w, unsigned pairs)
{
	cbor_put_map(w, pairs);
	for (unsigned i = pairs; i > 0; i--) {
		cbor_put_uint(w, i);
		cbor_put_uint(w, 0);
	}
}

static void counts_the_pairs_of_a_map(void **state)
{
	(void)state;
	uint8_t space[4096];
	struct writer w;
	writer_init(&w, space, sizeof space);
	put_falling_map(&w, CBOR_MAX_MAP_PAIRS);
	assert_int_equal(cbor_check(writer_span(&w), CBOR_ANY), HUFU_OK);
	writer_init(&w, space, sizeof space);
	put_falling_map(&w, CBOR_MAX_MAP_PAIRS + 1);
	assert_int_equal(cbor_check(writer_span(&w), CBOR_ANY), HUFU_ERR_LIMIT);
}

static double seconds_of(struct span in, int want)
{
	double best = 1;
	for (int i = 0; i < 5; i++) {
		struct timespec a, b;
		clock_gettime(CLOCK_MONOTONIC, &a);
		assert_int_equal(cbor_check(in, CBOR_ANY), want);
		clock_gettime(CLOCK_MONOTONIC, &b);
		double s = (double)(b.tv_sec - a.tv_sec) +
		           1e-9 * (double)(b.tv_nsec - a.tv_nsec);
		best = s < best ? s : best;
	}
	return best;
}

static void judges_the_worst_maps_within_a_millisecond(void **state)
{
	(void)state;
	uint8_t space[4096];
	struct writer w;
	/* as many full maps as 4 KiB hold, side by side */
	writer_init(&w, space, sizeof space);
	cbor_put_array(&w, 4);
	for (unsigned i = 0; i < 4; i++)
		put_falling_map(&w, CBOR_MAX_MAP_PAIRS);
	assert_int_equal(w.error, HUFU_OK);
	assert_true(seconds_of(writer_span(&w), HUFU_OK) < 1e-3);

	/* maps in maps, the last value of each, 20 keys a level */
	writer_init(&w, space, sizeof space);
	for (unsigned level = 0; level < 15; level++) {
		cbor_put_map(&w, 21);
		for (unsigned i = 0; i < 20; i++) {
			cbor_put_int(&w, -1 - (int)i);
			cbor_put_uint(&w, 0);
		}
		cbor_put_uint(&w, 0);
	}
	cbor_put_uint(&w, 0);
	assert_true(seconds_of(writer_span(&w), HUFU_OK) < 1e-3);
}

static void writes_the_shortest_form(void **state)
{
	(void)state;
	uint8_t space[128], want_space[128];
	struct writer w;
	writer_init(&w, space, sizeof space);
	cbor_put_array(&w, 14);
	cbor_put_uint(&w, 23);
	cbor_put_uint(&w, 24);
	cbor_put_uint(&w, 255);
	cbor_put_uint(&w, 256);
	cbor_put_uint(&w, 65536);
	cbor_put_uint(&w, UINT64_MAX);
	cbor_put_int(&w, -1);
	cbor_put_int(&w, INT64_MIN);
	cbor_put_bytes(&w, span_of("\x01", 1));
	cbor_put_text(&w, span_of_text("水"));
	cbor_put_bool(&w, true);
	cbor_put_null(&w);
	cbor_put_tag(&w, 24);
	cbor_put_map(&w, 0);
	cbor_put_int(&w, 500);
	struct span want = vector_hex("8e 17 1818 18ff 190100 1a00010000"
	                              "1bffffffffffffffff 20 3b7fffffffffffffff"
	                              "4101 63e6b0b4 f5 f6 d818a0 1901f4",
	        want_space, sizeof want_space);
	assert_true(span_equal(writer_span(&w), want));
	assert_int_equal(cbor_check(want, CBOR_DETERMINISTIC), HUFU_OK);
}

static void reads_typed_items(void **state)
{
	(void)state;
	uint8_t space[64];
	struct reader r;
	reader_init(&r, vector_hex("8a 1903e8 3863 4101 6161 f5 f4 f6 c1 05"
	                           "9f 01 ff bf 01 02 ff",
	                        space, sizeof space));
	size_t left = cbor_get_array(&r);
	assert_int_equal(left, 10);
	assert_int_equal(cbor_get_uint(&r), 1000);
	assert_int_equal(cbor_get_int(&r), -100);
	assert_true(span_is_text(cbor_get_bytes(&r), "\x01"));
	assert_true(span_is_text(cbor_get_text(&r), "a"));
	assert_true(cbor_get_bool(&r));
	assert_false(cbor_get_bool(&r));
	cbor_get_null(&r);
	assert_int_equal(cbor_peek(&r), CBOR_TAG);
	assert_int_equal(cbor_get_tag(&r), 1);
	assert_int_equal(cbor_get_int(&r), 5);
	left = cbor_get_array(&r);
	assert_true(left == CBOR_INDEFINITE);
	assert_true(cbor_next(&r, &left));
	assert_int_equal(cbor_get_uint(&r), 1);
	assert_false(cbor_next(&r, &left));
	assert_false(cbor_next(&r, &left));
	left = cbor_get_map(&r);
	assert_true(cbor_next(&r, &left));
	assert_int_equal(cbor_get_label(&r), 1);
	assert_int_equal(cbor_get_item(&r).len, 1);
	assert_false(cbor_next(&r, &left));
	assert_int_equal(reader_done(&r), HUFU_OK);
	assert_int_equal(cbor_peek(&r), CBOR_END);
}

static void refuses_the_wrong_type(void **state)
{
	(void)state;
	uint8_t space[16];
	struct reader r;
#define REFUSES(hex, call)                                                     \
	do {                                                                   \
		reader_init(&r, vector_hex(hex, space, sizeof space));         \
		(void)call;                                                    \
		assert_int_equal(r.error, HUFU_ERR_MALFORMED);                 \
	} while (0)
	REFUSES("20", cbor_get_uint(&r));
	REFUSES("6100", cbor_get_int(&r));
	REFUSES("1b8000000000000000", cbor_get_int(&r));
	REFUSES("3b8000000000000000", cbor_get_int(&r));
	REFUSES("6161", cbor_get_bytes(&r));
	REFUSES("4161", cbor_get_text(&r));
	REFUSES("5f4100ff", cbor_get_bytes(&r));
	REFUSES("7f6161ff", cbor_get_text(&r));
	REFUSES("a0", cbor_get_array(&r));
	REFUSES("80", cbor_get_map(&r));
	REFUSES("00", cbor_get_tag(&r));
	REFUSES("f6", cbor_get_bool(&r));
	REFUSES("f5", (cbor_get_null(&r), 0));
#undef REFUSES
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(accepts_the_examples_of_rfc_8949),
	        cmocka_unit_test(refuses_what_is_not_well_formed),
	        cmocka_unit_test(refuses_what_this_house_refuses),
	        cmocka_unit_test(judges_deterministic_encoding),
	        cmocka_unit_test(stops_at_the_depth_limit),
	        cmocka_unit_test(counts_the_pairs_of_a_map),
	        cmocka_unit_test(judges_the_worst_maps_within_a_millisecond),
	        cmocka_unit_test(writes_the_shortest_form),
	        cmocka_unit_test(reads_typed_items),
	        cmocka_unit_test(refuses_the_wrong_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
