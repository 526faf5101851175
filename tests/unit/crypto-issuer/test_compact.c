#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"
#include "crypto/core/compact_merge.h"
#include "crypto/core/compact_walk.h"
#include "crypto/issuer/compact_build.h"
#include "crypto/openssl/sigs.h"
#include "tests/unit/crypto-issuer/sample.h"

enum {
	ENTRIES = 12000,
	MAP_LEN = ENTRIES / 4,
	FILE_MAX = 1 << 16,
	SKIPS_MAX = 1 << 10,
};

struct shelf { /* one published list as a verifier has it */
	uint8_t bytes[FILE_MAX];
	struct span file;
	struct compact_list list;
};

static struct sample *s;
static struct sample_verifier *v;

static int set_up(void **state)
{
	(void)state;
	s = sample_new(SUITE_INTL);
	v = sample_verifier_new(s);
	return 0;
}

static int set_up_sm(void **state)
{
	(void)state;
	s = sample_new(SUITE_SM);
	v = sample_verifier_new(s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(v);
	sample_free(s);
	return 0;
}

static struct compact_list head_of(uint64_t base, uint64_t sequence)
{
	return (struct compact_list){.suite = s->suite,
	        .iss = span_of_text(SAMPLE_ISS),
	        .number = SAMPLE_LIST,
	        .entries = ENTRIES,
	        .base = base,
	        .sequence = sequence,
	        .issued_s = SAMPLE_NOW_S + (int64_t)sequence,
	        .expires_s = SAMPLE_NOW_S + 86400};
}

static int open_file(struct span file, struct compact_list *ret)
{
	uint8_t space[COMPACT_LIST_SPACE];
	struct writer w;
	writer_init(&w, space, sizeof space);
	return compact_list_open(file, &v->trust, sigs_openssl(), &w, ret);
}

static void seal(struct shelf *f, const struct compact_list *t,
        const struct signing_key *key, struct span body)
{
	uint8_t space[COMPACT_LIST_SPACE], sig[SIGNING_KEY_SIG_LEN];
	struct writer w;
	uint8_t *file;
	size_t len;
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        compact_build_tbs(t, signing_key_public(key), &w), HUFU_OK);
	assert_int_equal(signing_key_sign(key, writer_span(&w), sig), HUFU_OK);
	assert_int_equal(compact_build_file(writer_span(&w),
	                         span_of(sig, sizeof sig), body, &file, &len),
	        HUFU_OK);
	assert_true(len <= sizeof f->bytes);
	memcpy(f->bytes, file, len);
	f->file = span_of(f->bytes, len);
	free(file);
}

static void publish_snapshot(
        struct shelf *f, const uint8_t *map, uint64_t sequence)
{
	struct compact_list t = head_of(0, sequence);
	uint8_t *body;
	assert_int_equal(
	        compact_build_snapshot(&t, span_of(map, MAP_LEN), &body),
	        HUFU_OK);
	seal(f, &t, s->list, span_of(body, compact_list_body_len(&t)));
	free(body);
	assert_int_equal(open_file(f->file, &f->list), HUFU_OK);
}

static void publish_delta(struct shelf *f, const struct compact_change *c,
        size_t count, uint64_t base, uint64_t sequence)
{
	struct compact_list t = head_of(base, sequence);
	uint8_t *body;
	assert_int_equal(compact_build_delta(&t, c, count, &body), HUFU_OK);
	seal(f, &t, s->list, span_of(body, compact_list_body_len(&t)));
	free(body);
	assert_int_equal(open_file(f->file, &f->list), HUFU_OK);
}

/* One entry in `apart` on the average, of all values. */
static void fill(uint8_t *map, unsigned apart)
{
	memset(map, 0, MAP_LEN);
	for (uint32_t i = 0; i < ENTRIES; i++)
		if ((unsigned)rand() % apart == 0)
			status_list_put(map, i,
			        rand() % 4 ? STATUS_INVALID : STATUS_SUSPENDED);
}

