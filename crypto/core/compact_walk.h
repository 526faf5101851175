/*
 * All parts of a compact list as one ascending row of entries: what
 * compact_list.c and compact_merge.c read their codes by.
 */
#ifndef CORE_COMPACT_WALK_H
#define CORE_COMPACT_WALK_H

#include "crypto/core/compact_list.h"

struct compact_walk {
	struct rice_reader part[COMPACT_PARTS];
	uint32_t head[COMPACT_PARTS]; /* its next index, or UINT32_MAX */
	uint32_t index; /* where the walk stands */
	enum compact_part at;
	bool started;
	int error;
};

void compact_walk_init(struct compact_walk *w, const struct compact_list *t);
/* To the next entry; false at the end, and when the codes are broken. */
bool compact_walk_next(struct compact_walk *w);
/* HUFU_OK if the walk came to the end of whole and disjoint parts. */
HUFU_MUST_USE int compact_walk_done(const struct compact_walk *w);
/* All of it. */
HUFU_MUST_USE int compact_walk_check(const struct compact_list *t);

#endif
