#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/sha256.h"
#include "crypto/issuer/signing_key_inside.h"
#include "crypto/openssl/owned.h"
#include "make_world.h"

enum { SCALAR_LEN = 32, POINT_LEN = 65 };

static void derive(const char *label, uint8_t ret[SCALAR_LEN])
{
	struct sha256 h;
	sha256_init(&h);
	sha256_put(&h, "hufu verdict vectors, not secret: ", 34);
	sha256_put(&h, label, strlen(label));
	sha256_done(&h, ret);
}

/* 04 ‖ X ‖ Y of the scalar, which is below both orders with certainty 1. */
static void multiply(int nid, const BIGNUM *scalar, uint8_t ret[POINT_LEN])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	if (!point || BN_cmp(scalar, EC_GROUP_get0_order(group)) >= 0 ||
	        EC_POINT_mul(group, point, scalar, NULL, NULL, NULL) != 1 ||
	        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
	                ret, POINT_LEN, NULL) != POINT_LEN)
		world_fail("a key's point");
	EC_POINT_free(point);
	EC_GROUP_free(group);
}

static EVP_PKEY *ec_key(bool sm2, const uint8_t seed[SCALAR_LEN])
{
	OWNED(bignum) BIGNUM *scalar = BN_bin2bn(seed, SCALAR_LEN, NULL);
	uint8_t point[POINT_LEN], native[SCALAR_LEN];
	char p256_name[] = "prime256v1", sm2_name[] = "SM2";
	char *group = sm2 ? sm2_name : p256_name;
	EVP_PKEY *pkey = NULL;
	multiply(sm2 ? NID_sm2 : NID_X9_62_prime256v1, scalar, point);
	if (BN_bn2nativepad(scalar, native, SCALAR_LEN) != SCALAR_LEN)
		world_fail("a key's scalar");
	OSSL_PARAM params[] = {
	        OSSL_PARAM_utf8_string(
	                OSSL_PKEY_PARAM_GROUP_NAME, group, strlen(group)),
	        OSSL_PARAM_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, SCALAR_LEN),
	        OSSL_PARAM_octet_string(
	                OSSL_PKEY_PARAM_PUB_KEY, point, POINT_LEN),
	        OSSL_PARAM_END,
	};
	OWNED(pkey_ctx)
	EVP_PKEY_CTX *ctx =
	        EVP_PKEY_CTX_new_from_name(NULL, sm2 ? "SM2" : "EC", NULL);
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		world_fail("a key pair");
	return pkey;
}

struct signing_key *world_key(
        const char *label, enum cose_curve curve, enum key_purpose purpose)
{
	struct signing_key *key;
	uint8_t seed[SCALAR_LEN];
	derive(label, seed);
	EVP_PKEY *pkey = curve == COSE_CURVE_ED25519
	                         ? EVP_PKEY_new_raw_private_key(
	                                   EVP_PKEY_ED25519, NULL, seed, 32)
	                         : ec_key(curve == COSE_CURVE_SM2, seed);
	if (!pkey || signing_key_take(pkey, purpose, &key))
		world_fail("a key");
	return key;
}
