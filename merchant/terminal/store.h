/*
 * What the terminal believes, as it stands in flash: the root key, the trust
 * list with a table for each card key, compact status lists, the clock floor.
 * docs/terminal.md has the map of the region.
 */
#ifndef TERMINAL_STORE_H
#define TERMINAL_STORE_H

#include "crypto/core/compact_list.h"
#include "crypto/core/sigs_core.h"
#include "crypto/core/trust_list.h"
#include "merchant/terminal/floor.h"
#include "merchant/terminal/slot.h"

enum {
	STORE_KEYS_MAX = 12, /* with a table; others are only slower */
	STORE_SKIPS_MAX = 1536,
	STORE_WORK_LEN = 3 * FLASH_SECTOR,

	/* parts of a trust slot */
	STORE_TRUST_FILE = 0,
	STORE_TRUST_TABLES = 1,
	STORE_TRUST_FILE_AT = FLASH_SECTOR,
	STORE_TRUST_FILE_MAX = STORE_WORK_LEN, /* less what COSE adds */
	STORE_TRUST_TABLES_AT = STORE_TRUST_FILE_AT + STORE_TRUST_FILE_MAX,
	STORE_TRUST_LEN =
	        STORE_TRUST_TABLES_AT + STORE_KEYS_MAX * EC_TABLE_SMALL_LEN,

	/* parts of a status slot */
	STORE_STATUS_CLAIMS = 0,
	STORE_STATUS_SKIPS = 1,
	STORE_STATUS_BODY = 2,
	STORE_STATUS_SKIPS_AT = FLASH_SECTOR,
	STORE_STATUS_FILE_AT =
	        STORE_STATUS_SKIPS_AT +
	        STORE_SKIPS_MAX * (int)sizeof(struct compact_skip),

	STORE_FLOOR_AT = 0,
	STORE_TRUST_AT = STORE_FLOOR_AT + FLOOR_SECTORS * FLASH_SECTOR,
	/* the first list is the home issuer's, the others are small */
	STORE_LISTS = 4,
	STORE_LIST_LEN = 255 * FLASH_SECTOR,
	STORE_SMALL_LIST_LEN = 24 * FLASH_SECTOR,
	STORE_LISTS_AT = STORE_TRUST_AT + 2 * STORE_TRUST_LEN,
};

/* A list in its slots. */
struct store_list {
	struct slot_pair slots;
	bool whole; /* `compact` is one, though its key may be gone */
	bool believed;
	struct compact_list compact;
};

struct store {
	struct sigs_core sigs;
	struct sigs_core_key keys[STORE_KEYS_MAX];
	struct floor floor;
	struct slot_pair trust_slots;
	bool has_root, has_trust;
	struct cose_key root;
	uint8_t trust_hash[SHA256_LEN]; /* of the file in hand */
	struct trust_list trust; /* nobody in it without has_trust */
	struct store_list lists[STORE_LISTS];
	struct status_list status[STORE_LISTS]; /* the believed ones */
	size_t status_count;
	/* for signatures over lists and skips; within one call */
	_Alignas(8) uint8_t work[STORE_WORK_LEN];
};

/*
 * Reads all that is whole; what is not is not there. HUFU_ERR_CORRUPT: the
 * image's own tables are broken.
 */
HUFU_MUST_USE int store_open(struct store *s);

/* Again from flash, after an update of the one or the other. */
void store_load_trust(struct store *s);
void store_load_list(struct store *s, unsigned list);
/* After both: which lists are believed under the trust list in hand. */
void store_believe_lists(struct store *s);

/* Checks a file against the root; s->trust is then that list, believed. */
HUFU_MUST_USE int store_open_trust(struct store *s, struct span file);

/* The key of the nth table, or NULL: P-256 and SM2 keys of cards in order. */
const struct trust_issuer *store_table_key(const struct store *s, size_t n);

/* extra of a trust slot's head: the root that signs the next list. */
void store_put_root(const struct cose_key *root, struct slot_head *head);
/* extra of a status slot's head: whose key signed. */
void store_put_signer(struct span kid, struct slot_head *head);

/* The newest signed time in hand. */
int64_t store_newest_s(const struct store *s);

#endif
