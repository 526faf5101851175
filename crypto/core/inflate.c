#include "crypto/core/inflate.h"

#include "crypto/core/mem.h"

enum {
	CODE_BITS_MAX = 15,
	LITERAL_FAST_BITS = 9,
	DISTANCE_FAST_BITS = 7,
	LITERALS = 288, /* codes 286 and 287 never occur in valid data */
	DISTANCES = 32, /* nor do 30 and 31 */
	LITERALS_MAX = 286,
	DISTANCES_MAX = 30,
	LENGTH_CODES = 19,
	END_OF_BLOCK = 256,
	ZLIB_HEAD_LEN = 2,
	ADLER_LEN = 4,
};

/*
 * A canonical Huffman code: symbols in order of their codes, and a table that
 * answers codes of up to fast_bits at once (symbol << 4 | length; 0: longer).
 */
struct huffman {
	uint16_t count[CODE_BITS_MAX + 1]; /* codes of each length */
	uint16_t *symbol;
	uint16_t *fast;
	unsigned fast_bits;
};

struct inflate {
	struct span in;
	size_t pos;
	uint64_t bits; /* the next bits, first in the lowest place */
	unsigned bit_count;
	uint8_t *out;
	size_t cap;
	size_t len;
	bool fixed; /* the block has no code of its own: no tables */
	struct huffman literals;
	struct huffman distances;
	uint16_t literal_symbol[LITERALS];
	uint16_t literal_fast[1 << LITERAL_FAST_BITS];
	uint16_t distance_symbol[DISTANCES];
	uint16_t distance_fast[1 << DISTANCE_FAST_BITS];
};

static void refill(struct inflate *f)
{
	while (f->bit_count <= 56 && f->pos < f->in.len) {
		f->bits |= (uint64_t)f->in.data[f->pos++] << f->bit_count;
		f->bit_count += 8;
	}
}

/* False at the end of the input. */
static bool drop_bits(struct inflate *f, unsigned count)
{
	if (count > f->bit_count)
		return false;
	f->bits >>= count;
	f->bit_count -= count;
	return true;
}

static bool get_bits(struct inflate *f, unsigned count, unsigned *ret)
{
	refill(f);
	*ret = (unsigned)(f->bits & ((1u << count) - 1));
	return drop_bits(f, count);
}

static unsigned reverse_bits(unsigned code, unsigned len)
{
	unsigned reversed = 0;
	for (unsigned i = 0; i < len; i++)
		reversed |= (code >> i & 1) << (len - 1 - i);
	return reversed;
}

static void fill_fast(struct huffman *h, const uint8_t *lens, unsigned symbols)
{
	unsigned next[CODE_BITS_MAX + 1], code = 0, size = 1u << h->fast_bits;
	memset(h->fast, 0, size * sizeof h->fast[0]);
	for (unsigned len = 1; len <= h->fast_bits; len++) {
		next[len] = code;
		code = (code + h->count[len]) << 1;
	}
	for (unsigned s = 0; s < symbols; s++) {
		unsigned len = lens[s];
		if (len == 0 || len > h->fast_bits)
			continue;
		unsigned at = reverse_bits(next[len]++, len);
		for (; at < size; at += 1u << len)
			h->fast[at] = (uint16_t)(s << 4 | len);
	}
}

/*
 * An over-subscribed code is refused, and an incomplete one unless it has at
 * most one symbol, of one bit (`may_be_short`), which encoders do write.
 */
static int build(struct huffman *h, const uint8_t *lens, unsigned symbols,
        bool may_be_short)
{
	uint16_t next[CODE_BITS_MAX + 2] = {0};
	int left = 1;

	memset(h->count, 0, sizeof h->count);
	for (unsigned s = 0; s < symbols; s++)
		h->count[lens[s]]++;
	unsigned used = symbols - h->count[0];
	h->count[0] = 0;
	for (unsigned len = 1; len <= CODE_BITS_MAX; len++) {
		left = (left << 1) - h->count[len];
		if (left < 0)
			return HUFU_ERR_MALFORMED;
		next[len + 1] = (uint16_t)(next[len] + h->count[len]);
	}
	if (left > 0 && !(may_be_short && used == h->count[1]))
		return HUFU_ERR_MALFORMED;
	for (unsigned s = 0; s < symbols; s++)
		if (lens[s])
			h->symbol[next[lens[s]]++] = (uint16_t)s;
	fill_fast(h, lens, symbols);
	return HUFU_OK;
}

