/*
 * Keys, algorithms and headers. alg must be what the trust list says of the
 * kid; a kid that it does not have as a card key is an unknown issuer.
 */
#include <string.h>

#include "crypto/core/cbor.h"
#include "make_case.h"
#include "make_draft.h"

static struct draft d;

static int32_t alg_of(const struct signing_key *key)
{
	return (int32_t)cose_key_alg(signing_key_public(key));
}

/* by's card under this alg and kid, signed by this key. */
static void put(const struct signing_key *signs, int32_t alg,
        const struct signing_key *kid, const char *verdict, const char *id)
{
	d.signs = signs;
	draft_set_header(&d, alg, draft_kid(&d, kid));
	draft_finish(&d, FROM_CLAIMS, verdict, id);
}

static void put_strangers(const struct world *w, const struct world_issuer *by)
{
	struct signing_key *stranger =
	        world_key("stranger", by->curve, KEY_CARD);
	int32_t alg = alg_of(by->card);
	draft_begin(&d, by);
	put(stranger, alg, by->card, "wrong-signature", "key-stranger");
	draft_begin(&d, by);
	put(stranger, alg, stranger, "unknown-issuer", "kid-stranger");
	draft_begin(&d, by);
	put(by->card, alg, stranger, "unknown-issuer", "kid-swapped-out");
	draft_begin(&d, by);
	put(by->list, alg, by->list, "unknown-issuer", "key-of-list");
	draft_begin(&d, by);
	put(by->list, alg, by->card, "wrong-signature", "key-list-for-card");
	draft_begin(&d, by);
	put(by->card, alg, by->list, "unknown-issuer", "kid-of-list");
	draft_begin(&d, by);
	put(w->root, alg_of(w->root), w->root, "unknown-issuer", "key-root");
	signing_key_free(stranger);
}

/* Another issuer's alg, kid and key, in every mixture that is not right. */
static void put_mixtures(
        const struct world_issuer *by, const struct world_issuer *other)
{
	const struct signing_key *const keys[] = {by->card, other->card};
	for (unsigned mix = 1; mix < 7; mix++) {
		const struct signing_key *signs = keys[mix & 1];
		const struct signing_key *alg = keys[mix >> 1 & 1];
		const struct signing_key *kid = keys[mix >> 2 & 1];
		draft_begin(&d, by);
		d.signs = signs;
		draft_set_header(&d, alg_of(alg), draft_kid(&d, kid));
		/* two ES256 keys: the alg is the same; signed by the kid's
		 * own, the rest is a matter of who is entitled */
		bool good = signs == kid && alg_of(alg) == alg_of(kid);
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d,
		        !good             ? "wrong-signature"
		        : kid == by->card ? "valid"
		                          : "unknown-issuer",
		        "mixed-%u-%s-%s", mix, by->label, other->label);
	}
}

static void put_kid(const struct world_issuer *by, struct span kid,
        const char *verdict, const char *id)
{
	draft_begin(&d, by);
	draft_set_header(&d, alg_of(by->card), kid);
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, verdict, "header-%s-%s", id, by->label);
}

static void put_kids(const struct world_issuer *by)
{
	uint8_t kid[40] = {0};
	cose_key_id(signing_key_public(by->card), kid);
	put_kid(by, span_of(kid, 7), "unknown-issuer", "kid-7");
	put_kid(by, span_of(kid, 9), "unknown-issuer", "kid-9");
	put_kid(by, span_of(kid, 1), "unknown-issuer", "kid-1");
	put_kid(by, span_of(kid, 32), "unknown-issuer", "kid-32");
	put_kid(by, span_of(kid, 33), "malformed", "kid-33");
	put_kid(by, span_of(kid + 8, 8), "unknown-issuer", "kid-zeros");
}

struct header {
	const char *id, *verdict, *raw;
	size_t len;
	bool with_kid; /* 4: kid is appended */
};

#define HEADER(id, verdict, with_kid, raw)                                     \
	{                                                                      \
		id, verdict, raw, sizeof(raw) - 1, with_kid                    \
	}

