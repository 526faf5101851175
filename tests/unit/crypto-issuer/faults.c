#include "tests/unit/crypto-issuer/faults.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <zlib.h>

static unsigned left;
static const char *fired;
static const char *last;

void faults_set(unsigned nth)
{
	left = nth;
	fired = NULL;
}

bool faults_end(void)
{
	left = 0;
	return fired != NULL;
}

const char *faults_last(void)
{
	return last;
}

static bool now(const char *name)
{
	if (left == 0 || --left > 0)
		return false;
	fired = last = name;
	errno = EIO;
	return true;
}

#define WRAP(type, failure, name, params, args)                                \
	type __real_##name params;                                             \
	type __wrap_##name params;                                             \
	type __wrap_##name params                                              \
	{                                                                      \
		return now(#name) ? (failure) : __real_##name args;            \
	}

WRAP(void *, NULL, malloc, (size_t n), (n))
WRAP(void *, NULL, calloc, (size_t n, size_t m), (n, m))
WRAP(void *, NULL, realloc, (void *p, size_t n), (p, n))
WRAP(ssize_t, -1, write, (int f, const void *p, size_t n), (f, p, n))
WRAP(ssize_t, -1, read, (int f, void *p, size_t n), (f, p, n))
WRAP(int, -1, fsync, (int f), (f))
WRAP(int, -1, link, (const char *a, const char *b), (a, b))
WRAP(int, -1, rename, (const char *a, const char *b), (a, b))
WRAP(int, Z_MEM_ERROR, compress2,
        (Bytef * d, uLongf *dn, const Bytef *s, uLong n, int l),
        (d, dn, s, n, l))
WRAP(int, 0, RAND_priv_bytes, (unsigned char *p, int n), (p, n))
WRAP(EVP_MD_CTX *, NULL, EVP_MD_CTX_new, (void), ())
WRAP(int, 0, EVP_DigestSignInit_ex,
        (EVP_MD_CTX * c, EVP_PKEY_CTX **x, const char *m, OSSL_LIB_CTX *l,
                const char *q, EVP_PKEY *k, const OSSL_PARAM p[]),
        (c, x, m, l, q, k, p))
WRAP(int, 0, EVP_DigestSign,
        (EVP_MD_CTX * c, unsigned char *s, size_t *sn, const unsigned char *t,
                size_t n),
        (c, s, sn, t, n))
WRAP(int, 0, EVP_DigestVerifyInit_ex,
        (EVP_MD_CTX * c, EVP_PKEY_CTX **x, const char *m, OSSL_LIB_CTX *l,
                const char *q, EVP_PKEY *k, const OSSL_PARAM p[]),
        (c, x, m, l, q, k, p))
WRAP(int, 0, EVP_DigestVerify,
        (EVP_MD_CTX * c, const unsigned char *s, size_t sn,
                const unsigned char *t, size_t n),
        (c, s, sn, t, n))
WRAP(EVP_PKEY_CTX *, NULL, EVP_PKEY_CTX_new_from_name,
        (OSSL_LIB_CTX * l, const char *n, const char *q), (l, n, q))
WRAP(int, 0, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX * c), (c))
WRAP(int, 0, EVP_PKEY_fromdata,
        (EVP_PKEY_CTX * c, EVP_PKEY **k, int s, OSSL_PARAM p[]), (c, k, s, p))
WRAP(EVP_PKEY *, NULL, EVP_PKEY_new_raw_public_key,
        (int t, ENGINE *e, const unsigned char *p, size_t n), (t, e, p, n))
WRAP(ECDSA_SIG *, NULL, ECDSA_SIG_new, (void), ())
WRAP(BIGNUM *, NULL, BN_bin2bn, (const unsigned char *p, int n, BIGNUM *b),
        (p, n, b))
WRAP(ECDSA_SIG *, NULL, d2i_ECDSA_SIG,
        (ECDSA_SIG * *s, const unsigned char **p, long n), (s, p, n))
