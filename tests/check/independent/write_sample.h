/* write_sample.c in parts: each writes below one folder. */
#ifndef TEST_WRITE_SAMPLE_H
#define TEST_WRITE_SAMPLE_H

#include "tests/unit/crypto-issuer/sample.h"

/* Ends the program when it cannot. */
void put_file(const char *name, struct span s);
void put_pem(const char *name, const struct signing_key *key);

/* SUITE/public as an office publishes it, SUITE/old-snapshot.cbor
 * and SUITE/newer-trust.cbor. */
void put_lists(struct sample *s, const char *suite);

#endif
