/*
 * Base64 (RFC 4648 section 4) with padding; decoding is strict: no white
 * space, no missing padding, spare bits zero.
 */
#ifndef CORE_BASE64_H
#define CORE_BASE64_H

#include "crypto/core/bytes.h"

/* Characters for `len` bytes. */
#define BASE64_TEXT_LEN(len) (((len) + 2) / 3 * 4)

void base64_encode(struct writer *w, struct span in);

/* Appends the bytes. HUFU_ERR_MALFORMED or HUFU_ERR_SPACE. */
HUFU_MUST_USE int base64_decode(struct span text, struct writer *w);

#endif
