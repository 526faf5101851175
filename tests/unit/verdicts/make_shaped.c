/*
 * The shape of the COSE_Sign1 and of the CBOR in it: a broken one of ours is
 * malformed, another COSE message is unsupported, other data is no
 * credential.
 */
#include <string.h>

#include "crypto/core/cbor.h"
#include "make_case.h"
#include "make_draft.h"

static struct draft d;

enum { DEPTH_MAX = 16, PAIRS_MAX = 256, PLAIN_MAX = 4096 };

/* The plain bytes anew: this head, then what follows 61(18( of a good card. */
static void put_head(const struct world_issuer *by, struct span head,
        size_t skip, const char *verdict, const char *id)
{
	static uint8_t rest[DRAFT_MAX];
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	size_t len = d.plain.len - skip;
	memcpy(rest, d.plain.data + skip, len);
	d.plain.len = 0;
	writer_put_span(&d.plain, head);
	writer_put(&d.plain, rest, len);
	draft_run(&d, FROM_PLAIN);
	draft_put(&d, verdict, "shape-%s-%s", id, by->label);
}

/* D8 3D D2 84 begins each card; 3 bytes are its tags. */
static void put_heads(const struct world_issuer *by)
{
	put_head(by, RAW("\xD2\xD8\x3D"), 3, "malformed", "tags-swapped");
	put_head(by, RAW("\xD8\x3D\xD8\x3D\xD2"), 3, "malformed", "61-twice");
	put_head(by, RAW("\xD8\x3D\xD2\xD2"), 3, "malformed", "18-twice");
	put_head(by, RAW("\xD9\0\x3D\xD9\0\x12"), 3, "valid", "tags-wide");
	put_head(by, RAW("\xD8\x3D\xD9\0\x12"), 3, "valid", "18-wide");
	put_head(by, RAW("\xD9\x03\xE7"), 3, "not-credential", "tag-999");
	put_head(by, RAW("\xD8\x3D\xD9\x03\xE7"), 3, "malformed", "61-tag-999");
	put_head(by, RAW("\xC1"), 3, "not-credential", "tag-1");
	put_head(by, RAW("\xD8\x3D\xD0"), 3, "unsupported", "61-encrypt0");
	put_head(by, RAW("\xD0"), 3, "unsupported", "encrypt0");
	put_head(by, RAW("\xD8\x3D\xD1"), 3, "unsupported", "61-mac0");
	put_head(by, RAW("\xD1"), 3, "unsupported", "mac0");
	put_head(by, RAW("\xD8\x3D\xD8\x60"), 3, "unsupported", "61-encrypt");
	put_head(by, RAW("\xD8\x3D\xD8\x61"), 3, "unsupported", "61-mac");
	put_head(by, RAW("\xD8\x3D\xD8\x62"), 3, "unsupported", "61-sign");
	put_head(by, RAW("\xD8\x3D\xD2\x83"), 4, "malformed", "of-three");
	put_head(by, RAW("\xD8\x3D\xD2\x85"), 4, "malformed", "of-five");
	put_head(by, RAW("\xD8\x3D\xD2\x80"), 4, "malformed", "of-none");
	put_head(by, RAW("\xD8\x3D\xD2\x9F"), 4, "malformed", "no-break");
	put_head(by, RAW("\xD8\x3D\xD2\xA2"), 4, "malformed", "of-a-map");
	put_head(by, RAW("\xD8\x3D\xD2\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), 4,
	        "malformed", "huge-array");
	put_head(by,
	        RAW("\xD8\x3D\xD2\x84\x5B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), 4,
	        "malformed", "huge-protected");
	put_head(by, RAW("\xD8\x3D\xD2\x84\x5A\xFF\xFF\xFF\xFF"), 4,
	        "malformed", "4-gib-protected");
	put_head(by, RAW("\xD8\x3D\xD2\x84\xA0"), 4, "malformed",
	        "map-as-protected");
}

/* One part of the array as another type. */
static void put_parts(const struct world_issuer *by)
{
	static const struct {
		const char *id, *verdict, *raw;
	} sigs[] = {
	        {"sig-null", "malformed", "\xF6"},
	        {"sig-text", "malformed", "\x61s"},
	        {"sig-array", "malformed", "\x80"},
	        {"sig-huge", "malformed",
	                "\x5B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"},
	        {"sig-chunks", "malformed", "\x5F\x41s\xFF"},
	};
	for (size_t n = 0; n < sizeof sigs / sizeof sigs[0]; n++) {
		draft_begin(&d, by);
		d.sig_item = span_of_text(sigs[n].raw);
		draft_finish(&d, FROM_CLAIMS, sigs[n].verdict, sigs[n].id);
	}
	draft_begin(&d, by);
	d.payload_item = RAW("\xF6");
	draft_finish(&d, FROM_CLAIMS, "unsupported", "shape-detached");
	draft_begin(&d, by);
	d.payload_item = RAW("\x61p");
	draft_finish(&d, FROM_CLAIMS, "malformed", "shape-payload-text");
	draft_begin(&d, by);
	d.payload_item = RAW("\x5F\x41\xA0\xFF");
	draft_finish(&d, FROM_CLAIMS, "malformed", "shape-payload-chunks");
	draft_begin(&d, by);
	draft_replace(&d.unprotected, RAW("\x80"));
	draft_finish(&d, FROM_CLAIMS, "malformed", "shape-unprotected-array");
	draft_begin(&d, by);
	draft_replace(&d.unprotected, RAW("\xF6"));
	draft_finish(&d, FROM_CLAIMS, "malformed", "shape-unprotected-null");
	draft_begin(&d, by);
	draft_replace(&d.unprotected, RAW("\xBF\xFF"));
	draft_finish(&d, FROM_CLAIMS, "valid", "shape-unprotected-indefinite");
	draft_begin(&d, by);
	draft_replace(&d.unprotected, RAW("\xA2\x01\x01\x01\x02"));
	draft_finish(&d, FROM_CLAIMS, "malformed", "shape-unprotected-twice");
	draft_begin(&d, by);
	draft_replace(&d.unprotected, RAW("\xA1\x02\x81\x01"));
	draft_finish(&d, FROM_CLAIMS, "malformed", "shape-unprotected-crit");
}

/* A payload that is signed well and is none of ours, or is broken. */
static void put_payload(const struct world_issuer *by, struct span payload,
        const char *verdict, const char *id)
{
	draft_begin(&d, by);
	draft_replace(&d.payload, payload);
	draft_run(&d, FROM_PAYLOAD);
	draft_put(&d, verdict, "payload-%s-%s", id, by->label);
}

static void put_payloads(const struct world_issuer *by)
{
	put_payload(by, span_of("", 0), "not-credential", "empty");
	put_payload(by, RAW("\xA0"), "not-credential", "no-claims");
	put_payload(by, RAW("\x80"), "not-credential", "array");
	put_payload(by, span_of_text("{\"a\":1}"), "not-credential", "json");
	put_payload(
	        by, RAW("\xA1\x39\x01\x03\xA0"), "not-credential", "eu-claim");
	put_payload(by, RAW("\xA2\x01\x61i\x04\x01"), "not-credential",
	        "plain-cwt");
	put_payload(
	        by, RAW("\xA1\x39\0\xA8\xA0"), "not-credential", "minus-169");
	put_payload(by,
	        RAW("\xA1\x63"
	            "169\xA0"),
	        "not-credential", "text-169");
	put_payload(by, RAW("\xD8\x3D\xA1\x18\xA9\xA0"), "not-credential",
	        "tagged");
	put_payload(by, RAW("\xA1\x18\xA9\xA0\0"), "malformed", "trailing");
	put_payload(by, RAW("\xA1\x18\xA9"), "malformed", "cut");
	put_payload(by, RAW("\xA1"), "malformed", "head-alone");
	put_payload(by, RAW("\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
	        "malformed", "huge-map");
	put_payload(by, RAW("\xA2\x18\xA9\xA0\x18\xA9\xA0"), "malformed",
	        "169-twice");
	put_payload(by, RAW("\xA2\x18\xA9\xA0\x19\0\xA9\xA0"), "malformed",
	        "169-twice-wide");
	put_payload(by, RAW("\xBF\x18\xA9\xA0"), "malformed", "no-break");
	put_payload(by, RAW("\xBF\x18\xA9\xFF"), "malformed", "break-at-value");
}

static void put_twice(const struct world_issuer *by)
{
	static const int cwt[] = {CWT_ISS, CWT_EXP, CWT_IAT};
	static const int card[] = {CARD_NUMBER, CARD_NAME, CARD_KIND,
	        CARD_BENEFITS, CARD_STATUS, CARD_CHIP};
	for (size_t n = 0; n < sizeof cwt / sizeof cwt[0]; n++) {
		draft_begin(&d, by);
		claims_add(&d, &d.claims, cwt[n], d.claims.list[n].value);
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "malformed", "twice-claim-%d-%s", cwt[n],
		        by->label);
	}
	for (size_t n = 0; n < sizeof card / sizeof card[0]; n++) {
		draft_begin(&d, by);
		claims_add(&d, &d.card, card[n], d.card.list[n].value);
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "malformed", "twice-attribute-%d-%s", card[n],
		        by->label);
	}
	draft_begin(&d, by);
	claims_add_raw(&d.claims, RAW("\x1B\0\0\0\0\0\0\0\x04"),
	        draft_int(&d, WORLD_EXP_S + 1));
	draft_finish(&d, FROM_CLAIMS, "malformed", "twice-claim-4-wide");
	draft_begin(&d, by);
	d.card.style = CLAIMS_INDEFINITE;
	claims_add_raw(&d.card, RAW("\x18\x4B"), RAW("\x01"));
	draft_finish(&d, FROM_CLAIMS, "malformed", "twice-in-indefinite");
	draft_begin(&d, by);
	claims_add_raw(&d.card, RAW("\x61k"), RAW("\x01"));
	claims_add_raw(&d.card, RAW("\x78\x01k"), RAW("\x01"));
	draft_finish(&d, FROM_CLAIMS, "malformed", "twice-text-key");
	draft_begin(&d, by);
	claims_add_raw(&d.card, RAW("\x61k"), RAW("\x01"));
	claims_add_raw(&d.card, RAW("\x41k"), RAW("\x01"));
	draft_finish(&d, FROM_CLAIMS, "valid", "twice-but-another-type");
}

/* Keys that are neither integers nor strings are handled nowhere (0115). */
static void put_keys(const struct world_issuer *by)
{
	static const struct {
		const char *id, *raw;
	} keys[] = {{"array", "\x80"}, {"map", "\xA0"}, {"true", "\xF5"},
	        {"tag", "\xC1\x01"}, {"chunks", "\x7F\x61k\xFF"}};
	for (size_t n = 0; n < sizeof keys / sizeof keys[0]; n++) {
		struct span key = span_of_text(keys[n].raw);
		draft_begin(&d, by);
		claims_add_raw(&d.claims, key, RAW("\x01"));
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "unsupported", "key-in-claims-%s-%s", keys[n].id,
		        by->label);
		draft_begin(&d, by);
		claims_add_raw(&d.card, key, RAW("\x01"));
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "unsupported", "key-in-card-%s-%s", keys[n].id,
		        by->label);
		draft_begin(&d, by);
		draft_replace(&d.unprotected, RAW("\xA1"));
		writer_put_span(&d.unprotected, key);
		writer_put_span(&d.unprotected, RAW("\x01"));
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "unsupported", "key-in-header-%s-%s", keys[n].id,
		        by->label);
	}
}

