#include "crypto/openssl/random.h"

#include <limits.h>
#include <openssl/rand.h>

int random_fill(void *ret, size_t len)
{
	if (len <= INT_MAX && RAND_priv_bytes(ret, (int)len) == 1)
		return HUFU_OK;
	bytes_wipe(ret, len);
	return HUFU_ERR_CRYPTO;
}

int random_below(uint32_t bound, uint32_t *ret)
{
	/* the largest multiple of bound: what lies above would be uneven */
	uint64_t fair = (UINT64_C(1) << 32) / bound * bound;
	uint32_t v;
	do {
		int r = random_fill(&v, sizeof v);
		if (r)
			return r;
	} while (v >= fair);
	*ret = v % bound;
	return HUFU_OK;
}

int random_digits(char *ret, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t digit;
		int r = random_below(10, &digit);
		if (r) {
			bytes_wipe(ret, i);
			return r;
		}
		ret[i] = (char)('0' + digit);
	}
	ret[count] = '\0';
	return HUFU_OK;
}
