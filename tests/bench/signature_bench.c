/*
 * Signatures a second over 300 bytes, one thread, through our own seams:
 * beside the figures of `openssl speed` they show what the seams cost.
 */
#include <stdio.h>

#include "crypto/issuer/signing_key.h"
#include "crypto/openssl/sigs.h"
#include "host/base/clock.h"

enum { HALF_SECOND_US = 500000 };

static const struct {
	const char *name;
	enum cose_curve curve;
	int32_t alg;
} kinds[] = {
        {"es256", COSE_CURVE_P256, SIGCHECK_ES256},
        {"sm2", COSE_CURVE_SM2, SIGCHECK_SM2},
        {"ed25519", COSE_CURVE_ED25519, SIGCHECK_EDDSA},
};

static double per_second(unsigned long count, int64_t from_us)
{
	return (double)count * 1e6 / (double)(clock_steady_us() - from_us);
}

static int measure(size_t k)
{
	uint8_t text[300] = {0}, sig[SIGNING_KEY_SIG_LEN],
	        point[SIGCHECK_POINT_LEN];
	struct span tbs = span_of(text, sizeof(text)), public;
	const struct sigcheck *sigs = sigs_openssl();
	struct signing_key *key = NULL;
	unsigned long count = 0;
	double signs;
	int64_t from;
	int rc = signing_key_generate(kinds[k].curve, KEY_CARD, &key);

	if (rc)
		return rc;
	public = cose_key_public(signing_key_public(key), point);
	for (from = clock_steady_us();
	        !rc && clock_steady_us() - from < HALF_SECOND_US; count++)
		rc = signing_key_sign(key, tbs, sig);
	signs = per_second(count, from);
	count = 0;
	for (from = clock_steady_us();
	        !rc && clock_steady_us() - from < HALF_SECOND_US; count++)
		rc = sigs->verify(sigs->ctx, kinds[k].alg, public, tbs,
		        span_of(sig, sizeof(sig)));
	if (!rc)
		printf("{\"bench\": \"%s\", \"sign_per_s\": %.0f, "
		       "\"verify_per_s\": %.0f}\n",
		        kinds[k].name, signs, per_second(count, from));
	signing_key_free(key);
	return rc;
}

int main(void)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (measure(k) != HUFU_OK)
			return 1;
	return 0;
}
