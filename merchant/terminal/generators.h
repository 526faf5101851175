/*
 * Small tables (crypto/core/ec_table.h) of both generators. Made at build
 * time by generators_make.c, linked as constants.
 */
#ifndef TERMINAL_GENERATORS_H
#define TERMINAL_GENERATORS_H

#include <stdint.h>

#include "crypto/core/ec_table.h"

extern const uint8_t generators_p256[EC_TABLE_SMALL_LEN];
extern const uint8_t generators_sm2[EC_TABLE_SMALL_LEN];

#endif
