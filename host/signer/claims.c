#include "host/signer/claims.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/core/compact_list.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/mso.h"
#include "crypto/core/status_list.h"
#include "crypto/issuer/tbs.h"
#include "host/base/cleanup.h"

static int take_key(const struct tbs *tbs, struct claims *c)
{
	if (tbs->kid.len != sizeof(c->kid))
		return HUFU_ERR_MALFORMED;
	if (tbs->alg != SIGCHECK_ES256 && tbs->alg != SIGCHECK_SM2)
		return HUFU_ERR_MALFORMED;
	c->alg = tbs->alg;
	memcpy(c->kid, tbs->kid.data, sizeof(c->kid));
	return 0;
}

/* Written again it must be the same: nothing else rides along unread. */
static int check_same(const struct writer *again, struct span payload)
{
	if (again->error)
		return again->error;
	return span_equal(writer_span(again), payload) ? 0 : HUFU_ERR_MALFORMED;
}

static int check_qr(struct span payload, const char *issuer, struct claims *c,
        uint8_t ret_chip_hash[CREDENTIAL_CHIP_HASH_LEN])
{
	uint8_t space[SIGNER_TBS_MAX];
	struct credential cred;
	struct writer again;
	int rc = credential_decode(payload, &cred);

	if (rc)
		return rc == HUFU_ERR_NOT_FOUND ? HUFU_ERR_MALFORMED : rc;
	if (cred.present != CREDENTIAL_OWN || cred.exp_s <= cred.iat_s ||
	        !span_equal(cred.iss, span_of_text(issuer)))
		return HUFU_ERR_MALFORMED;
	writer_init(&again, space, sizeof(space));
	credential_encode(&again, &cred);
	c->list = cred.status_list;
	c->status_index = cred.status_index;
	memcpy(ret_chip_hash, cred.chip_hash, sizeof(cred.chip_hash));
	return check_same(&again, payload);
}

static int check_chip(struct span payload, int32_t alg,
        const uint8_t chip_hash[CREDENTIAL_CHIP_HASH_LEN])
{
	uint8_t thumb[COSE_KEY_THUMBPRINT_LEN], space[SIGNER_TBS_MAX];
	enum suite suite = alg == SIGCHECK_SM2 ? SUITE_SM : SUITE_INTL;
	_free_ struct mso *m = calloc(1, sizeof(*m));
	struct writer again;
	int rc;

	if (!m)
		return HUFU_ERR_MEMORY;
	rc = mso_decode(payload, m);
	if (rc)
		return rc;
	if (!span_equal(m->doc_type, span_of_text(MSO_DOC_TYPE)) ||
	        m->suite != suite || cose_key_suite(&m->chip_key) != suite ||
	        cose_key_alg(&m->chip_key) == SIGCHECK_EDDSA ||
	        m->valid_until_s <= m->valid_from_s)
		return HUFU_ERR_MALFORMED;
	cose_key_thumbprint(&m->chip_key, thumb);
	if (memcmp(thumb, chip_hash, CREDENTIAL_CHIP_HASH_LEN) != 0)
		return HUFU_ERR_MALFORMED;
	writer_init(&again, space, sizeof(space));
	mso_encode(&again, m);
	return check_same(&again, payload);
}

int claims_check_card(struct span qr_tbs, struct span chip_tbs,
        const char *issuer, struct claims *ret)
{
	uint8_t chip_hash[CREDENTIAL_CHIP_HASH_LEN];
	struct claims c = {0};
	struct tbs qr, chip;
	int rc = tbs_decode(qr_tbs, &qr);

	if (!rc)
		rc = tbs_decode(chip_tbs, &chip);
	if (!rc)
		rc = take_key(&qr, &c);
	/* one key, and neither is typed: a list never passes as a card */
	if (!rc && (!span_equal(qr.protected, chip.protected) || qr.type.len))
		rc = HUFU_ERR_MALFORMED;
	if (!rc)
		rc = check_qr(qr.payload, issuer, &c, chip_hash);
	if (!rc)
		rc = check_chip(chip.payload, c.alg, chip_hash);
	if (!rc)
		*ret = c;
	return rc;
}

