#include <stdlib.h>

#include "host/photo/look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What the checker's process does with the bytes of a request. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct faces *faces;
	static uint8_t space[PHOTO_REPLY_MAX];
	struct photo_reply reply;
	struct writer w;

	if (!faces && faces_open(HUFU_CASCADES, &faces) != HUFU_OK)
		abort();
	writer_init(&w, space, sizeof space);
	if (photo_look(faces, span_of(data, len), &w) == HUFU_OK &&
	        photo_reply_decode(writer_span(&w), &reply) != HUFU_OK)
		abort(); /* hufud would not understand it */
	return 0;
}
