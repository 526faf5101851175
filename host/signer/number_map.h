/* Numbers found by number; only grows. */
#ifndef HOST_SIGNER_NUMBER_MAP_H
#define HOST_SIGNER_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hufu/error.h>

struct number_map {
	struct number_slot *slots;
	size_t cap; /* a power of two, or 0 */
	size_t count;
};

void number_map_done(struct number_map *m);
/* In place of what stood under `key`. HUFU_ERR_MEMORY: nothing changed. */
HUFU_MUST_USE int number_map_put(
        struct number_map *m, uint64_t key, uint64_t value);
bool number_map_get(const struct number_map *m, uint64_t key, uint64_t *ret);

#endif
