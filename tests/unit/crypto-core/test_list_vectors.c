/*
 * tests/vectors/lists by the core alone, signatures included: whatever way
 * a verifier comes, it knows what the independent reader wrote down.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/compact_merge.h"
#include "crypto/core/cose.h"
#include "crypto/core/sigs_core.h"
#include "crypto/openssl/public_pem.h"

enum {
	ENTRIES = 10000,
	FILE_SPACE = 4096,
	SKIPS = 64,
	NUMBER = 3,
	ISSUED_S = 1785542400,
};

struct file {
	uint8_t bytes[FILE_SPACE];
	size_t len;
};

static const char *suite;
static struct sigs_core core;
static const struct sigcheck *sigs;
static struct file trust_file;
static struct trust_list trust;
static uint8_t values[ENTRIES];
static uint8_t space[2 * FILE_SPACE];

static void read_file(const char *name, struct file *ret)
{
	char path[512];

	(void)snprintf(
	        path, sizeof path, "%s/lists/%s/%s", HUFU_VECTORS, suite, name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	ret->len = fread(ret->bytes, 1, sizeof ret->bytes, f);
	(void)fclose(f); /* read only */
	assert_in_range(ret->len, 1, sizeof ret->bytes - 1);
}

static void read_values(void)
{
	char path[512];
	unsigned index, value;

	memset(values, STATUS_VALID, sizeof values);
	(void)snprintf(
	        path, sizeof path, "%s/lists/%s/values", HUFU_VECTORS, suite);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fscanf(f, "%u %u", &index, &value) == 2) {
		assert_in_range(index, 0, ENTRIES - 1);
		values[index] = (uint8_t)value;
	}
	(void)fclose(f); /* read only */
}

static int open_suite(const char *name)
{
	struct file pem;
	struct cose_key root;
	struct writer w;

	suite = name;
	sigs_core_init(&core, NULL, 0);
	sigs = sigs_core_check(&core);
	read_file("public/root.pem", &pem);
	assert_int_equal(
	        public_pem_decode(span_of(pem.bytes, pem.len), &root), HUFU_OK);
	read_file("public/trust-list.cbor", &trust_file);
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        trust_list_open(span_of(trust_file.bytes, trust_file.len),
	                &root, sigs, &w, &trust),
	        HUFU_OK);
	read_values();
	return 0;
}

static int open_intl(void **state)
{
	(void)state;
	return open_suite("intl");
}

static int open_sm(void **state)
{
	(void)state;
	return open_suite("sm");
}

static void open_compact(
        const char *name, struct file *f, struct compact_list *ret)
{
	struct writer w;

	read_file(name, f);
	writer_init(&w, space, sizeof space);
	assert_int_equal(compact_list_open(span_of(f->bytes, f->len), &trust,
	                         sigs, &w, ret),
	        HUFU_OK);
	assert_int_equal(ret->number, NUMBER);
	assert_int_equal(ret->entries, ENTRIES);
	assert_int_equal(
	        ret->issued_s, ISSUED_S + 600 * (int64_t)ret->sequence);
}

static void says_what_is_written(const struct status_list *t)
{
	assert_int_equal(t->sequence, 20);
	for (uint32_t i = 0; i < ENTRIES; i++) {
		enum status_value v = STATUS_VALID;
		assert_int_equal(status_list_find(t, i, &v), HUFU_OK);
		assert_int_equal(v, values[i]);
	}
}

static void reads_the_token_list(void **state)
{
	static uint8_t map[ENTRIES / 4];
	struct status_list t;
	struct file f;
	struct writer w;

	(void)state;
	read_file("public/status/3/list.cwt", &f);
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        status_list_open(span_of(f.bytes, f.len), &trust, sigs, &w, &t),
	        HUFU_OK);
	assert_int_equal(status_list_expand(&t, map, sizeof map), HUFU_OK);
	says_what_is_written(&t);
}

static void apply_all(const char *const *names, size_t count)
{
	static uint8_t map[ENTRIES / 4];
	static struct file files[4];
	struct compact_list c;
	struct status_list t;

	open_compact(names[0], &files[0], &c);
	assert_int_equal(compact_list_expand(&c, map, sizeof map, &t), HUFU_OK);
	for (size_t i = 1; i < count; i++) {
		open_compact(names[i], &files[i], &c);
		assert_int_equal(compact_list_apply(&c, map, &t), HUFU_OK);
	}
	says_what_is_written(&t);
}

static const char *const direct[] = {
        "public/status/3/snapshot.cbor", "public/status/3/today.cbor"};
static const char *const along[] = {"old-snapshot.cbor",
        "public/status/3/delta/5.cbor", "public/status/3/delta/10.cbor",
        "public/status/3/today.cbor"};

static void reads_snapshot_and_today(void **state)
{
	(void)state;
	apply_all(direct, 2);
}

static void walks_along_closed_deltas(void **state)
{
	(void)state;
	apply_all(along, 4);
}

static void wants_every_step(void **state)
{
	static uint8_t map[ENTRIES / 4];
	static struct file files[2];
	struct compact_list old, late;
	struct status_list t;

	(void)state;
	open_compact(along[0], &files[0], &old);
	assert_int_equal(
	        compact_list_expand(&old, map, sizeof map, &t), HUFU_OK);
	open_compact(along[2], &files[1], &late);
	assert_int_equal(compact_list_apply(&late, map, &t), HUFU_ERR_CONFLICT);
	assert_int_equal(t.sequence, 5);
}

static int keep(void *ctx, struct span bytes)
{
	struct file *f = ctx;

	assert_in_range(bytes.len, 0, sizeof f->bytes - f->len);
	memcpy(f->bytes + f->len, bytes.data, bytes.len);
	f->len += bytes.len;
	return HUFU_OK;
}

/* As a machine does that has no room for a bit map. */
static void merges_coded(void **state)
{
	static struct file bodies[3], files[4];
	struct compact_skip skips[SKIPS];
	struct compact_list now, delta;
	struct status_list t;

	(void)state;
	memset(bodies, 0, sizeof bodies);
	open_compact(along[0], &files[0], &now);
	for (size_t i = 0; i < 3; i++) {
		struct compact_sink sink = {keep, &bodies[i]};
		struct compact_list merged;
		open_compact(along[i + 1], &files[i + 1], &delta);
		assert_int_equal(
		        compact_list_merge(&now, &delta, &sink, &merged),
		        HUFU_OK);
		assert_int_equal(
		        compact_list_attach(&merged,
		                span_of(bodies[i].bytes, bodies[i].len)),
		        HUFU_OK);
		now = merged;
	}
	assert_int_equal(compact_list_index(&now, skips, SKIPS, &t), HUFU_OK);
	says_what_is_written(&t);
}

int main(void)
{
#define BOTH(f)                                                                \
	cmocka_unit_test_setup(f, open_intl), cmocka_unit_test_setup(f, open_sm)
	const struct CMUnitTest tests[] = {
	        BOTH(reads_the_token_list),
	        BOTH(reads_snapshot_and_today),
	        BOTH(walks_along_closed_deltas),
	        BOTH(wants_every_step),
	        BOTH(merges_coded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
