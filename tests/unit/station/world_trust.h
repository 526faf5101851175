/* The issuer's key and the trust list that names it. */
#ifndef TEST_WORLD_TRUST_H
#define TEST_WORLD_TRUST_H

#include "crypto/core/trust_list.h"

#define WORLD_ISSUER "https://hall.test.example"

const struct trust_list *world_trust(int suite); /* makes a new key */
void world_trust_done(void);

#endif
