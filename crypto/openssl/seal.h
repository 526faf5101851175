/*
 * Personal data at rest: sealed field by field, found by blind index.
 *
 * A sealed value is key version[4] ‖ nonce ‖ ciphertext ‖ tag, under the key
 * of that version: AES-256-GCM (suite intl; nonce 12, tag 16) or SM4-CTR
 * with HMAC-SM3 over everything (suite sm; nonce 16, tag 32). It opens only
 * in the place (table, row, column) that it was sealed for.
 */
#ifndef OPENSSL_SEAL_H
#define OPENSSL_SEAL_H

#include "crypto/core/bytes.h"
#include "crypto/core/suite.h"

enum {
	SEAL_OVERHEAD_MAX = 52, /* bytes a sealed value is longer at most */
	SEAL_VERSIONS_MAX = 32, /* keys in one file */
	SEAL_NAME_MAX = 64, /* characters of a table, column or purpose */
	SEAL_BLIND_LEN = 32,
};

struct sealer;

struct seal_place {
	const char *table;
	int64_t row;
	const char *column;
};

/* Makes a key file with one sealing key and the blind index key. */
HUFU_MUST_USE int sealer_create_file(const char *path, enum suite suite);

/* Adds a sealing key of the next version, which then seals; old ones open. */
HUFU_MUST_USE int sealer_rotate_file(const char *path, enum suite suite);

/* The contents of a key file. HUFU_ERR_MALFORMED, _MEMORY, _CRYPTO. */
HUFU_MUST_USE int sealer_decode(struct span contents, struct sealer **ret);

/*
 * Errors of secret_file_read(), HUFU_ERR_MALFORMED: not a key file.
 * Threads may share a sealer.
 */
HUFU_MUST_USE int sealer_load(const char *path, struct sealer **ret);
void sealer_free(struct sealer *s); /* wipes; NULL is legal */

/* Version that seals now, and version that a sealed value needs (0: none). */
uint32_t sealer_version(const struct sealer *s);
uint32_t sealer_version_of(struct span sealed);

/* Appends the sealed value. HUFU_ERR_CRYPTO, _SPACE, _ARGUMENT (names). */
HUFU_MUST_USE int sealer_seal(const struct sealer *s,
        const struct seal_place *place, struct span plain, struct writer *ret);

/*
 * Appends the plain value. HUFU_ERR_SIGNATURE: forged, damaged or from
 * another place; HUFU_ERR_NOT_FOUND: no key of its version; _TRUNCATED.
 */
HUFU_MUST_USE int sealer_unseal(const struct sealer *s,
        const struct seal_place *place, struct span sealed, struct writer *ret);

/*
 * Keyed index of a value for look-up: HMAC (SHA-256 or SM3) of `purpose`,
 * 00 and the value under the blind index key, so that equal values of one
 * purpose are found and nobody without the key can try values.
 */
HUFU_MUST_USE int sealer_blind(const struct sealer *s, const char *purpose,
        struct span value, uint8_t ret[SEAL_BLIND_LEN]);

#endif
