/* Byte 0 chooses the algorithm; key, signature and message follow. */
#include <stdlib.h>

#include "crypto/openssl/sigs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int32_t algs[] = {
	        SIGCHECK_ES256, SIGCHECK_SM2, SIGCHECK_EDDSA};
	const struct sigcheck *sigs = sigs_openssl();
	struct reader r;
	reader_init(&r, span_of(data, size));
	int32_t alg = algs[reader_get_u8(&r) % 3];
	struct span key =
	        reader_get_span(&r, alg == SIGCHECK_EDDSA ? SIGCHECK_ED25519_LEN
	                                                  : SIGCHECK_POINT_LEN);
	struct span sig = reader_get_span(&r, SIGCHECK_SIG_LEN);
	struct span tbs = reader_get_span(&r, reader_left(&r));
	if (r.error)
		return 0;
	int rc = sigs->verify(sigs->ctx, alg, key, tbs, sig);
	if (rc != HUFU_OK && rc != HUFU_ERR_SIGNATURE &&
	        rc != HUFU_ERR_MALFORMED)
		abort();
	return 0;
}
