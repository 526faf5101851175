#include <stdlib.h>
#include <string.h>

#include "host/photo/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What hufud does with the bytes of a checker that somebody took over. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t space[PHOTO_REPLY_MAX];
	struct photo_reply reply;
	struct writer w;

	if (photo_reply_decode(span_of(data, len), &reply) != HUFU_OK)
		return 0;
	if (reply.fault < 0 || reply.fault >= PHOTO_FAULTS)
		abort();
	writer_init(&w, space, sizeof space);
	photo_reply_encode(&w, &reply);
	if (w.error || w.len != len || memcmp(space, data, len) != 0)
		abort(); /* another encoding of the same was taken */
	return 0;
}
