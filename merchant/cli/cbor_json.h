/*
 * CBOR as JSON, by the advice of RFC 8949 section 6.1: byte strings in
 * base64url, keys as text, tags left out. What tag 24 holds is opened.
 */
#ifndef CLI_CBOR_JSON_H
#define CLI_CBOR_JSON_H

#include <jansson.h>

#include "crypto/core/bytes.h"

/*
 * Of exactly one item; JSON text and other text, which are no CBOR, as such;
 * any other bytes in base64url. NULL: no memory.
 */
json_t *cbor_json_of(struct span payload);

#endif
