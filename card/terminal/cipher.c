#include "card/terminal/cipher.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

struct cipher_cmac {
	EVP_MAC_CTX *ctx;
};

struct cipher_cbc {
	EVP_CIPHER_CTX *encrypt;
	EVP_CIPHER_CTX *decrypt;
};

int cipher_cmac_new(const uint8_t key[CIPHER_KEY_LEN], struct cipher_cmac **ret)
{
	char name[] = "AES-128-CBC";
	const OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_utf8_string(
	                OSSL_MAC_PARAM_CIPHER, name, 0),
	        OSSL_PARAM_construct_end(),
	};
	struct cipher_cmac *c = calloc(1, sizeof *c);
	if (!c)
		return HUFU_ERR_MEMORY;
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	if (mac)
		c->ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (!c->ctx || EVP_MAC_init(c->ctx, key, CIPHER_KEY_LEN, params) != 1) {
		cipher_cmac_free(c);
		return HUFU_ERR_CRYPTO;
	}
	*ret = c;
	return 0;
}

void cipher_cmac_free(struct cipher_cmac *c)
{
	if (!c)
		return;
	EVP_MAC_CTX_free(c->ctx);
	free(c);
}

int cipher_cmac_run(struct cipher_cmac *c, const struct span *parts,
        size_t count, uint8_t ret[CIPHER_BLOCK_LEN])
{
	size_t len = 0;
	/* NULL keeps the key that was set up */
	if (EVP_MAC_init(c->ctx, NULL, 0, NULL) != 1)
		return HUFU_ERR_CRYPTO;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len && EVP_MAC_update(c->ctx, parts[i].data,
		                            parts[i].len) != 1)
			return HUFU_ERR_CRYPTO;
	}
	if (EVP_MAC_final(c->ctx, ret, &len, CIPHER_BLOCK_LEN) != 1 ||
	        len != CIPHER_BLOCK_LEN)
		return HUFU_ERR_CRYPTO;
	return 0;
}

int cipher_cbc_new(const uint8_t key[CIPHER_KEY_LEN], struct cipher_cbc **ret)
{
	struct cipher_cbc *c = calloc(1, sizeof *c);
	if (!c)
		return HUFU_ERR_MEMORY;
	c->encrypt = EVP_CIPHER_CTX_new();
	c->decrypt = EVP_CIPHER_CTX_new();
	const EVP_CIPHER *aes = EVP_aes_128_cbc();
	if (!c->encrypt || !c->decrypt ||
	        EVP_EncryptInit_ex2(c->encrypt, aes, key, NULL, NULL) != 1 ||
	        EVP_DecryptInit_ex2(c->decrypt, aes, key, NULL, NULL) != 1) {
		cipher_cbc_free(c);
		return HUFU_ERR_CRYPTO;
	}
	*ret = c;
	return 0;
}

void cipher_cbc_free(struct cipher_cbc *c)
{
	if (!c)
		return;
	EVP_CIPHER_CTX_free(c->encrypt);
	EVP_CIPHER_CTX_free(c->decrypt);
	free(c);
}

int cipher_cbc_encrypt(struct cipher_cbc *c, const uint8_t iv[CIPHER_BLOCK_LEN],
        uint8_t *data, size_t len)
{
	int out = 0;
	if (len > INT_MAX || len % CIPHER_BLOCK_LEN)
		return HUFU_ERR_ARGUMENT;
	if (EVP_EncryptInit_ex2(c->encrypt, NULL, NULL, iv, NULL) != 1 ||
	        EVP_CIPHER_CTX_set_padding(c->encrypt, 0) != 1 ||
	        EVP_EncryptUpdate(c->encrypt, data, &out, data, (int)len) !=
	                1 ||
	        (size_t)out != len)
		return HUFU_ERR_CRYPTO;
	return 0;
}

int cipher_cbc_decrypt(struct cipher_cbc *c, const uint8_t iv[CIPHER_BLOCK_LEN],
        uint8_t *data, size_t len)
{
	int out = 0;
	if (len > INT_MAX || len % CIPHER_BLOCK_LEN)
		return HUFU_ERR_ARGUMENT;
	if (EVP_DecryptInit_ex2(c->decrypt, NULL, NULL, iv, NULL) != 1 ||
	        EVP_CIPHER_CTX_set_padding(c->decrypt, 0) != 1 ||
	        EVP_DecryptUpdate(c->decrypt, data, &out, data, (int)len) !=
	                1 ||
	        (size_t)out != len)
		return HUFU_ERR_CRYPTO;
	return 0;
}
