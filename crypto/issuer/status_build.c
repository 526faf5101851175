#include "crypto/issuer/status_build.h"

#include <stdlib.h>
#include <zlib.h>

enum { CLAIMS_MAX = 512 }; /* everything in the payload beside lst */

static int pack(struct span map, uint8_t **ret, size_t *ret_len)
{
	uLongf len = compressBound(map.len);
	uint8_t *packed = malloc(len);
	if (!packed)
		return HUFU_ERR_MEMORY;
	int z = compress2(
	        packed, &len, map.data, map.len, Z_DEFAULT_COMPRESSION);
	if (z != Z_OK) {
		free(packed);
		return z == Z_MEM_ERROR ? HUFU_ERR_MEMORY : HUFU_ERR_CRYPTO;
	}
	*ret = packed;
	*ret_len = len;
	return HUFU_OK;
}

static int encode(const struct status_list *t, const struct cose_key *issuer,
        uint8_t **ret_tbs, size_t *ret_len)
{
	size_t payload_cap = t->packed.len + t->address.len + CLAIMS_MAX;
	size_t cap = payload_cap + COSE_PROTECTED_MAX + COSE_TBS_OVERHEAD;
	uint8_t *payload_space = malloc(payload_cap);
	uint8_t *space = malloc(cap);
	struct writer payload;
	struct writer w;
	int r = payload_space && space ? HUFU_OK : HUFU_ERR_MEMORY;
	if (!r) {
		writer_init(&payload, payload_space, payload_cap);
		status_list_encode(&payload, t);
		r = payload.error;
	}
	if (!r) {
		writer_init(&w, space, cap);
		r = tbs_encode(issuer, span_of_text(STATUS_LIST_TYPE),
		        writer_span(&payload), &w);
	}
	free(payload_space);
	if (r) {
		free(space);
		return r;
	}
	*ret_tbs = space;
	*ret_len = w.len;
	return HUFU_OK;
}

int status_build_tbs(const struct status_list *t, const struct cose_key *issuer,
        uint8_t **ret_tbs, size_t *ret_len)
{
	struct status_list packed = *t;
	uint8_t *space;
	size_t len;
	if (t->map.len > STATUS_LIST_MAP_MAX ||
	        t->address.len > STATUS_LIST_ADDRESS_MAX)
		return HUFU_ERR_LIMIT;
	int r = pack(t->map, &space, &len);
	if (r)
		return r;
	packed.packed = span_of(space, len);
	r = encode(&packed, issuer, ret_tbs, ret_len);
	free(space);
	return r;
}

int status_build_file(
        struct span tbs, struct span sig, uint8_t **ret_file, size_t *ret_len)
{
	size_t cap = tbs.len + COSE_SIGN1_OVERHEAD;
	struct writer w;
	uint8_t *space = malloc(cap);
	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&w, space, cap);
	int r = tbs_finish(tbs, sig, COSE_FORM_CWT, &w);
	if (r) {
		free(space);
		return r;
	}
	*ret_file = space;
	*ret_len = w.len;
	return HUFU_OK;
}
