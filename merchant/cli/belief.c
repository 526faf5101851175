#include "merchant/cli/belief.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/core/base45.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "merchant/cli/report.h"

static int read_key(const char *path, struct cose_key *ret)
{
	INPUT in = {0};
	int r = input_read(path, INPUT_TEXT_MAX, &in);
	return r ? r : public_pem_decode(input_span(&in), ret);
}

static int open_trust(const struct arguments *a, struct belief *b)
{
	struct cose_key root;
	struct writer space;
	int r = read_key(a->root, &root);
	if (r)
		return report_file_error(a->root, r);
	r = input_read(a->trust, TRUST_LIST_MAX, &b->trust_file);
	if (r)
		return report_file_error(a->trust, r);
	size_t cap = b->trust_file.len + COSE_TBS_OVERHEAD;
	uint8_t *tbs = malloc(cap);
	if (!tbs)
		return report_file_error(a->trust, HUFU_ERR_MEMORY);
	writer_init(&space, tbs, cap);
	r = trust_list_open(input_span(&b->trust_file), &root, sigs_openssl(),
	        &space, &b->trust);
	free(tbs);
	return r ? report_file_error(a->trust, r) : 0;
}

static int take_key(const struct arguments *a, struct belief *b)
{
	struct trust_issuer *i = &b->trust.issuers[0];
	int r = read_key(a->key, &i->key);
	if (r)
		return report_file_error(a->key, r);
	i->alg = cose_key_alg(&i->key);
	cose_key_id(&i->key, i->kid);
	i->purpose = TRUST_CARD;
	i->display_name = span_of_text("仅凭所给公钥 by the given key alone");
	i->valid_to_s = INT64_MAX;
	b->trust.issuer_count = 1;
	b->trust.expires_s = INT64_MAX;
	b->one_key = true;
	return 0;
}

static int open_list(const char *path, struct belief *b)
{
	size_t at = b->list_count;
	struct status_list *t = &b->lists[at];
	struct writer space;
	int r = input_read(path, INPUT_LIST_MAX, &b->list_files[at]);
	if (r)
		return report_file_error(path, r);
	size_t cap = b->list_files[at].len + COSE_TBS_OVERHEAD;
	uint8_t *tbs = malloc(cap);
	b->maps[at] = malloc(STATUS_LIST_MAP_MAX);
	b->list_count++; /* belief_free() from here on */
	r = tbs && b->maps[at] ? HUFU_OK : HUFU_ERR_MEMORY;
	if (!r) {
		writer_init(&space, tbs, cap);
		r = status_list_open(input_span(&b->list_files[at]), &b->trust,
		        sigs_openssl(), &space, t);
	}
	if (!r)
		r = status_list_expand(t, b->maps[at], STATUS_LIST_MAP_MAX);
	free(tbs);
	return r ? report_file_error(path, r) : 0;
}

static int fill(const struct arguments *a, struct belief *b)
{
	int r = a->key ? take_key(a, b) : open_trust(a, b);
	for (int i = 0; i < a->list_count && !r; i++)
		r = open_list(a->lists[i], b);
	if (r)
		return r;
	hufu_verifier_init(&b->verifier, sigs_openssl(), &b->trust);
	b->verifier.lists = b->lists;
	b->verifier.list_count = b->list_count;
	b->verifier.status_limit_s = a->stale_after_s;
	b->face = b->verifier;
	return 0;
}

int belief_new(const struct arguments *a, struct belief **ret)
{
	bool list = a->trust && a->root && !a->key;
	bool key = a->key && !a->trust && !a->root && a->list_count == 0;
	if (!list && !key)
		return report_usage("请用 --trust 和 --root，或只用 --key",
		        "give --trust with --root, or --key alone");
	struct belief *b = calloc(1, sizeof *b);
	if (!b)
		return report_error(HUFU_ERR_MEMORY);
	int r = fill(a, b);
	if (r)
		belief_free(b);
	else
		*ret = b;
	return r;
}

void belief_free(struct belief *b)
{
	if (!b)
		return;
	input_done(&b->trust_file);
	for (size_t i = 0; i < b->list_count; i++) {
		input_done(&b->list_files[i]);
		free(b->maps[i]);
	}
	free(b);
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

void belief_take_issuer(struct belief *b, struct span text)
{
	struct trust_issuer *issuer = &b->trust.issuers[0];
	struct cose_sign1 c;
	struct credential claims;
	if (!b->one_key || read_claims(&b->verifier, text, &c, &claims) ||
	        claims.iss.len > sizeof b->iss)
		return; /* the verifier says what is wrong with it */
	memcpy(b->iss, claims.iss.data, claims.iss.len);
	issuer->iss = span_of(b->iss, claims.iss.len);
	/* others number their keys in their own way */
	if (c.kid.len == sizeof issuer->kid)
		memcpy(issuer->kid, c.kid.data, sizeof issuer->kid);
}
