/* PEM of public keys and of encrypted private ones. */
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/signing_key.h"
#include "crypto/openssl/public_pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_key key, again;
	struct signing_key *private = NULL;
	uint8_t space[PUBLIC_PEM_MAX];
	struct writer w;
	if (signing_key_decode(span_of(data, size),
	            span_of_text("correct horse"), &private) == HUFU_OK)
		signing_key_free(private);
	if (public_pem_decode(span_of(data, size), &key) != HUFU_OK)
		return 0;
	writer_init(&w, space, sizeof space);
	if (public_pem_encode(&key, &w) != HUFU_OK ||
	        public_pem_decode(writer_span(&w), &again) != HUFU_OK ||
	        memcmp(&key, &again, sizeof key) != 0)
		abort();
	return 0;
}
