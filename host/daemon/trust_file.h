/*
 * A trust list from a file, believed only under the pinned root, or under
 * the next one that a list of the pinned root has introduced.
 */
#ifndef DAEMON_TRUST_FILE_H
#define DAEMON_TRUST_FILE_H

#include <limits.h>

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

/* Beside a published list: the one that introduced its root, if another. */
#define TRUST_FILE_INTRODUCTION "introduction.cbor"

/*
 * A published list under the key in `root_path`, or under the root that the
 * introduction beside it names. *ret_root is the key that signed it.
 */
HUFU_MUST_USE int trust_file_open_published(const char *path,
        const char *root_path, struct trust_file **ret,
        struct cose_key *ret_root, struct problem *ret_problem);

/* folder of `path`/TRUST_FILE_INTRODUCTION; HUFU_ERR_SPACE. */
HUFU_MUST_USE int trust_file_introduction(const char *path, char ret[PATH_MAX]);

/*
 * Whether `next` may take the place of `seen` at `now_s`: not expired, not
 * dated before it, and trust_list_check_newer().
 */
HUFU_MUST_USE int trust_file_check_next(const struct trust_file *seen,
        const struct trust_file *next, int64_t now_s,
        struct problem *ret_problem);

#endif
