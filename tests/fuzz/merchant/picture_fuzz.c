/* A picture from anywhere, and the code in it. */
#include <stdlib.h>

#include "merchant/cli/barcode.h"
#include "merchant/cli/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { DOTS_MAX = 500 * 500 }; /* larger ones only take longer */
	char text[BARCODE_TEXT_MAX * 2];
	struct picture p = {0};
	struct writer w;
	if (picture_decode(span_of(data, size), &p) != HUFU_OK)
		return 0;
	writer_init(&w, text, sizeof text);
	if ((uint64_t)p.width * p.height <= DOTS_MAX &&
	        barcode_read(p.gray, p.width, p.height, &w) < 0 &&
	        w.error == HUFU_OK)
		abort(); /* only a lack of room can fail */
	picture_done(&p);
	return 0;
}
