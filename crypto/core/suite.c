#include "crypto/core/suite.h"

void suite_hash_init(struct suite_hash *h, enum suite suite)
{
	h->suite = suite;
	if (suite == SUITE_SM)
		sm3_init(&h->u.sm3);
	else
		sha256_init(&h->u.sha256);
}

void suite_hash_put(struct suite_hash *h, const void *data, size_t len)
{
	if (h->suite == SUITE_SM)
		sm3_put(&h->u.sm3, data, len);
	else
		sha256_put(&h->u.sha256, data, len);
}

void suite_hash_done(struct suite_hash *h, uint8_t ret[SUITE_HASH_LEN])
{
	if (h->suite == SUITE_SM)
		sm3_done(&h->u.sm3, ret);
	else
		sha256_done(&h->u.sha256, ret);
}

void suite_hash_of(
        enum suite suite, struct span in, uint8_t ret[SUITE_HASH_LEN])
{
	struct suite_hash h;
	suite_hash_init(&h, suite);
	suite_hash_put(&h, in.data, in.len);
	suite_hash_done(&h, ret);
}