/* `levels` arrays around each other, or tags, or maps. */
static struct span nest(size_t levels, const char *head, size_t head_len)
{
	static uint8_t space[DRAFT_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	for (size_t n = 1; n < levels; n++)
		writer_put(&w, head, head_len);
	writer_put_u8(&w, levels > 0 ? 0x80 : 0x00);
	return writer_span(&w);
}

/* 16 levels in one document: the claims' map is one; tags, array and map of
 * the COSE_Sign1 are four. */
static void put_depth(const struct world_issuer *by)
{
	static const size_t levels[] = {
	        DEPTH_MAX - 2, DEPTH_MAX - 1, DEPTH_MAX, 100, 3000};
	static const struct {
		const char *id, *head;
		size_t len;
	} kinds[] = {{"array", "\x81", 1}, {"tag", "\xC1", 1},
	        {"map", "\xA1\x01", 2}, {"indefinite", "\x9F", 1}};
	for (size_t k = 0; k < 4; k++)
		for (size_t n = 0; n < 5; n++) {
			size_t count =
			        levels[n] > 1000 && k == 2 ? 1500 : levels[n];
			bool open = k == 3; /* no breaks follow */
			draft_begin(&d, by);
			claims_add(&d, &d.claims, 99,
			        nest(count, kinds[k].head, kinds[k].len));
			draft_run(&d, FROM_CLAIMS);
			draft_put(&d,
			        count < DEPTH_MAX && !open ? "valid"
			                                   : "malformed",
			        "depth-%s-%zu-%s", kinds[k].id, count,
			        by->label);
		}
	for (size_t n = 0; n < 5; n++) {
		static const size_t header[] = {11, 12, 13, 100, 3000};
		draft_begin(&d, by);
		draft_replace(&d.unprotected, RAW("\xA1\x18\x63"));
		writer_put_span(&d.unprotected, nest(header[n], "\x81", 1));
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d,
		        header[n] <= DEPTH_MAX - 4 ? "valid" : "malformed",
		        "depth-header-%zu-%s", header[n], by->label);
	}
}

