/* The first byte names the question; the rest is the answer's frame. */
#include <stdlib.h>
#include <string.h>

#include "host/signer/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[WIRE_SMALL_MAX];
	static struct wire_answer a;
	enum wire_type type;
	struct writer w;

	if (size < 1 || size - 1 > sizeof(again))
		return 0;
	type = (enum wire_type)(WIRE_HEALTH + data[0] % WIRE_SIGNED);
	if (wire_decode_answer(span_of(data + 1, size - 1), type, &a))
		return 0;
	writer_init(&w, again, sizeof(again));
	wire_encode_answer(&w, type, &a);
	if (w.error || w.len != size - 1 || memcmp(again, data + 1, w.len) != 0)
		abort();
	return 0;
}
