#include "host/daemon/trust_file.h"

#include <stdlib.h>

#include "crypto/core/cose.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"

int trust_file_read_key(
        const char *path, struct cose_key *ret, struct problem *p)
{
	_free_ uint8_t *pem = NULL;
	size_t len = 0;

	int r = file_read(path, PUBLIC_PEM_READ_MAX, &pem, &len);
	if (r == HUFU_OK)
		r = public_pem_decode(span_of(pem, len), ret);
	return r ? problem_set(p, r, "public-key",
	                   "无法读取公钥 %s：须为 PEM 格式的 P-256 或 SM2 "
	                   "公钥。",
	                   "Cannot read the public key %s: it must be a P-256 "
	                   "or SM2 key in PEM.",
	                   path)
	         : HUFU_OK;
}

static int check(struct trust_file *f, const struct cose_key *root)
{
	size_t cap = f->len + COSE_TBS_OVERHEAD;
	_free_ uint8_t *space = malloc(cap);
	struct writer w;

	if (!space)
		return HUFU_ERR_MEMORY;
	writer_init(&w, space, cap);
	sha256_of(span_of(f->bytes, f->len), f->hash);
	return trust_list_open(
	        span_of(f->bytes, f->len), root, sigs_openssl(), &w, &f->list);
}

static int refuse(struct problem *p, int code, const char *path)
{
	if (code == HUFU_ERR_SIGNATURE)
		return problem_set(p, code, "trust-signature",
		        "信任列表 %s 不是由此根密钥签发的。",
		        "The trust list %s is not signed by this root.", path);
	return problem_set(p, code, "trust-list",
	        "无法读取信任列表 %s，或内容有误。",
	        "The trust list %s cannot be read, or is damaged.", path);
}

int trust_file_open(const char *path, const struct cose_key *root,
        struct trust_file **ret, struct problem *p)
{
	struct trust_file *f = calloc(1, sizeof *f);

	if (!f)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	int r = file_read(path, TRUST_LIST_MAX, &f->bytes, &f->len);
	if (r == HUFU_OK)
		r = check(f, root);
	if (r) {
		trust_file_close(f);
		return refuse(p, r, path);
	}
	*ret = f;
	return HUFU_OK;
}

void trust_file_close(struct trust_file *f)
{
	if (!f)
		return;
	free(f->bytes);
	free(f);
}

int trust_file_check_next(const struct trust_file *seen,
        const struct trust_file *next, int64_t now_s, struct problem *p)
{
	int r = trust_list_check_newer(seen->list.sequence, seen->hash,
	        next->list.sequence, next->hash);
	if (r == HUFU_OK && next->list.issued_s < seen->list.issued_s)
		r = HUFU_ERR_STALE;
	if (r)
		return problem_set(p, r, "trust-rollback",
		        "拒绝：在用信任列表的序号为 %llu，"
		        "新列表为 %llu，且不得更旧或同号异文。",
		        "Refused: the trust list in use has sequence %llu, "
		        "this "
		        "one %llu; it must not be older, nor differ under the "
		        "same number.",
		        (unsigned long long)seen->list.sequence,
		        (unsigned long long)next->list.sequence);
	if (next->list.expires_s <= now_s)
		return problem_set(p, HUFU_ERR_STALE, "trust-expired",
		        "拒绝：这份信任列表已过期。",
		        "Refused: this trust list has expired.");
	return HUFU_OK;
}
