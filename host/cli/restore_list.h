/* The status list published last, which a restore holds the backup against. */
#ifndef CLI_RESTORE_LIST_H
#define CLI_RESTORE_LIST_H

#include "host/daemon/settings.h"
#include "host/store/store.h"

struct restore_list {
	uint32_t number;
	uint64_t sequence;
	int64_t issued_s; /* 0: none was read */
	uint8_t *map;
	size_t map_len;
};

/*
 * Reads the file that the settings name as published and checks its
 * signature. Done with restore_list_done(), after a failure too.
 */
HUFU_MUST_USE int restore_list_read(struct restore_list *ret,
        const struct settings *settings, struct problem *ret_problem);
void restore_list_done(struct restore_list *list);

/* Takes it over into the restored store; an older one is refused. */
HUFU_MUST_USE int restore_list_apply(const struct restore_list *list,
        struct store *store, struct problem *ret_problem);

#endif
