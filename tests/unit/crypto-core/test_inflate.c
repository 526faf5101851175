#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <zlib.h>

#include "crypto/core/inflate.h"
#include "vector_file.h"

enum { PLAIN_MAX = 66000, PACKED_MAX = 80000 };

static uint8_t plain[PLAIN_MAX], packed[PACKED_MAX], out[PLAIN_MAX + 1];

/* Texts of five kinds, from noise to one long run. */
static void make_plain(size_t len)
{
	int kind = rand() % 5;
	for (size_t i = 0; i < len; i++) {
		int v = rand();
		if (kind == 0)
			plain[i] = (uint8_t)v;
		else if (kind == 1)
			plain[i] = (uint8_t)('a' + v % 3);
		else if (kind == 2)
			plain[i] = 0;
		else if (kind == 3 && i > 20 && v % 10)
			plain[i] = plain[i - 1 - (size_t)(v % 20)];
		else
			plain[i] = (uint8_t)(v % 40);
	}
}

/* Every level, window, memory and strategy of zlib. */
static size_t pack(size_t len)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, rand() % 10, Z_DEFLATED,
	                         9 + rand() % 7, 1 + rand() % 9, rand() % 5),
	        Z_OK);
	z.next_in = plain;
	z.avail_in = (uInt)len;
	z.next_out = packed;
	z.avail_out = sizeof packed;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size_t packed_len = z.total_out;
	assert_int_equal(deflateEnd(&z), Z_OK);
	return packed_len;
}

static void gives_back_what_zlib_packed(void **state)
{
	(void)state;
	srand(1950);
	for (int i = 0; i < 4000; i++) {
		size_t got = 7,
		       len = (size_t)(rand() % (i % 50 ? 3000 : PLAIN_MAX));
		make_plain(len);
		struct span in = span_of(packed, pack(len));
		assert_int_equal(inflate_zlib(in, out, len, &got), HUFU_OK);
		assert_int_equal(got, len);
		assert_memory_equal(out, plain, len);
		if (len == 0)
			continue;
		got = 7;
		assert_int_equal(
		        inflate_zlib(in, out, len - 1, &got), HUFU_ERR_LIMIT);
		assert_int_equal(got, 7);
	}
}

static void refuses_every_shortened_stream(void **state)
{
	(void)state;
	srand(1951);
	for (int i = 0; i < 60; i++) {
		size_t len = (size_t)(rand() % 600), got = 7;
		make_plain(len);
		size_t packed_len = pack(len);
		for (size_t cut = 0; cut < packed_len; cut++)
			assert_int_equal(inflate_zlib(span_of(packed, cut), out,
			                         PLAIN_MAX, &got),
			        HUFU_ERR_TRUNCATED);
		packed[packed_len] = 0;
		assert_int_equal(inflate_zlib(span_of(packed, packed_len + 1),
		                         out, PLAIN_MAX, &got),
		        HUFU_ERR_TRAILING);
		assert_int_equal(got, 7);
	}
}

/* zlib's own opinion: HUFU_OK only for exactly one whole stream. */
static bool zlib_accepts(size_t packed_len, size_t cap, size_t *ret_len)
{
	static uint8_t theirs[PLAIN_MAX + 1];
	z_stream z = {0};
	assert_int_equal(inflateInit(&z), Z_OK);
	z.next_in = packed;
	z.avail_in = (uInt)packed_len;
	z.next_out = theirs;
	z.avail_out = (uInt)cap;
	bool ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0;
	*ret_len = z.total_out;
	assert_int_equal(inflateEnd(&z), Z_OK);
	if (ok)
		assert_memory_equal(theirs, out, *ret_len);
	return ok;
}

/*
 * The header's window size is not judged here: our window is all of the
 * output. So it is left alone, and all else may change.
 */
static void agrees_with_zlib_on_damaged_streams(void **state)
{
	(void)state;
	unsigned accepted = 0;
	srand(1952);
	for (int i = 0; i < 30000; i++) {
		size_t len = (size_t)(rand() % 200), got = 0, theirs = 0;
		make_plain(len);
		size_t packed_len = pack(len);
		packed[0] = 0x78;
		packed[1] = 0x9C;
		for (int flips = rand() % 4; flips > 0 && packed_len > 6;
		        flips--)
			packed[2 + (size_t)rand() % (packed_len - 6)] ^=
			        (uint8_t)(1 << rand() % 8);
		/* where the checksum still fits, or would by luck */
		int rc = inflate_zlib(
		        span_of(packed, packed_len), out, PLAIN_MAX, &got);
		bool ok = zlib_accepts(packed_len, PLAIN_MAX, &theirs);
		if ((rc == HUFU_OK) != ok || (ok && got != theirs))
			fail_msg("case %d: %d, zlib %d", i, rc, ok);
		accepted += ok;
	}
	assert_true(accepted > 1000);
}

