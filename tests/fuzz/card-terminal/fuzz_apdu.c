/* Commands and TLV: what decodes must encode to the same meaning. */
#include <stdlib.h>

#include "card/terminal/apdu.h"
#include "card/terminal/tlv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct apdu *a)
{
	uint8_t space[APDU_FRAME_MAX];
	struct apdu again;
	struct writer w;
	writer_init(&w, space, sizeof space);
	if (apdu_encode(a, true, &w) != 0)
		return; /* more data than we ever send */
	if (apdu_decode(writer_span(&w), &again) != 0 || again.le != a->le ||
	        !span_equal(again.data, a->data))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span value;
	struct apdu a;
	if (apdu_decode(span_of(data, size), &a) == 0)
		check_again(&a);
	if (tlv_find(span_of(data, size), 0x7F49, &value) == 0 &&
	        value.len > size)
		abort();
	return 0;
}
