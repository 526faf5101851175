#include "host/print/blob.h"

#include <stdlib.h>
#include <string.h>

int blob_append(struct blob *b, const void *data, size_t len)
{
	uint8_t *grown;

	if (len == 0)
		return HUFU_OK;
	if (len > SIZE_MAX - b->len)
		return HUFU_ERR_MEMORY;
	grown = realloc(b->data, b->len + len);
	if (!grown)
		return HUFU_ERR_MEMORY;
	memcpy(grown + b->len, data, len);
	b->data = grown;
	b->len += len;
	return HUFU_OK;
}

struct span blob_span(const struct blob *b)
{
	return span_of(b->data, b->len);
}

void blob_done(struct blob *b)
{
	free(b->data);
	b->data = NULL;
	b->len = 0;
}