/* A code longer than the fast table, bit by bit. */
static int get_long_symbol(
        struct inflate *f, const struct huffman *h, unsigned *ret)
{
	unsigned code = 0, first = 0, index = 0;
	for (unsigned len = 1; len <= CODE_BITS_MAX; len++) {
		if (len > f->bit_count)
			return HUFU_ERR_TRUNCATED;
		code |= (unsigned)(f->bits >> (len - 1)) & 1;
		unsigned count = h->count[len];
		if (code < first + count) {
			*ret = h->symbol[index + code - first];
			return drop_bits(f, len) ? HUFU_OK : HUFU_ERR_TRUNCATED;
		}
		index += count;
		first = (first + count) << 1;
		code <<= 1;
	}
	return HUFU_ERR_MALFORMED;
}

static int get_symbol(struct inflate *f, const struct huffman *h, unsigned *ret)
{
	refill(f);
	unsigned entry = h->fast[f->bits & ((1u << h->fast_bits) - 1)];
	if (entry == 0)
		return get_long_symbol(f, h, ret);
	*ret = entry >> 4;
	return drop_bits(f, entry & 15) ? HUFU_OK : HUFU_ERR_TRUNCATED;
}

static unsigned reverse_byte(unsigned v)
{
	static const uint8_t reversed[] = {
	        0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
	return (unsigned)reversed[v & 15] << 4 | reversed[v >> 4 & 15];
}

/* Of the code of RFC 1951 section 3.2.6, which needs no table. */
static int get_fixed_literal(struct inflate *f, unsigned *ret)
{
	enum { FIRST_OF_8 = 0x60, SECOND_OF_8 = 0x180, FIRST_OF_9 = 0x190 };
	refill(f);
	unsigned next = (unsigned)f->bits;
	unsigned code = reverse_byte(next) << 1 | (next >> 8 & 1);
	unsigned len = code < FIRST_OF_8 ? 7 : code < FIRST_OF_9 ? 8 : 9;
	*ret = code < FIRST_OF_8    ? 256 + (code >> 2)
	       : code < SECOND_OF_8 ? (code - FIRST_OF_8) >> 1
	       : code < FIRST_OF_9  ? 280 + ((code - SECOND_OF_8) >> 1)
	                            : 144 + code - FIRST_OF_9;
	return drop_bits(f, len) ? HUFU_OK : HUFU_ERR_TRUNCATED;
}

static int get_literal(struct inflate *f, unsigned *ret)
{
	return f->fixed ? get_fixed_literal(f, ret)
	                : get_symbol(f, &f->literals, ret);
}

static int get_distance_symbol(struct inflate *f, unsigned *ret)
{
	unsigned code;
	if (!f->fixed)
		return get_symbol(f, &f->distances, ret);
	if (!get_bits(f, 5, &code))
		return HUFU_ERR_TRUNCATED;
	*ret = reverse_byte(code) >> 3;
	return HUFU_OK;
}

/* How often a length is repeated by code 16, 17 or 18 (section 3.2.7). */
static bool get_repeat(struct inflate *f, unsigned symbol, unsigned *ret)
{
	unsigned extra;
	if (!get_bits(f, symbol == 16 ? 2 : symbol == 17 ? 3 : 7, &extra))
		return false;
	*ret = extra + (symbol == 18 ? 11 : 3);
	return true;
}

/* The code lengths of literals and distances, one run over both. */
static int get_lengths(struct inflate *f, uint8_t *lens, unsigned total)
{
	/* the literals' table is free until these lengths are known */
	const struct huffman *h = &f->literals;
	for (unsigned i = 0; i < total;) {
		unsigned symbol, repeat = 1;
		int rc = get_symbol(f, h, &symbol);
		if (rc)
			return rc;
		if (symbol == 16 && i == 0)
			return HUFU_ERR_MALFORMED;
		if (symbol >= 16 && !get_repeat(f, symbol, &repeat))
			return HUFU_ERR_TRUNCATED;
		if (repeat > total - i)
			return HUFU_ERR_MALFORMED;
		uint8_t len = symbol < 16    ? (uint8_t)symbol
		              : symbol == 16 ? lens[i - 1]
		                             : 0;
		memset(lens + i, len, repeat);
		i += repeat;
	}
	return HUFU_OK;
}

static int build_dynamic(struct inflate *f)
{
	static const uint8_t order[LENGTH_CODES] = {16, 17, 18, 0, 8, 7, 9, 6,
	        10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	uint8_t lens[LITERALS + DISTANCES] = {0};
	unsigned literals, distances, codes, len;

	f->fixed = false;
	if (!get_bits(f, 5, &literals) || !get_bits(f, 5, &distances) ||
	        !get_bits(f, 4, &codes))
		return HUFU_ERR_TRUNCATED;
	literals += 257;
	distances += 1;
	if (literals > LITERALS_MAX || distances > DISTANCES_MAX)
		return HUFU_ERR_MALFORMED;
	for (unsigned i = 0; i < codes + 4; i++) {
		if (!get_bits(f, 3, &len))
			return HUFU_ERR_TRUNCATED;
		lens[order[i]] = (uint8_t)len;
	}
	int rc = build(&f->literals, lens, LENGTH_CODES, false);
	if (rc)
		return rc;
	rc = get_lengths(f, lens, literals + distances);
	if (rc)
		return rc;
	if (lens[END_OF_BLOCK] == 0)
		return HUFU_ERR_MALFORMED;
	rc = build(&f->distances, lens + literals, distances, true);
	return rc ? rc : build(&f->literals, lens, literals, true);
}

/* Section 3.2.5: code 257 + i stands for base[i] and extra[i] more bits. */
static int get_length(struct inflate *f, unsigned symbol, unsigned *ret)
{
	static const uint16_t base[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17,
	        19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
	        227, 258};
	static const uint8_t extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2,
	        2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
	unsigned more;
	if (symbol >= LITERALS_MAX)
		return HUFU_ERR_MALFORMED;
	if (!get_bits(f, extra[symbol - 257], &more))
		return HUFU_ERR_TRUNCATED;
	*ret = base[symbol - 257] + more;
	return HUFU_OK;
}

static int get_distance(struct inflate *f, size_t *ret)
{
	static const uint16_t base[] = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49,
	        65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
	        4097, 6145, 8193, 12289, 16385, 24577};
	unsigned symbol, more;
	int rc = get_distance_symbol(f, &symbol);
	if (rc)
		return rc;
	if (symbol >= DISTANCES_MAX)
		return HUFU_ERR_MALFORMED;
	if (!get_bits(f, symbol < 2 ? 0 : symbol / 2 - 1, &more))
		return HUFU_ERR_TRUNCATED;
	*ret = base[symbol] + more;
	return *ret > f->len ? HUFU_ERR_MALFORMED : HUFU_OK;
}

static int copy_match(struct inflate *f, unsigned symbol)
{
	unsigned length;
	size_t distance;
	int rc = get_length(f, symbol, &length);
	if (rc)
		return rc;
	rc = get_distance(f, &distance);
	if (rc)
		return rc;
	if (length > f->cap - f->len)
		return HUFU_ERR_LIMIT;
	uint8_t *to = f->out + f->len;
	/* the source may overlap what is being written */
	for (unsigned i = 0; i < length; i++)
		to[i] = *(to + i - distance);
	f->len += length;
	return HUFU_OK;
}

static int inflate_codes(struct inflate *f)
{
	for (;;) {
		unsigned symbol;
		int rc = get_literal(f, &symbol);
		if (rc)
			return rc;
		if (symbol == END_OF_BLOCK)
			return HUFU_OK;
		if (symbol > END_OF_BLOCK) {
			rc = copy_match(f, symbol);
			if (rc)
				return rc;
		} else if (f->len == f->cap) {
			return HUFU_ERR_LIMIT;
		} else {
			f->out[f->len++] = (uint8_t)symbol;
		}
	}
}

/* Gives whole bytes that were read ahead back to the input. */
static void align(struct inflate *f)
{
	f->pos -= f->bit_count / 8;
	f->bits = 0;
	f->bit_count = 0;
}

static int inflate_stored(struct inflate *f)
{
	struct reader r;
	align(f);
	reader_init(&r, f->in);
	r.pos = f->pos;
	uint16_t low = reader_get_u16(&r), check = reader_get_u16(&r);
	if (r.error)
		return r.error;
	if ((low ^ check) != 0xFFFF)
		return HUFU_ERR_MALFORMED;
	/* little-endian, unlike everything that the reader is for */
	size_t len = (size_t)(low >> 8 | (low & 0xFF) << 8);
	struct span s = reader_get_span(&r, len);
	if (r.error)
		return r.error;
	if (len > f->cap - f->len)
		return HUFU_ERR_LIMIT;
	if (len > 0)
		memcpy(f->out + f->len, s.data, len);
	f->len += len;
	f->pos = r.pos;
	return HUFU_OK;
}

static int inflate_block(struct inflate *f, unsigned type)
{
	int rc = HUFU_OK;
	switch (type) {
	case 0:
		return inflate_stored(f);
	case 1:
		f->fixed = true;
		break;
	case 2:
		rc = build_dynamic(f);
		break;
	default:
		return HUFU_ERR_MALFORMED;
	}
	return rc ? rc : inflate_codes(f);
}

/* RFC 1950 section 8 */
static uint32_t adler32(const uint8_t *data, size_t len)
{
	uint32_t a = 1, b = 0;
	while (len > 0) {
		/* as many as a and b can take before they must be reduced */
		size_t n = len < 5552 ? len : 5552;
		len -= n;
		for (; n > 0; n--) {
			a += *data++;
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return b << 16 | a;
}

bool inflate_is_zlib(struct span in)
{
	return in.len >= ZLIB_HEAD_LEN && (in.data[0] & 0x0F) == 8 &&
	       in.data[0] >> 4 <= 7 &&
	       (in.data[0] * 256u + in.data[1]) % 31 == 0;
}

static int check_end(const struct inflate *f)
{
	struct reader r;
	reader_init(&r, f->in);
	r.pos = f->pos;
	uint32_t sum = reader_get_u32(&r);
	if (!r.error && sum != adler32(f->out, f->len))
		return HUFU_ERR_MALFORMED;
	return reader_done(&r);
}

static void start(struct inflate *f, struct span in, uint8_t *out, size_t cap)
{
	/* the tables are built before they are read */
	f->in = in;
	f->pos = ZLIB_HEAD_LEN;
	f->bits = 0;
	f->bit_count = 0;
	f->out = out;
	f->cap = cap;
	f->len = 0;
	f->fixed = false;
	f->literals.symbol = f->literal_symbol;
	f->literals.fast = f->literal_fast;
	f->literals.fast_bits = LITERAL_FAST_BITS;
	f->distances.symbol = f->distance_symbol;
	f->distances.fast = f->distance_fast;
	f->distances.fast_bits = DISTANCE_FAST_BITS;
}

int inflate_zlib(struct span in, uint8_t *out, size_t cap, size_t *ret_len)
{
	struct inflate f;
	if (in.len < ZLIB_HEAD_LEN)
		return HUFU_ERR_TRUNCATED;
	if (!inflate_is_zlib(in))
		return HUFU_ERR_MALFORMED;
	if (in.data[1] & 0x20)
		return HUFU_ERR_UNSUPPORTED; /* preset dictionary */
	start(&f, in, out, cap);

	unsigned last, type;
	do {
		if (!get_bits(&f, 1, &last) || !get_bits(&f, 2, &type))
			return HUFU_ERR_TRUNCATED;
		int rc = inflate_block(&f, type);
		if (rc)
			return rc;
	} while (!last);
	align(&f);
	int rc = check_end(&f);
	if (rc)
		return rc;
	*ret_len = f.len;
	return HUFU_OK;
}
