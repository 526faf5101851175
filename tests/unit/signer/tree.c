#include "tests/unit/signer/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

size_t tree_put(struct tree *t, const struct log_entry *entry)
{
	struct writer w;

	assert_true(t->size < TREE_MAX);
	writer_init(&w, t->entry[t->size], LOG_ENTRY_MAX);
	log_entry_encode(&w, entry);
	assert_int_equal(w.error, HUFU_OK);
	t->len[t->size] = w.len;
	merkle_leaf(writer_span(&w), t->leaf[t->size]);
	return t->size++;
}

static size_t split_of(size_t n)
{
	size_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static void range_root(
        const struct tree *t, size_t from, size_t n, uint8_t ret[32])
{
	uint8_t left[32], right[32];
	size_t k = split_of(n);

	if (n == 0) {
		merkle_empty(ret);
	} else if (n == 1) {
		memcpy(ret, t->leaf[from], 32);
	} else {
		range_root(t, from, k, left);
		range_root(t, from + k, n - k, right);
		merkle_node(left, right, ret);
	}
}

void tree_root(const struct tree *t, size_t size, uint8_t ret[32])
{
	range_root(t, 0, size, ret);
}

static void path(const struct tree *t, size_t index, size_t from, size_t n,
        struct merkle_proof *ret)
{
	size_t k = split_of(n);

	if (n == 1)
		return;
	if (index < k) {
		path(t, index, from, k, ret);
		range_root(t, from + k, n - k, ret->hash[ret->count++]);
	} else {
		path(t, index - k, from + k, n - k, ret);
		range_root(t, from, k, ret->hash[ret->count++]);
	}
}

void tree_include(const struct tree *t, size_t index, size_t size,
        struct merkle_proof *ret)
{
	ret->count = 0;
	path(t, index, 0, size, ret);
}

static void subproof(const struct tree *t, size_t m, size_t from, size_t n,
        bool whole, struct merkle_proof *ret)
{
	size_t k = split_of(n);

	if (m == n) {
		if (!whole)
			range_root(t, from, n, ret->hash[ret->count++]);
	} else if (m <= k) {
		subproof(t, m, from, k, whole, ret);
		range_root(t, from + k, n - k, ret->hash[ret->count++]);
	} else {
		subproof(t, m - k, from + k, n - k, false, ret);
		range_root(t, from, k, ret->hash[ret->count++]);
	}
}

void tree_extend(const struct tree *t, size_t old_size, size_t size,
        struct merkle_proof *ret)
{
	ret->count = 0;
	if (old_size > 0)
		subproof(t, old_size, 0, size, true, ret);
}

struct span tree_entry(const struct tree *t, size_t index)
{
	return span_of(t->entry[index], t->len[index]);
}
