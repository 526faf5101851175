/*
 * One update at a time: bytes of a signed file go to the spare slot; when all
 * are there the file is checked and made ready in small steps between scans;
 * then the slot is switched. Anything refused leaves what was there.
 */
#ifndef TERMINAL_UPDATE_H
#define TERMINAL_UPDATE_H

#include "merchant/terminal/store.h"

enum update_kind {
	UPDATE_TRUST = 1,
	UPDATE_SNAPSHOT = 2, /* compact list, whole */
	UPDATE_DELTA = 3, /* onto the list in hand */
};

enum update_phase {
	UPDATE_IDLE = 0,
	UPDATE_RECEIVING,
	UPDATE_CHECKING,
	UPDATE_TABLES,
	UPDATE_MERGING,
	UPDATE_CLAIMS,
	UPDATE_SKIPS,
	UPDATE_SWITCHING,
};

enum { UPDATE_MORE = 1 }; /* of update_step() */

struct update {
	struct store *store;
	enum update_kind kind;
	unsigned list; /* 0 to STORE_LISTS - 1, of a status list */
	enum update_phase phase;
	uint32_t len; /* of the file */
	uint32_t got;
	uint32_t file_at; /* in flash */
	struct area area; /* where the next byte goes */
	struct slot_head head;
	/* of tables */
	uint32_t key;
	uint32_t step;
	const uint8_t *same; /* a table in hand for the same key */
	uint8_t space[EC_TABLE_SMALL_SPACE_LEN];
	/* of a status list */
	struct compact_list next;
};

void update_init(struct update *u, struct store *store);

/*
 * `list` is a place for a status list, else 0. Any older update is dropped.
 * HUFU_ERR_STATE: no root key yet, or no list
 * for a delta; HUFU_ERR_LIMIT: too long; HUFU_ERR_BUSY: one is being checked.
 */
HUFU_MUST_USE int update_begin(
        struct update *u, enum update_kind kind, unsigned list, uint32_t len);
/*
 * Bytes for `offset`; those that are there already are passed over.
 * HUFU_ERR_ARGUMENT: a gap, or past the end. A flash error drops all.
 */
HUFU_MUST_USE int update_put(
        struct update *u, uint32_t offset, struct span bytes);
/* All bytes are there: check them. HUFU_ERR_TRUNCATED, HUFU_ERR_STATE. */
HUFU_MUST_USE int update_commit(struct update *u);
/*
 * Does a piece of the work: UPDATE_MORE, or how it ended. HUFU_OK also
 * for the very list that is in hand. HUFU_ERR_SIGNATURE, HUFU_ERR_STALE,
 * HUFU_ERR_CONFLICT and what the list's own module refuses.
 */
HUFU_MUST_USE int update_step(struct update *u);

/* The first root key, into an empty terminal only: HUFU_ERR_STATE. */
HUFU_MUST_USE int update_root(struct update *u, const struct cose_key *root);

/* For update.c: the two kinds of update. Each does one step of its own. */
HUFU_MUST_USE int update_trust_step(struct update *u);
HUFU_MUST_USE int update_status_step(struct update *u);

#endif
