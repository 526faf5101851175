#include <stdlib.h>

#include "host/print/photo.h"
#include "host/print/photo_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span jpeg = span_of(data, len);
	struct photo_dots dots;
	struct problem p;
	int rc = photo_check(jpeg, &p);

	if (rc > 0 && (rc >= PHOTO_FAULTS || p.code != rc))
		abort();
	if (photo_decode(jpeg, &dots) == HUFU_OK) {
		if (dots.width > PHOTO_DECODED_MAX ||
		        dots.height > PHOTO_DECODED_MAX)
			abort();
		photo_dots_done(&dots);
	} else if (rc == HUFU_OK) {
		abort(); /* taken at intake, and then not printable */
	}
	return 0;
}
