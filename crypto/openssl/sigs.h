/*
 * Signature checks by OpenSSL behind crypto/core/sigcheck.h: ES256, SM2 with
 * SM3, Ed25519.
 */
#ifndef OPENSSL_SIGS_H
#define OPENSSL_SIGS_H

#include "crypto/core/sigcheck.h"

/* Stateless; any number of threads may use it at once. */
const struct sigcheck *sigs_openssl(void);

#endif
