/*
 * OpenSSL objects that go away with their scope.
 */
#ifndef OPENSSL_OWNED_H
#define OPENSSL_OWNED_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#define OWNED_BY(type, name, drop)                                             \
	static inline void owned_##name(type **p)                              \
	{                                                                      \
		drop(*p);                                                      \
	}

OWNED_BY(EVP_PKEY, pkey, EVP_PKEY_free)
OWNED_BY(EVP_PKEY_CTX, pkey_ctx, EVP_PKEY_CTX_free)
OWNED_BY(EVP_MD_CTX, md_ctx, EVP_MD_CTX_free)
OWNED_BY(EVP_CIPHER_CTX, cipher_ctx, EVP_CIPHER_CTX_free)
OWNED_BY(EVP_MAC, mac, EVP_MAC_free)
OWNED_BY(EVP_MAC_CTX, mac_ctx, EVP_MAC_CTX_free)
OWNED_BY(ECDSA_SIG, ecdsa_sig, ECDSA_SIG_free)
OWNED_BY(BIGNUM, bignum, BN_free)
OWNED_BY(BIO, bio, BIO_free_all)

#define OWNED(name) __attribute__((cleanup(owned_##name)))

#endif
