#include "host/person/id_set.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

struct slot {
	char id_number[PERSON_ID_NUMBER_LEN];
	uint32_t line; /* 0: free */
};

struct id_set {
	struct slot *slots;
	size_t size; /* a power of two */
	size_t used;
};

int id_set_new(struct id_set **ret)
{
	struct id_set *set = calloc(1, sizeof *set);

	if (!set)
		return HUFU_ERR_MEMORY;
	set->size = FIRST_SLOTS;
	set->slots = calloc(set->size, sizeof *set->slots);
	if (!set->slots) {
		free(set);
		return HUFU_ERR_MEMORY;
	}
	*ret = set;
	return 0;
}

void id_set_free(struct id_set *set)
{
	if (!set)
		return;
	bytes_wipe(set->slots, set->size * sizeof *set->slots);
	free(set->slots);
	free(set);
}

/* FNV-1a with a mixing end; whoever floods it slows only his own import. */
static size_t hash(const char *id_number)
{
	uint64_t h = 0xCBF29CE484222325U;

	for (int i = 0; i < PERSON_ID_NUMBER_LEN; i++)
		h = (h ^ (uint8_t)id_number[i]) * 0x100000001B3U;
	return (size_t)(h ^ h >> 29);
}

static struct slot *find(struct slot *slots, size_t size, const char *id_number)
{
	size_t at = hash(id_number) & (size - 1);

	while (slots[at].line && memcmp(slots[at].id_number, id_number,
	                                 PERSON_ID_NUMBER_LEN) != 0)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static int grow(struct id_set *set)
{
	size_t size = set->size * 2;
	struct slot *slots = calloc(size, sizeof *slots);

	if (!slots)
		return HUFU_ERR_MEMORY;
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i].line)
			*find(slots, size, set->slots[i].id_number) =
			        set->slots[i];
	bytes_wipe(set->slots, set->size * sizeof *set->slots);
	free(set->slots);
	set->slots = slots;
	set->size = size;
	return 0;
}

int id_set_add(struct id_set *set, const char *id_number, size_t line,
        size_t *ret_line)
{
	struct slot *slot;

	if (set->used * 4 >= set->size * 3) {
		int r = grow(set);
		if (r < 0)
			return r;
	}
	slot = find(set->slots, set->size, id_number);
	*ret_line = slot->line;
	if (slot->line)
		return 0;
	memcpy(slot->id_number, id_number, PERSON_ID_NUMBER_LEN);
	slot->line = (uint32_t)line;
	set->used++;
	return 0;
}
