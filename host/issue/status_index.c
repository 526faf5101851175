#include "host/issue/status_index.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/core/bytes.h"

enum {
	FEISTEL_ROUNDS = 8,
	PRF_LEN = 32,
};

/* HMAC(key, "hufu-status-index-1" 00 ‖ list ‖ bits ‖ round ‖ half). */
static int prf(const uint8_t key[STATUS_INDEX_KEY_LEN], struct span message,
        uint32_t *ret)
{
	uint8_t mac[PRF_LEN];
	unsigned len = sizeof(mac);

	if (!HMAC(EVP_sha256(), key, STATUS_INDEX_KEY_LEN, message.data,
	            message.len, mac, &len))
		return HUFU_ERR_CRYPTO;

	struct reader r;
	reader_init(&r, span_of(mac, sizeof(mac)));
	*ret = reader_get_u32(&r);
	bytes_wipe(mac, sizeof(mac));
	return 0;
}

struct feistel {
	const uint8_t *key;
	uint32_t list;
	unsigned bits; /* of the domain asked for */
	unsigned half; /* bits of each half: 2 * half >= bits */
};

static int feistel_round(
        const struct feistel *f, unsigned round, uint32_t half, uint32_t *ret)
{
	uint8_t message[32];
	struct writer w;

	writer_init(&w, message, sizeof(message));
	writer_put_text(&w, "hufu-status-index-1");
	writer_put_u8(&w, 0);
	writer_put_u32(&w, f->list);
	writer_put_u8(&w, (uint8_t)f->bits);
	writer_put_u8(&w, (uint8_t)round);
	writer_put_u32(&w, half);
	if (w.error)
		return w.error;
	return prf(f->key, writer_span(&w), ret);
}

static int feistel_apply(const struct feistel *f, uint32_t v, uint32_t *ret)
{
	uint32_t mask = (1u << f->half) - 1;
	uint32_t left = v >> f->half, right = v & mask;

	for (unsigned i = 0; i < FEISTEL_ROUNDS; i++) {
		uint32_t mixed = 0;
		int rc = feistel_round(f, i, right, &mixed);
		if (rc < 0)
			return rc;
		mixed = (left ^ mixed) & mask;
		left = right;
		right = mixed;
	}
	*ret = left << f->half | right;
	return 0;
}

int status_index_permute(const uint8_t key[STATUS_INDEX_KEY_LEN], uint32_t list,
        unsigned bits, uint32_t counter, uint32_t *ret)
{
	if (bits < STATUS_INDEX_BITS_MIN || bits > STATUS_INDEX_BITS_MAX ||
	        counter >> bits)
		return HUFU_ERR_ARGUMENT;

	struct feistel f = {key, list, bits, (bits + 1) / 2};
	uint32_t v = counter;
	/* An odd number of bits makes the network one bit too wide: walk
	 * along the cycle until it is back in the domain. It must come back,
	 * because the counter itself lies on the cycle. */
	do {
		int rc = feistel_apply(&f, v, &v);
		if (rc < 0)
			return rc;
	} while (v >> bits);
	*ret = v;
	return 0;
}
