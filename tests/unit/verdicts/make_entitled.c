/*
 * Who may say it: the key's span at the time of signing, its iss, its area
 * (docs/decisions/0012). Otherwise the issuer is unknown, however good the
 * signature is.
 */
#include "make_case.h"
#include "make_draft.h"

static struct draft d;

static void put_iat(const struct world_issuer *by, int64_t iat_s,
        const char *verdict, const char *id)
{
	draft_begin(&d, by);
	claims_set(&d, &d.claims, CWT_IAT, draft_int(&d, iat_s));
	draft_finish(&d, FROM_CLAIMS, verdict, id);
}

static void put_text(const struct world_issuer *by, struct claims *c,
        int64_t key, const char *text, const char *verdict, const char *id)
{
	claims_set(&d, c, key, draft_text(&d, span_of_text(text)));
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, verdict, "entitled-%s-%s", id, by->label);
}

static void put_iss(const struct world_issuer *by, const char *iss,
        const char *verdict, const char *id)
{
	draft_begin(&d, by);
	put_text(by, &d.claims, CWT_ISS, iss, verdict, id);
}

static void put_number(const struct world_issuer *by, const char *number,
        const char *verdict, const char *id)
{
	draft_begin(&d, by);
	put_text(by, &d.card, CARD_NUMBER, number, verdict, id);
}

static void put_issuer(
        const struct world_issuer *by, const struct world_issuer *other)
{
	put_iat(by, by->valid_from_s - 1, "unknown-issuer",
	        "entitled-before-key");
	put_iat(by, by->valid_from_s, "valid", "entitled-first-second");
	put_iat(by, 0, "unknown-issuer", "entitled-iat-1970");
	put_iss(by, other->iss, "unknown-issuer", "other-iss");
	put_iss(by, "https://stranger.example", "unknown-issuer", "no-iss");
	put_number(by, other->card_number, "unknown-issuer", "other-area");
	put_number(by, by->area_prefix, "unknown-issuer", "prefix-alone");
	put_number(by, "32", "unknown-issuer", "short-number");
	/* revoked elsewhere means nothing here: the verdict is the issuer's */
	draft_begin(&d, by);
	claims_set(&d, &d.card, CARD_STATUS,
	        draft_status(&d, WORLD_LIST_NUMBER, 1));
	put_text(by, &d.claims, CWT_ISS, other->iss, "unknown-issuer",
	        "other-iss-revoked");
	/* expired, too, and of another area */
	draft_begin(&d, by);
	claims_set(&d, &d.claims, CWT_EXP, draft_int(&d, 1));
	put_text(by, &d.card, CARD_NUMBER, other->card_number, "unknown-issuer",
	        "other-area-expired");
}

/* The old key's cards stay good after its time; its new ones never were. */
static void put_old(const struct world_issuer *old)
{
	int64_t half_s = (WORLD_OLD_FROM_S + WORLD_OLD_UNTIL_S) / 2;
	put_iat(old, half_s, "valid", "entitled-in-its-time");
	put_iat(old, WORLD_OLD_UNTIL_S, "valid", "entitled-last-second");
	put_iat(old, WORLD_OLD_UNTIL_S + 1, "unknown-issuer",
	        "entitled-after-key");
	put_iat(old, WORLD_IAT_S, "unknown-issuer", "entitled-today");
	put_iat(old, WORLD_OLD_FROM_S - 1, "unknown-issuer",
	        "entitled-before-key");
	/* without iat, what counts is now */
	draft_begin(&d, old);
	claims_drop(&d, &d.claims, CWT_IAT);
	draft_finish(&d, FROM_CLAIMS, "unknown-issuer", "entitled-no-iat");
	/* and the issuer's list of today speaks of them */
	draft_begin(&d, old);
	claims_set(&d, &d.claims, CWT_IAT, draft_int(&d, half_s));
	claims_set(&d, &d.card, CARD_STATUS,
	        draft_status(&d, WORLD_LIST_NUMBER, 1));
	draft_finish(&d, FROM_CLAIMS, "revoked", "entitled-revoked");
}

void make_entitled(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++)
		put_issuer(&w->issuers[n],
		        &w->issuers[(n + 1) % WORLD_LIVE_ISSUERS]);
	put_old(&w->issuers[WORLD_ISSUERS - 1]);
}
