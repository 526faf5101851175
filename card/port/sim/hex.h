/* Hexadecimal text, as options and the control socket have it. */
#ifndef CARD_SIM_HEX_H
#define CARD_SIM_HEX_H

#include "crypto/core/bytes.h"

/* Exactly 2 * len digits; HUFU_ERR_MALFORMED otherwise. */
HUFU_MUST_USE int hex_decode(const char *text, uint8_t *ret, size_t len);

/* `ret` holds 2 * len + 1 bytes. */
void hex_encode(const uint8_t *data, size_t len, char *ret);

#endif