/* What one file says, for holding it against the others. */
static int take_token_list(const struct tbs *tbs, struct claims_edition *c)
{
	struct status_list list;
	int rc = status_list_decode(tbs->payload, &list);

	if (rc)
		return rc;
	if (!span_equal(tbs->type, span_of_text(STATUS_LIST_TYPE)))
		return HUFU_ERR_MALFORMED;
	c->list = list.number;
	c->sequence = list.sequence;
	c->issued_s = list.issued_s;
	c->expires_s = list.expires_s;
	return 0;
}

static int take_compact_list(const struct tbs *tbs, enum compact_kind kind,
        const char *issuer, struct claims_edition *c)
{
	uint8_t space[COMPACT_LIST_CLAIMS_MAX];
	enum suite suite = tbs->alg == SIGCHECK_SM2 ? SUITE_SM : SUITE_INTL;
	struct compact_list list;
	struct writer again;
	int rc = compact_list_decode(tbs->payload, &list);

	if (rc)
		return rc;
	if (!span_equal(tbs->type, span_of_text(COMPACT_LIST_TYPE)) ||
	        list.kind != kind || list.suite != suite ||
	        !span_equal(list.iss, span_of_text(issuer)))
		return HUFU_ERR_MALFORMED;
	writer_init(&again, space, sizeof(space));
	compact_list_encode(&again, &list);
	c->list = list.number;
	c->sequence = list.sequence;
	c->issued_s = list.issued_s;
	c->expires_s = list.expires_s;
	c->entries = list.entries;
	c->today_base = list.base;
	return check_same(&again, tbs->payload);
}

static int take_file(struct span in, enum signer_file file, const char *issuer,
        struct claims_edition *ret)
{
	struct claims key = {0};
	struct tbs tbs;
	int rc = tbs_decode(in, &tbs);

	if (!rc)
		rc = take_key(&tbs, &key);
	if (!rc && file == SIGNER_TOKEN_LIST)
		rc = take_token_list(&tbs, ret);
	else if (!rc)
		rc = take_compact_list(&tbs,
		        file == SIGNER_SNAPSHOT ? COMPACT_SNAPSHOT
		                                : COMPACT_DELTA,
		        issuer, ret);
	ret->alg = key.alg;
	memcpy(ret->kid, key.kid, sizeof(ret->kid));
	return rc;
}

static bool agree(
        const struct claims_edition *a, const struct claims_edition *b)
{
	return a->alg == b->alg && !memcmp(a->kid, b->kid, sizeof(a->kid)) &&
	       a->list == b->list && a->sequence == b->sequence &&
	       a->issued_s == b->issued_s && a->expires_s == b->expires_s &&
	       (!a->entries || !b->entries || a->entries == b->entries);
}

int claims_check_edition(const struct span files[SIGNER_FILES],
        const char *issuer, struct claims_edition *ret)
{
	struct claims_edition c = {0};

	if (!files[SIGNER_TOKEN_LIST].len || !files[SIGNER_TODAY].len ||
	        (files[SIGNER_CLOSED].len && !files[SIGNER_SNAPSHOT].len))
		return HUFU_ERR_MALFORMED;
	for (unsigned i = 0; i < SIGNER_FILES; i++) {
		struct claims_edition one = {0};
		int rc;

		if (!files[i].len)
			continue;
		rc = take_file(files[i], (enum signer_file)i, issuer, &one);
		if (rc)
			return rc;
		if (i == SIGNER_TOKEN_LIST)
			c = one;
		else if (!agree(&c, &one))
			return HUFU_ERR_MALFORMED;
		c.entries = one.entries;
		if (i == SIGNER_TODAY)
			c.today_base = one.today_base;
		if (i == SIGNER_CLOSED)
			c.closed_base = one.today_base;
	}
	c.has_snapshot = files[SIGNER_SNAPSHOT].len > 0;
	if (c.has_snapshot &&
	        (c.today_base != c.sequence || c.closed_base >= c.sequence))
		return HUFU_ERR_MALFORMED;
	*ret = c;
	return 0;
}
