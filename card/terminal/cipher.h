/*
 * AES-128 for the secure channel, on OpenSSL, with the keys set up once a
 * session: CMAC (RFC 4493), CBC without padding, one ECB block for the ICV.
 */
#ifndef TERMINAL_CIPHER_H
#define TERMINAL_CIPHER_H

#include "crypto/core/bytes.h"

enum {
	CIPHER_BLOCK_LEN = 16,
	CIPHER_KEY_LEN = 16,
};

struct cipher_cmac;
struct cipher_cbc;

HUFU_MUST_USE int cipher_cmac_new(
        const uint8_t key[CIPHER_KEY_LEN], struct cipher_cmac **ret);
void cipher_cmac_free(struct cipher_cmac *c); /* NULL is legal */
/* Over the parts, one after the other. */
HUFU_MUST_USE int cipher_cmac_run(struct cipher_cmac *c,
        const struct span *parts, size_t count, uint8_t ret[CIPHER_BLOCK_LEN]);

HUFU_MUST_USE int cipher_cbc_new(
        const uint8_t key[CIPHER_KEY_LEN], struct cipher_cbc **ret);
void cipher_cbc_free(struct cipher_cbc *c); /* NULL is legal */
/* `len` is a multiple of 16; `data` is worked on in place. */
HUFU_MUST_USE int cipher_cbc_encrypt(struct cipher_cbc *c,
        const uint8_t iv[CIPHER_BLOCK_LEN], uint8_t *data, size_t len);
HUFU_MUST_USE int cipher_cbc_decrypt(struct cipher_cbc *c,
        const uint8_t iv[CIPHER_BLOCK_LEN], uint8_t *data, size_t len);

#endif
