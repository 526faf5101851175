/*
 * A status list of 60 million cards with 1 % revoked, as the issuer makes it
 * and a verifier takes it: size beside the entropy of that many choices, time
 * to build, to load from the signed file, and of one look-up.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/compact_build.h"
#include "crypto/issuer/signing_key.h"
#include "crypto/issuer/status_build.h"
#include "crypto/openssl/sigs.h"
#include "host/base/clock.h"

#define ISS   "https://hall.example.invalid"
#define NOW_S INT64_C(1785542400)

enum {
	CARDS = 60000000,
	REVOKED = CARDS / 100,
	A_DAY = 6000, /* entries of a day's delta */
	LOOK_UPS = 20000000,
	CODED_LOOK_UPS = 200000,
};

struct bench {
	struct signing_key *key;
	struct trust_list *trust;
	uint8_t *map; /* the issuer's */
	uint8_t *loaded; /* the verifier's */
	struct compact_change *changes;
	uint8_t *file[2]; /* snapshot, delta */
	size_t file_len[2];
	size_t body_len[2];
	size_t token_len;
	double build_ms, token_ms, load_ms, apply_ms, index_ms;
	double find_ns, find_coded_ns;
};

/* xorshift64: the same list in every run. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)((*seed >> 32) * below >> 32);
}

static double ms_since(int64_t from_us)
{
	return (double)(clock_steady_us() - from_us) / 1000;
}

static bool is_set(const uint8_t *map, uint32_t index)
{
	return map[index / 4] >> (index % 4 * 2) & 3;
}

static void revoke(struct bench *b)
{
	uint64_t seed = 20261124;
	for (uint32_t left = REVOKED; left > 0;) {
		uint32_t index = draw(&seed, CARDS);
		if (is_set(b->map, index))
			continue;
		status_list_put(b->map, index, STATUS_INVALID);
		left--;
	}
}

static int by_index(const void *a, const void *b)
{
	const struct compact_change *l = a, *r = b;
	return l->index < r->index ? -1 : l->index > r->index;
}

/* A day's losses, each of a card that was valid. */
static void change(struct bench *b)
{
	uint64_t seed = 77;
	uint8_t *seen = calloc(1, CARDS / 4);
	if (!seen)
		abort();
	for (size_t n = 0; n < A_DAY;) {
		uint32_t index = draw(&seed, CARDS);
		if (is_set(b->map, index) || is_set(seen, index))
			continue;
		status_list_put(seen, index, STATUS_INVALID);
		b->changes[n++] =
		        (struct compact_change){index, STATUS_INVALID};
	}
	free(seen);
	qsort(b->changes, A_DAY, sizeof(*b->changes), by_index);
}

static struct compact_list head(uint64_t base, uint64_t sequence)
{
	return (struct compact_list){.suite = SUITE_INTL,
	        .iss = span_of_text(ISS),
	        .number = 1,
	        .entries = CARDS,
	        .base = base,
	        .sequence = sequence,
	        .issued_s = NOW_S,
	        .expires_s = NOW_S + 86400};
}

static int seal(struct bench *b, int at, const struct compact_list *t,
        const uint8_t *body)
{
	uint8_t space[COMPACT_LIST_SPACE], sig[SIGNING_KEY_SIG_LEN];
	struct writer w;
	b->body_len[at] = compact_list_body_len(t);
	writer_init(&w, space, sizeof(space));
	int rc = compact_build_tbs(t, signing_key_public(b->key), &w);
	if (!rc)
		rc = signing_key_sign(b->key, writer_span(&w), sig);
	return rc ? rc
	          : compact_build_file(writer_span(&w),
	                    span_of(sig, sizeof(sig)),
	                    span_of(body, b->body_len[at]), &b->file[at],
	                    &b->file_len[at]);
}

static int build(struct bench *b)
{
	struct compact_list snapshot = head(0, 1), delta = head(1, 2);
	uint8_t *body = NULL, *more = NULL;
	int64_t from = clock_steady_us();
	int rc = compact_build_snapshot(
	        &snapshot, span_of(b->map, CARDS / 4), &body);
	if (!rc)
		rc = seal(b, 0, &snapshot, body);
	b->build_ms = ms_since(from);
	if (!rc)
		rc = compact_build_delta(&delta, b->changes, A_DAY, &more);
	if (!rc)
		rc = seal(b, 1, &delta, more);
	free(body);
	free(more);
	return rc;
}

static int build_token(struct bench *b)
{
	const struct status_list t = {.address = span_of_text(ISS),
	        .number = 1,
	        .sequence = 1,
	        .issued_s = NOW_S,
	        .expires_s = NOW_S + 86400,
	        .ttl_s = 3600,
	        .map = span_of(b->map, CARDS / 4)};
	uint8_t *tbs = NULL;
	int64_t from = clock_steady_us();
	int rc = status_build_tbs(
	        &t, signing_key_public(b->key), &tbs, &b->token_len);
	b->token_ms = ms_since(from);
	free(tbs);
	return rc;
}

static int open_file(struct bench *b, int at, struct compact_list *ret)
{
	uint8_t space[COMPACT_LIST_SPACE];
	struct writer w;
	writer_init(&w, space, sizeof(space));
	return compact_list_open(span_of(b->file[at], b->file_len[at]),
	        b->trust, sigs_openssl(), &w, ret);
}

