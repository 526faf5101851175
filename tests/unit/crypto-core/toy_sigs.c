#include "toy_sigs.h"

#include <string.h>

#include "crypto/core/sha256.h"

void toy_sign(int32_t alg, struct span key, struct span tbs,
        uint8_t ret[SIGCHECK_SIG_LEN])
{
	for (uint8_t half = 0; half < 2; half++) {
		struct sha256 h;
		sha256_init(&h);
		sha256_put(&h, &half, 1);
		sha256_put(&h, &alg, sizeof alg);
		sha256_put(&h, key.data, key.len);
		sha256_put(&h, tbs.data, tbs.len);
		sha256_done(&h, ret + 32 * half);
	}
}

static int verify(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	uint8_t want[SIGCHECK_SIG_LEN];
	(void)ctx;
	toy_sign(alg, key, tbs, want);
	return span_equal(sig, span_of(want, sizeof want)) ? HUFU_OK
	                                                   : HUFU_ERR_SIGNATURE;
}

const struct sigcheck toy_sigs = {NULL, verify};

struct cose_key toy_key(enum cose_curve curve, uint8_t number)
{
	struct cose_key k = {.curve = curve};
	memset(k.x, number, sizeof k.x);
	if (curve != COSE_CURVE_ED25519)
		memset(k.y, number + 1, sizeof k.y);
	return k;
}

void toy_seal(struct writer *w, enum cose_form form, const struct cose_key *key,
        const char *type, struct span payload)
{
	static uint8_t tbs_space[70000];
	uint8_t head[COSE_PROTECTED_MAX], kid[COSE_KEY_ID_LEN];
	uint8_t point[SIGCHECK_POINT_LEN], sig[SIGCHECK_SIG_LEN];
	struct writer protected, tbs;
	int32_t alg = (int32_t)cose_key_alg(key);

	cose_key_id(key, kid);
	writer_init(&protected, head, sizeof head);
	cose_encode_protected(
	        &protected, alg, span_of(kid, sizeof kid), span_of_text(type));
	writer_init(&tbs, tbs_space, sizeof tbs_space);
	cose_encode_tbs(&tbs, writer_span(&protected), payload);
	toy_sign(alg, cose_key_public(key, point), writer_span(&tbs), sig);
	cose_encode_sign1(w, form, writer_span(&protected), payload,
	        span_of(sig, sizeof sig));
	if (protected.error || tbs.error)
		writer_fail(w, HUFU_ERR_SPACE);
}
