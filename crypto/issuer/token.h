/*
 * A PKCS#11 token (v2.40) that holds private keys and signs with them: an
 * HSM, or SoftHSM for rehearsals. The module is called directly.
 */
#ifndef ISSUER_TOKEN_H
#define ISSUER_TOKEN_H

#include "crypto/issuer/signing_key.h"

enum { TOKEN_LABEL_MAX = 32 }; /* characters of a token's label */

struct token_place {
	const char *module; /* path of the PKCS#11 library */
	const char *label; /* of the token */
	struct span pin; /* of its user */
};

struct token;

/*
 * One session, logged in. HUFU_ERR_NOT_FOUND: no such module or token;
 * _CONFLICT: two tokens of this label; _DENIED: PIN refused or locked;
 * _LINK: the token does not answer. Threads may share it.
 */
HUFU_MUST_USE int token_open(
        const struct token_place *place, struct token **ret);
void token_close(struct token *token); /* NULL is legal */

/*
 * The next key of ours (label "hufu-<purpose>"), from *at = 0 on; it has
 * signed a random text and was held against its public key. The key must not
 * outlive the token. HUFU_ERR_NOT_FOUND: no more.
 */
HUFU_MUST_USE int token_next_key(
        struct token *token, size_t *at, struct signing_key **ret);

/*
 * Makes a key pair that never leaves the token. HUFU_ERR_UNSUPPORTED: the
 * token or PKCS#11 v2.40 has no such curve (SM2).
 */
HUFU_MUST_USE int token_generate(struct token *token, enum cose_curve curve,
        enum key_purpose purpose, struct cose_key *ret_public);

/* For signing_key_sign(): r ‖ s, or an Ed25519 signature. */
HUFU_MUST_USE int token_sign(struct token *token, unsigned long key,
        enum cose_curve curve, struct span tbs,
        uint8_t ret[SIGNING_KEY_SIG_LEN]);

#endif
