#include <stdlib.h>
#include <string.h>

#include "host/print/qr_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char text[64];

	memset(text, 'x', sizeof(text));
	if (qr_read(span_of(data, len), text, sizeof(text)) == HUFU_OK) {
		if (!memchr(text, '\0', sizeof(text)))
			abort();
	} else {
		for (size_t i = 0; i < sizeof(text); i++)
			if (text[i] != 'x')
				abort();
	}
	return 0;
}