/* Unknown claim 99 of zeros, so that the plain bytes have this length. */
static void put_length(
        const struct world_issuer *by, size_t plain_len, const char *verdict)
{
	static uint8_t zeros[2 * PLAIN_MAX];
	size_t fill = plain_len - 300;
	for (int turn = 0; turn < 3; turn++) {
		draft_begin(&d, by);
		claims_add(&d, &d.claims, 99,
		        draft_bytes(&d, span_of(zeros, fill)));
		draft_run(&d, FROM_CLAIMS);
		fill += plain_len - d.plain.len;
	}
	if (d.plain.len != plain_len)
		world_fail("a length");
	draft_put(&d, verdict, "length-plain-%zu-%s", plain_len, by->label);
}

static void put_text_of(const struct world_issuer *by, struct claims *c,
        int64_t key, size_t len, const char *verdict, const char *id)
{
	static uint8_t text[1024];
	memset(text, 'A', sizeof text);
	memcpy(text, by->area_prefix, strlen(by->area_prefix));
	claims_set(&d, c, key, draft_text(&d, span_of(text, len)));
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, verdict, "length-%s-%zu-%s", id, len, by->label);
}

/* A map of this many pairs, of keys 0 and on. */
static void put_pairs(
        const struct world_issuer *by, size_t pairs, const char *verdict)
{
	static uint8_t space[8192];
	struct writer w;
	writer_init(&w, space, sizeof space);
	cbor_put_map(&w, pairs);
	for (size_t n = 0; n < pairs; n++) {
		cbor_put_uint(&w, n);
		cbor_put_uint(&w, 0);
	}
	draft_begin(&d, by);
	claims_add(&d, &d.claims, 99, writer_span(&w));
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, verdict, "length-map-%zu-%s", pairs, by->label);
}

