#include "crypto/lib/root_key.h"

#include <string.h>

#include "crypto/core/base64.h"

#define BEGIN "-----BEGIN PUBLIC KEY-----"
#define END   "-----END PUBLIC KEY-----"

enum { DER_MAX = 128, TEXT_MAX = BASE64_TEXT_LEN(DER_MAX) };

/* SubjectPublicKeyInfo up to the key's own bytes: one length, one prefix. */
static const uint8_t p256_prefix[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
        0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
        0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
static const uint8_t sm2_prefix[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
        0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf,
        0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00};
static const uint8_t ed25519_prefix[] = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

static const struct {
	enum cose_curve curve;
	const uint8_t *prefix;
	size_t prefix_len;
	size_t key_len;
} kinds[] = {
        {COSE_CURVE_P256, p256_prefix, sizeof p256_prefix, SIGCHECK_POINT_LEN},
        {COSE_CURVE_SM2, sm2_prefix, sizeof sm2_prefix, SIGCHECK_POINT_LEN},
        {COSE_CURVE_ED25519, ed25519_prefix, sizeof ed25519_prefix,
                SIGCHECK_ED25519_LEN},
};

/* Where `text` starts at or after `from`; in.len if nowhere. */
static size_t find(struct span in, size_t from, const char *text)
{
	size_t len = strlen(text);
	for (size_t at = from; at + len <= in.len; at++)
		if (memcmp(in.data + at, text, len) == 0)
			return at;
	return in.len;
}

static bool is_space(uint8_t c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static int decode_block(struct span pem, struct writer *ret_der)
{
	uint8_t text[TEXT_MAX];
	size_t begin = find(pem, 0, BEGIN);
	size_t end = find(pem, begin, END);
	size_t len = 0;
	if (end == pem.len)
		return HUFU_ERR_MALFORMED;
	for (size_t i = begin + strlen(BEGIN); i < end; i++) {
		if (is_space(pem.data[i]))
			continue;
		if (len == sizeof text)
			return HUFU_ERR_UNSUPPORTED; /* a longer key */
		text[len++] = pem.data[i];
	}
	return base64_decode(span_of(text, len), ret_der);
}

int root_key_decode(struct span pem, struct cose_key *ret)
{
	uint8_t der[DER_MAX];
	struct writer w;
	if (pem.len > ROOT_KEY_PEM_MAX)
		return HUFU_ERR_LIMIT;
	writer_init(&w, der, sizeof der);
	int r = decode_block(pem, &w);
	if (r)
		return r == HUFU_ERR_SPACE ? HUFU_ERR_UNSUPPORTED : r;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (w.len == kinds[i].prefix_len + kinds[i].key_len &&
		        memcmp(der, kinds[i].prefix, kinds[i].prefix_len) == 0)
			return cose_key_from_public(kinds[i].curve,
			        span_of(der + kinds[i].prefix_len,
			                kinds[i].key_len),
			        ret);
	return w.len > 2 && der[0] == 0x30 ? HUFU_ERR_UNSUPPORTED
	                                   : HUFU_ERR_MALFORMED;
}
