/*
 * Inside of a sealer, shared by seal.c and seal_file.c.
 */
#ifndef OPENSSL_SEAL_KEYS_H
#define OPENSSL_SEAL_KEYS_H

#include <openssl/evp.h>

#include "crypto/openssl/seal.h"

enum { SEAL_KEY_LEN = 32 };

struct seal_key {
	uint32_t version; /* from 1; 0 is the blind index key */
	enum suite suite;
	uint8_t secret[SEAL_KEY_LEN]; /* as it stands in the file */
	uint8_t cipher[SEAL_KEY_LEN]; /* AES-256; SM4 takes 16 of it */
	uint8_t mac[SEAL_KEY_LEN]; /* HMAC of suite sm, and of the index */
};

struct sealer {
	struct seal_key blind;
	struct seal_key keys[SEAL_VERSIONS_MAX]; /* versions rise */
	size_t count;
	EVP_MAC *hmac;
	EVP_CIPHER *aes_256_gcm;
	EVP_CIPHER *sm4_ctr;
};

/* HMAC with the suite's hash over the parts, one after the other. */
HUFU_MUST_USE int seal_hmac(EVP_MAC *hmac, const struct seal_key *key,
        const uint8_t secret[SEAL_KEY_LEN], const struct span *parts,
        size_t count, uint8_t ret[SEAL_KEY_LEN]);

#endif
