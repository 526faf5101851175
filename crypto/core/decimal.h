/*
 * Numbers in decimal digits: no sign, no space, no leading zero.
 */
#ifndef CORE_DECIMAL_H
#define CORE_DECIMAL_H

#include "crypto/core/bytes.h"

/* HUFU_ERR_MALFORMED, or HUFU_ERR_LIMIT above `max`. */
HUFU_MUST_USE int decimal_decode(struct span text, uint64_t max, uint64_t *ret);
void decimal_encode(struct writer *w, uint64_t v);

/* With leading zeros, to exactly `width` digits (at most 20). */
void decimal_encode_fixed(struct writer *w, uint64_t v, unsigned width);

#endif
