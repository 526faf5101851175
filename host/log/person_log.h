/*
 * The entries of the log that are about one person, with what their
 * commitments stand for. Kept beside the log, never in it.
 */
#ifndef HOST_PERSON_LOG_H
#define HOST_PERSON_LOG_H

#include "host/log/entry.h"

enum { PERSON_LOG_MAX = 100, PERSON_LOG_CARD_MAX = 20 };

struct person_log {
	uint64_t index;
	struct log_entry entry;
	int64_t actor; /* 0: none */
	int64_t station;
	char card[PERSON_LOG_CARD_MAX + 1]; /* number; "": none */
};

/* In the entry's own transaction, once it has its index. */
HUFU_MUST_USE int person_log_add(
        struct store_tx *tx, const struct entry *entry, uint64_t index);

/* Latest first, those before entry `before` (0: from the latest). */
HUFU_MUST_USE int person_log_list(struct store_tx *tx, int64_t person,
        uint64_t before, struct person_log ret[PERSON_LOG_MAX],
        size_t *ret_count);

#endif
