#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <string.h>

#include "card/port/sim/port_state.h"
#include "crypto/core/sha256.h"
#include "crypto/core/sm3.h"

static const char sm2_user_id[] = "1234567812345678";

int port_crypto_init(struct card_port *p)
{
	char cipher[] = "AES-128-CBC";
	OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_utf8_string(
	                OSSL_MAC_PARAM_CIPHER, cipher, 0),
	        OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	p->ecb = EVP_CIPHER_CTX_new();
	p->cbc = EVP_CIPHER_CTX_new();
	p->cmac = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac);
	if (!p->ecb || !p->cbc || !p->cmac ||
	        !EVP_MAC_CTX_set_params(p->cmac, params))
		return HUFU_ERR_CRYPTO;
	return HUFU_OK;
}

void port_crypto_done(struct card_port *p)
{
	EVP_CIPHER_CTX_free(p->ecb);
	EVP_CIPHER_CTX_free(p->cbc);
	EVP_MAC_CTX_free(p->cmac);
}

int port_random(struct card_port *p, uint8_t *ret, size_t len)
{
	(void)p; /* OpenSSL's generator belongs to the process */
	return RAND_bytes(ret, (int)len) == 1 ? HUFU_OK : HUFU_ERR_CRYPTO;
}

int port_aes_encrypt(struct card_port *p, const uint8_t key[CARD_KEY_LEN],
        const uint8_t in[PORT_BLOCK_LEN], uint8_t ret[PORT_BLOCK_LEN])
{
	uint8_t out[PORT_BLOCK_LEN];
	int n;
	if (!EVP_EncryptInit_ex(p->ecb, EVP_aes_128_ecb(), NULL, key, NULL) ||
	        !EVP_CIPHER_CTX_set_padding(p->ecb, 0) ||
	        !EVP_EncryptUpdate(p->ecb, out, &n, in, PORT_BLOCK_LEN) ||
	        n != PORT_BLOCK_LEN)
		return HUFU_ERR_CRYPTO;
	memcpy(ret, out, sizeof out);
	bytes_wipe(out, sizeof out);
	return HUFU_OK;
}

int port_aes_cbc(struct card_port *p, const struct port_cbc *how,
        const uint8_t *data, size_t len, uint8_t *ret)
{
	int n;
	if (!EVP_CipherInit_ex(p->cbc, EVP_aes_128_cbc(), NULL, how->key,
	            how->iv, how->encrypt) ||
	        !EVP_CIPHER_CTX_set_padding(p->cbc, 0) ||
	        !EVP_CipherUpdate(p->cbc, ret, &n, data, (int)len) ||
	        (size_t)n != len)
		return HUFU_ERR_CRYPTO;
	return HUFU_OK;
}

int port_cmac(struct card_port *p, const uint8_t key[CARD_KEY_LEN],
        const struct span *parts, size_t count, uint8_t ret[PORT_BLOCK_LEN])
{
	uint8_t mac[PORT_BLOCK_LEN];
	size_t n;
	if (!EVP_MAC_init(p->cmac, key, CARD_KEY_LEN, NULL))
		return HUFU_ERR_CRYPTO;
	for (size_t i = 0; i < count; i++)
		if (parts[i].len &&
		        !EVP_MAC_update(p->cmac, parts[i].data, parts[i].len))
			return HUFU_ERR_CRYPTO;
	if (!EVP_MAC_final(p->cmac, mac, &n, sizeof mac) || n != sizeof mac)
		return HUFU_ERR_CRYPTO;
	memcpy(ret, mac, sizeof mac);
	return HUFU_OK;
}

static_assert(sizeof(struct sha256) <= PORT_HASH_STATE_LEN &&
                      sizeof(struct sm3) <= PORT_HASH_STATE_LEN,
        "a hash's state fits struct port_hash");

/* Copied in and out: the bytes of struct port_hash have no type. */
void port_hash_init(struct port_hash *h, enum card_suite suite)
{
	struct sha256 sha;
	struct sm3 sm;
	h->suite = suite;
	if (suite == CARD_SUITE_SM) {
		sm3_init(&sm);
		memcpy(h->state, &sm, sizeof sm);
	} else {
		sha256_init(&sha);
		memcpy(h->state, &sha, sizeof sha);
	}
}

void port_hash_put(struct port_hash *h, const uint8_t *data, size_t len)
{
	struct sha256 sha;
	struct sm3 sm;
	if (h->suite == CARD_SUITE_SM) {
		memcpy(&sm, h->state, sizeof sm);
		sm3_put(&sm, data, len);
		memcpy(h->state, &sm, sizeof sm);
	} else {
		memcpy(&sha, h->state, sizeof sha);
		sha256_put(&sha, data, len);
		memcpy(h->state, &sha, sizeof sha);
	}
}

