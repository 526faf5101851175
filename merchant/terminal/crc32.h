/*
 * CRC-32 (ISO 3309, as in zlib and Ethernet): finds accidents, stops nobody.
 */
#ifndef TERMINAL_CRC32_H
#define TERMINAL_CRC32_H

#include "crypto/core/bytes.h"

uint32_t crc32_of(struct span in);

#endif
