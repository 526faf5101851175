/*
 * The entries in memory, so that an edition a second reads what changed and
 * not every row.
 */
#ifndef HOST_STATUS_MAP_H
#define HOST_STATUS_MAP_H

#include "host/issue/status_row.h"

struct status_map {
	uint32_t list;
	uint8_t *bits; /* as in the Token Status List */
	size_t len;
	bool loaded;
	int64_t version; /* of the list that it shows */
};

HUFU_MUST_USE int status_map_init(
        struct status_map *m, uint32_t list, unsigned entry_bits);
void status_map_done(struct status_map *m);

/* Entries that changed since the snapshot of `head`; free() them. */
struct status_changes {
	struct compact_change *at;
	size_t count;
};

/* Brings the map and *ret to the state of *ret_head, all of one moment. */
HUFU_MUST_USE int status_map_follow(struct status_map *m, struct store *store,
        struct status_head *ret_head, struct status_changes *ret);

#endif
