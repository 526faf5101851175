#include <stdlib.h>
#include <string.h>

#include "crypto/core/base45.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "crypto/lib/handle.h"
#include "crypto/lib/root_key.h"

static bool same_key(const struct cose_key *a, const struct cose_key *b)
{
	return a->curve == b->curve && memcmp(a->x, b->x, sizeof a->x) == 0 &&
	       memcmp(a->y, b->y, sizeof a->y) == 0;
}

static void forget_lists(struct hufu *h)
{
	while (h->list_count > 0)
		handle_free_list(h, h->list_count - 1);
	free(h->trust_file);
	h->trust_file = NULL;
	h->trust.issuer_count = 0;
	h->one_key = false;
	handle_refresh(h);
}

int hufu_set_root(struct hufu *h, const void *pem, size_t len)
{
	struct cose_key key;
	if (h->is_clone)
		return HUFU_ERR_STATE;
	int r = root_key_decode(span_of(pem, len), &key);
	if (r)
		return r;
	forget_lists(h);
	struct handle_state *s = &h->state;
	if (s->has_root && same_key(&s->pinned, &key))
		return HUFU_OK; /* and its successors, if any */
	/* sequences of another root say nothing; the time stays */
	*s = (struct handle_state){.time_s = s->time_s,
	        .has_root = true,
	        .pinned = key,
	        .root = key};
	return HUFU_OK;
}

int hufu_set_key(struct hufu *h, const void *pem, size_t len)
{
	struct cose_key key;
	if (h->is_clone)
		return HUFU_ERR_STATE;
	int r = root_key_decode(span_of(pem, len), &key);
	if (r)
		return r;
	forget_lists(h);
	struct trust_issuer *i = &h->trust.issuers[0];
	*i = (struct trust_issuer){
	        .key = key,
	        .alg = (int32_t)cose_key_alg(&key),
	        .purpose = TRUST_CARD,
	        .display_name =
	                span_of_text("仅凭所给公钥 by the given key alone"),
	        .valid_to_s = INT64_MAX,
	};
	cose_key_id(&key, i->kid);
	h->trust.issuer_count = 1;
	h->trust.expires_s = INT64_MAX;
	h->trust.issued_s = 0;
	h->one_key = true;
	(void)handle_build_tables(h); /* slower without, never wrong */
	return HUFU_OK;
}

/* A list by the root, or by the next one that it has introduced. */
static int open_list(struct hufu *h, struct span file, struct writer *space,
        struct trust_list *ret, struct cose_key *ret_root)
{
	const struct handle_state *s = &h->state;
	const struct sigcheck *sigs = sigs_core_check(&h->sigs);
	*ret_root = s->root;
	int r = trust_list_open(file, &s->root, sigs, space, ret);
	if (r != HUFU_ERR_SIGNATURE || !s->has_next)
		return r;
	*ret_root = s->next;
	return trust_list_open(file, &s->next, sigs, space, ret);
}

/* Every key is a point of its curve, or nothing of the list is believed. */
static int check_points(const struct sigcheck *sigs, const struct trust_list *t)
{
	static const uint8_t ones[SIGCHECK_SIG_LEN] = {[31] = 1, [63] = 1};
	uint8_t point[SIGCHECK_POINT_LEN];
	for (size_t i = 0; i < t->issuer_count; i++) {
		const struct trust_issuer *issuer = &t->issuers[i];
		int r = sigs->verify(sigs->ctx, issuer->alg,
		        cose_key_public(&issuer->key, point), span_of(ones, 1),
		        span_of(ones, sizeof ones));
		if (r && r != HUFU_ERR_SIGNATURE)
			return r;
	}
	return HUFU_OK;
}

static void take_list(struct hufu *h, uint8_t *file, const uint8_t *hash,
        const struct trust_list *t, const struct cose_key *root)
{
	struct handle_state *s = &h->state;
	free(h->trust_file);
	h->trust_file = file;
	h->trust = *t;
	s->has_trust = true;
	s->trust_sequence = t->sequence;
	memcpy(s->trust_hash, hash, sizeof s->trust_hash);
	s->root = *root;
	s->has_next = t->has_next_root;
	s->next = t->next_root;
	handle_raise_time(h, t->issued_s);
	handle_drop_lists(h);
	handle_refresh(h);
}