static const struct header headers[] = {
        HEADER("empty", "unsupported", false, ""),
        HEADER("empty-map", "unsupported", false, "\xA0"),
        HEADER("no-alg", "unsupported", true, "\xA1"),
        HEADER("es384", "unsupported", true, "\xA2\x01\x38\x22"),
        HEADER("es512", "unsupported", true, "\xA2\x01\x38\x23"),
        HEADER("es256k", "unsupported", true, "\xA2\x01\x38\x2E"),
        HEADER("ps256", "unsupported", true, "\xA2\x01\x38\x24"),
        HEADER("rs256", "unsupported", true, "\xA2\x01\x39\x01\0"),
        HEADER("esp256", "unsupported", true, "\xA2\x01\x28"),
        HEADER("hmac", "unsupported", true, "\xA2\x01\x05"),
        HEADER("zero", "unsupported", true, "\xA2\x01\0"),
        HEADER("past-int32", "unsupported", true,
                "\xA2\x01\x3B\0\0\0\x01\0\0\0\0"),
        HEADER("wraps-to-es256", "unsupported", true,
                "\xA2\x01\x3B\0\0\0\x01\0\0\0\x06"),
        HEADER("named", "unsupported", true,
                "\xA2\x01\x65"
                "ES256"),
        HEADER("alg-bytes", "malformed", true, "\xA2\x01\x41\x26"),
        HEADER("alg-null", "malformed", true, "\xA2\x01\xF6"),
        HEADER("alg-array", "malformed", true, "\xA2\x01\x81\x26"),
        HEADER("crit", "unsupported", true, "\xA3\x01\x26\x02\x81\x04"),
        HEADER("alg-twice", "malformed", true, "\xA3\x01\x26\x01\x26"),
        HEADER("alg-twice-wide", "malformed", true, "\xA3\x01\x26\x18\x01\x26"),
        HEADER("kid-text", "malformed", false,
                "\xA2\x01\x26\x04\x68"
                "stranger"),
        HEADER("kid-number", "malformed", false, "\xA2\x01\x26\x04\x07"),
        HEADER("kid-chunks", "malformed", false,
                "\xA2\x01\x26\x04\x5F\x41k\xFF"),
        HEADER("array", "malformed", false, "\x82\x01\x26"),
        HEADER("number", "malformed", false, "\x01"),
        HEADER("cut", "malformed", false, "\xA2\x01\x26"),
        HEADER("trailing", "malformed", false, "\xA1\x01\x26\x01"),
        HEADER("lone-break", "malformed", false, "\xA1\x01\xFF"),
        HEADER("huge-map", "malformed", false,
                "\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        HEADER("type-too-long", "malformed", true,
                "\xA3\x01\x26\x10\x78\x41"
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        HEADER("type", "valid", true,
                "\xA3\x01\x26\x10\x63"
                "CWT"),
        HEADER("type-number", "valid", true, "\xA3\x01\x26\x10\x18\x3D"),
        HEADER("unknown", "valid", true, "\xA3\x01\x26\x18\x63\x80"),
        HEADER("wide", "valid", true, "\xB8\x02\x18\x01\x38\x06"),
};

/* Of the first issuer, whose alg is ES256. Signed well in every case. */
static void put_headers(const struct world_issuer *by)
{
	for (size_t n = 0; n < sizeof headers / sizeof headers[0]; n++) {
		const struct header *h = &headers[n];
		draft_begin(&d, by);
		draft_replace(&d.protected, span_of(h->raw, h->len));
		if (h->with_kid) {
			cbor_put_uint(&d.protected, 4);
			cbor_put_bytes(&d.protected, draft_kid(&d, by->card));
		}
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, h->verdict, "header-%s-%s", h->id, by->label);
	}
	/* an alg that nobody signed is none */
	draft_begin(&d, by);
	draft_replace(&d.protected, span_of("", 0));
	draft_replace(&d.unprotected, RAW("\xA2\x01\x26\x04\x48"));
	writer_put_span(&d.unprotected, draft_kid(&d, by->card));
	draft_finish(&d, FROM_CLAIMS, "unsupported", "header-unprotected-alg");
}

/* A good signature over anything but this Sig_structure. */
static void put_other_tbs(const struct world_issuer *by)
{
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	writer_put_span(&d.payload, RAW(" "));
	draft_run(&d, FROM_PAYLOAD);
	d.payload.len--;
	draft_finish(
	        &d, FROM_SIGNATURE, "wrong-signature", "signed-longer-payload");
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	/* the same header in another encoding: map head of two bytes */
	static uint8_t rest[64];
	size_t len = d.protected.len - 1;
	memcpy(rest, d.protected.data + 1, len);
	draft_replace(&d.protected, RAW("\xB8\x02"));
	writer_put(&d.protected, rest, len);
	draft_finish(
	        &d, FROM_SIGNATURE, "wrong-signature", "signed-other-encoding");
	/* another card's signature */
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	claims_set(&d, &d.card, CARD_KIND, RAW("\x02"));
	uint8_t sig[64];
	memcpy(sig, d.sig.data, sizeof sig);
	draft_run(&d, FROM_CLAIMS);
	draft_replace(&d.sig, span_of(sig, sizeof sig));
	draft_finish(
	        &d, FROM_SIGNATURE, "wrong-signature", "signed-another-card");
}

void make_signed(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		const struct world_issuer *by = &w->issuers[n];
		put_strangers(w, by);
		for (size_t m = 0; m < WORLD_ISSUERS; m++)
			if (m != n)
				put_mixtures(by, &w->issuers[m]);
		put_kids(by);
		put_other_tbs(by);
	}
	put_headers(&w->issuers[0]);
}
