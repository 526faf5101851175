#include "crypto/issuer/trust_build.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/tbs.h"

void trust_build_set_key(
        struct trust_issuer *issuer, const struct cose_key *key)
{
	issuer->key = *key;
	issuer->alg = cose_key_alg(key);
	cose_key_id(key, issuer->kid);
}

static bool fits(const struct trust_issuer *i)
{
	uint8_t kid[COSE_KEY_ID_LEN];
	cose_key_id(&i->key, kid);
	return i->alg == cose_key_alg(&i->key) &&
	       memcmp(kid, i->kid, sizeof kid) == 0 &&
	       i->valid_from_s < i->valid_to_s && i->iss.len > 0 &&
	       i->display_name.len > 0 &&
	       i->address_count <= TRUST_LIST_ADDRESSES_MAX;
}

static bool complete(const struct trust_list *t)
{
	if (t->issuer_count == 0 || t->issuer_count > TRUST_LIST_ISSUERS_MAX ||
	        t->issued_s >= t->expires_s)
		return false;
	for (size_t i = 0; i < t->issuer_count; i++) {
		if (!fits(&t->issuers[i]))
			return false;
		/* one purpose a key */
		for (size_t j = 0; j < i; j++)
			if (memcmp(t->issuers[i].kid, t->issuers[j].kid,
			            COSE_KEY_ID_LEN) == 0)
				return false;
	}
	return true;
}

static int sign(const struct signing_key *root, struct span payload,
        struct writer *tbs, struct writer *ret)
{
	uint8_t sig[SIGNING_KEY_SIG_LEN];
	int r = tbs_encode(signing_key_public(root),
	        span_of_text(TRUST_LIST_TYPE), payload, tbs);
	if (!r)
		r = signing_key_sign(root, writer_span(tbs), sig);
	if (!r)
		r = tbs_finish(writer_span(tbs), span_of(sig, sizeof sig),
		        COSE_FORM_CWT, ret);
	return r;
}

int trust_build_file(const struct trust_list *t, const struct signing_key *root,
        struct writer *ret)
{
	struct writer payload;
	struct writer tbs;
	if (signing_key_purpose(root) != KEY_ROOT || !complete(t))
		return HUFU_ERR_ARGUMENT;
	uint8_t *space = malloc(2 * TRUST_LIST_MAX);
	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&payload, space, TRUST_LIST_MAX);
	writer_init(&tbs, space + TRUST_LIST_MAX, TRUST_LIST_MAX);
	trust_list_encode(&payload, t);
	int r = payload.error;
	if (!r)
		r = sign(root, writer_span(&payload), &tbs, ret);
	free(space);
	return r;
}
