/* A key file, and a sealed value under keys that are known to be good. */
#include <stdlib.h>

#include "crypto/openssl/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char keys[] = "hufu-keys-1\nblind intl " KEY "\nseal 1 intl " KEY
                           "\nseal 2 sm " KEY "\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sealer *good;
	static uint8_t space[1 << 16];
	struct seal_place place = {"person", 7, "name"};
	struct sealer *s = NULL;
	struct writer w;
	if (!good && sealer_decode(span_of_text(keys), &good))
		abort();
	if (sealer_decode(span_of(data, size), &s) == HUFU_OK)
		sealer_free(s);
	writer_init(&w, space, sizeof space);
	if (sealer_unseal(good, &place, span_of(data, size), &w) && w.len)
		abort();
	return 0;
}
