/*
 * Making a Token Status List (crypto/core/status_list.h): bit map → zlib →
 * bytes to be signed → signature → file.
 */
#ifndef ISSUER_STATUS_BUILD_H
#define ISSUER_STATUS_BUILD_H

#include "crypto/core/status_list.h"
#include "crypto/issuer/tbs.h"

/*
 * Makes the bytes to be signed from t->map; t->packed is not looked at.
 * free() the answer. HUFU_ERR_MEMORY, HUFU_ERR_LIMIT, HUFU_ERR_CRYPTO.
 */
HUFU_MUST_USE int status_build_tbs(const struct status_list *t,
        const struct cose_key *issuer, uint8_t **ret_tbs, size_t *ret_len);

/* The file to publish; free() it. */
HUFU_MUST_USE int status_build_file(
        struct span tbs, struct span sig, uint8_t **ret_file, size_t *ret_len);

#endif
