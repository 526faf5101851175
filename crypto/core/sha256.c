#include "crypto/core/sha256.h"

#include "crypto/core/mem.h"

/* FIPS 180-4 section 4.2.2 */
static const uint32_t round_constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf,
        0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
        0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
        0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
        0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
        0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
        0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
        0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
        0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
        0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};

static inline uint32_t rotr(uint32_t v, unsigned n)
{
	return v >> n | v << (32 - n);
}

static inline uint32_t load_be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void expand(uint32_t w[64], const uint8_t *block)
{
	for (unsigned i = 0; i < 16; i++)
		w[i] = load_be(block + 4 * i);
	for (unsigned i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];
		uint32_t s0 = rotr(a, 7) ^ rotr(a, 18) ^ a >> 3;
		uint32_t s1 = rotr(b, 17) ^ rotr(b, 19) ^ b >> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

static void compress(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64];
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

	expand(w, block);
	for (unsigned i = 0; i < 64; i++) {
		uint32_t s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
		uint32_t choice = g ^ (e & (f ^ g));
		uint32_t t1 = h + s1 + choice + round_constants[i] + w[i];
		uint32_t s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
		uint32_t majority = (a & b) | (c & (a | b));
		h = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + s0 + majority;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

void sha256_init(struct sha256 *h)
{
	*h = (struct sha256){
	        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void sha256_put(struct sha256 *h, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t have = (size_t)(h->total % SHA256_BLOCK);
	h->total += len;
	if (have > 0) {
		size_t n = SHA256_BLOCK - have;
		if (n > len)
			n = len;
		if (n > 0)
			memcpy(h->block + have, p, n);
		if (have + n < SHA256_BLOCK)
			return;
		compress(h->state, h->block);
		p += n;
		len -= n;
	}
	for (; len >= SHA256_BLOCK; p += SHA256_BLOCK, len -= SHA256_BLOCK)
		compress(h->state, p);
	if (len > 0)
		memcpy(h->block, p, len);
}

void sha256_done(struct sha256 *h, uint8_t ret[SHA256_LEN])
{
	uint64_t bits = h->total * 8;
	size_t have = (size_t)(h->total % SHA256_BLOCK);
	h->block[have++] = 0x80;
	memset(h->block + have, 0, SHA256_BLOCK - have);
	if (have > SHA256_BLOCK - 8) {
		compress(h->state, h->block);
		memset(h->block, 0, SHA256_BLOCK);
	}
	for (unsigned i = 0; i < 8; i++)
		h->block[SHA256_BLOCK - 1 - i] = (uint8_t)(bits >> (8 * i));
	compress(h->state, h->block);
	for (unsigned i = 0; i < SHA256_LEN; i++)
		ret[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
	bytes_wipe(h, sizeof *h);
}

void sha256_of(struct span in, uint8_t ret[SHA256_LEN])
{
	struct sha256 h;
	sha256_init(&h);
	sha256_put(&h, in.data, in.len);
	sha256_done(&h, ret);
}
