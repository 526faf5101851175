/*
 * BER-TLV as cards answer it: tags of one or two bytes, definite length.
 */
#ifndef TERMINAL_TLV_H
#define TERMINAL_TLV_H

#include "crypto/core/bytes.h"

/*
 * The value of the first `tag` at the top level of `in`, which it points
 * into. HUFU_ERR_NOT_FOUND, _TRUNCATED, _MALFORMED, _UNSUPPORTED.
 */
HUFU_MUST_USE int tlv_find(struct span in, uint16_t tag, struct span *ret);

#endif
