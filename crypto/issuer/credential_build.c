#include "crypto/issuer/credential_build.h"

#include <zlib.h>

#include "crypto/core/base45.h"
#include "crypto/core/timestamp.h"
#include "crypto/issuer/zlib_literal.h"

enum {
	CHINA_OFFSET_S = 8 * 3600,
	/* iss, name and number at their longest, and the rest */
	PAYLOAD_MAX = CREDENTIAL_ISS_MAX + CREDENTIAL_NAME_MAX +
	              CREDENTIAL_NUMBER_MAX + 128,
	COSE_MAX = PAYLOAD_MAX + COSE_PROTECTED_MAX + COSE_SIGN1_OVERHEAD,
	PACKED_MAX = ZLIB_LITERAL_MAX(COSE_MAX), /* zlib never needs more */
};

int credential_build_tbs(const struct credential *c,
        const struct cose_key *issuer, struct writer *ret_tbs)
{
	uint8_t space[PAYLOAD_MAX];
	struct writer payload;
	struct credential day = *c;
	if ((c->present & CREDENTIAL_OWN) != CREDENTIAL_OWN || c->iat_s < 0 ||
	        c->iss.len > CREDENTIAL_ISS_MAX ||
	        c->name.len > CREDENTIAL_NAME_MAX ||
	        c->card_number.len > CREDENTIAL_NUMBER_MAX)
		return HUFU_ERR_ARGUMENT;
	day.iat_s -= (c->iat_s + CHINA_OFFSET_S) % TIMESTAMP_DAY_S;
	if (day.iat_s < 0)
		return HUFU_ERR_ARGUMENT;
	writer_init(&payload, space, sizeof space);
	credential_encode(&payload, &day);
	if (payload.error)
		return payload.error;
	return tbs_encode(
	        issuer, (struct span){0}, writer_span(&payload), ret_tbs);
}

int credential_build_text(
        struct span tbs, struct span sig, struct writer *ret_text)
{
	uint8_t space[COSE_MAX];
	uint8_t packed_space[PACKED_MAX];
	uLongf packed_len = sizeof packed_space;
	struct writer cose, literal;
	writer_init(&cose, space, sizeof space);
	int r = tbs_finish(tbs, sig, COSE_FORM_CWT, &cose);
	if (r)
		return r == HUFU_ERR_SPACE ? HUFU_ERR_LIMIT : r;
	r = compress2(
	        packed_space, &packed_len, space, cose.len, Z_BEST_COMPRESSION);
	if (r != Z_OK)
		return r == Z_MEM_ERROR ? HUFU_ERR_MEMORY : HUFU_ERR_LIMIT;
	struct span packed = span_of(packed_space, packed_len);
	if (zlib_literal_is_due(packed)) {
		writer_init(&literal, packed_space, sizeof packed_space);
		zlib_literal_encode(&literal, writer_span(&cose));
		packed = writer_span(&literal);
		if (literal.error)
			return HUFU_ERR_LIMIT;
	}
	if (BASE45_TEXT_LEN(packed.len) > CREDENTIAL_QR_TEXT_MAX)
		return HUFU_ERR_LIMIT;
	base45_encode(ret_text, packed);
	return ret_text->error;
}
