/*
 * Bytes on the heap that one part of printing hands to its caller.
 */
#ifndef HOST_PRINT_BLOB_H
#define HOST_PRINT_BLOB_H

#include "crypto/core/bytes.h"

struct blob {
	uint8_t *data;
	size_t len;
};

/* Appends; HUFU_ERR_MEMORY leaves *b as it was. */
HUFU_MUST_USE int blob_append(struct blob *b, const void *data, size_t len);
struct span blob_span(const struct blob *b);
void blob_done(struct blob *b); /* frees and empties; for cleanup too */

#endif
