#include "crypto/lib/handle.h"

#include <stdlib.h>
#include <string.h>

int hufu_new(struct hufu **ret)
{
	struct hufu *h = calloc(1, sizeof *h);
	if (!h)
		return HUFU_ERR_MEMORY;
	sigs_core_init(&h->sigs, h->keys, TRUST_LIST_ISSUERS_MAX);
	hufu_verifier_init(&h->face, sigs_core_check(&h->sigs), &h->trust);
	hufu_verifier_init(&h->chip, sigs_core_check(&h->sigs), &h->trust);
	handle_refresh(h);
	*ret = h;
	return HUFU_OK;
}

void hufu_free(struct hufu *h)
{
	if (!h)
		return;
	if (!h->is_clone) {
		while (h->list_count > 0)
			handle_free_list(h, h->list_count - 1);
		free(h->trust_file);
		free(h->generator_tables);
		free(h->key_tables);
	}
	free(h);
}

int hufu_clone(const struct hufu *h, struct hufu **ret)
{
	struct hufu *c = malloc(sizeof *c);
	if (!c)
		return HUFU_ERR_MEMORY;
	memcpy(c, h, sizeof *c);
	c->is_clone = true;
	/* the back end of `h` is only read; one key is changed at each check */
	c->face.trust = h->one_key ? &c->trust : h->face.trust;
	c->chip.trust = c->face.trust;
	*ret = c;
	return HUFU_OK;
}

void handle_refresh(struct hufu *h)
{
	struct hufu_verifier *verifiers[] = {&h->face, &h->chip};
	size_t used = 0;
	for (size_t i = 0; i < h->list_count; i++)
		if (!h->kept[i].behind)
			h->used[used++] = h->lists[i];
	for (size_t i = 0; i < 2; i++) {
		verifiers[i]->lists = h->used;
		verifiers[i]->list_count = used;
		verifiers[i]->time_floor_s = h->state.time_s;
	}
}

void handle_raise_time(struct hufu *h, int64_t signed_s)
{
	if (signed_s > h->state.time_s)
		h->state.time_s = signed_s;
}

void hufu_set_status_limit(struct hufu *h, int64_t seconds)
{
	h->face.status_limit_s = seconds;
	h->chip.status_limit_s = seconds;
}

static uint8_t *new_tables(size_t len)
{
	enum { CACHE_LINE = 64 };
	return aligned_alloc(CACHE_LINE, len + CACHE_LINE - len % CACHE_LINE);
}

int handle_build_tables(struct hufu *h)
{
	if (!h->prepared)
		return HUFU_OK;
	size_t len = sigs_core_trust_len(&h->trust, EC_TABLE_FAST);
	uint8_t *tables = new_tables(len);
	if (!tables)
		return HUFU_ERR_MEMORY;
	int r = sigs_core_use_trust(
	        &h->sigs, &h->trust, EC_TABLE_FAST, tables, len);
	if (r) {
		free(tables);
		tables = NULL;
	}
	free(h->key_tables); /* no key points into them any more */
	h->key_tables = tables;
	return r;
}

int hufu_prepare(struct hufu *h)
{
	enum { BOTH = 2 * EC_TABLE_FAST_LEN };
	if (h->is_clone)
		return HUFU_ERR_STATE;
	if (!h->generator_tables) {
		uint8_t *tables = new_tables(BOTH);
		if (!tables)
			return HUFU_ERR_MEMORY;
		int r = sigs_core_build_generators(
		        &h->sigs, EC_TABLE_FAST, tables, BOTH);
		if (r) {
			free(tables);
			return r;
		}
		h->generator_tables = tables;
	}
	h->prepared = true;
	return handle_build_tables(h);
}

int64_t hufu_trust_issued(const struct hufu *h)
{
	return h->trust_file ? h->trust.issued_s : 0;
}

int64_t hufu_trust_expires(const struct hufu *h)
{
	return h->trust_file ? h->trust.expires_s : 0;
}

const char *hufu_version(void)
{
	return HUFU_VERSION;
}
