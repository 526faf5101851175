#include "crypto/openssl/aes.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <string.h>

#include "crypto/openssl/owned.h"

int aes_cmac(const uint8_t key[AES_KEY_LEN], struct span message,
        uint8_t ret[AES_BLOCK_LEN])
{
	char name[] = "AES-128-CBC";
	OSSL_PARAM params[] = {
	        OSSL_PARAM_utf8_string(
	                OSSL_MAC_PARAM_CIPHER, name, sizeof name - 1),
	        OSSL_PARAM_END,
	};
	uint8_t tag[AES_BLOCK_LEN];
	size_t len = 0;
	OWNED(mac) EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	OWNED(mac_ctx) EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	if (!ctx || EVP_MAC_init(ctx, key, AES_KEY_LEN, params) != 1 ||
	        EVP_MAC_update(ctx, message.data, message.len) != 1 ||
	        EVP_MAC_final(ctx, tag, &len, sizeof tag) != 1 ||
	        len != sizeof tag)
		return HUFU_ERR_CRYPTO;
	memcpy(ret, tag, sizeof tag);
	return HUFU_OK;
}

static int run(const EVP_CIPHER *cipher, bool encrypt, const uint8_t *key,
        const uint8_t *iv, struct span in, uint8_t *out)
{
	OWNED(cipher_ctx) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0;
	int rest = 0;
	if (!ctx || in.len > INT_MAX ||
	        EVP_CipherInit_ex2(ctx, cipher, key, iv, encrypt, NULL) != 1 ||
	        EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	        EVP_CipherUpdate(ctx, out, &len, in.data, (int)in.len) != 1 ||
	        EVP_CipherFinal_ex(ctx, out + len, &rest) != 1 ||
	        (size_t)len + (size_t)rest != in.len)
		return HUFU_ERR_CRYPTO;
	return HUFU_OK;
}

int aes_encrypt_block(const uint8_t key[AES_KEY_LEN],
        const uint8_t in[AES_BLOCK_LEN], uint8_t ret[AES_BLOCK_LEN])
{
	uint8_t out[AES_BLOCK_LEN];
	int r = run(EVP_aes_128_ecb(), true, key, NULL,
	        span_of(in, AES_BLOCK_LEN), out);
	if (!r)
		memcpy(ret, out, sizeof out);
	bytes_wipe(out, sizeof out);
	return r;
}

int aes_cbc_encrypt(const uint8_t key[AES_KEY_LEN],
        const uint8_t iv[AES_BLOCK_LEN], struct span in, uint8_t *ret)
{
	if (in.len % AES_BLOCK_LEN)
		return HUFU_ERR_ARGUMENT;
	return in.len ? run(EVP_aes_128_cbc(), true, key, iv, in, ret)
	              : HUFU_OK;
}

int aes_cbc_decrypt(const uint8_t key[AES_KEY_LEN],
        const uint8_t iv[AES_BLOCK_LEN], struct span in, uint8_t *ret)
{
	if (in.len % AES_BLOCK_LEN)
		return HUFU_ERR_ARGUMENT;
	return in.len ? run(EVP_aes_128_cbc(), false, key, iv, in, ret)
	              : HUFU_OK;
}

int aes_derive_card_key(const uint8_t master[AES_KEY_LEN], uint8_t which,
        const uint8_t kdd[AES_KDD_LEN], uint8_t ret[AES_KEY_LEN])
{
	uint8_t block[AES_BLOCK_LEN] = {1, 0, 0, 0, which, 0};
	memcpy(block + 6, kdd, AES_KDD_LEN);
	return aes_cmac(master, span_of(block, sizeof block), ret);
}
