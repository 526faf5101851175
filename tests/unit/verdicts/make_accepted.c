/*
 * What docs/credential.md accepts: every form of the field. A rule of
 * encoding that nobody has to keep must not change the verdict.
 */
#include <stdio.h>
#include <string.h>

#include "make_case.h"
#include "make_draft.h"

static struct draft d;

static void put_forms(const struct world_issuer *by)
{
	static const char *const forms[] = {"61-18", "18", "untagged", "61"};
	static const char *const styles[] = {
	        "sorted", "reversed", "wide", "indefinite"};
	for (int form = FORM_CWT_SIGN1; form <= FORM_CWT_ONLY; form++)
		for (int map = 0; map < 2; map++)
			for (int style = CLAIMS_SORTED;
			        style <= CLAIMS_INDEFINITE; style++) {
				draft_begin(&d, by);
				d.form = (enum draft_form)form;
				d.card_as_map = map;
				d.claims.style = (enum claims_style)style;
				d.card.style = (enum claims_style)style;
				d.wide_cose = style == CLAIMS_WIDE;
				draft_run(&d, FROM_CLAIMS);
				draft_put(&d, "valid", "accepted-%s-%s-%s-%s",
				        by->label, forms[form],
				        map ? "map" : "bytes", styles[style]);
			}
}

/* Unknown claims and attributes are passed over, of whatever type. */
static void put_unknown(const struct world_issuer *by)
{
	static const struct {
		const char *name;
		const char *raw;
		size_t len;
	} values[] = {
	        {"text", "\x61\x61", 2},
	        {"negative", "\x38\x63", 2},
	        {"float", "\xFB\x3F\xF0\0\0\0\0\0\0", 9},
	        {"null", "\xF6", 1},
	        {"undefined", "\xF7", 1},
	        {"simple", "\xF8\x20", 2},
	        {"bignum", "\xC2\x49\x01\0\0\0\0\0\0\0\0", 11},
	        {"chunks", "\x5F\x41\x61\x41\x62\xFF", 6},
	        {"text-chunks", "\x7F\x61\x61\x60\xFF", 5},
	        {"map", "\xA2\x01\x02\x61\x61\x80", 6},
	        {"indefinite", "\x9F\x9F\xFF\xBF\x01\x02\xFF\xFF", 8},
	        {"largest", "\x1B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9},
	        {"least", "\x3B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9},
	};
	for (size_t n = 0; n < sizeof values / sizeof values[0]; n++) {
		struct span raw = span_of(values[n].raw, values[n].len);
		draft_begin(&d, by);
		claims_add(&d, &d.claims, 7, raw);
		claims_add(&d, &d.claims, 40000, raw);
		claims_add(&d, &d.card, 60, raw);
		claims_add_raw(&d.card, RAW("\x63key"), raw);
		claims_add_raw(&d.claims, RAW("\x43key"), raw);
		claims_add(&d, &d.card, -1, raw);
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "valid", "accepted-unknown-%s-%s", values[n].name,
		        by->label);
	}
}

static void put_headers(const struct world_issuer *by)
{
	struct span kid;
	draft_begin(&d, by);
	kid = draft_bytes(&d, draft_kid(&d, by->card));
	draft_set_header(&d,
	        (int32_t)cose_key_alg(signing_key_public(by->card)),
	        span_of("", 0));
	d.unprotected.len = 0;
	writer_put_span(&d.unprotected, RAW("\xA1\x04"));
	writer_put_span(&d.unprotected, kid);
	draft_finish(&d, FROM_CLAIMS, "valid", "accepted-kid-unprotected");

	/* what is protected counts, if the label stands twice */
	draft_begin(&d, by);
	draft_replace(&d.unprotected, RAW("\xA1\x04\x48stranger"));
	draft_finish(&d, FROM_CLAIMS, "valid", "accepted-kid-in-both");

	draft_begin(&d, by);
	draft_replace(&d.unprotected,
	        RAW("\xA3\x18\x63\x9F\x01\xFF\x61x\xF6\x38\x63\xC1\x01"));
	draft_finish(&d, FROM_CLAIMS, "valid", "accepted-unknown-headers");
}

/* 0012: a credential without a kid is tried under the only key of its iss
 * and algorithm; the first issuer has two ES256 keys. */
static void put_without_kid(const struct world_issuer *by)
{
	draft_begin(&d, by);
	draft_set_header(&d,
	        (int32_t)cose_key_alg(signing_key_public(by->card)),
	        span_of("", 0));
	draft_finish(&d, FROM_CLAIMS,
	        by->curve == COSE_CURVE_P256 ? "unknown-issuer" : "valid",
	        "accepted-without-kid");
}

static void put_texts(const struct world_issuer *by)
{
	static const char *const names[] = {"生成样本·买买提", "Sample Person",
	        "\xF0\xA0\xAE\xB7生成", "e\xCC\x81", "", "\xE2\x80\xAE倒序",
	        "\xF4\x8F\xBF\xBF"};
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		draft_begin(&d, by);
		claims_set(&d, &d.card, CARD_NAME,
		        draft_text(&d, span_of_text(names[n])));
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "valid", "accepted-name-%zu-%s", n, by->label);
	}
}

/* Claims that a card of ours has, and another's may not have. */
static void put_absent(const struct world_issuer *by)
{
	static const int card[] = {
	        CARD_NUMBER, CARD_NAME, CARD_KIND, CARD_BENEFITS, CARD_CHIP};
	static const int cwt[] = {CWT_ISS, CWT_EXP, CWT_IAT};
	for (size_t n = 0; n < sizeof card / sizeof card[0]; n++) {
		draft_begin(&d, by);
		claims_drop(&d, &d.card, card[n]);
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "valid", "accepted-without-attribute-%d-%s",
		        card[n], by->label);
	}
	for (size_t n = 0; n < sizeof cwt / sizeof cwt[0]; n++) {
		draft_begin(&d, by);
		claims_drop(&d, &d.claims, cwt[n]);
		draft_run(&d, FROM_CLAIMS);
		draft_put(&d, "valid", "accepted-without-claim-%d-%s", cwt[n],
		        by->label);
	}
}

void make_accepted(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		put_forms(&w->issuers[n]);
		put_headers(&w->issuers[n]);
		put_without_kid(&w->issuers[n]);
		put_texts(&w->issuers[n]);
		put_absent(&w->issuers[n]);
	}
	put_unknown(&w->issuers[1]);
}