/* Changes some entries of the map and says which. */
static size_t change(uint8_t *map, unsigned apart, struct compact_change *ret)
{
	size_t n = 0;
	for (uint32_t i = 0; i < ENTRIES; i++) {
		if ((unsigned)rand() % apart != 0)
			continue;
		ret[n].index = i;
		ret[n].value = (enum status_value)(rand() % 3);
		status_list_put(map, i, ret[n++].value);
	}
	return n;
}

static void assert_same(const struct status_list *t, const uint8_t *map)
{
	const struct status_list plain = {.map = span_of(map, MAP_LEN)};
	for (uint32_t i = 0; i < ENTRIES; i++) {
		enum status_value got, want;
		assert_int_equal(status_list_find(t, i, &got), HUFU_OK);
		assert_int_equal(status_list_find(&plain, i, &want), HUFU_OK);
		assert_int_equal(got, want);
	}
	enum status_value none = STATUS_VALID;
	assert_int_equal(status_list_find(t, ENTRIES, &none), HUFU_ERR_LIMIT);
	assert_int_equal(
	        status_list_find(t, UINT32_MAX, &none), HUFU_ERR_LIMIT);
}

static const unsigned densities[] = {1, 2, 5, 100, 5000, 1000000};

static void snapshot_is_the_bit_map(void **state)
{
	(void)state;
	static struct shelf f;
	static uint8_t map[MAP_LEN], got[MAP_LEN];
	static struct compact_skip skips[SKIPS_MAX];
	srand(1);
	for (size_t d = 0; d < sizeof densities / sizeof *densities; d++) {
		struct status_list t, coded;
		fill(map, densities[d]);
		publish_snapshot(&f, map, 10);
		assert_int_equal(
		        compact_list_expand(&f.list, got, sizeof got - 1, &t),
		        HUFU_ERR_LIMIT);
		assert_int_equal(
		        compact_list_expand(&f.list, got, sizeof got, &t),
		        HUFU_OK);
		assert_memory_equal(got, map, sizeof map);
		assert_int_equal(t.sequence, 10);
		assert_int_equal(t.issued_s, SAMPLE_NOW_S + 10);
		assert_true(span_equal(t.iss, span_of_text(SAMPLE_ISS)));
		size_t need = compact_list_skips(&f.list);
		assert_true(need <= SKIPS_MAX);
		if (need > 0)
			assert_int_equal(compact_list_index(&f.list, skips,
			                         need - 1, &coded),
			        HUFU_ERR_SPACE);
		assert_int_equal(
		        compact_list_index(&f.list, skips, need, &coded),
		        HUFU_OK);
		assert_same(&coded, map);
	}
}

struct flash {
	uint8_t bytes[FILE_MAX];
	size_t len;
	size_t puts_left; /* then it fails */
};

static int put_flash(void *ctx, struct span bytes)
{
	struct flash *f = ctx;
	if (f->puts_left-- == 0)
		return HUFU_ERR_FULL;
	assert_true(f->len + bytes.len <= sizeof f->bytes);
	memcpy(&f->bytes[f->len], bytes.data, bytes.len);
	f->len += bytes.len;
	return HUFU_OK;
}

/* As a terminal does it: claims and body kept apart, read back later. */
static void merge_to_flash(const struct compact_list *snapshot,
        const struct compact_list *delta, struct flash *flash,
        uint8_t claims[COMPACT_LIST_CLAIMS_MAX], struct compact_list *ret)
{
	struct compact_sink sink = {put_flash, flash};
	struct compact_list merged;
	struct writer w;
	flash->len = 0;
	flash->puts_left = SIZE_MAX;
	assert_int_equal(
	        compact_list_merge(snapshot, delta, &sink, &merged), HUFU_OK);
	assert_int_equal(flash->len, compact_list_body_len(&merged));
	assert_true(flash->len <= compact_list_merged_max(snapshot, delta));
	writer_init(&w, claims, COMPACT_LIST_CLAIMS_MAX);
	compact_list_encode(&w, &merged);
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(compact_list_decode(writer_span(&w), ret), HUFU_OK);
	assert_int_equal(
	        compact_list_attach(ret, span_of(flash->bytes, flash->len)),
	        HUFU_OK);
}

