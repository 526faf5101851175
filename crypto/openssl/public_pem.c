#include "crypto/openssl/public_pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/openssl/owned.h"
#include "crypto/openssl/pkey.h"

int public_pem_encode(const struct cose_key *key, struct writer *ret)
{
	uint8_t space[SIGCHECK_POINT_LEN];
	EVP_PKEY *made = NULL;
	int r = pkey_from_public(
	        cose_key_alg(key), cose_key_public(key, space), &made);
	if (r)
		return r;
	OWNED(pkey) EVP_PKEY *pkey = made;
	OWNED(bio) BIO *bio = BIO_new(BIO_s_mem());
	if (!bio || PEM_write_bio_PUBKEY(bio, pkey) != 1)
		return pkey_error();
	char *text = NULL;
	long len = BIO_get_mem_data(bio, &text);
	if (len <= 0)
		return HUFU_ERR_CRYPTO;
	writer_put(ret, text, (size_t)len);
	return ret->error;
}

int public_pem_decode(struct span pem, struct cose_key *ret)
{
	if (pem.len > PUBLIC_PEM_READ_MAX)
		return HUFU_ERR_LIMIT;
	if (pem.len == 0)
		return HUFU_ERR_MALFORMED;
	OWNED(bio) BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	if (!bio)
		return pkey_error();
	OWNED(pkey)
	EVP_PKEY *pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	if (!pkey) {
		int r = pkey_error();
		return r == HUFU_ERR_MEMORY ? r : HUFU_ERR_MALFORMED;
	}
	return pkey_public(pkey, ret);
}
