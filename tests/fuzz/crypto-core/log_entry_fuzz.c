#include <stdlib.h>

#include "crypto/core/log_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* There is one encoding: what is read is written byte for byte. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t space[LOG_ENTRY_MAX];
	struct log_entry e;
	struct writer w;
	if (log_entry_decode(span_of(data, size), &e) != HUFU_OK)
		return 0;
	writer_init(&w, space, sizeof space);
	log_entry_encode(&w, &e);
	if (w.error || !span_equal(writer_span(&w), span_of(data, size)))
		abort();
	return 0;
}