static void delta_turns_one_map_into_the_next(void **state)
{
	(void)state;
	static struct shelf f, d;
	static uint8_t map[MAP_LEN], got[MAP_LEN];
	static struct compact_change changes[ENTRIES];
	static struct compact_skip skips[SKIPS_MAX];
	static struct flash flash;
	uint8_t claims[COMPACT_LIST_CLAIMS_MAX];
	srand(2);
	for (unsigned n = 0; n < 36; n++) {
		struct status_list t, coded;
		struct compact_list merged;
		fill(map, densities[n % 6]);
		publish_snapshot(&f, map, 10);
		assert_int_equal(
		        compact_list_expand(&f.list, got, sizeof got, &t),
		        HUFU_OK);
		size_t count = change(map, densities[n / 6], changes);
		publish_delta(&d, changes, count, 10, 20);
		/* twice: it fits every state up to its own */
		for (int twice = 0; twice < 2; twice++) {
			assert_int_equal(
			        compact_list_apply(&d.list, got, &t), HUFU_OK);
			assert_memory_equal(got, map, sizeof map);
			assert_int_equal(t.sequence, 20);
		}
		merge_to_flash(&f.list, &d.list, &flash, claims, &merged);
		assert_int_equal(merged.sequence, 20);
		assert_int_equal(merged.issued_s, SAMPLE_NOW_S + 20);
		assert_int_equal(
		        compact_list_index(&merged, skips, SKIPS_MAX, &coded),
		        HUFU_OK);
		assert_same(&coded, map);
	}
}

static void deltas_of_one_day_replace_each_other(void **state)
{
	(void)state;
	static struct shelf f, first, second;
	static uint8_t map[MAP_LEN], got[MAP_LEN];
	static const struct compact_change morning[] = {
	        {5, STATUS_SUSPENDED}, {9, STATUS_INVALID}};
	/* 5 is back at what it was in the snapshot, and still named */
	static const struct compact_change evening[] = {
	        {5, STATUS_VALID}, {7, STATUS_INVALID}, {9, STATUS_INVALID}};
	struct status_list t;
	enum status_value value;
	publish_snapshot(&f, map, 10);
	publish_delta(&first, morning, 2, 10, 11);
	publish_delta(&second, evening, 3, 10, 12);
	assert_int_equal(
	        compact_list_expand(&f.list, got, sizeof got, &t), HUFU_OK);
	assert_int_equal(compact_list_apply(&first.list, got, &t), HUFU_OK);
	assert_int_equal(status_list_find(&t, 5, &value), HUFU_OK);
	assert_int_equal(value, STATUS_SUSPENDED);
	assert_int_equal(compact_list_apply(&second.list, got, &t), HUFU_OK);
	assert_int_equal(status_list_find(&t, 5, &value), HUFU_OK);
	assert_int_equal(value, STATUS_VALID);
	assert_int_equal(status_list_find(&t, 7, &value), HUFU_OK);
	assert_int_equal(value, STATUS_INVALID);
	/* an older one does not bring the morning back */
	assert_int_equal(
	        compact_list_apply(&first.list, got, &t), HUFU_ERR_STALE);
	assert_int_equal(t.sequence, 12);
	assert_int_equal(status_list_find(&t, 5, &value), HUFU_OK);
	assert_int_equal(value, STATUS_VALID);
}