static int check_list(struct hufu *h, uint8_t *file, size_t len,
        struct trust_list *space, struct writer *tbs)
{
	uint8_t hash[SHA256_LEN];
	struct cose_key root;
	const struct handle_state *s = &h->state;
	int r = open_list(h, span_of(file, len), tbs, space, &root);
	if (r)
		return r;
	sha256_of(span_of(file, len), hash);
	if (s->has_trust)
		r = trust_list_check_newer(s->trust_sequence, s->trust_hash,
		        space->sequence, hash);
	if (!r)
		r = check_points(sigs_core_check(&h->sigs), space);
	if (!r)
		take_list(h, file, hash, space, &root);
	return r;
}

int hufu_load_trust(struct hufu *h, const void *bytes, size_t len)
{
	struct writer tbs;
	if (h->is_clone || h->one_key || !h->state.has_root)
		return HUFU_ERR_STATE;
	if (len > TRUST_LIST_MAX)
		return HUFU_ERR_LIMIT;
	size_t cap = len + COSE_TBS_OVERHEAD;
	uint8_t *file = malloc(len + 1);
	uint8_t *space = malloc(cap);
	struct trust_list *list = malloc(sizeof *list);
	int r = HUFU_ERR_MEMORY;
	if (file && space && list) {
		memcpy(file, bytes, len);
		writer_init(&tbs, space, cap);
		r = check_list(h, file, len, list, &tbs);
	}
	free(space);
	free(list);
	if (r) {
		free(file);
		return r;
	}
	(void)handle_build_tables(h); /* slower without, never wrong */
	return HUFU_OK;
}

/* The verifier's own work space serves: it is filled anew afterwards. */
static int read_claims(struct hufu_verifier *v, struct span text,
        struct cose_sign1 *ret_cose, struct credential *ret_claims)
{
	struct writer packed;
	size_t len;
	writer_init(&packed, v->packed, sizeof v->packed);
	int r = base45_decode(text, &packed);
	if (!r)
		r = inflate_zlib(
		        writer_span(&packed), v->plain, sizeof v->plain, &len);
	if (!r)
		r = cose_decode_sign1(span_of(v->plain, len), ret_cose);
	return r ? r : credential_decode(ret_cose->payload, ret_claims);
}

/* No list says whose the one key is: it is the issuer's that `text` names. */
static void take_issuer(struct hufu *h, struct span text)
{
	struct trust_issuer *issuer = &h->trust.issuers[0];
	struct cose_sign1 c;
	struct credential claims;
	if (read_claims(&h->face, text, &c, &claims) ||
	        claims.iss.len > sizeof h->iss)
		return; /* the verifier says what is wrong with it */
	if (claims.iss.len > 0)
		memcpy(h->iss, claims.iss.data, claims.iss.len);
	issuer->iss = span_of(h->iss, claims.iss.len);
	/* others number their keys in their own way */
	if (c.kid.len == sizeof issuer->kid)
		memcpy(issuer->kid, c.kid.data, sizeof issuer->kid);
}

int hufu_check_qr(struct hufu *h, const char *text, size_t len, int64_t now_s,
        struct hufu_result *ret)
{
	if (!h->trust_file && !h->one_key)
		return HUFU_ERR_STATE;
	if (h->one_key && len <= HUFU_QR_TEXT_MAX)
		take_issuer(h, span_of(text, len));
	return hufu_verify_qr(
	        &h->face, (struct hufu_text){text, len}, now_s, ret);
}

int hufu_check_chip(struct hufu *h, const struct hufu_chip *chip, int64_t now_s,
        struct hufu_result *ret)
{
	if (!h->trust_file && !h->one_key)
		return HUFU_ERR_STATE;
	return hufu_verify_chip(&h->chip, chip, now_s, ret);
}
