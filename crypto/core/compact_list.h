/*
 * The compact status list: ascending indices as Rice-coded gaps (rice.h),
 * whole (snapshot) or what changed (delta). A file is the deterministic
 * array [COSE_Sign1 as byte string, body as byte string]: the signature is
 * over claims of a few hundred bytes that hold the body's hash, so that a
 * small machine checks it with the body in flash. docs/credential.md.
 *
 * A delta names every entry that changed since `base`, with its value now.
 * It fits any state between its base and itself, however often.
 */
#ifndef CORE_COMPACT_LIST_H
#define CORE_COMPACT_LIST_H

#include "crypto/core/rice.h"
#include "crypto/core/status_list.h"
#include "crypto/core/suite.h"

#define COMPACT_LIST_TYPE "application/hufu-compact-list+cbor"

enum {
	COMPACT_LIST_VERSION = 1,
	COMPACT_LIST_CLAIMS_MAX = 512, /* bytes of the signed payload */
	COMPACT_LIST_SPACE = 768, /* of `space` of compact_list_open() */
	COMPACT_LIST_BODY_MAX = STATUS_LIST_MAP_MAX,
	COMPACT_LIST_FILE_MAX = COMPACT_LIST_BODY_MAX + 1024,
	COMPACT_LIST_SKIP = 512, /* codes from one skip entry to the next */
};

enum compact_kind {
	COMPACT_SNAPSHOT = 1,
	COMPACT_DELTA = 2,
};

/* Which of its parts an index stands in. */
enum compact_part {
	COMPACT_INVALID = 0,
	COMPACT_SUSPENDED = 1,
	COMPACT_CLEARED = 2, /* valid again; of a delta only */
	COMPACT_PARTS = 3,
};

/* A place in a part to decode from. */
struct compact_skip {
	uint32_t next; /* smallest index that its first code can be */
	uint32_t bit;
};

struct compact_list {
	enum compact_kind kind;
	enum suite suite; /* of the key: whose hash `hash` is */
	struct span iss;
	uint32_t number;
	uint32_t entries; /* a multiple of 4: fills the bit map */
	uint64_t base; /* of a delta: sequence it starts from */
	uint64_t sequence;
	int64_t issued_s;
	int64_t expires_s;
	uint8_t hash[SUITE_HASH_LEN]; /* of the body */
	struct rice_codes parts[COMPACT_PARTS];
	const struct compact_skip *skips; /* from compact_list_index() */
};

/* ---- opening ---- */

/*
 * A whole signed file, by the rules of status_list_open(); iss must be the
 * key's. The signature and the body's hash are checked, the codes not yet:
 * every function below does that before it changes anything. Spans point
 * into `file`, which must stay.
 */
HUFU_MUST_USE int compact_list_open(struct span file,
        const struct trust_list *trust, const struct sigcheck *sigs,
        struct writer *space, struct compact_list *ret);

/*
 * Claims alone, as they are signed. For keeping a list apart: claims in one
 * place, body in another, both as compact_list_merge() left them. A decoded
 * list has no body until compact_list_attach(), which checks length and
 * hash (HUFU_ERR_CORRUPT); the suite stands in the claims.
 */
void compact_list_encode(struct writer *w, const struct compact_list *t);
HUFU_MUST_USE int compact_list_decode(
        struct span claims, struct compact_list *ret);
HUFU_MUST_USE int compact_list_attach(struct compact_list *t, struct span body);
size_t compact_list_body_len(const struct compact_list *t);

/*
 * Whether `next` may follow `seen` of the same list: HUFU_ERR_STALE for a
 * lower sequence, HUFU_ERR_CONFLICT for the same one with other contents.
 */
HUFU_MUST_USE int compact_list_check_newer(
        const struct compact_list *seen, const struct compact_list *next);

/* ---- as a bit map ---- */

/*
 * A snapshot into the caller's `map` (entries / 4 bytes, HUFU_ERR_LIMIT) and
 * *ret, a list for struct hufu_verifier. HUFU_ERR_MALFORMED, _DUPLICATE (an
 * index in two parts): broken codes; *ret is untouched, the map is not.
 */
HUFU_MUST_USE int compact_list_expand(const struct compact_list *snapshot,
        uint8_t *map, size_t cap, struct status_list *ret);

/*
 * A delta onto an expanded list whose map is `map`. HUFU_ERR_CONFLICT:
 * another list, or a base that the map has not reached; HUFU_ERR_STALE: the
 * map is newer. Nothing changes on failure.
 */
HUFU_MUST_USE int compact_list_apply(
        const struct compact_list *delta, uint8_t *map, struct status_list *t);

/* ---- as it is, coded ---- */

/* Entries that compact_list_index() wants, one every COMPACT_LIST_SKIP. */
size_t compact_list_skips(const struct compact_list *snapshot);

/*
 * Checks all codes and fills `skips` (HUFU_ERR_SPACE). *ret is a list for
 * struct hufu_verifier that looks up in `t`; t, its body and skips must stay.
 */
HUFU_MUST_USE int compact_list_index(struct compact_list *t,
        struct compact_skip *skips, size_t cap, struct status_list *ret);

/* Of an indexed list; what status_list_find() calls. HUFU_ERR_LIMIT. */
HUFU_MUST_USE int compact_list_find(
        const struct compact_list *t, uint32_t index, enum status_value *ret);

#endif
