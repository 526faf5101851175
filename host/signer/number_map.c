#include "host/signer/number_map.h"

#include <stdlib.h>

struct number_slot {
	uint64_t key;
	uint64_t value;
	bool used;
};

enum { FIRST_CAP = 64 };

static size_t home_of(const struct number_map *m, uint64_t key)
{
	/* Fibonacci hashing: keys often differ in their low bits only */
	return (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (m->cap - 1);
}

static struct number_slot *slot_of(const struct number_map *m, uint64_t key)
{
	size_t at = home_of(m, key);

	while (m->slots[at].used && m->slots[at].key != key)
		at = (at + 1) & (m->cap - 1);
	return &m->slots[at];
}

static int grow(struct number_map *m)
{
	struct number_map wide = {.cap = m->cap ? m->cap * 2 : FIRST_CAP};

	wide.slots = calloc(wide.cap, sizeof(*wide.slots));
	if (!wide.slots)
		return HUFU_ERR_MEMORY;
	for (size_t i = 0; i < m->cap; i++) {
		if (m->slots[i].used)
			*slot_of(&wide, m->slots[i].key) = m->slots[i];
	}
	wide.count = m->count;
	free(m->slots);
	*m = wide;
	return 0;
}

void number_map_done(struct number_map *m)
{
	free(m->slots);
	*m = (struct number_map){0};
}

int number_map_put(struct number_map *m, uint64_t key, uint64_t value)
{
	struct number_slot *slot;
	int rc = m->count * 2 >= m->cap ? grow(m) : 0;

	if (rc)
		return rc;
	slot = slot_of(m, key);
	if (!slot->used)
		m->count++;
	*slot = (struct number_slot){key, value, true};
	return 0;
}

bool number_map_get(const struct number_map *m, uint64_t key, uint64_t *ret)
{
	const struct number_slot *slot;

	if (m->cap == 0)
		return false;
	slot = slot_of(m, key);
	if (!slot->used)
		return false;
	*ret = slot->value;
	return true;
}
