/*
 * AES-128 as the card's secure channel uses it (GlobalPlatform Amendment D):
 * CMAC (SP 800-38B), CBC without padding, single blocks.
 */
#ifndef OPENSSL_AES_H
#define OPENSSL_AES_H

#include "crypto/core/bytes.h"

enum { AES_KEY_LEN = 16, AES_BLOCK_LEN = 16 };

/* HUFU_ERR_CRYPTO is the only failure of these; ret is then untouched. */
HUFU_MUST_USE int aes_cmac(const uint8_t key[AES_KEY_LEN], struct span message,
        uint8_t ret[AES_BLOCK_LEN]);

HUFU_MUST_USE int aes_encrypt_block(const uint8_t key[AES_KEY_LEN],
        const uint8_t in[AES_BLOCK_LEN], uint8_t ret[AES_BLOCK_LEN]);

/*
 * in.len bytes into `ret`, which may be in.data itself. HUFU_ERR_ARGUMENT:
 * not whole blocks.
 */
HUFU_MUST_USE int aes_cbc_encrypt(const uint8_t key[AES_KEY_LEN],
        const uint8_t iv[AES_BLOCK_LEN], struct span in, uint8_t *ret);
HUFU_MUST_USE int aes_cbc_decrypt(const uint8_t key[AES_KEY_LEN],
        const uint8_t iv[AES_BLOCK_LEN], struct span in, uint8_t *ret);

/*
 * KDF in counter mode with CMAC, one block: CMAC(key, prefix[6] ‖ kdd[10]),
 * prefix = 01 00 00 00 `which` 00. The card's static key 1 ENC, 2 MAC, 3 DEK
 * from its master (KDF3 of GlobalPlatform tools).
 */
enum { AES_KDD_LEN = 10 };
HUFU_MUST_USE int aes_derive_card_key(const uint8_t master[AES_KEY_LEN],
        uint8_t which, const uint8_t kdd[AES_KDD_LEN],
        uint8_t ret[AES_KEY_LEN]);

#endif
