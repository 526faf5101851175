/* A whole signed trust list; every signature is believed. */
#include <stdlib.h>
#include <string.h>

#include "crypto/core/cose.h"
#include "crypto/core/trust_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t space[TRUST_LIST_MAX + COSE_TBS_OVERHEAD];
static struct trust_list list;

static int believe_all(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	(void)ctx;
	(void)alg;
	(void)key;
	(void)tbs;
	return sig.len == SIGCHECK_SIG_LEN ? HUFU_OK : HUFU_ERR_SIGNATURE;
}

/* What was opened is found again, and a file is never its own rollback. */
static void check(const struct trust_list *t)
{
	static const uint8_t one[32] = {1}, other[32] = {2};

	for (size_t i = 0; i < t->issuer_count; i++) {
		const struct trust_issuer *at = &t->issuers[i];
		const struct trust_issuer *found = trust_list_find(
		        t, at->purpose, span_of(at->kid, sizeof at->kid));
		if (!found || memcmp(found->kid, at->kid, sizeof at->kid) != 0)
			abort();
		found = trust_list_find_current(
		        t, at->purpose, at->iss, at->alg, at->valid_from_s);
		if (at->valid_from_s <= at->valid_to_s && !found)
			abort();
	}
	if (trust_list_check_newer(t->sequence, one, t->sequence, one) ||
	        trust_list_check_newer(t->sequence, one, t->sequence, other) !=
	                HUFU_ERR_CONFLICT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sigcheck sigs = {NULL, believe_all};
	static const enum cose_curve curves[] = {
	        COSE_CURVE_P256, COSE_CURVE_SM2};

	for (size_t i = 0; i < 2; i++) {
		struct cose_key root = {.curve = curves[i]};
		struct writer w;
		writer_init(&w, space, sizeof space);
		if (trust_list_open(span_of(data, size), &root, &sigs, &w,
		            &list) == HUFU_OK)
			check(&list);
		else if (list.issuer_count != 0)
			abort();
		list.issuer_count = 0;
	}
	return 0;
}