static void refuses_a_delta_of_another_base_or_list(void **state)
{
	(void)state;
	static struct shelf f, d;
	static uint8_t map[MAP_LEN], got[MAP_LEN], was[MAP_LEN];
	static const struct compact_change c[] = {{1, STATUS_INVALID}};
	static struct flash flash = {.puts_left = SIZE_MAX};
	struct compact_sink sink = {put_flash, &flash};
	struct compact_list merged = {.number = 77}, other;
	struct status_list t;
	fill(map, 50);
	publish_snapshot(&f, map, 10);
	publish_delta(&d, c, 1, 11, 12);
	assert_int_equal(
	        compact_list_expand(&f.list, got, sizeof got, &t), HUFU_OK);
	memcpy(was, got, sizeof was);
	assert_int_equal(
	        compact_list_apply(&d.list, got, &t), HUFU_ERR_CONFLICT);
	assert_int_equal(compact_list_merge(&f.list, &d.list, &sink, &merged),
	        HUFU_ERR_CONFLICT);
	publish_delta(&d, c, 1, 10, 12);
	other = d.list;
	other.number++;
	assert_int_equal(
	        compact_list_apply(&other, got, &t), HUFU_ERR_CONFLICT);
	other = d.list;
	other.iss = span_of_text("https://other.example.invalid");
	assert_int_equal(
	        compact_list_apply(&other, got, &t), HUFU_ERR_CONFLICT);
	other = d.list;
	other.entries += 4;
	assert_int_equal(
	        compact_list_apply(&other, got, &t), HUFU_ERR_CONFLICT);
	assert_int_equal(compact_list_merge(&f.list, &other, &sink, &merged),
	        HUFU_ERR_CONFLICT);
	assert_int_equal(
	        compact_list_apply(&f.list, got, &t), HUFU_ERR_ARGUMENT);
	assert_int_equal(compact_list_expand(&d.list, got, sizeof got, &t),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(flash.len, 0);
	assert_int_equal(merged.number, 77);
	assert_int_equal(t.sequence, 10);
	assert_memory_equal(got, was, sizeof was);
}

static void merge_ends_when_the_flash_fails(void **state)
{
	(void)state;
	static struct shelf f, d;
	static uint8_t map[MAP_LEN];
	static const struct compact_change c[] = {{1, STATUS_INVALID}};
	static struct flash flash;
	struct compact_sink sink = {put_flash, &flash};
	struct compact_list merged = {.number = 77};
	size_t puts = 0;
	int rc;
	fill(map, 10);
	publish_snapshot(&f, map, 10);
	publish_delta(&d, c, 1, 10, 12);
	do {
		flash.len = 0;
		flash.puts_left = puts;
		rc = compact_list_merge(&f.list, &d.list, &sink, &merged);
		assert_int_equal(rc ? merged.number : 77, 77);
	} while (rc == HUFU_ERR_FULL && puts++ < 1000);
	assert_int_equal(rc, HUFU_OK);
	assert_true(puts > 4);
	assert_int_equal(merged.number, SAMPLE_LIST);
}

static void refuses_lists_of_other_keys(void **state)
{
	(void)state;
	static struct shelf f;
	static uint8_t map[MAP_LEN];
	struct compact_list got = {.number = 77}, t = head_of(0, 10);
	uint8_t *body;
	publish_snapshot(&f, map, 10);
	/* a card's key, an unknown one, one out of its time, another iss */
	assert_int_equal(
	        compact_build_snapshot(&t, span_of(map, MAP_LEN), &body),
	        HUFU_OK);
	struct span b = span_of(body, compact_list_body_len(&t));
	seal(&f, &t, s->card, b);
	assert_int_equal(open_file(f.file, &got), HUFU_ERR_NOT_FOUND);
	seal(&f, &t, s->root, b);
	assert_int_equal(open_file(f.file, &got), HUFU_ERR_NOT_FOUND);
	seal(&f, &t, s->list, b);
	struct trust_issuer *i = &v->trust.issuers[1];
	struct span iss = i->iss;
	i->iss = span_of_text("https://other.example.invalid");
	assert_int_equal(open_file(f.file, &got), HUFU_ERR_NOT_FOUND);
	i->iss = iss;
	int64_t valid_to_s = i->valid_to_s;
	i->valid_to_s = t.issued_s - 1;
	assert_int_equal(open_file(f.file, &got), HUFU_ERR_NOT_FOUND);
	i->valid_to_s = valid_to_s;
	assert_int_equal(got.number, 77);
	assert_int_equal(open_file(f.file, &got), HUFU_OK);
	free(body);
}

static void refuses_every_cut_and_flip(void **state)
{
	(void)state;
	static struct shelf f;
	static uint8_t map[MAP_LEN], copy[FILE_MAX];
	struct compact_list got = {.number = 77};
	fill(map, 4000);
	publish_snapshot(&f, map, 10);
	for (size_t len = 0; len < f.file.len; len++)
		assert_int_not_equal(
		        open_file(span_of(f.bytes, len), &got), HUFU_OK);
	memcpy(copy, f.bytes, f.file.len);
	for (size_t i = 0; i < f.file.len; i++) {
		copy[i] ^= (uint8_t)(1 << i % 8);
		assert_int_not_equal(
		        open_file(span_of(copy, f.file.len), &got), HUFU_OK);
		copy[i] ^= (uint8_t)(1 << i % 8);
	}
	copy[f.file.len] = 0;
	assert_int_equal(open_file(span_of(copy, f.file.len + 1), &got),
	        HUFU_ERR_TRAILING);
	assert_int_equal(got.number, 77);
	/* the body of another list under this signature */
	memcpy(copy, f.bytes, f.file.len);
	copy[f.file.len - 1] ^= 0x80;
	assert_int_equal(
	        open_file(span_of(copy, f.file.len), &got), HUFU_ERR_SIGNATURE);
}

static void refuses_what_was_seen_before(void **state)
{
	(void)state;
	struct compact_list seen = head_of(0, 10), next = seen;
	seen.kind = next.kind = COMPACT_SNAPSHOT;
	assert_int_equal(compact_list_check_newer(&seen, &next), HUFU_OK);
	next.hash[3] ^= 1;
	assert_int_equal(
	        compact_list_check_newer(&seen, &next), HUFU_ERR_CONFLICT);
	next.sequence = 11;
	assert_int_equal(compact_list_check_newer(&seen, &next), HUFU_OK);
	next.sequence = 9;
	assert_int_equal(
	        compact_list_check_newer(&seen, &next), HUFU_ERR_STALE);
	next = seen;
	next.expires_s++;
	assert_int_equal(
	        compact_list_check_newer(&seen, &next), HUFU_ERR_CONFLICT);
	next = seen;
	next.number++;
	next.sequence++;
	assert_int_equal(
	        compact_list_check_newer(&seen, &next), HUFU_ERR_CONFLICT);
	/* snapshot and delta of one edition have one number */
	next = seen;
	next.kind = COMPACT_DELTA;
	next.base = 10;
	next.hash[3] ^= 1;
	assert_int_equal(compact_list_check_newer(&seen, &next), HUFU_OK);
}

/* Codes that are signed and wrong: a broken issuer must not break us. */
static int check_codes(unsigned k, uint32_t count, const char *bits, size_t len,
        uint32_t entries)
{
	struct compact_list t = head_of(0, 10);
	uint8_t map[256];
	struct status_list got = {.number = 77};
	struct compact_skip skips[4];
	t.kind = COMPACT_SNAPSHOT;
	t.entries = entries;
	t.parts[COMPACT_INVALID] = (struct rice_codes){
	        .bits = span_of(bits, len), .len = len, .count = count, .k = k};
	int rc = compact_list_expand(&t, map, sizeof map, &got);
	int again = compact_list_index(&t, skips, 4, &got);
	assert_int_equal(rc, again);
	if (rc)
		assert_int_equal(got.number, 77);
	return rc;
}

static void refuses_broken_codes(void **state)
{
	(void)state;
	/* k 2: 0, then 3 and 7 zeros: 1 00, 1 10, 1 11 */
	assert_int_equal(check_codes(2, 3, "\x9b\x80", 2, 64), HUFU_OK);
	assert_int_equal(check_codes(2, 2, "\x9b\x80", 2, 64),
	        HUFU_ERR_TRAILING); /* a code too many */
	assert_int_equal(
	        check_codes(2, 4, "\x9b\x80", 2, 64), HUFU_ERR_TRUNCATED);
	assert_int_equal(
	        check_codes(2, 3, "\x9b\x80\x00", 3, 64), HUFU_ERR_TRAILING);
	assert_int_equal(check_codes(2, 3, "\x9b\x81", 2, 64),
	        HUFU_ERR_TRAILING); /* fill that is not zero */
	assert_int_equal(check_codes(2, 3, "\x9b", 1, 64), HUFU_ERR_TRUNCATED);
	assert_int_equal(
	        check_codes(2, 3, "\x9b\x80", 2, 4), HUFU_ERR_MALFORMED);
	assert_int_equal(check_codes(RICE_K_MAX + 1, 3, "\x9b\x80", 2, 64),
	        HUFU_ERR_MALFORMED);
	/* zeros without an end */
	static const char zeros[1 << 16];
	assert_int_equal(
	        check_codes(0, 1, zeros, sizeof zeros, 64), HUFU_ERR_MALFORMED);
	assert_int_equal(check_codes(0, 1, zeros, 4, 64), HUFU_ERR_TRUNCATED);
	assert_int_equal(check_codes(0, 1, NULL, 0, 64), HUFU_ERR_TRUNCATED);
	/* past the end of the list, by one */
	assert_int_equal(check_codes(0, 8, "\xff", 1, 8), HUFU_OK);
	assert_int_equal(
	        check_codes(0, 9, "\xff\x80", 2, 8), HUFU_ERR_MALFORMED);
}

static void refuses_an_index_in_two_parts(void **state)
{
	(void)state;
	struct compact_list t = head_of(0, 10);
	uint8_t map[256];
	struct status_list got = {.number = 77};
	t.kind = COMPACT_SNAPSHOT;
	t.entries = 64;
	t.parts[COMPACT_INVALID] = (struct rice_codes){
	        .bits = span_of("\x90", 1), .len = 1, .count = 2, .k = 0};
	t.parts[COMPACT_SUSPENDED] = (struct rice_codes){
	        .bits = span_of("\x10", 1), .len = 1, .count = 1, .k = 0};
	assert_int_equal(compact_list_expand(&t, map, sizeof map, &got),
	        HUFU_ERR_DUPLICATE);
	assert_int_equal(compact_walk_check(&t), HUFU_ERR_DUPLICATE);
	assert_int_equal(got.number, 77);
}

static void refuses_claims_of_other_shapes(void **state)
{
	(void)state;
	uint8_t bytes[COMPACT_LIST_CLAIMS_MAX];
	struct compact_list t = head_of(3, 10), got = {.number = 77};
	struct writer w;
	t.kind = COMPACT_DELTA;
	t.parts[COMPACT_CLEARED] =
	        (struct rice_codes){.len = 9, .count = 4, .k = 12};
	writer_init(&w, bytes, sizeof bytes);
	compact_list_encode(&w, &t);
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(
	        cbor_check(writer_span(&w), CBOR_DETERMINISTIC), HUFU_OK);
	for (size_t len = 0; len < w.len; len++)
		assert_int_equal(compact_list_decode(span_of(bytes, len), &got),
		        HUFU_ERR_TRUNCATED);
	assert_int_equal(got.number, 77);
	assert_int_equal(compact_list_decode(writer_span(&w), &got), HUFU_OK);
	assert_int_equal(got.base, 3);
	assert_int_equal(got.parts[COMPACT_CLEARED].count, 4);
	assert_int_equal(
	        compact_list_attach(&got, span_of(bytes, 9)), HUFU_ERR_CORRUPT);
	assert_int_equal(
	        compact_list_attach(&got, span_of(bytes, 8)), HUFU_ERR_CORRUPT);
	static const size_t bad[][2] = {{1, 0}, {0, 1}, {ENTRIES + 1, 9},
	        {4, COMPACT_LIST_BODY_MAX + 1}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		t.parts[COMPACT_CLEARED].count = (uint32_t)bad[i][0];
		t.parts[COMPACT_CLEARED].len = bad[i][1];
		writer_init(&w, bytes, sizeof bytes);
		compact_list_encode(&w, &t);
		assert_int_equal(w.error, HUFU_ERR_ARGUMENT);
	}
}

static void builder_refuses_what_it_cannot_say(void **state)
{
	(void)state;
	static uint8_t map[16];
	static const struct compact_change twice[] = {
	        {5, STATUS_INVALID}, {5, STATUS_INVALID}};
	static const struct compact_change past[] = {{ENTRIES, STATUS_INVALID}};
	static const struct compact_change value[] = {
	        {5, (enum status_value)3}};
	struct compact_list t = head_of(1, 2);
	uint8_t *body = NULL;
	assert_int_equal(
	        compact_build_delta(&t, twice, 2, &body), HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        compact_build_delta(&t, past, 1, &body), HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        compact_build_delta(&t, value, 1, &body), HUFU_ERR_ARGUMENT);
	map[3] = 0xc0;
	assert_int_equal(
	        compact_build_snapshot(&t, span_of(map, sizeof map), &body),
	        HUFU_ERR_ARGUMENT);
	assert_int_equal(compact_build_snapshot(&t, span_of(map, 0), &body),
	        HUFU_ERR_LIMIT);
	assert_null(body);
}

/* The same card, judged by the map and by the codes. */
static void a_card_is_judged_by_the_codes(void **state)
{
	(void)state;
	static struct shelf f;
	static uint8_t map[MAP_LEN];
	static struct compact_skip skips[SKIPS_MAX];
	static const struct {
		enum status_value value;
		enum hufu_verdict verdict;
	} cases[] = {{STATUS_VALID, HUFU_VALID}, {STATUS_INVALID, HUFU_REVOKED},
	        {STATUS_SUSPENDED, HUFU_SUSPENDED}};
	struct hufu_text text = {(const char *)s->text.data, s->text.len};
	struct hufu_result r;
	srand(3);
	for (size_t i = 0; i < 3; i++) {
		struct status_list lists[2] = {v->status};
		fill(map, 7);
		status_list_put(map, SAMPLE_INDEX, cases[i].value);
		publish_snapshot(&f, map, 50000);
		assert_int_equal(compact_list_index(
		                         &f.list, skips, SKIPS_MAX, &lists[1]),
		        HUFU_OK);
		v->v.lists = lists;
		v->v.list_count = 2;
		assert_int_equal(
		        hufu_verify_qr(&v->v, text, SAMPLE_NOW_S + 50100, &r),
		        HUFU_OK);
		assert_int_equal(r.verdict, cases[i].verdict);
		assert_int_equal(r.status_age_s, 100);
	}
	v->v.lists = &v->status;
	v->v.list_count = 1;
}

static void best_k_is_the_best(void **state)
{
	(void)state;
	static const uint32_t counts[] = {1, 3, 100, 3000, 7000, 11999};
	static uint8_t map[MAP_LEN];
	srand(4);
	for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
		uint64_t bits[RICE_K_MAX + 1], best = UINT64_MAX;
		memset(map, 0, sizeof map);
		for (uint32_t c = 0; c < counts[n];) {
			uint32_t i = (uint32_t)rand() % ENTRIES;
			if (map[i / 4] >> i % 4 * 2 & 3)
				continue;
			status_list_put(map, i, STATUS_INVALID);
			c++;
		}
		for (unsigned k = 0; k <= RICE_K_MAX; k++) {
			uint32_t next = 0;
			bits[k] = 0;
			for (uint32_t i = 0; i < ENTRIES; i++) {
				if (!(map[i / 4] >> i % 4 * 2 & 3))
					continue;
				bits[k] += ((i - next) >> k) + 1 + k;
				next = i + 1;
			}
			best = bits[k] < best ? bits[k] : best;
		}
		unsigned k = rice_best_k(ENTRIES, counts[n]);
		/* chance may favour a neighbour, by little */
		assert_true(bits[k] <= best + best / 50 + 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(snapshot_is_the_bit_map),
	        cmocka_unit_test(delta_turns_one_map_into_the_next),
	        cmocka_unit_test(deltas_of_one_day_replace_each_other),
	        cmocka_unit_test(refuses_a_delta_of_another_base_or_list),
	        cmocka_unit_test(merge_ends_when_the_flash_fails),
	        cmocka_unit_test(refuses_lists_of_other_keys),
	        cmocka_unit_test(refuses_every_cut_and_flip),
	        cmocka_unit_test(refuses_what_was_seen_before),
	        cmocka_unit_test(refuses_broken_codes),
	        cmocka_unit_test(refuses_an_index_in_two_parts),
	        cmocka_unit_test(refuses_claims_of_other_shapes),
	        cmocka_unit_test(builder_refuses_what_it_cannot_say),
	        cmocka_unit_test(a_card_is_judged_by_the_codes),
	        cmocka_unit_test(best_k_is_the_best),
	};
	int rc = cmocka_run_group_tests_name(
	        "compact intl", tests, set_up, tear_down);
	return rc + cmocka_run_group_tests_name(
	                    "compact sm", tests, set_up_sm, tear_down);
}