WRAP(EVP_MAC *, NULL, EVP_MAC_fetch,
        (OSSL_LIB_CTX * l, const char *n, const char *q), (l, n, q))
WRAP(EVP_MAC_CTX *, NULL, EVP_MAC_CTX_new, (EVP_MAC * m), (m))
WRAP(int, 0, EVP_MAC_init,
        (EVP_MAC_CTX * c, const unsigned char *k, size_t n,
                const OSSL_PARAM p[]),
        (c, k, n, p))
WRAP(int, 0, EVP_MAC_update,
        (EVP_MAC_CTX * c, const unsigned char *p, size_t n), (c, p, n))
WRAP(int, 0, EVP_MAC_final,
        (EVP_MAC_CTX * c, unsigned char *p, size_t *pn, size_t n),
        (c, p, pn, n))
WRAP(EVP_CIPHER *, NULL, EVP_CIPHER_fetch,
        (OSSL_LIB_CTX * l, const char *n, const char *q), (l, n, q))
WRAP(EVP_CIPHER_CTX *, NULL, EVP_CIPHER_CTX_new, (void), ())
WRAP(int, 0, EVP_EncryptInit_ex2,
        (EVP_CIPHER_CTX * c, const EVP_CIPHER *e, const unsigned char *k,
                const unsigned char *v, const OSSL_PARAM p[]),
        (c, e, k, v, p))
WRAP(int, 0, EVP_EncryptUpdate,
        (EVP_CIPHER_CTX * c, unsigned char *o, int *on, const unsigned char *p,
                int n),
        (c, o, on, p, n))
WRAP(int, 0, EVP_EncryptFinal_ex,
        (EVP_CIPHER_CTX * c, unsigned char *o, int *n), (c, o, n))
WRAP(int, 0, EVP_DecryptInit_ex2,
        (EVP_CIPHER_CTX * c, const EVP_CIPHER *e, const unsigned char *k,
                const unsigned char *v, const OSSL_PARAM p[]),
        (c, e, k, v, p))
WRAP(int, 0, EVP_DecryptUpdate,
        (EVP_CIPHER_CTX * c, unsigned char *o, int *on, const unsigned char *p,
                int n),
        (c, o, on, p, n))
WRAP(int, 0, EVP_DecryptFinal_ex,
        (EVP_CIPHER_CTX * c, unsigned char *o, int *n), (c, o, n))
WRAP(int, 0, EVP_CIPHER_CTX_ctrl, (EVP_CIPHER_CTX * c, int t, int a, void *p),
        (c, t, a, p))
WRAP(int, 0, EVP_CipherInit_ex2,
        (EVP_CIPHER_CTX * c, const EVP_CIPHER *e, const unsigned char *k,
                const unsigned char *v, int d, const OSSL_PARAM p[]),
        (c, e, k, v, d, p))
WRAP(int, 0, EVP_CipherUpdate,
        (EVP_CIPHER_CTX * c, unsigned char *o, int *on, const unsigned char *p,
                int n),
        (c, o, on, p, n))
WRAP(int, 0, EVP_CipherFinal_ex, (EVP_CIPHER_CTX * c, unsigned char *o, int *n),
        (c, o, n))
WRAP(BIO *, NULL, BIO_new, (const BIO_METHOD *m), (m))
WRAP(BIO *, NULL, BIO_new_mem_buf, (const void *p, int n), (p, n))
WRAP(PKCS8_PRIV_KEY_INFO *, NULL, EVP_PKEY2PKCS8, (const EVP_PKEY *k), (k))
WRAP(EVP_PKEY *, NULL, EVP_PKCS82PKEY, (const PKCS8_PRIV_KEY_INFO *p), (p))
WRAP(X509_SIG *, NULL, PKCS8_set0_pbe,
        (const char *s, int n, PKCS8_PRIV_KEY_INFO *p, X509_ALGOR *a),
        (s, n, p, a))
WRAP(PKCS8_PRIV_KEY_INFO *, NULL, PKCS8_decrypt,
        (const X509_SIG *x, const char *s, int n), (x, s, n))
