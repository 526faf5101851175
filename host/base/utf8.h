/* UTF-8: one code point at a time; overlong forms, surrogates and what
 * lies past U+10FFFF are malformed. */
#ifndef HOST_UTF8_H
#define HOST_UTF8_H

#include "crypto/core/bytes.h"

enum { UTF8_MAX = 4 };

/* Bytes of the code point at `at` (1..4), or 0 when malformed or at the
 * end. */
size_t utf8_get(struct span text, size_t at, uint32_t *ret_point);
size_t utf8_put(uint32_t point, char ret[UTF8_MAX]); /* bytes written */
bool utf8_is_valid(struct span text);
/* Code points; malformed bytes count as one each. */
size_t utf8_length(struct span text);

#endif
