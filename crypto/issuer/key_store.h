/*
 * The key store: a folder with one file <purpose>-<kid in hex>.pem a key,
 * or a PKCS#11 token. All keys of a folder stand under one passphrase; the
 * folder itself must be 0700.
 */
#ifndef ISSUER_KEY_STORE_H
#define ISSUER_KEY_STORE_H

#include "crypto/issuer/token.h"

enum { KEY_STORE_MAX = 64 };

struct key_store;

/* Opens every .pem file; one that cannot be opened fails the whole. */
HUFU_MUST_USE int key_store_open(
        const char *folder, struct span passphrase, struct key_store **ret);
/* Every key of ours on the token. Errors of token_open() and token_next_key().
 */
HUFU_MUST_USE int key_store_open_token(
        const struct token_place *place, struct key_store **ret);
void key_store_close(struct key_store *store); /* NULL is legal */

size_t key_store_count(const struct key_store *store);
const struct signing_key *key_store_at(
        const struct key_store *store, size_t at);

/* NULL: no such key. */
const struct signing_key *key_store_find(const struct key_store *store,
        enum key_purpose purpose, struct span kid);
/* The only key of this purpose and curve, or NULL. */
const struct signing_key *key_store_find_only(const struct key_store *store,
        enum key_purpose purpose, enum cose_curve curve);

/*
 * Generates a key and writes its file into `folder`, which is made (0700)
 * if missing. ret_public, NULL is legal.
 */
HUFU_MUST_USE int key_store_generate(const char *folder, struct span passphrase,
        enum cose_curve curve, enum key_purpose purpose,
        struct cose_key *ret_public);

/* The same on the token that the store stands for. HUFU_ERR_STATE: none. */
HUFU_MUST_USE int key_store_generate_on(struct key_store *store,
        enum cose_curve curve, enum key_purpose purpose);

#endif
