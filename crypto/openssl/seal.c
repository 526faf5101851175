#include "crypto/openssl/seal.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <string.h>

#include "crypto/openssl/owned.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/seal_keys.h"

enum {
	VERSION_LEN = 4,
	GCM_NONCE_LEN = 12,
	GCM_TAG_LEN = 16,
	CTR_NONCE_LEN = 16,
	HMAC_TAG_LEN = 32,
	AAD_MAX = 12 + VERSION_LEN + 2 * (2 + SEAL_NAME_MAX) + 8,
};

/* A sealed value taken apart; the parts point into it. */
struct sealed {
	struct span version;
	struct span nonce;
	struct span body;
	struct span tag;
};

int seal_hmac(EVP_MAC *hmac, const struct seal_key *key,
        const uint8_t secret[SEAL_KEY_LEN], const struct span *parts,
        size_t count, uint8_t ret[SEAL_KEY_LEN])
{
	char sha256[] = "SHA256";
	char sm3[] = "SM3";
	char *name = key->suite == SUITE_SM ? sm3 : sha256;
	OSSL_PARAM params[] = {
	        OSSL_PARAM_utf8_string(
	                OSSL_MAC_PARAM_DIGEST, name, strlen(name)),
	        OSSL_PARAM_END,
	};
	uint8_t tag[SEAL_KEY_LEN];
	size_t len = 0;
	OWNED(mac_ctx) EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);
	if (!ctx || EVP_MAC_init(ctx, secret, SEAL_KEY_LEN, params) != 1)
		return HUFU_ERR_CRYPTO;
	for (size_t i = 0; i < count; i++)
		if (EVP_MAC_update(ctx, parts[i].data, parts[i].len) != 1)
			return HUFU_ERR_CRYPTO;
	if (EVP_MAC_final(ctx, tag, &len, sizeof tag) != 1 || len != sizeof tag)
		return HUFU_ERR_CRYPTO;
	memcpy(ret, tag, sizeof tag);
	bytes_wipe(tag, sizeof tag);
	return HUFU_OK;
}

static void put_name(struct writer *w, const char *name)
{
	struct span s = span_of_text(name);
	if (s.len == 0 || s.len > SEAL_NAME_MAX)
		writer_fail(w, HUFU_ERR_ARGUMENT);
	writer_put_u16(w, (uint16_t)s.len);
	writer_put_span(w, s);
}

/* Associated data: every part has its length before it or is fixed. */
static int encode_place(
        const struct seal_place *place, uint32_t version, struct writer *w)
{
	writer_put(w, "hufu-seal-1", 12);
	writer_put_u32(w, version);
	put_name(w, place->table);
	writer_put_u64(w, (uint64_t)place->row);
	put_name(w, place->column);
	return w->error;
}

static int gcm_seal(const struct sealer *s, const struct seal_key *key,
        struct span aad, struct span plain, struct writer *w)
{
	uint8_t nonce[GCM_NONCE_LEN];
	int r = random_fill(nonce, sizeof nonce);
	if (r)
		return r;
	OWNED(cipher_ctx) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0;
	uint8_t *body = w->data + w->len + VERSION_LEN + GCM_NONCE_LEN;
	if (!ctx ||
	        EVP_EncryptInit_ex2(
	                ctx, s->aes_256_gcm, key->cipher, nonce, NULL) != 1 ||
	        EVP_EncryptUpdate(ctx, NULL, &len, aad.data, (int)aad.len) !=
	                1 ||
	        EVP_EncryptUpdate(
	                ctx, body, &len, plain.data, (int)plain.len) != 1 ||
	        EVP_EncryptFinal_ex(ctx, body + plain.len, &len) != 1 ||
	        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_LEN,
	                body + plain.len) != 1)
		return HUFU_ERR_CRYPTO;
	writer_put_u32(w, key->version);
	writer_put(w, nonce, sizeof nonce);
	w->len += plain.len + GCM_TAG_LEN; /* written in place above */
	return w->error;
}

