/*
 * Making a compact status list (crypto/core/compact_list.h): entries →
 * coded body and claims → bytes to be signed → signature → file.
 */
#ifndef ISSUER_COMPACT_BUILD_H
#define ISSUER_COMPACT_BUILD_H

#include "crypto/core/compact_list.h"
#include "crypto/issuer/tbs.h"

/* An entry that changed, with its value now. */
struct compact_change {
	uint32_t index;
	enum status_value value;
};

/*
 * Both fill in t->kind, parts and hash, and t->entries of a snapshot (map.len
 * × 4); the caller has set the rest. free() *ret_body. HUFU_ERR_MEMORY;
 * HUFU_ERR_ARGUMENT: a value that has no meaning, indices not ascending.
 */
HUFU_MUST_USE int compact_build_snapshot(
        struct compact_list *t, struct span map, uint8_t **ret_body);
HUFU_MUST_USE int compact_build_delta(struct compact_list *t,
        const struct compact_change *changes, size_t count, uint8_t **ret_body);

/* Appends the bytes to be signed, at most COMPACT_LIST_SPACE of them. */
HUFU_MUST_USE int compact_build_tbs(const struct compact_list *t,
        const struct cose_key *issuer, struct writer *ret);

/* The file to publish; free() it. */
HUFU_MUST_USE int compact_build_file(struct span tbs, struct span sig,
        struct span body, uint8_t **ret_file, size_t *ret_len);

#endif
