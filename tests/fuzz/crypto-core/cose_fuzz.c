#include <stdlib.h>

#include "crypto/core/cose.h"
#include "crypto/core/cose_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t space[1 << 16];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_sign1 c, again;
	struct cose_key key, key_again;
	struct writer w;
	struct span in = span_of(data, size);

	writer_init(&w, space, sizeof space);
	if (cose_decode_sign1(in, &c) == HUFU_OK) {
		cose_encode_sign1(
		        &w, COSE_FORM_CWT, c.protected, c.payload, c.sig);
		if (!w.error &&
		        cose_decode_sign1(writer_span(&w), &again) != HUFU_OK)
			abort();
		if (!w.error && (again.alg != c.alg ||
		                        !span_equal(again.payload, c.payload)))
			abort();
	}
	writer_init(&w, space, sizeof space);
	if (cose_key_decode(in, &key) == HUFU_OK) {
		cose_key_encode(&w, &key);
		if (w.error || w.len > COSE_KEY_MAX ||
		        cose_key_decode(writer_span(&w), &key_again) != HUFU_OK)
			abort();
	}
	return 0;
}
