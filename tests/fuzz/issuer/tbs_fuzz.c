/* What the signer takes apart before it signs. */
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/tbs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t space[1 << 17], again[1 << 17];
	uint8_t sig[SIGCHECK_SIG_LEN] = {1};
	struct writer w, v;
	struct cose_sign1 c;
	struct tbs t;
	if (size > sizeof space / 2 ||
	        tbs_decode(span_of(data, size), &t) != HUFU_OK)
		return 0;
	writer_init(&w, space, sizeof space);
	if (tbs_finish(span_of(data, size), span_of(sig, sizeof sig),
	            COSE_FORM_CWT, &w) != HUFU_OK)
		abort();
	/* what was finished holds the same bytes to be signed */
	if (cose_decode_sign1(writer_span(&w), &c) != HUFU_OK)
		return 0; /* stricter about what a header may say */
	writer_init(&v, again, sizeof again);
	cose_encode_tbs(&v, c.protected, c.payload);
	if (!span_equal(writer_span(&v), span_of(data, size)))
		abort();
	return 0;
}
