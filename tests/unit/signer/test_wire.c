#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "host/signer/wire.h"

static struct span encode(
        const struct wire_request *r, uint8_t *space, size_t cap)
{
	struct writer w;

	writer_init(&w, space, cap);
	wire_encode_request(&w, r);
	assert_int_equal(w.error, HUFU_OK);
	return writer_span(&w);
}

static struct wire_request session_request(void)
{
	static const char note[] = "note";
	static const uint8_t entry[] = {1, 2, 3};
	struct wire_request r = {.type = WIRE_SESSION,
	        .index = 300,
	        .entry = {entry, sizeof(entry)},
	        .note = span_of_text(note),
	        .key_version = 0x30,
	        .path = {.count = 2}};

	memset(r.salt, 0x11, sizeof(r.salt));
	memset(r.serial, 0x22, sizeof(r.serial));
	memset(r.host_challenge, 0x33, 8);
	memset(r.card_challenge, 0x44, 8);
	memset(r.card_cryptogram, 0x55, 8);
	memset(r.sequence, 0x66, 3);
	memset(r.path.hash[0], 0x77, 32);
	memset(r.path.hash[1], 0x78, 32);
	return r;
}

static void writes_health_as_documented(void **state)
{
	static const uint8_t want[] = {0xA2, 0x00, 0x01, 0x01, 0x01};
	struct wire_request r = {.type = WIRE_HEALTH};
	uint8_t space[16];
	struct span s = encode(&r, space, sizeof(space));

	(void)state;
	assert_int_equal(s.len, sizeof(want));
	assert_memory_equal(s.data, want, sizeof(want));
}

static void reads_back_every_field(void **state)
{
	struct wire_request r = session_request(), got;
	uint8_t space[1024];
	struct span s = encode(&r, space, sizeof(space));

	(void)state;
	assert_int_equal(wire_decode_request(s, &got), HUFU_OK);
	assert_int_equal(got.type, WIRE_SESSION);
	assert_int_equal(got.index, 300);
	assert_true(span_equal(got.entry, r.entry));
	assert_true(span_equal(got.note, r.note));
	assert_memory_equal(got.salt, r.salt, sizeof(r.salt));
	assert_memory_equal(got.serial, r.serial, sizeof(r.serial));
	assert_int_equal(got.key_version, 0x30);
	assert_memory_equal(got.host_challenge, r.host_challenge, 8);
	assert_memory_equal(got.card_challenge, r.card_challenge, 8);
	assert_memory_equal(got.card_cryptogram, r.card_cryptogram, 8);
	assert_memory_equal(got.sequence, r.sequence, 3);
	assert_int_equal(got.path.count, 2);
	assert_memory_equal(got.path.hash, r.path.hash, 64);
}

static void refuses_every_shortened_request(void **state)
{
	struct wire_request r = session_request(), got;
	uint8_t space[1024];
	struct span s = encode(&r, space, sizeof(space));

	(void)state;
	for (size_t len = 0; len < s.len; len++)
		assert_int_not_equal(
		        wire_decode_request(span_of(s.data, len), &got),
		        HUFU_OK);
	space[s.len] = 0;
	assert_int_equal(wire_decode_request(span_of(space, s.len + 1), &got),
	        HUFU_ERR_TRAILING);
}

static int decode_bytes(const char *bytes, size_t len)
{
	struct wire_request got;

	return wire_decode_request(span_of(bytes, len), &got);
}

static void refuses_foreign_shapes(void **state)
{
	(void)state;
	/* no version, version 2, type 0, type 9 */
	assert_int_equal(decode_bytes("\xA1\x01\x01", 3), HUFU_ERR_MALFORMED);
	assert_int_equal(
	        decode_bytes("\xA2\x00\x02\x01\x01", 5), HUFU_ERR_UNSUPPORTED);
	assert_int_equal(
	        decode_bytes("\xA2\x00\x01\x01\x00", 5), HUFU_ERR_UNSUPPORTED);
	assert_int_equal(
	        decode_bytes("\xA2\x00\x01\x01\x09", 5), HUFU_ERR_UNSUPPORTED);
	/* health with a key more; signed without its key */
	assert_int_equal(decode_bytes("\xA3\x00\x01\x01\x01\x02\x00", 7),
	        HUFU_ERR_MALFORMED);
	assert_int_equal(
	        decode_bytes("\xA2\x00\x01\x01\x08", 5), HUFU_ERR_MALFORMED);
	/* keys out of order, a long form of 1, an array */
	assert_int_not_equal(decode_bytes("\xA2\x01\x01\x00\x01", 5), HUFU_OK);
	assert_int_not_equal(
	        decode_bytes("\xA2\x00\x18\x01\x01\x01", 6), HUFU_OK);
	assert_int_not_equal(decode_bytes("\x84\x00\x01\x01\x01", 5), HUFU_OK);
	assert_int_not_equal(decode_bytes("", 0), HUFU_OK);
}

