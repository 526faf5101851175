#include <hufu/verify.h>

#include "crypto/core/base45.h"
#include "crypto/core/cbor.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "crypto/core/mem.h"
#include "crypto/core/verify_rules.h"

/* Prefix of EU digital COVID certificates, which are otherwise alike. */
#define EU_PREFIX "HC1:"

void hufu_verifier_init(struct hufu_verifier *v, const struct sigcheck *sigs,
        const struct trust_list *trust)
{
	memset(v, 0, sizeof *v);
	v->sigs = sigs;
	v->trust = trust;
}

/* Whether the bytes start as one of the forms of a COSE message do. */
static bool looks_like_cose(struct span in)
{
	if (in.len < 3)
		return false;
	if ((in.data[0] >= 0xD0 && in.data[0] <= 0xD2) ||
	        (in.data[0] == 0xD8 && in.data[1] == COSE_TAG_CWT))
		return true;
	return in.data[0] == 0x84 && in.data[1] >> 5 == CBOR_BYTES;
}

/*
 * Brotli has no mark of its own. It is taken for such if the first meta-block
 * header (RFC 7932 section 9.2) tells a length that a signed credential can
 * have: 64 bytes of signature do not shrink.
 */
static bool looks_like_brotli(struct span in)
{
	enum { SIGNED_MIN = 80, OVERHEAD_MAX = 8 };
	if (in.len < SIGNED_MIN)
		return false;
	uint32_t bits = (uint32_t)in.data[0] | (uint32_t)in.data[1] << 8 |
	                (uint32_t)in.data[2] << 16 | (uint32_t)in.data[3] << 24;
	bits >>= !(bits & 1) ? 1 : (bits & 0x0E) ? 4 : 7; /* WBITS */
	unsigned head = bits & 1 ? 2 : 1; /* ISLAST */
	if ((bits & 3) == 3 || (bits >> head & 3) != 0)
		return false; /* empty, or a length of more than 16 bits */
	uint32_t len = (bits >> (head + 2) & 0xFFFF) + 1;
	return len <= HUFU_PLAIN_MAX && len + OVERHEAD_MAX >= in.len;
}

/* Base45 and zlib. HUFU_VERDICT_NONE: *ret_plain is what was inside. */
static enum hufu_verdict unpack(
        struct hufu_verifier *v, struct span text, struct span *ret_plain)
{
	struct writer packed;
	size_t len, prefix = sizeof EU_PREFIX - 1;
	if (text.len > HUFU_QR_TEXT_MAX ||
	        (text.len > prefix &&
	                memcmp(text.data, EU_PREFIX, prefix) == 0))
		return HUFU_NOT_CREDENTIAL;
	writer_init(&packed, v->packed, sizeof v->packed);
	if (base45_decode(text, &packed))
		return HUFU_NOT_CREDENTIAL;
	struct span in = writer_span(&packed);
	if (!inflate_is_zlib(in))
		return looks_like_cose(in) || looks_like_brotli(in)
		               ? HUFU_UNSUPPORTED
		               : HUFU_NOT_CREDENTIAL;
	int rc = inflate_zlib(in, v->plain, sizeof v->plain, &len);
	if (rc)
		return rc == HUFU_ERR_UNSUPPORTED ? HUFU_UNSUPPORTED
		                                  : HUFU_MALFORMED;
	*ret_plain = span_of(v->plain, len);
	return HUFU_VERDICT_NONE;
}

static bool is_known_alg(int32_t alg)
{
	return alg == SIGCHECK_ES256 || alg == SIGCHECK_SM2 ||
	       alg == SIGCHECK_EDDSA;
}

static enum hufu_verdict parse(
        struct span plain, struct cose_sign1 *c, struct credential *cred)
{
	int rc = cose_decode_sign1(plain, c);
	if (rc == HUFU_ERR_UNSUPPORTED)
		return HUFU_UNSUPPORTED;
	if (rc)
		return looks_like_cose(plain) ? HUFU_MALFORMED
		                              : HUFU_NOT_CREDENTIAL;
	rc = credential_decode(c->payload, cred);
	/* a signed message of another kind is not broken, only foreign */
	if (rc == HUFU_ERR_NOT_FOUND || c->payload.len == 0 ||
	        c->payload.data[0] >> 5 != CBOR_MAP)
		return HUFU_NOT_CREDENTIAL;
	if (rc)
		return rc == HUFU_ERR_UNSUPPORTED ? HUFU_UNSUPPORTED
		                                  : HUFU_MALFORMED;
	return is_known_alg(c->alg) ? HUFU_VERDICT_NONE : HUFU_UNSUPPORTED;
}

static struct verify_claims claims_of(const struct credential *c)
{
	return (struct verify_claims){
	        .iss = c->iss,
	        .card_number = c->card_number,
	        .has_issued = c->present & CREDENTIAL_IAT,
	        .has_not_before = c->present & CREDENTIAL_NBF,
	        .has_expires = c->present & CREDENTIAL_EXP,
	        .has_status = c->present & CREDENTIAL_STATUS,
	        .issued_s = c->iat_s,
	        .not_before_s = c->nbf_s,
	        .expires_s = c->exp_s,
	        .status_list = c->status_list,
	        .status_index = c->status_index,
	};
}

static void show(const struct credential *c, struct hufu_result *r)
{
	r->card_number = verify_text(c->card_number);
	r->name = verify_text(c->name);
	r->kind = c->kind;
	r->benefit_classes = c->benefit_classes;
	r->has_chip_hash = c->present & CREDENTIAL_CHIP;
	memcpy(r->chip_hash, c->chip_hash, sizeof r->chip_hash);
}

int hufu_verify_qr(struct hufu_verifier *v, struct hufu_text text,
        int64_t now_s, struct hufu_result *ret)
{
	struct span plain;
	struct cose_sign1 c;
	struct credential cred;
	const struct trust_issuer *issuer = NULL;
	struct hufu_result r = verify_begin(v, now_s);

	r.verdict = unpack(v, span_of(text.data, text.len), &plain);
	if (!r.verdict)
		r.verdict = parse(plain, &c, &cred);
	if (!r.verdict) {
		int rc = verify_signature(v, &c, cred.iss, &r, &issuer);
		if (rc)
			return rc;
	}
	if (!r.verdict) {
		struct verify_claims claims = claims_of(&cred);
		verify_decide(v, issuer, &claims, &r);
		if (r.verdict != HUFU_UNKNOWN_ISSUER)
			show(&cred, &r);
	}
	*ret = r;
	return HUFU_OK;
}

const char *hufu_verdict_name(enum hufu_verdict verdict)
{
	switch (verdict) {
	case HUFU_VALID:
		return "有效 Valid";
	case HUFU_SUSPENDED:
		return "暂停使用 Suspended";
	case HUFU_REVOKED:
		return "已作废 Revoked";
	case HUFU_EXPIRED:
		return "已过期 Expired";
	case HUFU_NOT_YET_VALID:
		return "尚未生效 Not yet valid";
	case HUFU_UNKNOWN_ISSUER:
		return "发卡机构不明 Unknown issuer";
	case HUFU_WRONG_SIGNATURE:
		return "签名不符 Wrong signature";
	case HUFU_NOT_CREDENTIAL:
		return "不是优待证 Not a 优待证";
	case HUFU_MALFORMED:
		return "内容损坏 Malformed";
	case HUFU_UNSUPPORTED:
		return "不支持的格式 Unsupported";
	case HUFU_VERDICT_NONE:
		break;
	}
	return "未核验 Not checked";
}
