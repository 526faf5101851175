#include <stdlib.h>

#include "crypto/core/base45.h"
#include "crypto/core/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t plain[4096], text[8192];

/* What decodes at all must encode to the same text again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer p, t;
	struct span in = span_of(data, size);
	if (size > 4096)
		return 0;
	writer_init(&p, plain, sizeof plain);
	writer_init(&t, text, sizeof text);
	if (base45_decode(in, &p) == HUFU_OK) {
		base45_encode(&t, writer_span(&p));
		if (!span_equal(in, writer_span(&t)))
			abort();
	}
	writer_init(&p, plain, sizeof plain);
	writer_init(&t, text, sizeof text);
	if (base64_decode(in, &p) == HUFU_OK) {
		base64_encode(&t, writer_span(&p));
		if (!span_equal(in, writer_span(&t)))
			abort();
	}
	return 0;
}