void port_hash_end(struct port_hash *h, uint8_t ret[PORT_HASH_LEN])
{
	struct sha256 sha;
	struct sm3 sm;
	if (h->suite == CARD_SUITE_SM) {
		memcpy(&sm, h->state, sizeof sm);
		sm3_done(&sm, ret);
	} else {
		memcpy(&sha, h->state, sizeof sha);
		sha256_done(&sha, ret);
	}
	bytes_wipe(h->state, sizeof h->state);
}

static const char *group_name(enum card_suite suite)
{
	return suite == CARD_SUITE_SM ? "SM2" : "P-256";
}

int port_key_generate(
        struct card_port *p, enum card_suite suite, struct port_key *ret)
{
	struct port_key key = {.suite = suite};
	BIGNUM *d = NULL;
	size_t n = 0;
	int rc = HUFU_ERR_CRYPTO;
	(void)p; /* nothing of it is needed */
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL,
	        suite == CARD_SUITE_SM ? "SM2" : "EC", group_name(suite));
	if (!pkey || !EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &d))
		goto out;
	if (BN_bn2binpad(d, key.private_key, PORT_PRIVATE_LEN) !=
	        PORT_PRIVATE_LEN)
		goto out;
	if (!EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
	            key.point, sizeof key.point, &n) ||
	        n != CARD_POINT_LEN)
		goto out;
	*ret = key;
	rc = HUFU_OK;
out:
	BN_clear_free(d);
	EVP_PKEY_free(pkey);
	bytes_wipe(&key, sizeof key);
	return rc;
}

static EVP_PKEY *load_key(const struct port_key *key)
{
	/* OSSL_PARAM wants the private key as a native number */
	uint8_t native[PORT_PRIVATE_LEN];
	uint8_t point[CARD_POINT_LEN];
	char group[8];
	EVP_PKEY *pkey = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(
	        NULL, key->suite == CARD_SUITE_SM ? "SM2" : "EC", NULL);
	BIGNUM *d = BN_bin2bn(key->private_key, PORT_PRIVATE_LEN, NULL);
	memcpy(point, key->point, sizeof point);
	memcpy(group, group_name(key->suite),
	        strlen(group_name(key->suite)) + 1);
	if (!ctx || !d ||
	        BN_bn2nativepad(d, native, sizeof native) != (int)sizeof native)
		goto out;
	OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_utf8_string(
	                OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
	        OSSL_PARAM_construct_BN(
	                OSSL_PKEY_PARAM_PRIV_KEY, native, sizeof native),
	        OSSL_PARAM_construct_octet_string(
	                OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
	        OSSL_PARAM_construct_end(),
	};
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
out:
	bytes_wipe(native, sizeof native);
	BN_clear_free(d);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static int decode_signature(
        const uint8_t *der, size_t len, uint8_t ret[CARD_SIGNATURE_LEN])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	int rc = HUFU_ERR_CRYPTO;
	uint8_t rs[CARD_SIGNATURE_LEN];
	if (sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), rs, 32) == 32 &&
	        BN_bn2binpad(ECDSA_SIG_get0_s(sig), rs + 32, 32) == 32) {
		memcpy(ret, rs, sizeof rs);
		rc = HUFU_OK;
	}
	ECDSA_SIG_free(sig);
	return rc;
}

int port_key_sign(struct card_port *p, const struct port_key *key,
        struct span message, uint8_t ret[CARD_SIGNATURE_LEN])
{
	uint8_t der[80];
	char id[sizeof sm2_user_id];
	size_t len = sizeof der;
	int rc = HUFU_ERR_CRYPTO;
	bool sm = key->suite == CARD_SUITE_SM;
	(void)p; /* nothing of it is needed */
	memcpy(id, sm2_user_id, sizeof id);
	OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_octet_string(
	                OSSL_PKEY_PARAM_DIST_ID, id, sizeof id - 1),
	        OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *pkey = load_key(key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (pkey && ctx &&
	        EVP_DigestSignInit_ex(ctx, NULL, sm ? "SM3" : "SHA256", NULL,
	                NULL, pkey, sm ? params : NULL) == 1 &&
	        EVP_DigestSign(ctx, der, &len, message.data, message.len) == 1)
		rc = decode_signature(der, len, ret);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return rc;
}
