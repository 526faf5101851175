/*
 * A zlib stream (RFC 1950) of one block with the fixed codes of RFC 1951
 * section 3.2.6 and literals alone: for what does not shrink. zlib itself
 * would store it, and stored blocks are what some readers in the field fail
 * on (decisions/0103).
 */
#ifndef ISSUER_ZLIB_LITERAL_H
#define ISSUER_ZLIB_LITERAL_H

#include "crypto/core/bytes.h"

/* The most bytes that `len` become. */
#define ZLIB_LITERAL_MAX(len) ((len) + ((len) + 7) / 8 + 8)

/* Whether a stream begins with a stored block. */
bool zlib_literal_is_due(struct span stream);
void zlib_literal_encode(struct writer *w, struct span in);

#endif
