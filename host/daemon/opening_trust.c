#include "host/daemon/opening_trust.h"

#include <stdlib.h>

#include "crypto/core/cose.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"

static int read_root(const char *path, struct cose_key *ret)
{
	_free_ uint8_t *pem = NULL;
	size_t len = 0;
	int r = file_read(path, PUBLIC_PEM_READ_MAX, &pem, &len);

	return r ? r : public_pem_decode(span_of(pem, len), ret);
}

static int open_list(
        struct opening_trust *t, const char *path, const struct cose_key *root)
{
	struct writer space;
	size_t len = 0;
	int r = file_read(path, TRUST_LIST_MAX, &t->file, &len);

	if (r)
		return r;
	t->space = malloc(len + COSE_TBS_OVERHEAD);
	if (!t->space)
		return HUFU_ERR_MEMORY;
	writer_init(&space, t->space, len + COSE_TBS_OVERHEAD);
	return trust_list_open(
	        span_of(t->file, len), root, sigs_openssl(), &space, &t->list);
}

int opening_trust_read(struct opening_trust *ret, const struct settings *s,
        struct problem *ret_problem)
{
	struct cose_key root;
	int r = read_root(s->trust_root, &root);

	if (r)
		return opening_refuse_file(
		        ret_problem, r, "[trust] root", s->trust_root);
	r = open_list(ret, s->trust_list, &root);
	return r ? opening_refuse_file(
	                   ret_problem, r, "[trust] list", s->trust_list)
	         : HUFU_OK;
}

void opening_trust_done(struct opening_trust *t)
{
	free(t->file);
	free(t->space);
	*t = (struct opening_trust){0};
}
