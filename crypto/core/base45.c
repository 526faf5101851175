#include "crypto/core/base45.h"

static const char alphabet[46] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* Value of each character from ' ' to 'Z'; -1: not in the alphabet. */
static const int8_t values[59] = {36, -1, -1, -1, 37, 38, -1, -1, -1, -1, 39,
        40, -1, 41, 42, 43, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 44, -1, -1, -1, -1,
        -1, -1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
        26, 27, 28, 29, 30, 31, 32, 33, 34, 35};

static void put_digits(struct writer *w, uint32_t v, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		writer_put_u8(w, (uint8_t)alphabet[v % 45]);
		v /= 45;
	}
}

void base45_encode(struct writer *w, struct span in)
{
	size_t i = 0;
	for (; in.len - i >= 2; i += 2)
		put_digits(w, (uint32_t)in.data[i] << 8 | in.data[i + 1], 3);
	if (i < in.len)
		put_digits(w, in.data[i], 2);
}

/* The value of `count` characters, least significant first, or -1. */
static int32_t get_digits(const uint8_t *text, size_t count)
{
	int32_t v = 0, weight = 1;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < ' ' || text[i] > 'Z' || values[text[i] - ' '] < 0)
			return -1;
		v += values[text[i] - ' '] * weight;
		weight *= 45;
	}
	return v;
}

int base45_decode(struct span text, struct writer *w)
{
	size_t i = 0;
	if (text.len % 3 == 1)
		return HUFU_ERR_MALFORMED;
	for (; text.len - i >= 3; i += 3) {
		int32_t v = get_digits(text.data + i, 3);
		if (v < 0 || v > 0xFFFF)
			return HUFU_ERR_MALFORMED;
		writer_put_u16(w, (uint16_t)v);
	}
	if (i < text.len) {
		int32_t v = get_digits(text.data + i, 2);
		if (v < 0 || v > 0xFF)
			return HUFU_ERR_MALFORMED;
		writer_put_u8(w, (uint8_t)v);
	}
	return w->error;
}
