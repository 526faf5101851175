#include <stdlib.h>

#include "crypto/core/trust_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t space[TRUST_LIST_MAX];
static struct trust_list list;

/* There is one encoding: what is read is written byte for byte. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer w;
	if (trust_list_decode(span_of(data, size), &list) != HUFU_OK)
		return 0;
	writer_init(&w, space, sizeof space);
	trust_list_encode(&w, &list);
	if (w.error || !span_equal(writer_span(&w), span_of(data, size)))
		abort();
	return 0;
}
