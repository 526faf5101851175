#include "crypto/core/sigs_core.h"

#include "crypto/core/ec_point.h"
#include "crypto/core/ec_verify.h"
#include "crypto/core/ed25519.h"
#include "crypto/core/mem.h"

static struct sigs_core_key *find_key(
        const struct sigs_core *s, int32_t alg, struct span point)
{
	for (size_t i = 0; i < s->key_count; i++) {
		struct sigs_core_key *k = &s->keys[i];
		if ((int32_t)k->table.alg == alg &&
		        span_equal(point, span_of(k->point, sizeof k->point)))
			return k;
	}
	return NULL;
}

static int verify_ec(const struct sigs_core *s, int32_t alg, struct span point,
        struct span tbs, struct span sig)
{
	uint8_t identity[EC_VERIFY_IDENTITY_LEN];
	const struct sigs_core_key *k = find_key(s, alg, point);
	struct ec_verify_key use = {
	        .curve = ec_curve_of(alg),
	        .generator = alg == SIGCHECK_SM2 ? &s->sm2 : &s->p256,
	};
	if (k) {
		use.table = &k->table;
		use.identity = k->identity;
	} else {
		int rc = ec_affine_decode(use.curve, point, &use.point);
		if (rc)
			return rc;
		if (alg == SIGCHECK_SM2)
			ec_verify_identity(point.data, identity);
		use.identity = identity;
	}
	return alg == SIGCHECK_SM2 ? ec_verify_sm2(&use, tbs, sig)
	                           : ec_verify_es256(&use, tbs, sig);
}

static int verify(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	switch (alg) {
	case SIGCHECK_ES256:
	case SIGCHECK_SM2:
		return verify_ec(ctx, alg, key, tbs, sig);
	case SIGCHECK_EDDSA:
		return ed25519_verify(key, tbs, sig);
	default:
		return HUFU_ERR_UNSUPPORTED;
	}
}

void sigs_core_init(struct sigs_core *s, struct sigs_core_key *keys, size_t cap)
{
	memset(s, 0, sizeof *s);
	s->sigs = (struct sigcheck){.ctx = s, .verify = verify};
	s->keys = keys;
	s->key_cap = cap;
}

const struct sigcheck *sigs_core_check(struct sigs_core *s)
{
	return &s->sigs;
}

int sigs_core_build_generators(
        struct sigs_core *s, unsigned window, void *space, size_t cap)
{
	static const struct span generator = {NULL, 0};
	struct ec_table p256, sm2;
	size_t len = ec_table_len(window);
	if (len == 0)
		return HUFU_ERR_ARGUMENT;
	if (cap / 2 < len)
		return HUFU_ERR_SPACE;
	int rc = ec_table_build(
	        SIGCHECK_ES256, generator, window, space, len, &p256);
	if (!rc)
		rc = ec_table_build(SIGCHECK_SM2, generator, window,
		        (uint8_t *)space + len, len, &sm2);
	if (rc)
		return rc;
	s->p256 = p256;
	s->sm2 = sm2;
	return HUFU_OK;
}

int sigs_core_use_generator(struct sigs_core *s, const struct ec_table *table)
{
	if (!ec_table_is_of(table, span_of(NULL, 0)))
		return HUFU_ERR_CORRUPT;
	if (table->alg == SIGCHECK_SM2)
		s->sm2 = *table;
	else
		s->p256 = *table;
	return HUFU_OK;
}

int sigs_core_add_key(
        struct sigs_core *s, struct span point, const struct ec_table *table)
{
	const struct ec_curve *c = ec_curve_of(table->alg);
	struct ec_affine p;
	int rc = c ? ec_affine_decode(c, point, &p) : HUFU_ERR_UNSUPPORTED;
	if (rc)
		return rc;
	if (!ec_table_is_of(table, point))
		return HUFU_ERR_CORRUPT;
	struct sigs_core_key *k = find_key(s, (int32_t)table->alg, point);
	if (!k) {
		if (s->key_count == s->key_cap)
			return HUFU_ERR_FULL;
		k = &s->keys[s->key_count++];
	}
	k->table = *table;
	memcpy(k->point, point.data, sizeof k->point);
	if (table->alg == SIGCHECK_SM2)
		ec_verify_identity(k->point, k->identity);
	return HUFU_OK;
}

size_t sigs_core_trust_len(const struct trust_list *trust, unsigned window)
{
	size_t count = 0;
	for (size_t i = 0; i < trust->issuer_count; i++)
		count += ec_curve_of(trust->issuers[i].alg) != NULL;
	return count * ec_table_len(window);
}

static int add_issuer(struct sigs_core *s, const struct trust_issuer *issuer,
        unsigned window, struct writer *space)
{
	uint8_t point_space[SIGCHECK_POINT_LEN];
	struct span point = cose_key_public(&issuer->key, point_space);
	struct ec_table table;
	if (!ec_curve_of(issuer->alg) || find_key(s, issuer->alg, point))
		return HUFU_OK; /* nothing to build */
	int rc = ec_table_build((enum sigcheck_alg)issuer->alg, point, window,
	        space->data + space->len, space->cap - space->len, &table);
	if (rc)
		return rc;
	space->len += ec_table_len(window);
	return sigs_core_add_key(s, point, &table);
}

int sigs_core_use_trust(struct sigs_core *s, const struct trust_list *trust,
        unsigned window, void *space, size_t cap)
{
	struct writer w;
	int rc = HUFU_OK;
	writer_init(&w, space, cap);
	s->key_count = 0;
	for (size_t i = 0; !rc && i < trust->issuer_count; i++)
		rc = add_issuer(s, &trust->issuers[i], window, &w);
	if (rc)
		s->key_count = 0;
	return rc;
}
