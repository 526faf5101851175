#include <stdlib.h>

#include <hufu/verify.h>

#include "crypto/core/base45.h"
#include "crypto/core/trust_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Believes every signature, so that all behind it is reached. */
static int believe_all(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	(void)ctx;
	(void)alg;
	(void)key;
	(void)tbs;
	(void)sig;
	return HUFU_OK;
}

static const struct sigcheck sigs = {NULL, believe_all};
static struct hufu_verifier verifier;
static struct trust_list trust;

static void check(const struct hufu_result *r)
{
	if (r->verdict == HUFU_VERDICT_NONE)
		abort();
	/* nothing unproven is shown */
	if (r->verdict >= HUFU_UNKNOWN_ISSUER &&
	        r->verdict != HUFU_UNSUPPORTED &&
	        (r->name.len > 0 || r->card_number.len > 0 || r->chip_genuine))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t text[HUFU_QR_TEXT_MAX];
	struct hufu_result r;
	struct writer w;
	struct hufu_text t = {(const char *)data, size};

	hufu_verifier_init(&verifier, &sigs, &trust);
	trust.issued_s = 0;
	trust.expires_s = INT64_MAX;
	trust.issuer_count = 1;
	trust.issuers[0] = (struct trust_issuer){.alg = SIGCHECK_ES256,
	        .key = {.curve = COSE_CURVE_P256},
	        .valid_to_s = INT64_MAX,
	        .purpose = TRUST_CARD};
	if (hufu_verify_qr(&verifier, t, 1000, &r) != HUFU_OK)
		abort();
	check(&r);
	/* the same bytes as what the text would hold */
	writer_init(&w, text, sizeof text);
	base45_encode(&w, span_of(data, size));
	t = (struct hufu_text){(const char *)text, w.error ? 0 : w.len};
	if (hufu_verify_qr(&verifier, t, 1000, &r) != HUFU_OK)
		abort();
	check(&r);
	/* and as a chip's object, with itself as an element */
	struct hufu_bytes element = {data, size};
	struct hufu_chip chip = {.signed_object = element,
	        .elements = &element,
	        .element_count = 1};
	if (hufu_verify_chip(&verifier, &chip, 1000, &r) != HUFU_OK)
		abort();
	check(&r);
	return 0;
}
