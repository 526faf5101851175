/*
 * Signatures a second over 300 bytes, one thread, through our own seams:
 * beside the figures of `openssl speed` they show what the seams cost.
 */
#include <stdio.h>

#include "crypto/core/sigs_core.h"
#include "crypto/issuer/signing_key.h"
#include "crypto/openssl/sigs.h"
#include "host/base/clock.h"

enum { HALF_SECOND_US = 500000, TEXT_LEN = 300 };

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

static double verify_per_second(const struct sigcheck *sigs, int32_t alg,
        struct span public, const uint8_t sig[SIGNING_KEY_SIG_LEN], int *rc)
{
	static const uint8_t text[TEXT_LEN];
	unsigned long count = 0;
	int64_t from = clock_steady_us();
	for (; !*rc && clock_steady_us() - from < HALF_SECOND_US; count++)
		*rc = sigs->verify(sigs->ctx, alg, public,
		        span_of(text, sizeof(text)),
		        span_of(sig, SIGNING_KEY_SIG_LEN));
	return per_second(count, from);
}

/* The core's own checks, with tables of this window or none. */
static double core_per_second(int32_t alg, struct span public,
        const uint8_t sig[SIGNING_KEY_SIG_LEN], unsigned window, int *rc)
{
	static uint8_t generators[2 * EC_TABLE_FAST_LEN];
	static uint8_t space[EC_TABLE_FAST_LEN];
	struct sigs_core_key known;
	struct sigs_core core;
	struct ec_table table;
	sigs_core_init(&core, &known, 1);
	if (window && alg != SIGCHECK_EDDSA) {
		*rc = sigs_core_build_generators(
		        &core, window, generators, sizeof(generators));
		if (!*rc)
			*rc = ec_table_build((enum sigcheck_alg)alg, public,
			        window, space, sizeof(space), &table);
		if (!*rc)
			*rc = sigs_core_add_key(&core, public, &table);
	}
	return verify_per_second(sigs_core_check(&core), alg, public, sig, rc);
}

static int measure(size_t k)
{
	uint8_t text[TEXT_LEN] = {0}, sig[SIGNING_KEY_SIG_LEN],
	        point[SIGCHECK_POINT_LEN];
	struct span tbs = span_of(text, sizeof(text)), public;
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
	int32_t alg = kinds[k].alg;
	double openssl =
	        verify_per_second(sigs_openssl(), alg, public, sig, &rc);
	double bare = core_per_second(alg, public, sig, 0, &rc);
	double small = core_per_second(alg, public, sig, EC_TABLE_SMALL, &rc);
	double fast = core_per_second(alg, public, sig, EC_TABLE_FAST, &rc);
	if (!rc)
		printf("{\"bench\": \"%s\", \"sign_per_s\": %.0f, "
		       "\"verify_per_s\": %.0f, "
		       "\"core_no_table_per_s\": %.0f, "
		       "\"core_small_table_per_s\": %.0f, "
		       "\"core_fast_table_per_s\": %.0f}\n",
		        kinds[k].name, signs, openssl, bare, small, fast);
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
