/*
 * A private key for signing: P-256, SM2 or Ed25519, with one purpose, kept
 * as PKCS#8 encrypted with a passphrase (PBES2: scrypt, AES-256-CBC) in PEM.
 * The purpose stands inside the encryption, as the attribute friendlyName.
 */
#ifndef ISSUER_SIGNING_KEY_H
#define ISSUER_SIGNING_KEY_H

#include "crypto/core/cose_key.h"

enum key_purpose {
	KEY_CARD = 1, /* QR credentials and chip objects */
	KEY_LIST = 2, /* status lists */
	KEY_CHECKPOINT = 3, /* the log */
	KEY_DEVICE = 4, /* kiosks and stations */
	KEY_ROOT = 5, /* the trust list; offline */
};

enum { SIGNING_KEY_SIG_LEN = 64, SIGNING_KEY_PASSPHRASE_MIN = 8 };

struct signing_key;

HUFU_MUST_USE int signing_key_generate(enum cose_curve curve,
        enum key_purpose purpose, struct signing_key **ret);
void signing_key_free(struct signing_key *key); /* NULL is legal */

/* HUFU_ERR_ARGUMENT: passphrase too short; HUFU_ERR_UNSUPPORTED: the key lies
 * on a token (token.h); else as secret_file_create(). */
HUFU_MUST_USE int signing_key_create_file(const struct signing_key *key,
        const char *path, struct span passphrase);

/*
 * HUFU_ERR_SIGNATURE: wrong passphrase (or damaged); HUFU_ERR_UNSUPPORTED:
 * another kind of key, or no purpose; HUFU_ERR_MALFORMED: no encrypted PKCS#8
 * in PEM; and errors of secret_file_read().
 */
HUFU_MUST_USE int signing_key_load(
        const char *path, struct span passphrase, struct signing_key **ret);

/* The same from the file's text. */
HUFU_MUST_USE int signing_key_decode(
        struct span pem, struct span passphrase, struct signing_key **ret);

enum key_purpose signing_key_purpose(const struct signing_key *key);
const struct cose_key *signing_key_public(const struct signing_key *key);
const char *key_purpose_name(enum key_purpose purpose); /* "card" ... */

/*
 * Signs `tbs` itself: ES256 over its SHA-256, SM2 over SM3(Z_A ‖ tbs),
 * Ed25519 over the bytes. HUFU_ERR_CRYPTO. Threads may share a key.
 */
HUFU_MUST_USE int signing_key_sign(const struct signing_key *key,
        struct span tbs, uint8_t ret[SIGNING_KEY_SIG_LEN]);

#endif
