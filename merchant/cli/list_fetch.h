/*
 * One update: lists from a source into the fresh generation of a store. Each
 * is tried on a handle of its own, by the very reading that verification
 * does, with all that earlier runs have seen; what fails is taken out again.
 */
#ifndef CLI_LIST_FETCH_H
#define CLI_LIST_FETCH_H

#include <hufu/hufu.h>

#include "crypto/core/trust_list.h"
#include "merchant/cli/source.h"
#include "merchant/cli/store.h"

enum list_fetch_outcome {
	/* HUFU_LOAD_BEHIND is 1: a rollback */
	LIST_FETCH_NO_FILE = 2, /* the source has it not */
	LIST_FETCH_OTHER_ROOT,
	LIST_FETCH_NO_ROOT,
};

enum {
	LIST_FETCH_ADDRESSES_MAX =
	        TRUST_LIST_ISSUERS_MAX * TRUST_LIST_ADDRESSES_MAX,
};

struct list_fetch {
	struct store *store;
	struct source *source;
	struct span given_root; /* --root, or empty */
	/* of the new trust list, from list_fetch_trust() */
	size_t address_count;
	struct span addresses[LIST_FETCH_ADDRESSES_MAX];
	struct input root;
	struct input state; /* of the generation in force; empty at first */
	struct input trust;
	struct input introduction; /* of another root than pinned, or empty */
};

/* Root, state and trust list. LIST_FETCH_*, errors of hufu_load_trust(). */
HUFU_MUST_USE int list_fetch_trust(struct list_fetch *f);
/* HUFU_LOAD_BEHIND, LIST_FETCH_*, errors: nothing of it is left. */
HUFU_MUST_USE int list_fetch_status(struct list_fetch *f, uint32_t number);
/* The generation in force goes on for this list, if its key is believed. */
HUFU_MUST_USE int list_fetch_keep(struct list_fetch *f, uint32_t number);
/* Writes what was seen, of all lists of the fresh generation. */
HUFU_MUST_USE int list_fetch_finish(
        struct list_fetch *f, const uint32_t *numbers, size_t count);
void list_fetch_done(struct list_fetch *f); /* legal on a zeroed one */

#endif
