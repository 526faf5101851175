#include <stdlib.h>
#include <string.h>

#include "crypto/core/credential.h"
#include "crypto/core/name_mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t space[4096];

/* What was read can be written, and is then read as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct credential c, again;
	struct writer w;
	char masked[4 * CREDENTIAL_NAME_MAX];

	if (credential_decode(span_of(data, size), &c) != HUFU_OK)
		return 0;
	writer_init(&w, space, sizeof space);
	credential_encode(&w, &c);
	if (w.error || credential_decode(writer_span(&w), &again) != HUFU_OK)
		abort();
	if (again.present != c.present || !span_equal(again.iss, c.iss) ||
	        !span_equal(again.name, c.name) ||
	        !span_equal(again.card_number, c.card_number) ||
	        again.exp_s != c.exp_s || again.iat_s != c.iat_s ||
	        again.nbf_s != c.nbf_s || again.kind != c.kind ||
	        again.benefit_classes != c.benefit_classes ||
	        again.status_list != c.status_list ||
	        again.status_index != c.status_index ||
	        memcmp(again.chip_hash, c.chip_hash, sizeof c.chip_hash) != 0)
		abort();
	writer_init(&w, masked, sizeof masked);
	name_mask_encode(&w, c.name);
	return 0;
}
