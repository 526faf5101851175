#include "crypto/issuer/zlib_literal.h"

#include <zlib.h>

enum {
	HEADER = 0x78da, /* deflate, 32 KiB window, best compression */
	FIXED_FINAL = 3, /* BFINAL 1, BTYPE 01, in order of their bits */
	LITERALS_OF_8 = 144, /* the others have 9 bits */
};

struct bits {
	struct writer *out;
	uint32_t held; /* lowest first */
	unsigned count;
};

static void put_bits(struct bits *b, uint32_t v, unsigned count)
{
	b->held |= v << b->count;
	b->count += count;
	for (; b->count >= 8; b->count -= 8, b->held >>= 8)
		writer_put_u8(b->out, (uint8_t)b->held);
}

/* A code goes out from its highest bit on. */
static void put_code(struct bits *b, uint32_t code, unsigned count)
{
	while (count-- > 0)
		put_bits(b, code >> count & 1, 1);
}

bool zlib_literal_is_due(struct span stream)
{
	return stream.len > 2 && (stream.data[2] >> 1 & 3) == 0;
}

void zlib_literal_encode(struct writer *w, struct span in)
{
	struct bits b = {.out = w};
	writer_put_u16(w, HEADER);
	put_bits(&b, FIXED_FINAL, 3);
	for (size_t i = 0; i < in.len; i++) {
		uint32_t v = in.data[i];
		if (v < LITERALS_OF_8)
			put_code(&b, 0x30 + v, 8);
		else
			put_code(&b, 0x190 + v - LITERALS_OF_8, 9);
	}
	put_code(&b, 0, 7); /* end of block */
	if (b.count > 0)
		put_bits(&b, 0, 8 - b.count);
	writer_put_u32(w, (uint32_t)adler32(1, in.data, (uInt)in.len));
}