static void check_hex(const char *hex, int want)
{
	uint8_t in[64];
	size_t got = 7;
	struct span s = vector_hex(hex, in, sizeof in);
	int rc = inflate_zlib(s, out, 16, &got);
	if (rc != want)
		fail_msg("%s: %d, not %d", hex, rc, want);
	assert_true(want == HUFU_OK || got == 7);
}

static void names_what_is_wrong(void **state)
{
	(void)state;
	check_hex("789c 03 00 00000001", HUFU_OK); /* empty */
	check_hex("789c 01 0000 ffff 00000001", HUFU_OK); /* stored, empty */
	check_hex("", HUFU_ERR_TRUNCATED);
	check_hex("78", HUFU_ERR_TRUNCATED);
	check_hex("789d 03 00 00000001", HUFU_ERR_MALFORMED);
	check_hex("799c 03 00 00000001", HUFU_ERR_MALFORMED); /* not deflate */
	check_hex("881c 03 00 00000001", HUFU_ERR_MALFORMED); /* window */
	check_hex("78bb 03 00 00000001", HUFU_ERR_UNSUPPORTED); /* dictionary */
	check_hex("789c 07 00 00000001", HUFU_ERR_MALFORMED); /* block type 3 */
	check_hex("789c 01 0000 fffe 00000001", HUFU_ERR_MALFORMED);
	check_hex("789c 01 1100 eeff 0000000000000000000000000000000000",
	        HUFU_ERR_LIMIT);
	check_hex("789c 03 00 00000002", HUFU_ERR_MALFORMED); /* checksum */
	/* a match before the first byte: fixed code 257, distance 1 */
	check_hex("789c 03 02 00 00000001", HUFU_ERR_MALFORMED);
}

static double seconds_of(struct span in, size_t cap, int want)
{
	static uint8_t room[1 << 20];
	struct timespec a, b;
	size_t got;
	double best = 1;
	for (int i = 0; i < 5; i++) {
		clock_gettime(CLOCK_MONOTONIC, &a);
		assert_int_equal(inflate_zlib(in, room, cap, &got), want);
		clock_gettime(CLOCK_MONOTONIC, &b);
		double s = (double)(b.tv_sec - a.tv_sec) +
		           1e-9 * (double)(b.tv_nsec - a.tv_nsec);
		best = s < best ? s : best;
	}
	return best;
}

/* A real QR code brings at most 2864 bytes. */
enum { QR_BYTES_MAX = 2864 };

static void stops_bombs_within_a_millisecond(void **state)
{
	(void)state;
	static uint8_t zeros[1 << 20];
	uLongf len = sizeof packed;
	assert_int_equal(compress2(packed, &len, zeros, sizeof zeros, 9), Z_OK);
	assert_true(len < QR_BYTES_MAX);
	assert_true(
	        seconds_of(span_of(packed, len), 4096, HUFU_ERR_LIMIT) < 1e-3);

	/* as many empty fixed blocks as fit, 10 bits each: 0 10 0000000 */
	memset(packed, 0, QR_BYTES_MAX);
	packed[0] = 0x78;
	packed[1] = 0x9C;
	for (size_t bit = 16; bit + 10 < 8 * QR_BYTES_MAX; bit += 10)
		packed[(bit + 1) / 8] |= (uint8_t)(1 << (bit + 1) % 8);
	assert_true(seconds_of(span_of(packed, QR_BYTES_MAX), 4096,
	                    HUFU_ERR_TRUNCATED) < 1e-3);
}

/* Empty dynamic blocks, the dearest to begin. */
static void stops_table_bombs_within_a_millisecond(void **state)
{
	(void)state;
	z_stream z = {0};
	size_t at = 0;
	assert_int_equal(
	        deflateInit2(&z, 9, Z_DEFLATED, 15, 9, Z_HUFFMAN_ONLY), Z_OK);
	z.next_out = packed;
	z.avail_out = QR_BYTES_MAX;
	srand(3);
	make_plain(PLAIN_MAX);
	/* a block as soon as one is worth a table of its own */
	while (z.avail_out > 200 && at + 64 < PLAIN_MAX) {
		z.next_in = plain + at;
		z.avail_in = 48;
		at += 48;
		(void)deflate(&z, Z_PARTIAL_FLUSH); /* room is checked above */
	}
	size_t len = z.total_out;
	(void)deflateEnd(&z); /* it says that it was not finished */
	assert_true(seconds_of(span_of(packed, len), 1 << 20,
	                    HUFU_ERR_TRUNCATED) < 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(gives_back_what_zlib_packed),
	        cmocka_unit_test(refuses_every_shortened_stream),
	        cmocka_unit_test(agrees_with_zlib_on_damaged_streams),
	        cmocka_unit_test(names_what_is_wrong),
	        cmocka_unit_test(stops_bombs_within_a_millisecond),
	        cmocka_unit_test(stops_table_bombs_within_a_millisecond),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
