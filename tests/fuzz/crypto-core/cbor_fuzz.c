#include <stdlib.h>

#include "crypto/core/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	struct reader r;
	int any = cbor_check(in, CBOR_ANY);
	/* what is deterministic is well-formed */
	if (cbor_check(in, CBOR_DETERMINISTIC) == HUFU_OK && any != HUFU_OK)
		abort();
	reader_init(&r, in);
	struct span item = cbor_get_item(&r);
	/* the quick walk goes as far as the strict one */
	if (any == HUFU_OK && (r.error || item.len != size))
		abort();
	return 0;
}
