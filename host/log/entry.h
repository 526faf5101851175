/*
 * Entries of the log as the office writes them: who, what and where only as
 * commitments, each with a salt of its own kept sealed beside the log. What
 * is committed to: person, actor and station by row number in decimal, card
 * by its number.
 */
#ifndef HOST_LOG_ENTRY_H
#define HOST_LOG_ENTRY_H

#include "host/log/log.h"

struct entry {
	enum log_type type;
	int64_t at_s;
	const char *area; /* NULL or "": none */
	const char *ground; /* slug; NULL or "": none */
	unsigned kind; /* 0: none */
	uint64_t count;
	bool counted; /* `count` stands in the entry */
	uint64_t number; /* 0: none */
	int64_t person; /* rows; 0: none */
	int64_t actor;
	int64_t station;
	const char *card; /* its number; NULL: none */
	const uint8_t *binding; /* LOG_HASH_LEN; NULL: none */
	const uint8_t *salt; /* of the binding, kept as well; NULL */
};

/* Inside the change's own transaction. HUFU_ERR_ARGUMENT: bad ground. */
HUFU_MUST_USE int entry_append(
        struct store_tx *tx, const struct entry *entry, uint64_t *ret_index);

/* 1 to LOG_GROUND_MAX of [a-z0-9-], beginning with a letter. */
bool entry_ground_is_valid(const char *ground);

#endif
