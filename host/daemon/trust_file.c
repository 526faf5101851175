#include "host/daemon/trust_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int trust_file_introduction(const char *path, char ret[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	int len = snprintf(ret, PATH_MAX, "%.*s" TRUST_FILE_INTRODUCTION,
	        slash ? (int)(slash + 1 - path) : 0, path);

	return len < 0 || len >= PATH_MAX ? HUFU_ERR_SPACE : HUFU_OK;
}

/* HUFU_ERR_NOT_FOUND: nobody was introduced. */
static int next_root(const char *path, const struct cose_key *root,
        struct cose_key *ret, struct problem *p)
{
	struct trust_file *f = NULL;
	char beside[PATH_MAX];

	int r = trust_file_introduction(path, beside);
	if (r == HUFU_OK && !file_exists(beside))
		r = HUFU_ERR_NOT_FOUND;
	if (r)
		return r;
	r = trust_file_open(beside, root, &f, p);
	if (r == HUFU_OK && !f->list.has_next_root)
		r = HUFU_ERR_NOT_FOUND;
	if (r == HUFU_OK)
		*ret = f->list.next_root;
	trust_file_close(f);
	return r;
}

int trust_file_open_published(const char *path, const char *root_path,
        struct trust_file **ret, struct cose_key *ret_root, struct problem *p)
{
	struct problem other = {0};
	struct cose_key root, next;

	int r = trust_file_read_key(root_path, &root, p);
	if (r == HUFU_OK)
		r = trust_file_open(path, &root, ret, p);
	if (r == HUFU_ERR_SIGNATURE &&
	        next_root(path, &root, &next, &other) == HUFU_OK) {
		root = next;
		r = trust_file_open(path, &root, ret, p);
	}
	if (r == HUFU_OK)
		*ret_root = root;
	return r;
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
