#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#include "crypto/core/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAP = 1 << 16 };

static uint8_t ours[CAP], theirs[CAP];

/* We and zlib must take the same streams for the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = 0;
	z_stream z = {0};
	int rc = inflate_zlib(span_of(data, size), ours, CAP, &len);
	if (inflateInit(&z) != Z_OK)
		return 0;
	z.next_in = data;
	z.avail_in = (uInt)size;
	z.next_out = theirs;
	z.avail_out = CAP;
	bool ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0;
	size_t theirs_len = z.total_out;
	(void)inflateEnd(&z); /* nothing to do about it */
	if (ok != (rc == HUFU_OK))
		abort();
	if (ok && (len != theirs_len || memcmp(ours, theirs, len) != 0))
		abort();
	return 0;
}
