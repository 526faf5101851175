#include <stdlib.h>
#include <string.h>

#include "crypto/core/decimal.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/seal.h"
#include "crypto/openssl/seal_keys.h"
#include "crypto/openssl/secret_file.h"

/*
 * The key file, one line each:
 *   hufu-keys-1
 *   blind SUITE HEX
 *   seal VERSION SUITE HEX      versions rise
 */
enum { FILE_MAX = 3072, VERSION_MAX = 999999 };

static const char head[] = "hufu-keys-1\n";

static const char *suite_word(enum suite suite)
{
	return suite == SUITE_SM ? "sm " : "intl ";
}

static bool take_text(struct reader *r, const char *text)
{
	struct reader ahead = *r;
	struct span got = reader_get_span(&ahead, strlen(text));
	if (ahead.error || !span_equal(got, span_of_text(text)))
		return false;
	*r = ahead;
	return true;
}

static unsigned take_hex_digit(struct reader *r)
{
	uint8_t c = reader_get_u8(r);
	if (c >= '0' && c <= '9')
		return c - '0' + 0u;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10u;
	reader_fail(r, HUFU_ERR_MALFORMED);
	return 0;
}

static void take_key(struct reader *r, struct seal_key *key)
{
	if (take_text(r, "intl "))
		key->suite = SUITE_INTL;
	else if (take_text(r, "sm "))
		key->suite = SUITE_SM;
	else
		reader_fail(r, HUFU_ERR_MALFORMED);
	for (size_t i = 0; i < SEAL_KEY_LEN; i++) {
		unsigned high = take_hex_digit(r);
		key->secret[i] = (uint8_t)(high << 4 | take_hex_digit(r));
	}
	if (!take_text(r, "\n"))
		reader_fail(r, HUFU_ERR_MALFORMED);
}

static uint32_t take_version(struct reader *r)
{
	uint64_t v = 0;
	size_t len = 0;
	while (r->pos + len < r->len && r->data[r->pos + len] != ' ')
		len++;
	struct span digits = reader_get_span(r, len);
	if (decimal_decode(digits, VERSION_MAX, &v) || v == 0 ||
	        !take_text(r, " "))
		reader_fail(r, HUFU_ERR_MALFORMED);
	return (uint32_t)v;
}

static int decode_lines(struct span in, struct sealer *s)
{
	struct reader r;
	reader_init(&r, in);
	if (!take_text(&r, head) || !take_text(&r, "blind "))
		return HUFU_ERR_MALFORMED;
	take_key(&r, &s->blind);
	while (reader_left(&r) > 0) {
		if (s->count == SEAL_VERSIONS_MAX)
			return HUFU_ERR_LIMIT;
		struct seal_key *key = &s->keys[s->count];
		if (!take_text(&r, "seal "))
			return HUFU_ERR_MALFORMED;
		key->version = take_version(&r);
		take_key(&r, key);
		if (s->count && key->version <= key[-1].version)
			return HUFU_ERR_MALFORMED;
		s->count++;
	}
	if (r.error || s->count == 0)
		return HUFU_ERR_MALFORMED;
	return HUFU_OK;
}

/* Separate keys for separate work, all from the one in the file. */
static int derive(const struct sealer *s, struct seal_key *key)
{
	struct span cipher = span_of_text("hufu-seal-1 cipher");
	struct span mac = span_of_text(
	        key == &s->blind ? "hufu-blind-1" : "hufu-seal-1 mac");
	int r = seal_hmac(s->hmac, key, key->secret, &cipher, 1, key->cipher);
	return r ? r : seal_hmac(s->hmac, key, key->secret, &mac, 1, key->mac);
}

static int prepare(struct sealer *s)
{
	s->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	s->aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	s->sm4_ctr = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
	if (!s->hmac || !s->aes_256_gcm || !s->sm4_ctr)
		return HUFU_ERR_CRYPTO;
	int r = derive(s, &s->blind);
	for (size_t i = 0; i < s->count && !r; i++)
		r = derive(s, &s->keys[i]);
	return r;
}

int sealer_decode(struct span contents, struct sealer **ret)
{
	struct sealer *s = calloc(1, sizeof *s);
	if (!s)
		return HUFU_ERR_MEMORY;
	int r = decode_lines(contents, s);
	if (!r)
		r = prepare(s);
	if (r)
		sealer_free(s);
	else
		*ret = s;
	return r;
}

void sealer_free(struct sealer *s)
{
	if (!s)
		return;
	EVP_MAC_free(s->hmac);
	EVP_CIPHER_free(s->aes_256_gcm);
	EVP_CIPHER_free(s->sm4_ctr);
	bytes_wipe(s, sizeof *s);
	free(s);
}

int sealer_load(const char *path, struct sealer **ret)
{
	uint8_t space[FILE_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	int r = secret_file_read(path, &w);
	if (!r)
		r = sealer_decode(writer_span(&w), ret);
	bytes_wipe(space, sizeof space);
	return r;
}

static int put_new_key(struct writer *w, enum suite suite)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t key[SEAL_KEY_LEN];
	int r = random_fill(key, sizeof key);
	if (r)
		return r;
	writer_put_text(w, suite_word(suite));
	for (size_t i = 0; i < sizeof key; i++) {
		writer_put_u8(w, (uint8_t)digits[key[i] >> 4]);
		writer_put_u8(w, (uint8_t)digits[key[i] & 15]);
	}
	writer_put_text(w, "\n");
	bytes_wipe(key, sizeof key);
	return w->error;
}

int sealer_create_file(const char *path, enum suite suite)
{
	uint8_t space[FILE_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	writer_put_text(&w, head);
	writer_put_text(&w, "blind ");
	int r = put_new_key(&w, suite);
	writer_put_text(&w, "seal 1 ");
	if (!r)
		r = put_new_key(&w, suite);
	if (!r)
		r = secret_file_create(path, writer_span(&w));
	bytes_wipe(space, sizeof space);
	return r;
}

int sealer_rotate_file(const char *path, enum suite suite)
{
	uint8_t space[FILE_MAX];
	struct writer w;
	struct sealer *s = NULL;
	writer_init(&w, space, sizeof space);
	int r = secret_file_read(path, &w);
	if (!r)
		r = sealer_decode(writer_span(&w), &s);
	if (!r && (s->count == SEAL_VERSIONS_MAX ||
	                  sealer_version(s) == VERSION_MAX))
		r = HUFU_ERR_LIMIT;
	if (!r) {
		writer_put_text(&w, "seal ");
		decimal_encode(&w, sealer_version(s) + 1);
		writer_put_text(&w, " ");
		r = put_new_key(&w, suite);
	}
	if (!r)
		r = secret_file_replace(path, writer_span(&w));
	sealer_free(s);
	bytes_wipe(space, sizeof space);
	return r;
}
