/*
 * Signatures for tests that anybody can make: two SHA-256 values over
 * algorithm, public key and message. They stand in for real ones where what
 * is around the signature is tested.
 */
#ifndef TOY_SIGS_H
#define TOY_SIGS_H

#include "crypto/core/cose.h"
#include "crypto/core/cose_key.h"

extern const struct sigcheck toy_sigs;

/* Any key will do; `number` tells them apart. */
struct cose_key toy_key(enum cose_curve curve, uint8_t number);

void toy_sign(int32_t alg, struct span key, struct span tbs,
        uint8_t ret[SIGCHECK_SIG_LEN]);

/* A whole COSE_Sign1 around `payload`, kid and type in its header. */
void toy_seal(struct writer *w, enum cose_form form, const struct cose_key *key,
        const char *type, struct span payload);

#endif
