#include "crypto/core/sm3.h"

#include "crypto/core/mem.h"

static inline uint32_t rotl(uint32_t v, unsigned n)
{
	n %= 32;
	return n ? v << n | v >> (32 - n) : v;
}

static inline uint32_t load_be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* P1 of GB/T 32905 section 4.4 */
static inline uint32_t permute1(uint32_t x)
{
	return x ^ rotl(x, 15) ^ rotl(x, 23);
}

/* P0 */
static inline uint32_t permute0(uint32_t x)
{
	return x ^ rotl(x, 9) ^ rotl(x, 17);
}

static void expand(uint32_t w[68], const uint8_t *block)
{
	for (unsigned i = 0; i < 16; i++)
		w[i] = load_be(block + 4 * i);
	for (unsigned i = 16; i < 68; i++)
		w[i] = permute1(w[i - 16] ^ w[i - 9] ^ rotl(w[i - 3], 15)) ^
		       rotl(w[i - 13], 7) ^ w[i - 6];
}

/* CF of section 5.3.3; s holds A to H. */
static void compress(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[68];
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

	expand(w, block);
	for (unsigned i = 0; i < 64; i++) {
		uint32_t t = i < 16 ? 0x79cc4519 : 0x7a879d8a;
		uint32_t ss1 = rotl(rotl(a, 12) + e + rotl(t, i), 7);
		uint32_t ss2 = ss1 ^ rotl(a, 12);
		uint32_t ff = i < 16 ? a ^ b ^ c : (a & b) | (c & (a | b));
		uint32_t gg = i < 16 ? e ^ f ^ g : g ^ (e & (f ^ g));
		uint32_t tt1 = ff + d + ss2 + (w[i] ^ w[i + 4]);
		uint32_t tt2 = gg + h + ss1 + w[i];
		d = c;
		c = rotl(b, 9);
		b = a;
		a = tt1;
		h = g;
		g = rotl(f, 19);
		f = e;
		e = permute0(tt2);
	}
	state[0] ^= a;
	state[1] ^= b;
	state[2] ^= c;
	state[3] ^= d;
	state[4] ^= e;
	state[5] ^= f;
	state[6] ^= g;
	state[7] ^= h;
}

void sm3_init(struct sm3 *h)
{
	*h = (struct sm3){
	        .state = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
	                0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e}};
}

void sm3_put(struct sm3 *h, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t have = (size_t)(h->total % SM3_BLOCK);
	h->total += len;
	if (have > 0) {
		size_t n = SM3_BLOCK - have;
		if (n > len)
			n = len;
		if (n > 0)
			memcpy(h->block + have, p, n);
		if (have + n < SM3_BLOCK)
			return;
		compress(h->state, h->block);
		p += n;
		len -= n;
	}
	for (; len >= SM3_BLOCK; p += SM3_BLOCK, len -= SM3_BLOCK)
		compress(h->state, p);
	if (len > 0)
		memcpy(h->block, p, len);
}

void sm3_done(struct sm3 *h, uint8_t ret[SM3_LEN])
{
	uint64_t bits = h->total * 8;
	size_t have = (size_t)(h->total % SM3_BLOCK);
	h->block[have++] = 0x80;
	memset(h->block + have, 0, SM3_BLOCK - have);
	if (have > SM3_BLOCK - 8) {
		compress(h->state, h->block);
		memset(h->block, 0, SM3_BLOCK);
	}
	for (unsigned i = 0; i < 8; i++)
		h->block[SM3_BLOCK - 1 - i] = (uint8_t)(bits >> (8 * i));
	compress(h->state, h->block);
	for (unsigned i = 0; i < SM3_LEN; i++)
		ret[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
	bytes_wipe(h, sizeof *h);
}

void sm3_of(struct span in, uint8_t ret[SM3_LEN])
{
	struct sm3 h;
	sm3_init(&h);
	sm3_put(&h, in.data, in.len);
	sm3_done(&h, ret);
}