static void put_limits(const struct world_issuer *by)
{
	put_length(by, PLAIN_MAX - 1, "valid");
	put_length(by, PLAIN_MAX, "valid");
	put_length(by, PLAIN_MAX + 1, "malformed");
	put_length(by, 2 * PLAIN_MAX, "malformed");
	put_pairs(by, PAIRS_MAX, "valid");
	put_pairs(by, PAIRS_MAX + 1, "malformed");
	draft_begin(&d, by);
	put_text_of(by, &d.card, CARD_NAME, 512, "valid", "name");
	draft_begin(&d, by);
	put_text_of(by, &d.card, CARD_NAME, 513, "malformed", "name");
	draft_begin(&d, by);
	put_text_of(by, &d.card, CARD_NUMBER, 64, "valid", "number");
	draft_begin(&d, by);
	put_text_of(by, &d.card, CARD_NUMBER, 65, "malformed", "number");
	draft_begin(&d, by);
	put_text_of(by, &d.claims, CWT_ISS, 128, "unknown-issuer", "iss");
	draft_begin(&d, by);
	put_text_of(by, &d.claims, CWT_ISS, 129, "malformed", "iss");
}

/* Cut anywhere; what is left of "D8 3D D2" tells what it was. */
static void put_cuts(const struct world_issuer *by)
{
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	size_t whole = d.plain.len;
	for (size_t len = 0; len < whole; len += len < 24 ? 3 : 53) {
		d.plain.len = len;
		draft_run(&d, FROM_PLAIN);
		draft_put(&d, len < 3 ? "not-credential" : "malformed",
		        "cut-plain-%zu-%s", len, by->label);
	}
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	whole = d.payload.len;
	for (size_t len = 1; len < whole; len += 29) {
		d.payload.len = len;
		draft_run(&d, FROM_PAYLOAD);
		draft_put(
		        &d, "malformed", "cut-payload-%zu-%s", len, by->label);
	}
	static const char *const tails[] = {
	        "\x01", "\xA0", "\xF6", "\xFF", "tail"};
	for (size_t n = 0; n < sizeof tails / sizeof tails[0]; n++) {
		draft_begin(&d, by);
		draft_run(&d, FROM_CLAIMS);
		writer_put_text(&d.plain, tails[n]);
		draft_run(&d, FROM_PLAIN);
		draft_put(
		        &d, "malformed", "trailing-plain-%zu-%s", n, by->label);
		draft_begin(&d, by);
		draft_run(&d, FROM_CLAIMS);
		writer_put_text(&d.payload, tails[n]);
		draft_run(&d, FROM_PAYLOAD);
		draft_put(&d, "malformed", "trailing-payload-%zu-%s", n,
		        by->label);
	}
}

void make_shaped(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		const struct world_issuer *by = &w->issuers[n];
		put_limits(by);
		put_cuts(by);
	}
	put_heads(&w->issuers[0]);
	put_parts(&w->issuers[1]);
	put_payloads(&w->issuers[2]);
	put_twice(&w->issuers[0]);
	put_keys(&w->issuers[1]);
	put_depth(&w->issuers[2]);
}
