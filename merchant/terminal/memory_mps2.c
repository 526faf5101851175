/* The memory functions that core and compiler ask for. */
#include <stdint.h>

#include "crypto/core/mem.h"

static int is_aligned(const void *a, const void *b)
{
	return (((uintptr_t)a | (uintptr_t)b) & 3) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
	uint8_t *t = to;
	const uint8_t *f = from;
	if (is_aligned(to, from)) {
		for (; len >= 4; len -= 4, t += 4, f += 4)
			*(uint32_t *)t = *(const uint32_t *)f;
	}
	while (len-- > 0)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t len)
{
	uint8_t *t = to;
	const uint8_t *f = from;
	if (t <= f) {
		for (size_t i = 0; i < len; i++)
			t[i] = f[i];
	} else {
		while (len-- > 0)
			t[len] = f[len];
	}
	return to;
}

void *memset(void *to, int value, size_t len)
{
	uint8_t *t = to;
	uint32_t word = (uint8_t)value * UINT32_C(0x01010101);
	if (is_aligned(to, to)) {
		for (; len >= 4; len -= 4, t += 4)
			*(uint32_t *)t = word;
	}
	while (len-- > 0)
		*t++ = (uint8_t)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const uint8_t *x = a, *y = b;
	for (size_t i = 0; i < len; i++) {
		if (x[i] != y[i])
			return x[i] - y[i];
	}
	return 0;
}
