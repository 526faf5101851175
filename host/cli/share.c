#include "host/cli/share.h"

#include <libgfshare.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/openssl/random.h"
#include "host/base/number.h"

enum { LINE_BYTES = 32, SUM_LEN = 8 };

static const char heading[] = "HUFU SHARE 1\n";

/* The library's generator cannot say that it failed: it is noted here. */
static bool random_failed;

static void fill(unsigned char *buffer, unsigned count)
{
	if (random_fill(buffer, count))
		random_failed = true;
}

static void numbers_of(
        const struct share *shares, size_t count, unsigned char *ret)
{
	for (size_t i = 0; i < count; i++)
		ret[i] = (unsigned char)shares[i].number;
}

static int deal(uint8_t *plain, size_t len, unsigned need, unsigned of,
        struct share *ret)
{
	unsigned char numbers[SHARE_PEOPLE_MAX];
	numbers_of(ret, of, numbers);
	gfshare_fill_rand = fill;
	random_failed = false;
	gfshare_ctx *ctx = gfshare_ctx_init_enc(
	        numbers, of, (unsigned char)need, (unsigned)len);
	if (!ctx)
		return HUFU_ERR_MEMORY;
	gfshare_ctx_enc_setsecret(ctx, plain);
	for (unsigned i = 0; i < of; i++)
		gfshare_ctx_enc_getshare(ctx, (unsigned char)i, ret[i].data);
	gfshare_ctx_free(ctx);
	return random_failed ? HUFU_ERR_CRYPTO : HUFU_OK;
}

int share_split(struct span secret, const char *name, unsigned need,
        unsigned of, struct share *ret)
{
	uint8_t plain[SHARE_DATA_MAX], hash[SHA256_DIGEST_LENGTH];
	uint8_t set[SHARE_SET_LEN];
	if (secret.len == 0 || secret.len > SHARE_SECRET_MAX || need < 2 ||
	        need > of || of > SHARE_PEOPLE_MAX ||
	        strlen(name) > SHARE_NAME_MAX)
		return HUFU_ERR_ARGUMENT;
	int r = random_fill(set, sizeof set);
	if (r)
		return r;
	SHA256(secret.data, secret.len, hash);
	memcpy(plain, secret.data, secret.len);
	memcpy(plain + secret.len, hash, SHARE_CHECK_LEN);
	for (unsigned i = 0; i < of; i++) {
		ret[i] = (struct share){.need = need,
		        .of = of,
		        .number = i + 1,
		        .len = secret.len + SHARE_CHECK_LEN};
		memcpy(ret[i].set, set, sizeof set);
		memcpy(ret[i].name, name, strlen(name) + 1);
	}
	r = deal(plain, secret.len + SHARE_CHECK_LEN, need, of, ret);
	bytes_wipe(plain, sizeof plain);
	bytes_wipe(hash, sizeof hash);
	return r;
}

static int check_set(const struct share *shares, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (memcmp(shares[i].set, shares[0].set, SHARE_SET_LEN) != 0 ||
		        shares[i].len != shares[0].len ||
		        shares[i].need != shares[0].need)
			return HUFU_ERR_CONFLICT;
		for (size_t j = 0; j < i; j++)
			if (shares[j].number == shares[i].number)
				return HUFU_ERR_CONFLICT;
	}
	return count < shares[0].need ? HUFU_ERR_ARGUMENT : HUFU_OK;
}

int share_join(const struct share *shares, size_t count, struct writer *ret)
{
	unsigned char numbers[SHARE_PEOPLE_MAX];
	uint8_t plain[SHARE_DATA_MAX], hash[SHA256_DIGEST_LENGTH];
	uint8_t part[SHARE_DATA_MAX];
	if (count == 0 || count > SHARE_PEOPLE_MAX)
		return HUFU_ERR_ARGUMENT;
	int r = check_set(shares, count);
	if (r)
		return r;
	numbers_of(shares, count, numbers);
	gfshare_fill_rand = fill; /* what is freed is overwritten with it */
	size_t len = shares[0].len, secret_len = len - SHARE_CHECK_LEN;
	gfshare_ctx *ctx =
	        gfshare_ctx_init_dec(numbers, (unsigned)count, (unsigned)len);
	if (!ctx)
		return HUFU_ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		memcpy(part, shares[i].data, len);
		gfshare_ctx_dec_giveshare(ctx, (unsigned char)i, part);
	}
	gfshare_ctx_dec_extract(ctx, plain);
	gfshare_ctx_free(ctx);
	SHA256(plain, secret_len, hash);
	if (memcmp(hash, plain + secret_len, SHARE_CHECK_LEN) == 0)
		writer_put(ret, plain, secret_len);
	else
		r = HUFU_ERR_SIGNATURE;
	bytes_wipe(plain, sizeof plain);
	bytes_wipe(part, sizeof part);
	return r ? r : ret->error;
}

