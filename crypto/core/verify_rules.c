#include "crypto/core/verify_rules.h"

#include "crypto/core/clock_floor.h"
#include "crypto/core/status_list.h"

struct hufu_text verify_text(struct span s)
{
	return (struct hufu_text){(const char *)s.data, s.len};
}

int64_t hufu_verifier_floor(const struct hufu_verifier *v)
{
	return clock_floor_of(
	        v->time_floor_s, v->trust, v->lists, v->list_count);
}

struct hufu_result verify_begin(const struct hufu_verifier *v, int64_t now_s)
{
	struct hufu_result r = {.status_age_s = -1};
	int64_t time_s = clock_floor_time(now_s, hufu_verifier_floor(v));
	r.checked_at_s = time_s;
	r.trust_expired = v->trust && time_s >= v->trust->expires_s;
	return r;
}

int verify_signature(struct hufu_verifier *v, const struct cose_sign1 *c,
        struct span iss, struct hufu_result *r, const struct trust_issuer **ret)
{
	const struct trust_issuer *issuer = NULL;
	struct writer space;

	if (v->trust && !r->trust_expired)
		issuer = c->kid.len > 0
		                 ? trust_list_find(v->trust, TRUST_CARD, c->kid)
		                 : trust_list_find_iss(
		                           v->trust, TRUST_CARD, iss, c->alg);
	if (!issuer) {
		r->verdict = HUFU_UNKNOWN_ISSUER;
		return HUFU_OK;
	}
	writer_init(&space, v->tbs, sizeof v->tbs);
	int rc = cose_check_sign1(c, &issuer->key, v->sigs, &space);
	switch (rc) {
	case HUFU_OK:
		*ret = issuer;
		return HUFU_OK;
	case HUFU_ERR_SIGNATURE:
		r->verdict = HUFU_WRONG_SIGNATURE;
		return HUFU_OK;
	case HUFU_ERR_UNSUPPORTED:
		r->verdict = HUFU_UNSUPPORTED;
		return HUFU_OK;
	case HUFU_ERR_MALFORMED: /* the trust list's key is no point */
		r->verdict = HUFU_UNKNOWN_ISSUER;
		return HUFU_OK;
	default:
		return rc;
	}
}

/* Whether this issuer may say this, at the time when it said it. */
static bool is_entitled(const struct trust_issuer *issuer,
        const struct verify_claims *claims, int64_t time_s)
{
	int64_t said_s = claims->has_issued ? claims->issued_s : time_s;
	struct span prefix = issuer->area_prefix;
	if (said_s < issuer->valid_from_s || said_s > issuer->valid_to_s)
		return false;
	if (claims->iss.len > 0 && !span_equal(claims->iss, issuer->iss))
		return false;
	if (prefix.len == 0 || claims->card_number.len == 0)
		return true;
	return claims->card_number.len > prefix.len &&
	       span_equal(
	               span_of(claims->card_number.data, prefix.len), prefix);
}

/* The newest list in hand that speaks of this card, or NULL. */
static const struct status_list *find_list(const struct hufu_verifier *v,
        const struct trust_issuer *issuer, uint32_t number)
{
	const struct status_list *best = NULL;
	for (size_t i = 0; i < v->list_count; i++) {
		const struct status_list *t = &v->lists[i];
		if (t->number == number && span_equal(t->iss, issuer->iss) &&
		        (!best || t->sequence > best->sequence))
			best = t;
	}
	return best;
}

static enum hufu_verdict look_up_status(const struct hufu_verifier *v,
        const struct trust_issuer *issuer, const struct verify_claims *claims,
        struct hufu_result *r)
{
	enum status_value value;
	const struct status_list *t = NULL;
	if (claims->has_status)
		t = find_list(v, issuer, claims->status_list);
	int rc = t ? status_list_find(t, claims->status_index, &value)
	           : HUFU_ERR_NOT_FOUND;
	r->status_stale = true;
	if (rc == HUFU_ERR_UNSUPPORTED)
		return HUFU_UNSUPPORTED; /* a status of unknown meaning */
	if (rc)
		return HUFU_VALID; /* as far as can be told: stale */
	r->status_age_s = r->checked_at_s - t->issued_s;
	r->status_stale =
	        clock_floor_is_stale(t, r->checked_at_s, v->status_limit_s) ||
	        (claims->has_issued && claims->issued_s > t->issued_s);
	if (value == STATUS_INVALID)
		return HUFU_REVOKED;
	return value == STATUS_SUSPENDED ? HUFU_SUSPENDED : HUFU_VALID;
}

void verify_decide(const struct hufu_verifier *v,
        const struct trust_issuer *issuer, const struct verify_claims *claims,
        struct hufu_result *r)
{
	int64_t time_s = r->checked_at_s;
	if (!is_entitled(issuer, claims, time_s)) {
		r->verdict = HUFU_UNKNOWN_ISSUER;
		return;
	}
	r->issuer_name = verify_text(issuer->display_name);
	r->issued_s = claims->has_issued ? claims->issued_s : 0;
	r->expires_s = claims->has_expires ? claims->expires_s : 0;

	int64_t start_s = claims->has_issued ? claims->issued_s : 0;
	if (claims->has_not_before && claims->not_before_s > start_s)
		start_s = claims->not_before_s;
	enum hufu_verdict status = look_up_status(v, issuer, claims, r);
	/* what cannot be undone outranks what can */
	if (status == HUFU_REVOKED || status == HUFU_UNSUPPORTED)
		r->verdict = status;
	else if (claims->has_expires && time_s >= claims->expires_s)
		r->verdict = HUFU_EXPIRED;
	else if (time_s + HUFU_CLOCK_LEEWAY_S < start_s)
		r->verdict = HUFU_NOT_YET_VALID;
	else
		r->verdict = status;
}
