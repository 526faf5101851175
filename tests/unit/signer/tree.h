/*
 * A small log in memory with its own proofs, written straight after RFC 6962
 * section 2.1 and sharing no code with the program's.
 */
#ifndef TEST_TREE_H
#define TEST_TREE_H

#include "crypto/core/log_entry.h"
#include "crypto/core/merkle.h"

enum { TREE_MAX = 1024 };

struct tree {
	size_t size;
	uint8_t leaf[TREE_MAX][MERKLE_HASH_LEN];
	uint8_t entry[TREE_MAX][LOG_ENTRY_MAX];
	size_t len[TREE_MAX];
};

/* Answers the index. */
size_t tree_put(struct tree *t, const struct log_entry *entry);
void tree_root(const struct tree *t, size_t size, uint8_t ret[32]);
void tree_include(const struct tree *t, size_t index, size_t size,
        struct merkle_proof *ret);
void tree_extend(const struct tree *t, size_t old_size, size_t size,
        struct merkle_proof *ret);
struct span tree_entry(const struct tree *t, size_t index);

#endif