/* ---- as text ---- */

static void put_hex(const uint8_t *bytes, size_t len, char *ret)
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}

static void sum_of(const char *text, size_t len, char ret[2 * SUM_LEN + 1])
{
	uint8_t hash[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)text, len, hash);
	put_hex(hash, SUM_LEN, ret);
}

void share_encode(const struct share *share, char *ret)
{
	char hex[2 * LINE_BYTES + 1], sum[2 * SUM_LEN + 1];
	put_hex(share->set, SHARE_SET_LEN, hex);
	int at = snprintf(ret, SHARE_TEXT_MAX,
	        "%sset %s\nname %s\nneed %u\nof %u\nnumber %u\n", heading, hex,
	        share->name, share->need, share->of, share->number);
	for (size_t done = 0; done < share->len; done += LINE_BYTES) {
		size_t step = share->len - done;
		step = step < LINE_BYTES ? step : LINE_BYTES;
		put_hex(share->data + done, step, hex);
		at += snprintf(ret + at, SHARE_TEXT_MAX - (size_t)at,
		        "data %s\n", hex);
	}
	sum_of(ret, (size_t)at, sum);
	(void)snprintf(ret + at, SHARE_TEXT_MAX - (size_t)at, "sum %s\n", sum);
	bytes_wipe(hex, sizeof hex);
}

struct line {
	const char *at;
	size_t len;
};

/* The rest of a line that begins with `key` and a blank. */
static bool next_line(const char **text, const char *key, struct line *ret)
{
	size_t key_len = strlen(key);
	const char *end = strchr(*text, '\n');
	if (!end || strncmp(*text, key, key_len) != 0 ||
	        (*text)[key_len] != ' ')
		return false;
	ret->at = *text + key_len + 1;
	ret->len = (size_t)(end - ret->at);
	*text = end + 1;
	return true;
}

static bool get_hex(
        const struct line *line, uint8_t *ret, size_t cap, size_t *ret_len)
{
	static const char digits[] = "0123456789abcdef";
	if (line->len % 2 != 0 || line->len / 2 > cap)
		return false;
	for (size_t i = 0; i < line->len; i++) {
		const char *at = memchr(digits, line->at[i], 16);
		if (!at)
			return false;
		ret[i / 2] = (uint8_t)(ret[i / 2] << 4 | (at - digits));
	}
	*ret_len = line->len / 2;
	return true;
}

static bool get_number(const char **text, const char *key, unsigned *ret)
{
	struct line line;
	int64_t n = 0;
	struct number_range range = {1, SHARE_PEOPLE_MAX};
	if (!next_line(text, key, &line) ||
	        number_parse(line.at, line.len, range, &n) != HUFU_OK)
		return false;
	*ret = (unsigned)n;
	return true;
}

static bool get_head(const char **text, struct share *ret)
{
	struct line line;
	size_t len = 0;
	if (strncmp(*text, heading, sizeof heading - 1) != 0)
		return false;
	*text += sizeof heading - 1;
	if (!next_line(text, "set", &line) ||
	        !get_hex(&line, ret->set, SHARE_SET_LEN, &len) ||
	        len != SHARE_SET_LEN || !next_line(text, "name", &line) ||
	        line.len > SHARE_NAME_MAX)
		return false;
	memcpy(ret->name, line.at, line.len);
	return get_number(text, "need", &ret->need) &&
	       get_number(text, "of", &ret->of) &&
	       get_number(text, "number", &ret->number) &&
	       ret->need <= ret->of && ret->number <= ret->of;
}

int share_decode(const char *text, struct share *ret)
{
	struct share share = {0};
	struct line line;
	const char *at = text;
	char sum[2 * SUM_LEN + 1];
	if (!get_head(&at, &share))
		return HUFU_ERR_MALFORMED;
	while (next_line(&at, "data", &line)) {
		size_t len = 0;
		if (!get_hex(&line, share.data + share.len,
		            SHARE_DATA_MAX - share.len, &len))
			return HUFU_ERR_MALFORMED;
		share.len += len;
	}
	sum_of(text, (size_t)(at - text), sum);
	if (!next_line(&at, "sum", &line) || *at ||
	        share.len <= SHARE_CHECK_LEN)
		return HUFU_ERR_MALFORMED;
	if (line.len != 2 * SUM_LEN || memcmp(line.at, sum, line.len) != 0)
		return HUFU_ERR_SIGNATURE;
	*ret = share;
	bytes_wipe(&share, sizeof share);
	return HUFU_OK;
}
