#include <stdlib.h>

#include "crypto/core/mso.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t space[1 << 16];

static void check_object(struct span in)
{
	static struct mso m, again;
	struct writer w;
	if (mso_decode(in, &m) != HUFU_OK)
		return;
	writer_init(&w, space, sizeof space);
	mso_encode(&w, &m);
	if (w.error == HUFU_ERR_SPACE)
		return; /* a document type of kilobytes */
	if (w.error || mso_decode(writer_span(&w), &again) != HUFU_OK ||
	        again.digest_count != m.digest_count ||
	        again.suite != m.suite ||
	        again.valid_until_s != m.valid_until_s)
		abort();
}

static void check_item(struct span in)
{
	struct mso_item item, again;
	struct writer w;
	if (mso_decode_item(in, &item) != HUFU_OK)
		return;
	writer_init(&w, space, sizeof space);
	mso_encode_item(&w, &item);
	if (w.error)
		return; /* an identifier of more than we write */
	if (mso_decode_item(writer_span(&w), &again) != HUFU_OK ||
	        again.digest_id != item.digest_id ||
	        !span_equal(again.value, item.value) ||
	        !span_equal(again.identifier, item.identifier))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_object(span_of(data, size));
	check_item(span_of(data, size));
	return 0;
}
