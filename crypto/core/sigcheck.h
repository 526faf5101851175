/*
 * The seam behind which a signature back end stands. It only verifies: it
 * sees public data, so its time may vary.
 */
#ifndef CORE_SIGCHECK_H
#define CORE_SIGCHECK_H

#include "crypto/core/bytes.h"

/* COSE algorithm numbers (RFC 9053); SM2 has none and uses a private one. */
enum sigcheck_alg {
	SIGCHECK_ES256 = -7,
	SIGCHECK_EDDSA = -8, /* Ed25519 only */
	SIGCHECK_SM2 = -65537,
};

enum {
	SIGCHECK_SIG_LEN = 64, /* r ‖ s, or R ‖ S of Ed25519 */
	SIGCHECK_POINT_LEN = 65, /* 04 ‖ X ‖ Y: ES256 and SM2 */
	SIGCHECK_ED25519_LEN = 32,
};

/* User identifier of every SM2 signature (GB/T 32918.2 section 5.5). */
#define SIGCHECK_SM2_ID "1234567812345678"

struct sigcheck {
	void *ctx;
	/*
	 * `tbs` is the message itself: ES256 hashes it with SHA-256, SM2 with
	 * SM3 after Z_A. HUFU_OK, HUFU_ERR_SIGNATURE (also for a signature of
	 * another length), HUFU_ERR_MALFORMED (`key` is no point of the
	 * curve), HUFU_ERR_UNSUPPORTED (alg), HUFU_ERR_CRYPTO, _MEMORY.
	 */
	int (*verify)(void *ctx, int32_t alg, struct span key, struct span tbs,
	        struct span sig);
};

#endif
