/*
 * Base45 (RFC 9285), the alphabet of a QR code's alphanumeric mode.
 */
#ifndef CORE_BASE45_H
#define CORE_BASE45_H

#include "crypto/core/bytes.h"

/* Characters for `len` bytes. */
#define BASE45_TEXT_LEN(len) ((len) / 2 * 3 + (len) % 2 * 2)

void base45_encode(struct writer *w, struct span in);

/*
 * Appends the decoded bytes. HUFU_ERR_MALFORMED: a character outside the
 * alphabet, an impossible length or a group above 65535 (or 255);
 * HUFU_ERR_SPACE: the writer is too small.
 */
HUFU_MUST_USE int base45_decode(struct span text, struct writer *w);

#endif
