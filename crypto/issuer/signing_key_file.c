#include <limits.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/signing_key.h"
#include "crypto/issuer/signing_key_inside.h"
#include "crypto/openssl/owned.h"
#include "crypto/openssl/pkey.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/secret_file.h"

enum {
	SALT_LEN = 16,
	/* 16 MiB of memory, the most that OpenSSL grants without asking */
	SCRYPT_N = 16384,
	SCRYPT_R = 8,
	SCRYPT_P = 1,
	PEM_MAX = 2048,
};

OWNED_BY(PKCS8_PRIV_KEY_INFO, pkcs8, PKCS8_PRIV_KEY_INFO_free)
OWNED_BY(X509_SIG, encrypted, X509_SIG_free)
OWNED_BY(X509_ALGOR, algor, X509_ALGOR_free)

static const char *const purpose_names[] = {
        [KEY_CARD] = "card",
        [KEY_LIST] = "list",
        [KEY_CHECKPOINT] = "checkpoint",
        [KEY_DEVICE] = "device",
        [KEY_ROOT] = "root",
};

const char *key_purpose_name(enum key_purpose purpose)
{
	return purpose_names[purpose];
}

static int put_purpose(PKCS8_PRIV_KEY_INFO *p8, enum key_purpose purpose)
{
	const char *name = key_purpose_name(purpose);
	return PKCS8_pkey_add1_attr_by_NID(p8, NID_friendlyName, MBSTRING_ASC,
	               (const unsigned char *)name, (int)strlen(name)) == 1
	               ? HUFU_OK
	               : pkey_error();
}

static int find_purpose(const unsigned char *name, int len)
{
	for (int i = KEY_CARD; i <= KEY_ROOT; i++)
		if ((size_t)len == strlen(purpose_names[i]) &&
		        memcmp(name, purpose_names[i], (size_t)len) == 0)
			return i;
	return 0;
}

static int get_purpose(
        const PKCS8_PRIV_KEY_INFO *p8, enum key_purpose *ret_purpose)
{
	const STACK_OF(X509_ATTRIBUTE) *all = PKCS8_pkey_get0_attrs(p8);
	int at = X509at_get_attr_by_NID(all, NID_friendlyName, -1);
	if (at < 0)
		return HUFU_ERR_UNSUPPORTED;
	ASN1_TYPE *value =
	        X509_ATTRIBUTE_get0_type(X509at_get_attr(all, at), 0);
	if (!value || value->type != V_ASN1_BMPSTRING)
		return HUFU_ERR_UNSUPPORTED;
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, value->value.bmpstring);
	if (len < 0)
		return pkey_error();
	int purpose = find_purpose(utf8, len);
	OPENSSL_free(utf8);
	if (!purpose)
		return HUFU_ERR_UNSUPPORTED;
	*ret_purpose = (enum key_purpose)purpose;
	return HUFU_OK;
}

static int encrypt(
        const struct signing_key *key, struct span passphrase, X509_SIG **ret)
{
	uint8_t salt[SALT_LEN];
	int r = random_fill(salt, sizeof salt);
	if (r)
		return r;
	OWNED(pkcs8) PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key->pkey);
	OWNED(algor)
	X509_ALGOR *how = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt,
	        sizeof salt, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
	if (!p8 || !how)
		return pkey_error();
	r = put_purpose(p8, key->purpose);
	if (r)
		return r;
	X509_SIG *encrypted = PKCS8_set0_pbe(
	        (const char *)passphrase.data, (int)passphrase.len, p8, how);
	if (!encrypted)
		return pkey_error();
	how = NULL; /* now owned by encrypted */
	*ret = encrypted;
	return HUFU_OK;
}

int signing_key_create_file(
        const struct signing_key *key, const char *path, struct span passphrase)
{
	if (passphrase.len < SIGNING_KEY_PASSPHRASE_MIN ||
	        passphrase.len > INT_MAX)
		return HUFU_ERR_ARGUMENT;
	if (!key->pkey)
		return HUFU_ERR_UNSUPPORTED;
	X509_SIG *made = NULL;
	int r = encrypt(key, passphrase, &made);
	if (r)
		return r;
	OWNED(encrypted) X509_SIG *encrypted = made;
	OWNED(bio) BIO *bio = BIO_new(BIO_s_mem());
	if (!bio || PEM_write_bio_PKCS8(bio, encrypted) != 1)
		return pkey_error();
	char *text = NULL;
	long len = BIO_get_mem_data(bio, &text);
	if (len <= 0)
		return HUFU_ERR_CRYPTO;
	return secret_file_create(path, span_of(text, (size_t)len));
}

int signing_key_decode(
        struct span pem, struct span passphrase, struct signing_key **ret)
{
	if (pem.len == 0)
		return HUFU_ERR_MALFORMED;
	if (pem.len > SECRET_FILE_MAX || passphrase.len > INT_MAX)
		return HUFU_ERR_ARGUMENT;
	OWNED(bio) BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	if (!bio)
		return pkey_error();
	OWNED(encrypted)
	X509_SIG *encrypted = PEM_read_bio_PKCS8(bio, NULL, NULL, NULL);
	if (!encrypted)
		return pkey_error() == HUFU_ERR_MEMORY ? HUFU_ERR_MEMORY
		                                       : HUFU_ERR_MALFORMED;
	OWNED(pkcs8)
	PKCS8_PRIV_KEY_INFO *p8 = PKCS8_decrypt(
	        encrypted, (const char *)passphrase.data, (int)passphrase.len);
	if (!p8)
		return pkey_error() == HUFU_ERR_MEMORY ? HUFU_ERR_MEMORY
		                                       : HUFU_ERR_SIGNATURE;
	enum key_purpose purpose = KEY_CARD;
	int r = get_purpose(p8, &purpose);
	if (r)
		return r;
	EVP_PKEY *pkey = EVP_PKCS82PKEY(p8);
	if (!pkey)
		return pkey_error() == HUFU_ERR_MEMORY ? HUFU_ERR_MEMORY
		                                       : HUFU_ERR_UNSUPPORTED;
	return signing_key_take(pkey, purpose, ret);
}

int signing_key_load(
        const char *path, struct span passphrase, struct signing_key **ret)
{
	uint8_t space[PEM_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	int r = secret_file_read(path, &w);
	return r ? r : signing_key_decode(writer_span(&w), passphrase, ret);
}
