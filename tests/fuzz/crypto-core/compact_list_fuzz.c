/*
 * A snapshot and a delta: u16 length and claims of each, u16 length of the
 * snapshot's body, that body, the delta's body. Their hashes are made to
 * fit, so that the codes are reached. As a bit map and coded they must mean
 * the same. The whole input is also opened as a signed file.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/core/compact_merge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	ENTRIES_MAX = 1 << 14, /* more shows nothing new and takes longer */
	MAP_MAX = ENTRIES_MAX / 4,
	SKIPS_MAX = 64,
	BODY_MAX = 1 << 18,
};

static uint8_t map[MAP_MAX], before[MAP_MAX], merged_map[MAP_MAX];
static uint8_t merged_body[BODY_MAX], space[1 << 16];
static size_t merged_len;

static int believe_all(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	(void)ctx;
	(void)alg;
	(void)key;
	(void)tbs;
	(void)sig;
	return HUFU_OK;
}

static void must(bool true_at_all_times)
{
	if (!true_at_all_times)
		abort();
}

static void open_as_file(struct span file)
{
	static const struct sigcheck sigs = {NULL, believe_all};
	static struct trust_list trust;
	struct compact_list t;
	struct writer w;

	trust.issuer_count = 1;
	trust.issuers[0] = (struct trust_issuer){.alg = SIGCHECK_ES256,
	        .kid = "hufu-key",
	        .key = {.curve = COSE_CURVE_P256},
	        .iss = span_of_text("https://hall.example.invalid"),
	        .valid_to_s = INT64_MAX,
	        .purpose = TRUST_STATUS_LIST};
	writer_init(&w, space, sizeof space);
	if (compact_list_open(file, &trust, &sigs, &w, &t) != HUFU_OK)
		return;
	must(compact_list_body_len(&t) <= file.len);
	must(t.entries % 4 == 0 && t.entries > 0);
}

static bool take(struct span claims, struct span body, struct compact_list *ret)
{
	struct writer w;
	struct compact_list t;

	if (compact_list_decode(claims, &t) != HUFU_OK)
		return false;
	writer_init(&w, space, sizeof space);
	compact_list_encode(&w, &t);
	must(!w.error && span_equal(writer_span(&w), claims));
	suite_hash_of(t.suite, body, t.hash);
	if (compact_list_attach(&t, body) != HUFU_OK)
		return false;
	*ret = t;
	return true;
}

static void same_in_both(
        const struct status_list *a, const struct status_list *b)
{
	enum status_value in_a = STATUS_VALID, in_b = STATUS_VALID;

	for (uint32_t i = 0; i < a->map.len * 4; i += 1 + i / 64) {
		must(status_list_find(a, i, &in_a) == HUFU_OK);
		must(status_list_find(b, i, &in_b) == HUFU_OK);
		must(in_a == in_b);
	}
	must(status_list_find(b, (uint32_t)a->map.len * 4, &in_b) ==
	        HUFU_ERR_LIMIT);
}

static int keep(void *ctx, struct span bytes)
{
	(void)ctx;
	must(bytes.len <= sizeof merged_body - merged_len);
	memcpy(merged_body + merged_len, bytes.data, bytes.len);
	merged_len += bytes.len;
	return HUFU_OK;
}

static void merge(const struct compact_list *snapshot,
        const struct compact_list *delta, int rc,
        const struct status_list *want)
{
	static const struct compact_sink sink = {keep, NULL};
	struct compact_list merged;
	struct status_list got;

	merged_len = 0;
	if (compact_list_merged_max(snapshot, delta) > sizeof merged_body)
		return;
	must(compact_list_merge(snapshot, delta, &sink, &merged) == rc);
	if (rc)
		return;
	must(merged_len <= compact_list_merged_max(snapshot, delta));
	must(compact_list_attach(&merged, span_of(merged_body, merged_len)) ==
	        HUFU_OK);
	must(compact_list_expand(
	             &merged, merged_map, sizeof merged_map, &got) == HUFU_OK);
	must(got.sequence == want->sequence && span_equal(got.map, want->map));
}

static void use(struct compact_list *snapshot, const struct compact_list *delta)
{
	struct compact_skip skips[SKIPS_MAX];
	struct status_list as_map, coded;

	if (snapshot->kind != COMPACT_SNAPSHOT ||
	        snapshot->entries > ENTRIES_MAX ||
	        compact_list_skips(snapshot) > SKIPS_MAX)
		return;
	int rc = compact_list_expand(snapshot, map, sizeof map, &as_map);
	must(compact_list_index(snapshot, skips, SKIPS_MAX, &coded) == rc);
	if (rc)
		return;
	same_in_both(&as_map, &coded);
	if (!delta || delta->kind != COMPACT_DELTA)
		return;
	memcpy(before, map, sizeof map);
	rc = compact_list_apply(delta, map, &as_map);
	must(rc == HUFU_OK || memcmp(before, map, sizeof map) == 0);
	merge(snapshot, delta, rc, &as_map);
}

static struct span get_part(struct reader *r)
{
	size_t len = (size_t)reader_get_u8(r) << 8;
	len |= reader_get_u8(r);
	return reader_get_span(r, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compact_list snapshot, delta;
	struct reader r;

	open_as_file(span_of(data, size));
	reader_init(&r, span_of(data, size));
	struct span claims = get_part(&r);
	struct span more = get_part(&r);
	struct span body = get_part(&r);
	if (r.error || !take(claims, body, &snapshot))
		return 0;
	bool any = take(more, reader_get_span(&r, reader_left(&r)), &delta);
	use(&snapshot, any ? &delta : NULL);
	return 0;
}
