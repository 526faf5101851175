#include <stdlib.h>

#include "crypto/core/status_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t map[1 << 16], space[1 << 16];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct status_list t, again;
	struct writer w;
	enum status_value value;

	if (status_list_decode(span_of(data, size), &t) != HUFU_OK)
		return 0;
	writer_init(&w, space, sizeof space);
	status_list_encode(&w, &t);
	if (!w.error &&
	        (status_list_decode(writer_span(&w), &again) != HUFU_OK ||
	                again.number != t.number ||
	                !span_equal(again.packed, t.packed)))
		abort();
	if (status_list_expand(&t, map, sizeof map) != HUFU_OK)
		return 0;
	uint32_t count = (uint32_t)t.map.len * 4;
	if (status_list_find(&t, count - 1, &value) == HUFU_ERR_LIMIT ||
	        status_list_find(&t, count, &value) != HUFU_ERR_LIMIT)
		abort();
	return 0;
}
