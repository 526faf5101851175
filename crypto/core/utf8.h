/*
 * UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include "crypto/core/bytes.h"

bool utf8_is_valid(struct span text);

/* The next code point; a bad one sets HUFU_ERR_MALFORMED and answers 0. */
uint32_t utf8_get(struct reader *r);
void utf8_put(struct writer *w, uint32_t code_point);

#endif
