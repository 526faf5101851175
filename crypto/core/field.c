#include "crypto/core/field.h"

/* SP 800-186, GB/T 32918.5 and RFC 8032. */
const struct field field_p256 = {
        .m = {{0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000,
                0xffffffff00000001}},
        .one = {{0x0000000000000001, 0xffffffff00000000, 0xffffffffffffffff,
                0x00000000fffffffe}},
        .square = {{0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe,
                0x00000004fffffffd}},
        .n0 = 0x1,
        .mul = field_mul_p256,
        .sqr = field_sqr_p256,
};

const struct field field_sm2 = {
        .m = {{0xffffffffffffffff, 0xffffffff00000000, 0xffffffffffffffff,
                0xfffffffeffffffff}},
        .one = {{0x0000000000000001, 0x00000000ffffffff, 0x0000000000000000,
                0x0000000100000000}},
        .square = {{0x0000000200000003, 0x00000002ffffffff, 0x0000000100000001,
                0x0000000400000002}},
        .n0 = 0x1,
        .mul = field_mul_sm2,
        .sqr = field_sqr_sm2,
};

const struct field field_25519 = {
        .m = {{0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff,
                0x7fffffffffffffff}},
        .one = {{0x0000000000000026, 0x0000000000000000, 0x0000000000000000,
                0x0000000000000000}},
        .square = {{0x00000000000005a4, 0x0000000000000000, 0x0000000000000000,
                0x0000000000000000}},
        .n0 = 0x86bca1af286bca1b,
        .mul = field_mul_any,
        .sqr = field_sqr_any,
};

const struct field field_p256_order = {
        .m = {{0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff,
                0xffffffff00000000}},
        .one = {{0x0c46353d039cdaaf, 0x4319055258e8617b, 0x0000000000000000,
                0x00000000ffffffff}},
        .square = {{0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59,
                0x66e12d94f3d95620}},
        .n0 = 0xccd1c8aaee00bc4f,
        .mul = field_mul_any,
        .sqr = field_sqr_any,
};

const struct field field_sm2_order = {
        .m = {{0x53bbf40939d54123, 0x7203df6b21c6052b, 0xffffffffffffffff,
                0xfffffffeffffffff}},
        .one = {{0xac440bf6c62abedd, 0x8dfc2094de39fad4, 0x0000000000000000,
                0x0000000100000000}},
        .square = {{0x901192af7c114f20, 0x3464504ade6fa2fa, 0x620fc84c3affe0d4,
                0x1eb5e412a22b3d3b}},
        .n0 = 0x327f9e8872350975,
        .mul = field_mul_any,
        .sqr = field_sqr_any,
};

const struct field field_25519_order = {
        .m = {{0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0x0000000000000000,
                0x1000000000000000}},
        .one = {{0xd6ec31748d98951d, 0xc6ef5bf4737dcf70, 0xfffffffffffffffe,
                0x0fffffffffffffff}},
        .square = {{0xa40611e3449c0f01, 0xd00e1ba768859347, 0xceec73d217f5be65,
                0x0399411b7c309a3d}},
        .n0 = 0xd2b51da312547e1b,
        .mul = field_mul_any,
        .sqr = field_sqr_any,
};

bool fe_is_zero(const struct fe *a)
{
	return (a->v[0] | a->v[1] | a->v[2] | a->v[3]) == 0;
}

bool fe_equal(const struct fe *a, const struct fe *b)
{
	return ((a->v[0] ^ b->v[0]) | (a->v[1] ^ b->v[1]) |
	               (a->v[2] ^ b->v[2]) | (a->v[3] ^ b->v[3])) == 0;
}

bool fe_less(const struct fe *a, const struct fe *b)
{
	struct fe unused;
	return fe_sub(&unused, a, b);
}

bool fe_add(struct fe *ret, const struct fe *a, const struct fe *b)
{
	uint64_t carry = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t sum = a->v[i] + carry;
		carry = sum < carry;
		sum += b->v[i];
		carry += sum < b->v[i];
		ret->v[i] = sum;
	}
	return carry;
}

bool fe_sub(struct fe *ret, const struct fe *a, const struct fe *b)
{
	uint64_t borrow = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t less = b->v[i] + borrow;
		/* b + borrow overflows to 0: then a stays, the borrow too */
		borrow = (less < borrow) | (a->v[i] < less);
		ret->v[i] = a->v[i] - less;
	}
	return borrow;
}

unsigned fe_bits(const struct fe *a, unsigned n, unsigned count)
{
	return (unsigned)(a->v[n / 64] >> n % 64) & ((1u << count) - 1);
}

/* written out, so that compilers see one load */
static uint64_t load_be(const uint8_t *p)
{
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 |
	       (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
	       (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
	       (uint64_t)p[6] << 8 | p[7];
}

static uint64_t load_le(const uint8_t *p)
{
	return (uint64_t)p[7] << 56 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[3] << 24 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[1] << 8 | p[0];
}

void fe_get_be(struct fe *ret, const uint8_t in[FIELD_LEN])
{
	for (unsigned i = 0; i < 4; i++)
		ret->v[3 - i] = load_be(in + 8 * i);
}

void fe_get_le(struct fe *ret, const uint8_t in[FIELD_LEN])
{
	for (unsigned i = 0; i < 4; i++)
		ret->v[i] = load_le(in + 8 * i);
}

void fe_put_le(const struct fe *a, uint8_t ret[FIELD_LEN])
{
	for (unsigned i = 0; i < FIELD_LEN; i++)
		ret[i] = (uint8_t)(a->v[i / 8] >> 8 * (i % 8));
}

void field_to(const struct field *f, struct fe *ret, const struct fe *a)
{
	f->mul(f, ret, a, &f->square);
}

void field_from(const struct field *f, struct fe *ret, const struct fe *a)
{
	static const struct fe one = {{1, 0, 0, 0}};
	f->mul(f, ret, a, &one);
}

void field_pow(const struct field *f, struct fe *ret, const struct fe *a,
        const struct fe *e)
{
	struct fe powers[16], r = f->one;
	powers[1] = *a;
	for (unsigned i = 2; i < 16; i++)
		f->mul(f, &powers[i], &powers[i - 1], a);
	for (unsigned n = 256; n > 0; n -= 4) {
		unsigned digit = fe_bits(e, n - 4, 4);
		for (unsigned i = 0; i < 4; i++)
			f->sqr(f, &r, &r);
		if (digit)
			f->mul(f, &r, &r, &powers[digit]);
	}
	*ret = r;
}
