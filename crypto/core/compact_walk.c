#include "crypto/core/compact_walk.h"

static void pull(struct compact_walk *w, unsigned part)
{
	uint32_t index;
	if (rice_get(&w->part[part], &index)) {
		w->head[part] = index;
		return;
	}
	w->head[part] = UINT32_MAX; /* no list is so long */
	int rc = rice_done(&w->part[part]);
	if (rc && !w->error)
		w->error = rc;
}

void compact_walk_init(struct compact_walk *w, const struct compact_list *t)
{
	*w = (struct compact_walk){0};
	for (unsigned i = 0; i < COMPACT_PARTS; i++) {
		rice_reader_init(&w->part[i], &t->parts[i], t->entries);
		pull(w, i);
	}
}

bool compact_walk_next(struct compact_walk *w)
{
	unsigned at = 0;
	for (unsigned i = 1; i < COMPACT_PARTS; i++)
		if (w->head[i] < w->head[at])
			at = i;
	uint32_t index = w->head[at];
	if (w->error || index == UINT32_MAX)
		return false;
	if (w->started && index == w->index) {
		w->error = HUFU_ERR_DUPLICATE;
		return false;
	}
	w->started = true;
	w->index = index;
	w->at = (enum compact_part)at;
	pull(w, at);
	return true;
}

int compact_walk_done(const struct compact_walk *w)
{
	return w->error;
}

int compact_walk_check(const struct compact_list *t)
{
	struct compact_walk w;
	compact_walk_init(&w, t);
	while (compact_walk_next(&w))
		continue;
	return compact_walk_done(&w);
}