static int gcm_open(const struct sealer *s, const struct seal_key *key,
        struct span aad, const struct sealed *in, uint8_t *out)
{
	OWNED(cipher_ctx) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tag[GCM_TAG_LEN];
	int len = 0;
	memcpy(tag, in->tag.data, sizeof tag);
	if (!ctx ||
	        EVP_DecryptInit_ex2(ctx, s->aes_256_gcm, key->cipher,
	                in->nonce.data, NULL) != 1 ||
	        EVP_DecryptUpdate(ctx, NULL, &len, aad.data, (int)aad.len) !=
	                1 ||
	        EVP_DecryptUpdate(ctx, out, &len, in->body.data,
	                (int)in->body.len) != 1 ||
	        EVP_CIPHER_CTX_ctrl(
	                ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1)
		return HUFU_ERR_CRYPTO;
	return EVP_DecryptFinal_ex(ctx, out + in->body.len, &len) == 1
	               ? HUFU_OK
	               : HUFU_ERR_SIGNATURE;
}

/* CTR is its own inverse. */
static int ctr_run(const struct sealer *s, const struct seal_key *key,
        const uint8_t *nonce, struct span in, uint8_t *out)
{
	OWNED(cipher_ctx) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0;
	if (!ctx ||
	        EVP_EncryptInit_ex2(
	                ctx, s->sm4_ctr, key->cipher, nonce, NULL) != 1 ||
	        EVP_EncryptUpdate(ctx, out, &len, in.data, (int)in.len) != 1)
		return HUFU_ERR_CRYPTO;
	return HUFU_OK;
}

static int ctr_seal(const struct sealer *s, const struct seal_key *key,
        struct span aad, struct span plain, struct writer *w)
{
	uint8_t nonce[CTR_NONCE_LEN];
	uint8_t tag[HMAC_TAG_LEN];
	size_t head = VERSION_LEN + CTR_NONCE_LEN;
	struct writer sealed;
	int r = random_fill(nonce, sizeof nonce);
	if (r)
		return r;
	writer_init(&sealed, w->data + w->len, w->cap - w->len);
	r = ctr_run(s, key, nonce, plain, sealed.data + head);
	if (r)
		return r;
	writer_put_u32(&sealed, key->version);
	writer_put(&sealed, nonce, sizeof nonce);
	sealed.len += plain.len; /* written in place above */
	struct span parts[] = {aad, writer_span(&sealed)};
	r = seal_hmac(s->hmac, key, key->mac, parts, 2, tag);
	if (r)
		return r;
	writer_put(&sealed, tag, sizeof tag);
	w->len += sealed.len;
	return sealed.error;
}

static int ctr_open(const struct sealer *s, const struct seal_key *key,
        struct span aad, const struct sealed *in, uint8_t *out)
{
	uint8_t tag[HMAC_TAG_LEN];
	struct span parts[] = {aad, in->version, in->nonce, in->body};
	int r = seal_hmac(s->hmac, key, key->mac, parts, 4, tag);
	if (r)
		return r;
	if (!bytes_equal_secret(tag, in->tag.data, sizeof tag))
		return HUFU_ERR_SIGNATURE;
	return ctr_run(s, key, in->nonce.data, in->body, out);
}

uint32_t sealer_version(const struct sealer *s)
{
	return s->keys[s->count - 1].version;
}

uint32_t sealer_version_of(struct span sealed)
{
	struct reader r;
	reader_init(&r, sealed);
	return reader_get_u32(&r);
}

static size_t overhead(enum suite suite)
{
	return suite == SUITE_SM ? VERSION_LEN + CTR_NONCE_LEN + HMAC_TAG_LEN
	                         : VERSION_LEN + GCM_NONCE_LEN + GCM_TAG_LEN;
}

int sealer_seal(const struct sealer *s, const struct seal_place *place,
        struct span plain, struct writer *ret)
{
	const struct seal_key *key = &s->keys[s->count - 1];
	uint8_t aad_space[AAD_MAX];
	struct writer aad;
	if (ret->error)
		return ret->error;
	if (plain.len > INT_MAX)
		return HUFU_ERR_LIMIT;
	writer_init(&aad, aad_space, sizeof aad_space);
	int r = encode_place(place, key->version, &aad);
	if (r)
		return r;
	size_t left = ret->cap - ret->len;
	if (left < overhead(key->suite) ||
	        left - overhead(key->suite) < plain.len)
		return HUFU_ERR_SPACE;
	return key->suite == SUITE_SM
	               ? ctr_seal(s, key, writer_span(&aad), plain, ret)
	               : gcm_seal(s, key, writer_span(&aad), plain, ret);
}

static const struct seal_key *find_key(const struct sealer *s, uint32_t version)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->keys[i].version == version)
			return &s->keys[i];
	return NULL;
}

static struct sealed take_apart(struct span in, enum suite suite)
{
	size_t nonce_len = suite == SUITE_SM ? CTR_NONCE_LEN : GCM_NONCE_LEN;
	struct reader r;
	struct sealed out;
	reader_init(&r, in);
	out.version = reader_get_span(&r, VERSION_LEN);
	out.nonce = reader_get_span(&r, nonce_len);
	out.body = reader_get_span(&r, in.len - overhead(suite));
	out.tag = reader_get_span(&r, reader_left(&r));
	return out;
}

int sealer_unseal(const struct sealer *s, const struct seal_place *place,
        struct span sealed, struct writer *ret)
{
	const struct seal_key *key;
	uint8_t aad_space[AAD_MAX];
	struct writer aad;
	if (ret->error)
		return ret->error;
	if (sealed.len < VERSION_LEN)
		return HUFU_ERR_TRUNCATED;
	key = find_key(s, sealer_version_of(sealed));
	if (!key)
		return HUFU_ERR_NOT_FOUND;
	if (sealed.len < overhead(key->suite))
		return HUFU_ERR_TRUNCATED;
	if (sealed.len > INT_MAX)
		return HUFU_ERR_LIMIT;
	writer_init(&aad, aad_space, sizeof aad_space);
	int r = encode_place(place, key->version, &aad);
	if (r)
		return r;
	struct sealed in = take_apart(sealed, key->suite);
	if (ret->cap - ret->len < in.body.len)
		return HUFU_ERR_SPACE;
	uint8_t *out = ret->data + ret->len;
	r = key->suite == SUITE_SM
	            ? ctr_open(s, key, writer_span(&aad), &in, out)
	            : gcm_open(s, key, writer_span(&aad), &in, out);
	if (r)
		bytes_wipe(out, in.body.len); /* unverified plain text */
	else
		ret->len += in.body.len;
	return r;
}

int sealer_blind(const struct sealer *s, const char *purpose, struct span value,
        uint8_t ret[SEAL_BLIND_LEN])
{
	struct span name = span_of_text(purpose);
	if (name.len == 0 || name.len > SEAL_NAME_MAX)
		return HUFU_ERR_ARGUMENT;
	/* the NUL after the name keeps purposes apart */
	struct span parts[] = {span_of(purpose, name.len + 1), value};
	return seal_hmac(s->hmac, &s->blind, s->blind.mac, parts, 2, ret);
}
