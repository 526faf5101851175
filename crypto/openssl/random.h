/*
 * Random numbers for keys, salts and PINs, from OpenSSL's private generator.
 */
#ifndef OPENSSL_RANDOM_H
#define OPENSSL_RANDOM_H

#include "crypto/core/bytes.h"

/* HUFU_ERR_CRYPTO: the generator failed; `ret` is then all zero. */
HUFU_MUST_USE int random_fill(void *ret, size_t len);

/* Evenly from 0 to bound - 1; bound > 0. */
HUFU_MUST_USE int random_below(uint32_t bound, uint32_t *ret);

/* `count` decimal digits and a NUL: a CAN, a PIN. */
HUFU_MUST_USE int random_digits(char *ret, size_t count);

#endif
