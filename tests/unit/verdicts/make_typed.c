/*
 * Every claim with every wrong type and with numbers out of range, signed
 * well: such a credential is malformed, not merely untrue.
 */
#include <string.h>

#include "make_case.h"
#include "make_draft.h"

static struct draft d;

enum type {
	TYPE_UINT,
	TYPE_NEGATIVE,
	TYPE_BYTES,
	TYPE_TEXT,
	TYPE_ARRAY,
	TYPE_MAP,
	TYPE_TAG,
	TYPE_TRUE,
	TYPE_NULL,
	TYPE_FLOAT,
	TYPE_BIGNUM,
	TYPES,
};

static const struct {
	const char *name, *raw;
	size_t len;
} types[TYPES] = {
        [TYPE_UINT] = {"uint", "\x05", 1},
        [TYPE_NEGATIVE] = {"negative", "\x24", 1},
        [TYPE_BYTES] = {"bytes",
                "\x42"
                "ab",
                3},
        [TYPE_TEXT] = {"text",
                "\x62"
                "ab",
                3},
        [TYPE_ARRAY] = {"array", "\x81\x01", 2},
        [TYPE_MAP] = {"map", "\xA1\x01\x02", 3},
        [TYPE_TAG] = {"tag", "\xC1\x05", 2},
        [TYPE_TRUE] = {"true", "\xF5", 1},
        [TYPE_NULL] = {"null", "\xF6", 1},
        [TYPE_FLOAT] = {"float", "\xF9\x3C\0", 3},
        [TYPE_BIGNUM] = {"bignum", "\xC2\x41\x05", 3},
};

static const struct typed {
	int64_t key;
	bool of_card;
	enum type right; /* the one that is not wrong; TYPES: none here */
} claims[] = {
        {CWT_ISS, false, TYPE_TEXT}, {CWT_EXP, false, TYPE_UINT},
        {CWT_NBF, false, TYPE_UINT}, {CWT_IAT, false, TYPE_UINT},
        {CARD_NUMBER, true, TYPE_TEXT}, {CARD_NAME, true, TYPE_TEXT},
        {CARD_KIND, true, TYPE_UINT}, {CARD_BENEFITS, true, TYPE_UINT},
        {CARD_STATUS, true, TYPES}, /* an array of two */
        {CARD_CHIP, true, TYPES}, /* sixteen bytes */
};

static void put_type(
        const struct world_issuer *by, const struct typed *c, enum type type)
{
	draft_begin(&d, by);
	claims_set(&d, c->of_card ? &d.card : &d.claims, c->key,
	        span_of(types[type].raw, types[type].len));
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, "malformed", "type-%s-%d-%s-%s",
	        c->of_card ? "attribute" : "claim", (int)c->key,
	        types[type].name, by->label);
}

/* Claim 169 that is neither a map nor bytes which hold one. */
static void put_claim_169(const struct world_issuer *by, struct span raw,
        const char *verdict, const char *id)
{
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	d.payload.len = 0;
	writer_put_span(&d.payload, RAW("\xA1\x18\xA9"));
	writer_put_span(&d.payload, raw);
	draft_run(&d, FROM_PAYLOAD);
	draft_put(&d, verdict, "type-claim-169-%s-%s", id, by->label);
}

static void put_169(const struct world_issuer *by)
{
	for (enum type t = TYPE_UINT; t < TYPES; t++)
		if (t != TYPE_MAP)
			put_claim_169(by, span_of(types[t].raw, types[t].len),
			        "malformed", types[t].name);
	put_claim_169(by, RAW("\x40"), "malformed", "no-bytes");
	put_claim_169(by, RAW("\x41\x80"), "malformed", "array-in-bytes");
	put_claim_169(by, RAW("\x42\xA0\xA0"), "malformed", "two-in-bytes");
	put_claim_169(by, RAW("\x41\xA1"), "malformed", "cut-in-bytes");
	put_claim_169(by, RAW("\xD8\x18\x41\xA0"), "malformed", "tag-24");
	put_claim_169(by, RAW("\x5F\x41\xA0\xFF"), "malformed", "chunks");
	/* nothing said is nothing false: no list, no end */
	put_claim_169(by, RAW("\xA0"), "valid-stale", "empty-map");
	put_claim_169(by, RAW("\x41\xA0"), "valid-stale", "empty-in-bytes");
}

