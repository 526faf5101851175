#include "host/issue/status_map.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/core/status_list.h"

int status_map_init(struct status_map *m, uint32_t list, unsigned entry_bits)
{
	*m = (struct status_map){
	        .list = list, .len = (size_t)1 << (entry_bits - 2)};
	m->bits = calloc(1, m->len);
	return m->bits ? 0 : HUFU_ERR_MEMORY;
}

void status_map_done(struct status_map *m)
{
	free(m->bits);
}

struct following {
	struct status_map *map;
	struct status_head head;
	struct status_changes changes;
};

/* No snapshot is newer than the map, so what follows it is the map's, too. */
static int64_t changes_after(
        const struct status_map *m, const struct status_head *head)
{
	if (head->snapshot.sequence)
		return head->snapshot.version;
	return m->loaded ? m->version : head->version;
}

static int read_all(struct store_tx *tx, void *arg)
{
	struct following *f = arg;
	struct status_map *m = f->map;

	int rc = status_row_read_head(tx, m->list, &f->head);
	if (rc == 0 && !m->loaded) {
		memset(m->bits, 0, m->len);
		rc = status_row_read_map(tx, m->list, m->bits, m->len);
	}
	if (rc == 0)
		rc = status_row_read_changes(tx, m->list,
		        changes_after(m, &f->head), &f->changes.at,
		        &f->changes.count);
	return rc;
}

int status_map_follow(struct status_map *m, struct store *store,
        struct status_head *ret_head, struct status_changes *ret)
{
	struct following f = {.map = m};

	int rc = store_read(store, read_all, &f);
	for (size_t i = 0; rc == 0 && i < f.changes.count; i++)
		if (f.changes.at[i].index / 4 >= m->len)
			rc = HUFU_ERR_CORRUPT;
	if (rc < 0) {
		free(f.changes.at);
		return rc;
	}
	for (size_t i = 0; i < f.changes.count; i++)
		status_list_put(
		        m->bits, f.changes.at[i].index, f.changes.at[i].value);
	m->loaded = true;
	m->version = f.head.version;
	*ret_head = f.head;
	*ret = f.changes;
	return 0;
}
