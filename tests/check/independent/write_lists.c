/* Three days of a list: changes, changes back, and a closed delta a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/issuer/compact_build.h"
#include "crypto/issuer/trust_build.h"
#include "tests/check/independent/write_sample.h"

enum { DAYS = 3, A_DAY = 400, DAY_S = 86400, LIFE_S = 7 * DAY_S };

struct days {
	struct sample *s;
	const char *suite;
	uint8_t changed[SAMPLE_ENTRIES]; /* since the last snapshot */
	struct compact_change changes[SAMPLE_ENTRIES];
	size_t count;
	uint64_t snapshot;
	uint64_t sequence;
	uint32_t chance; /* of a generator that any machine repeats */
};

static uint32_t draw(struct days *d, uint32_t below)
{
	d->chance = d->chance * 1664525 + 1013904223;
	return (d->chance >> 8) % below;
}

static unsigned value_at(const struct days *d, uint32_t index)
{
	return d->s->map[index / 4] >> (index % 4 * 2) & 3;
}

static void change_some(struct days *d, uint32_t count)
{
	while (count-- > 0) {
		uint32_t index = draw(d, SAMPLE_ENTRIES);
		d->changed[index] = 1;
		status_list_put(
		        d->s->map, index, (enum status_value)draw(d, 3));
	}
	d->count = 0;
	for (uint32_t i = 0; i < SAMPLE_ENTRIES; i++)
		if (d->changed[i])
			d->changes[d->count++] = (struct compact_change){
			        i, (enum status_value)value_at(d, i)};
	d->sequence += 5;
}

static int64_t time_of(uint64_t sequence)
{
	return SAMPLE_NOW_S + (int64_t)sequence * 600;
}

static void put_compact(struct days *d, const char *name, uint64_t base)
{
	uint8_t space[COMPACT_LIST_SPACE], sig[SIGNING_KEY_SIG_LEN];
	struct compact_list t = {.suite = d->s->suite,
	        .iss = span_of_text(SAMPLE_ISS),
	        .number = SAMPLE_LIST,
	        .entries = SAMPLE_ENTRIES,
	        .base = base,
	        .sequence = d->sequence,
	        .issued_s = time_of(d->sequence),
	        .expires_s = time_of(d->sequence) + LIFE_S};
	struct span map = span_of(d->s->map, sizeof d->s->map);
	uint8_t *body = NULL, *file = NULL;
	struct writer w;
	char path[96];
	size_t len;
	int r = base ? compact_build_delta(&t, d->changes,
	                       base == d->sequence ? 0 : d->count, &body)
	             : compact_build_snapshot(&t, map, &body);
	assert_int_equal(r, HUFU_OK);
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        compact_build_tbs(&t, signing_key_public(d->s->list), &w),
	        HUFU_OK);
	assert_int_equal(
	        signing_key_sign(d->s->list, writer_span(&w), sig), HUFU_OK);
	assert_int_equal(
	        compact_build_file(writer_span(&w), span_of(sig, sizeof sig),
	                span_of(body, compact_list_body_len(&t)), &file, &len),
	        HUFU_OK);
	(void)snprintf(path, sizeof path, "%s/%s", d->suite, name);
	put_file(path, span_of(file, len));
	free(body);
	free(file);
}

static void close_day(struct days *d)
{
	char name[64];
	if (d->snapshot) {
		(void)snprintf(name, sizeof name,
		        "public/status/%d/delta/%llu.cbor", SAMPLE_LIST,
		        (unsigned long long)d->snapshot);
		put_compact(d, name, d->snapshot);
	} else {
		put_compact(d, "old-snapshot.cbor", 0);
	}
	(void)snprintf(name, sizeof name, "public/status/%d/snapshot.cbor",
	        SAMPLE_LIST);
	put_compact(d, name, 0);
	memset(d->changed, 0, sizeof d->changed);
	d->snapshot = d->sequence;
}

static void put_around(struct days *d)
{
	char name[64];
	(void)snprintf(
	        name, sizeof name, "public/status/%d/today.cbor", SAMPLE_LIST);
	put_compact(d, name, d->snapshot);
	sample_sign_status(d->s, d->sequence, time_of(d->sequence));
	(void)snprintf(name, sizeof name, "%s/public/status/%d/list.cwt",
	        d->suite, SAMPLE_LIST);
	put_file(name, d->s->status);
	(void)snprintf(name, sizeof name, "%s/public/root.pem", d->suite);
	put_pem(name, d->s->root);
	(void)snprintf(
	        name, sizeof name, "%s/public/trust-list.cbor", d->suite);
	put_file(name, d->s->trust);
}

/* The same issuers in a list of the next sequence. */
static void put_newer_trust(const struct sample *s, const char *suite)
{
	uint8_t space[4096];
	char name[64];
	struct writer w;
	struct trust_list *t = calloc(1, sizeof *t);
	assert_non_null(t);
	sample_fill_trust(s, t);
	t->sequence = 2;
	writer_init(&w, space, sizeof space);
	assert_int_equal(trust_build_file(t, s->root, &w), HUFU_OK);
	(void)snprintf(name, sizeof name, "%s/newer-trust.cbor", suite);
	put_file(name, writer_span(&w));
	free(t);
}

void put_lists(struct sample *s, const char *suite)
{
	struct days *d = calloc(1, sizeof *d);
	assert_non_null(d);
	d->s = s;
	d->suite = suite;
	d->chance = 20261124;
	for (int day = 0; day < DAYS; day++) {
		change_some(d, A_DAY);
		close_day(d);
	}
	change_some(d, A_DAY / 4);
	put_around(d);
	put_newer_trust(s, suite);
	free(d);
}