static int find_all(struct bench *b, const struct status_list *t,
        uint32_t count, double *ret_ns)
{
	uint64_t seed = 99;
	uint32_t wrong = 0;
	int64_t from = clock_steady_us();
	for (uint32_t i = 0; i < count; i++) {
		enum status_value value = STATUS_SUSPENDED;
		uint32_t index = draw(&seed, CARDS);
		int rc = status_list_find(t, index, &value);
		if (rc)
			return rc;
		wrong += (value == STATUS_INVALID) != is_set(b->map, index);
	}
	*ret_ns = ms_since(from) * 1e6 / count;
	return wrong ? HUFU_ERR_CORRUPT : HUFU_OK;
}

static int load(struct bench *b)
{
	struct compact_list snapshot, delta;
	struct status_list t;
	int64_t from = clock_steady_us();
	int rc = open_file(b, 0, &snapshot);
	if (!rc)
		rc = compact_list_expand(&snapshot, b->loaded, CARDS / 4, &t);
	b->load_ms = ms_since(from);
	if (!rc && memcmp(b->loaded, b->map, CARDS / 4) != 0)
		rc = HUFU_ERR_CORRUPT;
	if (!rc)
		rc = find_all(b, &t, LOOK_UPS, &b->find_ns);
	from = clock_steady_us();
	if (!rc)
		rc = open_file(b, 1, &delta);
	if (!rc)
		rc = compact_list_apply(&delta, b->loaded, &t);
	b->apply_ms = ms_since(from);
	return rc;
}

static int load_coded(struct bench *b)
{
	struct compact_list snapshot;
	struct status_list t;
	struct compact_skip *skips = NULL;
	int rc = open_file(b, 0, &snapshot);
	if (rc)
		return rc;
	size_t count = compact_list_skips(&snapshot);
	skips = malloc(count * sizeof(*skips));
	int64_t from = clock_steady_us();
	rc = skips ? compact_list_index(&snapshot, skips, count, &t)
	           : HUFU_ERR_MEMORY;
	b->index_ms = ms_since(from);
	if (!rc)
		rc = find_all(b, &t, CODED_LOOK_UPS, &b->find_coded_ns);
	free(skips);
	return rc;
}

/* Bytes that no code of REVOKED out of CARDS can go below. */
static double entropy_bytes(void)
{
	double n = CARDS, k = REVOKED;
	return (lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) / log(2) / 8;
}

static void report(const struct bench *b)
{
	double bound = entropy_bytes();
	printf("{\"bench\": \"compact_list\", \"cards\": %d, \"revoked\": %d, "
	       "\"snapshot_bytes\": %zu, \"entropy_bytes\": %.0f, "
	       "\"over_percent\": %.2f, \"build_ms\": %.1f, "
	       "\"load_ms\": %.1f, \"find_ns\": %.1f, "
	       "\"index_ms\": %.1f, \"find_coded_ns\": %.0f, "
	       "\"delta_entries\": %d, \"delta_bytes\": %zu, "
	       "\"apply_ms\": %.2f, \"token_bytes\": %zu, "
	       "\"token_build_ms\": %.0f}\n",
	        CARDS, REVOKED, b->file_len[0], bound,
	        ((double)b->file_len[0] / bound - 1) * 100, b->build_ms,
	        b->load_ms, b->find_ns, b->index_ms, b->find_coded_ns, A_DAY,
	        b->file_len[1], b->apply_ms, b->token_len, b->token_ms);
}

static int open_bench(struct bench *b)
{
	struct trust_issuer *i;
	b->trust = calloc(1, sizeof(*b->trust));
	b->map = calloc(1, CARDS / 4);
	b->loaded = malloc(CARDS / 4);
	b->changes = malloc(A_DAY * sizeof(*b->changes));
	if (!b->trust || !b->map || !b->loaded || !b->changes)
		return HUFU_ERR_MEMORY;
	int rc = signing_key_generate(COSE_CURVE_P256, KEY_LIST, &b->key);
	if (rc)
		return rc;
	i = &b->trust->issuers[b->trust->issuer_count++];
	i->key = *signing_key_public(b->key);
	i->alg = cose_key_alg(&i->key);
	cose_key_id(&i->key, i->kid);
	i->purpose = TRUST_STATUS_LIST;
	i->iss = span_of_text(ISS);
	i->valid_to_s = INT64_MAX;
	memset(b->loaded, 1, CARDS / 4); /* pages are there before the clock */
	return HUFU_OK;
}

int main(void)
{
	struct bench b = {0};
	int rc = open_bench(&b);
	if (!rc) {
		revoke(&b);
		change(&b);
		rc = build(&b);
	}
	if (!rc)
		rc = build_token(&b);
	if (!rc)
		rc = load(&b);
	if (!rc)
		rc = load_coded(&b);
	if (!rc)
		report(&b);
	else
		fprintf(stderr, "compact list: %d\n", rc);
	free(b.trust);
	free(b.map);
	free(b.loaded);
	free(b.changes);
	free(b.file[0]);
	free(b.file[1]);
	signing_key_free(b.key);
	return rc ? 1 : 0;
}
