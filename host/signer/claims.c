#include "host/signer/claims.h"

#include <stdlib.h>
#include <string.h>

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

int claims_check_list(struct span in, struct claims *ret)
{
	struct claims c = {0};
	struct status_list list;
	struct tbs tbs;
	int rc = tbs_decode(in, &tbs);

	if (!rc)
		rc = take_key(&tbs, &c);
	if (!rc && !span_equal(tbs.type, span_of_text(STATUS_LIST_TYPE)))
		rc = HUFU_ERR_MALFORMED;
	if (!rc)
		rc = status_list_decode(tbs.payload, &list);
	if (rc)
		return rc;
	c.list = list.number;
	c.sequence = list.sequence;
	*ret = c;
	return 0;
}
