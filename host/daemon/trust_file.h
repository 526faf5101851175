/*
 * A trust list from a file, believed only under the pinned root.
 */
#ifndef DAEMON_TRUST_FILE_H
#define DAEMON_TRUST_FILE_H

#include "crypto/core/sha256.h"
#include "crypto/core/trust_list.h"
#include "host/base/problem.h"

struct trust_file {
	uint8_t *bytes;
	size_t len;
	uint8_t hash[SHA256_LEN];
	struct trust_list list; /* points into `bytes` */
};

/* A public key in PEM; the refusal names `path`. */
HUFU_MUST_USE int trust_file_read_key(
        const char *path, struct cose_key *ret, struct problem *ret_problem);

/* HUFU_ERR_SIGNATURE and others; `root` is the pinned key. */
HUFU_MUST_USE int trust_file_open(const char *path, const struct cose_key *root,
        struct trust_file **ret, struct problem *ret_problem);
void trust_file_close(struct trust_file *f); /* NULL is legal */

/*
 * Whether `next` may take the place of `seen` at `now_s`: not expired, not
 * dated before it, and trust_list_check_newer().
 */
HUFU_MUST_USE int trust_file_check_next(const struct trust_file *seen,
        const struct trust_file *next, int64_t now_s,
        struct problem *ret_problem);

#endif
