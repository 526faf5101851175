/*
 * Inside of a signing key, shared by signing_key*.c and token.c.
 */
#ifndef ISSUER_SIGNING_KEY_INSIDE_H
#define ISSUER_SIGNING_KEY_INSIDE_H

#include <openssl/evp.h>

#include "crypto/issuer/signing_key.h"

struct signing_key {
	enum key_purpose purpose;
	struct cose_key public;
	EVP_PKEY *pkey; /* NULL: the key lies on `token` */
	struct token *token;
	unsigned long object; /* its handle there */
};

/* Owns `pkey` from here on, also on failure. */
HUFU_MUST_USE int signing_key_take(
        EVP_PKEY *pkey, enum key_purpose purpose, struct signing_key **ret);

#endif
