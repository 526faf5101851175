#include "crypto/core/mem.h"

#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
	return memmove(to, from, len);
}

void *memmove(void *to, const void *from, size_t len)
{
	uint8_t *t = to;
	const uint8_t *f = from;
	if (t < f)
		for (size_t i = 0; i < len; i++)
			t[i] = f[i];
	else
		for (size_t i = len; i > 0; i--)
			t[i - 1] = f[i - 1];
	return to;
}

void *memset(void *to, int value, size_t len)
{
	uint8_t *t = to;
	for (size_t i = 0; i < len; i++)
		t[i] = (uint8_t)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const uint8_t *x = a, *y = b;
	for (size_t i = 0; i < len; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}
