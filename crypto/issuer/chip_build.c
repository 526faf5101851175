#include "crypto/issuer/chip_build.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/openssl/random.h"

static bool has_id(const struct mso *m, uint32_t id)
{
	for (size_t i = 0; i < m->digest_count; i++)
		if (m->digests[i].id == id)
			return true;
	return false;
}

static int draw_id(const struct mso *m, uint32_t *ret)
{
	uint32_t id;
	do {
		int r = random_below((uint32_t)MSO_ID_MAX + 1, &id);
		if (r)
			return r;
	} while (has_id(m, id));
	*ret = id;
	return HUFU_OK;
}

static int add_element(struct mso *m, const struct chip_element *element,
        struct writer *files, struct span *ret_file)
{
	uint8_t random[MSO_RANDOM_LEN];
	struct mso_item item = {
	        .random = {random, sizeof random},
	        .identifier = span_of_text(element->identifier),
	        .value = element->value,
	};
	struct mso_digest *d = &m->digests[m->digest_count];
	size_t start = files->len;
	int r = draw_id(m, &item.digest_id);
	if (!r)
		r = random_fill(random, sizeof random);
	if (r)
		return r;
	mso_encode_item(files, &item);
	if (files->error)
		return files->error;
	*ret_file = span_of(files->data + start, files->len - start);
	d->id = item.digest_id;
	mso_digest_item(m->suite, *ret_file, d->digest);
	m->digest_count++;
	return HUFU_OK;
}

static int encode(const struct mso *m, const struct cose_key *issuer,
        struct writer *ret_tbs)
{
	struct writer payload;
	uint8_t *space = malloc(MSO_MAX);
	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&payload, space, MSO_MAX);
	mso_encode(&payload, m);
	int r = payload.error;
	if (!r)
		r = tbs_encode(issuer, (struct span){0}, writer_span(&payload),
		        ret_tbs);
	free(space);
	return r;
}

int chip_build(const struct chip_plan *plan, const struct cose_key *issuer,
        struct writer *files, struct span *ret_files, struct writer *ret_tbs)
{
	struct mso m = {
	        .suite = cose_key_suite(issuer),
	        .doc_type = span_of_text(MSO_DOC_TYPE),
	        .chip_key = plan->chip_key,
	        .signed_s = plan->signed_s,
	        .valid_from_s = plan->valid_from_s,
	        .valid_until_s = plan->valid_until_s,
	};
	struct span made[MSO_ELEMENTS_MAX];
	if (plan->element_count == 0 ||
	        plan->element_count > MSO_ELEMENTS_MAX ||
	        plan->chip_key.curve != issuer->curve)
		return HUFU_ERR_ARGUMENT;
	for (size_t i = 0; i < plan->element_count; i++) {
		int r = add_element(&m, &plan->elements[i], files, &made[i]);
		if (r)
			return r;
	}
	int r = encode(&m, issuer, ret_tbs);
	if (!r)
		memcpy(ret_files, made, plan->element_count * sizeof made[0]);
	return r;
}

int chip_build_object(struct span tbs, struct span sig, struct writer *ret)
{
	return tbs_finish(tbs, sig, COSE_FORM_TAGGED, ret);
}