struct value {
	const char *id, *verdict, *raw;
	size_t len;
	int64_t key;
	bool of_card;
};

#define VALUE(id, verdict, of_card, key, raw)                                  \
	{                                                                      \
		id, verdict, raw, sizeof(raw) - 1, key, of_card                \
	}
#define OVER63 "\x1B\x80\0\0\0\0\0\0\0"

static const struct value values[] = {
        VALUE("exp-minus-1", "malformed", false, CWT_EXP, "\x20"),
        VALUE("exp-least", "malformed", false, CWT_EXP,
                "\x3B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        VALUE("exp-2-63", "malformed", false, CWT_EXP, OVER63),
        VALUE("nbf-minus-1", "malformed", false, CWT_NBF, "\x20"),
        VALUE("nbf-2-63", "malformed", false, CWT_NBF, OVER63),
        VALUE("iat-minus-1", "malformed", false, CWT_IAT, "\x20"),
        VALUE("iat-2-63", "malformed", false, CWT_IAT, OVER63),
        VALUE("exp-double", "malformed", false, CWT_EXP,
                "\xFB\x41\xE0\0\0\0\0\0\0"),
        VALUE("kind-largest", "valid", true, CARD_KIND, "\x1A\xFF\xFF\xFF\xFF"),
        VALUE("kind-2-32", "malformed", true, CARD_KIND,
                "\x1B\0\0\0\x01\0\0\0\0"),
        VALUE("benefits-largest", "valid", true, CARD_BENEFITS,
                "\x1B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        VALUE("benefits-minus-1", "malformed", true, CARD_BENEFITS, "\x20"),
        VALUE("status-empty", "malformed", true, CARD_STATUS, "\x80"),
        VALUE("status-one", "malformed", true, CARD_STATUS, "\x81\x07"),
        VALUE("status-three", "malformed", true, CARD_STATUS, "\x83\x07\0\0"),
        VALUE("status-indefinite", "valid", true, CARD_STATUS,
                "\x9F\x07\0\xFF"),
        VALUE("status-indefinite-1", "malformed", true, CARD_STATUS,
                "\x9F\x07\xFF"),
        VALUE("status-indefinite-3", "malformed", true, CARD_STATUS,
                "\x9F\x07\0\0\xFF"),
        VALUE("status-negative", "malformed", true, CARD_STATUS,
                "\x82\x07\x20"),
        VALUE("status-list-2-32", "malformed", true, CARD_STATUS,
                "\x82\x1B\0\0\0\x01\0\0\0\x07\0"),
        VALUE("status-index-2-32", "malformed", true, CARD_STATUS,
                "\x82\x07\x1B\0\0\0\x01\0\0\0\0"),
        VALUE("status-texts", "malformed", true, CARD_STATUS,
                "\x82\x61\x37\x61\x30"),
        VALUE("status-nested", "malformed", true, CARD_STATUS,
                "\x82\x07\x81\0"),
        VALUE("chip-empty", "malformed", true, CARD_CHIP, "\x40"),
        VALUE("chip-15", "malformed", true, CARD_CHIP,
                "\x4F"
                "0123456789abcde"),
        VALUE("chip-17", "malformed", true, CARD_CHIP,
                "\x51"
                "0123456789abcdefg"),
        VALUE("chip-16", "valid", true, CARD_CHIP,
                "\x50"
                "0123456789abcdef"),
        VALUE("chip-text", "malformed", true, CARD_CHIP,
                "\x70"
                "0123456789abcdef"),
        VALUE("chip-chunks", "malformed", true, CARD_CHIP,
                "\x5F\x50"
                "0123456789abcdef"
                "\xFF"),
        VALUE("name-chunks", "malformed", true, CARD_NAME, "\x7F\x61\x61\xFF"),
        VALUE("name-nul", "valid", true, CARD_NAME, "\x63\x61\0\x62"),
        VALUE("name-lone-80", "malformed", true, CARD_NAME, "\x61\x80"),
        VALUE("name-cut", "malformed", true, CARD_NAME, "\x62\xE4\xBD"),
        VALUE("name-cut-then-ascii", "malformed", true, CARD_NAME,
                "\x63\xE4\xBD\x61"),
        VALUE("name-c0-80", "malformed", true, CARD_NAME, "\x62\xC0\x80"),
        VALUE("name-c1-bf", "malformed", true, CARD_NAME, "\x62\xC1\xBF"),
        VALUE("name-e0-overlong", "malformed", true, CARD_NAME,
                "\x63\xE0\x9F\xBF"),
        VALUE("name-f0-overlong", "malformed", true, CARD_NAME,
                "\x64\xF0\x8F\xBF\xBF"),
        VALUE("name-surrogate", "malformed", true, CARD_NAME,
                "\x63\xED\xA0\x80"),
        VALUE("name-cesu-8", "malformed", true, CARD_NAME,
                "\x66\xED\xA1\x82\xED\xBE\xB7"),
        VALUE("name-past-10ffff", "malformed", true, CARD_NAME,
                "\x64\xF4\x90\x80\x80"),
        VALUE("name-f8", "malformed", true, CARD_NAME,
                "\x65\xF8\x88\x80\x80\x80"),
        VALUE("name-ff", "malformed", true, CARD_NAME, "\x61\xFF"),
        VALUE("name-gb18030", "malformed", true, CARD_NAME,
                "\x64\xC9\xFA\xB3\xC9"),
        VALUE("number-not-utf-8", "malformed", true, CARD_NUMBER,
                "\x65"
                "3201\xFF"),
        VALUE("iss-not-utf-8", "malformed", false, CWT_ISS, "\x62\xC3\x28"),
        VALUE("unknown-not-utf-8", "malformed", false, 99, "\x62\xC3\x28"),
        VALUE("unknown-reserved", "malformed", false, 99, "\x1C"),
        VALUE("unknown-lone-break", "malformed", false, 99, "\xFF"),
        VALUE("unknown-simple-2-bytes", "malformed", false, 99, "\xF8\x14"),
        VALUE("unknown-bad-chunk", "malformed", false, 99, "\x5F\x61\x61\xFF"),
        VALUE("unknown-nested-chunk", "malformed", false, 99,
                "\x5F\x5F\x41\x61\xFF\xFF"),
        VALUE("unknown-odd-map", "malformed", false, 99, "\xBF\x01\xFF"),
        VALUE("unknown-indefinite-tag", "malformed", false, 99, "\xDF\x01"),
        VALUE("unknown-indefinite-uint", "malformed", false, 99, "\x1F"),
        VALUE("unknown-duplicates", "malformed", false, 99,
                "\xA2\x01\x02\x01\x03"),
};

static void put_value(const struct world_issuer *by, const struct value *v)
{
	draft_begin(&d, by);
	claims_set(&d, v->of_card ? &d.card : &d.claims, v->key,
	        span_of(v->raw, v->len));
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, v->verdict, "value-%s-%s", v->id, by->label);
}

void make_typed(const struct world *w)
{
	size_t turn = 0; /* the type is judged before the key is known */
	for (size_t n = 0; n < sizeof claims / sizeof claims[0]; n++)
		for (enum type t = TYPE_UINT; t < TYPES; t++)
			if (t != claims[n].right)
				put_type(&w->issuers[turn++ %
				                     WORLD_LIVE_ISSUERS],
				        &claims[n], t);
	for (size_t n = 0; n < sizeof values / sizeof values[0]; n++)
		put_value(&w->issuers[turn++ % WORLD_LIVE_ISSUERS], &values[n]);
	put_169(&w->issuers[0]);
}
