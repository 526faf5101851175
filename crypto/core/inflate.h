/*
 * Inflating a zlib stream (RFC 1950, RFC 1951) of which the whole input is
 * in memory, into one buffer. Time is bounded by the lengths of both.
 */
#ifndef CORE_INFLATE_H
#define CORE_INFLATE_H

#include "crypto/core/bytes.h"

/* Whether `in` starts with the two header bytes of a zlib stream. */
bool inflate_is_zlib(struct span in);

/*
 * HUFU_ERR_LIMIT: more than `cap` bytes would come out; TRUNCATED, TRAILING:
 * the stream ends after or before `in`; MALFORMED: any other broken rule,
 * the Adler-32 included; UNSUPPORTED: a preset dictionary.
 * After a failure the contents of `out` mean nothing.
 */
HUFU_MUST_USE int inflate_zlib(
        struct span in, uint8_t *out, size_t cap, size_t *ret_len);

#endif
