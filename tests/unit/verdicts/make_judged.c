/*
 * Time and status (docs/decisions/0012). The signature is good in all of
 * these; what cannot be undone is said first: revoked, expired, not yet
 * valid, suspended, valid.
 */
#include "make_case.h"
#include "make_draft.h"

enum { VALID_AT = 0, REVOKED_AT = 1, SUSPENDED_AT = 2, LEEWAY_S = 300 };

static struct draft d;

struct judged {
	const char *id;
	const char *verdict;
	int64_t time_s; /* 0: WORLD_NOW_S */
	int64_t iat_s, exp_s, nbf_s; /* 0: as always */
	int64_t index; /* in the list; -1: no claim 77 */
};

static const struct judged cases[] = {
        {"revoked", "revoked", .index = REVOKED_AT},
        {"suspended", "suspended", .index = SUSPENDED_AT},
        {"value-3", "unsupported", .index = WORLD_UNKNOWN_INDEX},
        {"revoked-97", "revoked", .index = 97},
        {"suspended-89", "suspended", .index = 89},
        {"last-entry", "valid", .index = WORLD_LIST_ENTRIES - 1},
        {"past-list", "valid-stale", .index = WORLD_LIST_ENTRIES},
        {"far-past-list", "valid-stale", .index = UINT32_MAX},
        {"no-status", "valid-stale", .index = -1},
        {"list-ends", "valid-stale", .time_s = WORLD_LIST_UNTIL_S},
        {"list-lasts", "valid", .time_s = WORLD_LIST_UNTIL_S - 1},
        {"revoked-stale", "revoked", .time_s = WORLD_LIST_UNTIL_S,
                .index = REVOKED_AT},
        {"suspended-stale", "suspended", .time_s = WORLD_LIST_UNTIL_S,
                .index = SUSPENDED_AT},
        /* signed after the list: the list cannot know of it */
        {"newer-than-list", "valid-stale", .iat_s = WORLD_LIST_S + 1},
        {"old-as-list", "valid", .iat_s = WORLD_LIST_S},
        {"expires-now", "expired", .exp_s = WORLD_NOW_S},
        {"expires-next", "valid", .exp_s = WORLD_NOW_S + 1},
        {"expired-long", "expired", .exp_s = WORLD_IAT_S},
        {"expired-1970", "expired", .exp_s = 1},
        {"never-expires", "valid", .exp_s = INT64_MAX},
        {"revoked-expired", "revoked", .exp_s = WORLD_NOW_S,
                .index = REVOKED_AT},
        {"suspended-expired", "expired", .exp_s = WORLD_NOW_S,
                .index = SUSPENDED_AT},
        {"value-3-expired", "unsupported", .exp_s = WORLD_NOW_S,
                .index = WORLD_UNKNOWN_INDEX},
        {"nbf-past", "valid", .nbf_s = WORLD_NOW_S - 1},
        {"nbf-leeway", "valid", .nbf_s = WORLD_NOW_S + LEEWAY_S},
        {"nbf-future", "not-yet-valid", .nbf_s = WORLD_NOW_S + LEEWAY_S + 1},
        {"nbf-revoked", "revoked", .nbf_s = WORLD_EXP_S, .index = REVOKED_AT},
        {"nbf-suspended", "not-yet-valid", .nbf_s = WORLD_EXP_S,
                .index = SUSPENDED_AT},
        {"nbf-expired", "expired", .nbf_s = WORLD_EXP_S, .exp_s = WORLD_NOW_S},
        {"nbf-largest", "not-yet-valid", .nbf_s = INT64_MAX},
        {"iat-future", "not-yet-valid", .iat_s = WORLD_NOW_S + LEEWAY_S + 1},
        {"iat-leeway", "valid-stale", .iat_s = WORLD_NOW_S + LEEWAY_S},
        /* a clock that was set back: the list in hand is newer */
        {"clock-back", "valid", .time_s = 1},
        {"clock-negative", "valid", .time_s = INT64_MIN},
        {"clock-back-expired", "expired", .time_s = 1, .exp_s = WORLD_LIST_S},
        {"clock-back-not-expired", "valid", .time_s = 1,
                .exp_s = WORLD_LIST_S + 1},
        /* an expired trust list knows nobody */
        {"trust-ends", "unknown-issuer", .time_s = WORLD_TRUST_UNTIL_S},
        {"clock-largest", "unknown-issuer", .time_s = INT64_MAX},
        {"before-trust-ends", "expired", .time_s = WORLD_TRUST_UNTIL_S - 1},
        {"expires-in-time", "expired", .time_s = WORLD_EXP_S},
        {"last-second", "valid-stale", .time_s = WORLD_EXP_S - 1},
};

static void put(const struct world_issuer *by, const struct judged *c)
{
	draft_begin(&d, by);
	if (c->iat_s)
		claims_set(&d, &d.claims, CWT_IAT, draft_int(&d, c->iat_s));
	if (c->exp_s)
		claims_set(&d, &d.claims, CWT_EXP, draft_int(&d, c->exp_s));
	if (c->nbf_s)
		claims_set(&d, &d.claims, CWT_NBF, draft_int(&d, c->nbf_s));
	if (c->index < 0)
		claims_drop(&d, &d.card, CARD_STATUS);
	else
		claims_set(&d, &d.card, CARD_STATUS,
		        draft_status(
		                &d, WORLD_LIST_NUMBER, (uint64_t)c->index));
	if (c->time_s)
		d.time_s = c->time_s;
	draft_run(&d, FROM_CLAIMS);
	draft_put(&d, c->verdict, "judged-%s-%s", c->id, by->label);
}

/* A list of another number is not in hand. */
static void put_other_list(const struct world_issuer *by)
{
	draft_begin(&d, by);
	claims_set(&d, &d.card, CARD_STATUS,
	        draft_status(&d, WORLD_LIST_NUMBER + 1, REVOKED_AT));
	draft_finish(&d, FROM_CLAIMS, "valid-stale", "judged-other-list");
}

void make_judged(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
			put(&w->issuers[n], &cases[i]);
		put_other_list(&w->issuers[n]);
	}
}