static void refuses_fields_of_wrong_length(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} paths[] = {
	        /* type 4: size 1, root of 31 bytes */
	        {"\xA5\x00\x01\x01\x04\x02\x01\x03\x58\x1f", 10},
	};
	uint8_t space[256];
	struct writer w;
	struct wire_request got;

	(void)state;
	for (size_t root = 31; root <= 33; root += 2) {
		writer_init(&w, space, sizeof(space));
		writer_put(&w, paths[0].bytes, 8);
		cbor_put_bytes_head(&w, root);
		for (size_t i = 0; i < root; i++)
			writer_put_u8(&w, 0);
		writer_put(&w, "\x04\x40", 2);
		assert_int_equal(wire_decode_request(writer_span(&w), &got),
		        HUFU_ERR_MALFORMED);
	}
	/* a proof that is no whole number of hashes */
	writer_init(&w, space, sizeof(space));
	writer_put(&w, paths[0].bytes, 8);
	cbor_put_bytes_head(&w, 32);
	for (size_t i = 0; i < 32; i++)
		writer_put_u8(&w, 0);
	writer_put(&w, "\x04\x41\x00", 3);
	assert_int_equal(
	        wire_decode_request(writer_span(&w), &got), HUFU_ERR_MALFORMED);
}

static void refuses_entries_past_their_limit(void **state)
{
	static uint8_t space[8192], big[LOG_ENTRY_MAX + 1];
	struct wire_request r = session_request(), got;

	(void)state;
	r.entry = span_of(big, LOG_ENTRY_MAX);
	assert_int_equal(
	        wire_decode_request(encode(&r, space, sizeof(space)), &got),
	        HUFU_OK);
	r.entry.len++;
	assert_int_equal(
	        wire_decode_request(encode(&r, space, sizeof(space)), &got),
	        HUFU_ERR_LIMIT);
}

static void reads_back_answers(void **state)
{
	static struct wire_answer a, got;
	static uint8_t space[WIRE_SMALL_MAX];
	struct writer w;

	(void)state;
	a = (struct wire_answer){.record_count = SIGNER_RECORDS_MAX};
	for (uint32_t i = 0; i < SIGNER_RECORDS_MAX; i++)
		a.records[i] = (struct signer_record){
		        UINT64_MAX - i, UINT32_MAX - i, i};
	writer_init(&w, space, sizeof(space));
	wire_encode_answer(&w, WIRE_SIGNED, &a);
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(wire_decode_answer(writer_span(&w), WIRE_SIGNED, &got),
	        HUFU_OK);
	assert_memory_equal(&a, &got, sizeof(a));
	/* the answer to another question is not taken */
	assert_int_not_equal(
	        wire_decode_answer(writer_span(&w), WIRE_CARD, &got), HUFU_OK);
}

static void reads_back_refusals(void **state)
{
	struct wire_answer *a = calloc(2, sizeof(*a));
	uint8_t space[256];
	struct writer w;

	(void)state;
	assert_non_null(a);
	a->code = HUFU_ERR_STALE;
	memcpy(a->why, "why", 4);
	writer_init(&w, space, sizeof(space));
	wire_encode_answer(&w, WIRE_CARD, a);
	assert_int_equal(
	        wire_decode_answer(writer_span(&w), WIRE_CARD, a + 1), HUFU_OK);
	assert_int_equal(a[1].code, HUFU_ERR_STALE);
	assert_string_equal(a[1].why, "why");
	/* a code nobody knows */
	assert_int_equal(
	        wire_decode_answer(span_of("\xA2\x00\x38\x63\x01\x60", 6),
	                WIRE_CARD, a + 1),
	        HUFU_ERR_MALFORMED);
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(writes_health_as_documented),
	        cmocka_unit_test(reads_back_every_field),
	        cmocka_unit_test(refuses_every_shortened_request),
	        cmocka_unit_test(refuses_foreign_shapes),
	        cmocka_unit_test(refuses_fields_of_wrong_length),
	        cmocka_unit_test(refuses_entries_past_their_limit),
	        cmocka_unit_test(reads_back_answers),
	        cmocka_unit_test(reads_back_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
