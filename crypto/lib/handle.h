/*
 * What stands behind the opaque handle of <hufu/hufu.h>.
 */
#ifndef LIB_HANDLE_H
#define LIB_HANDLE_H

#include <hufu/hufu.h>
#include <hufu/verify.h>

#include "crypto/core/sha256.h"
#include "crypto/core/sigs_core.h"
#include "crypto/core/status_list.h"
#include "crypto/core/trust_list.h"

enum {
	HANDLE_LISTS_MAX = 32,
	HANDLE_FLOORS_MAX = 64, /* lists ever seen */
};

/* Of a status list in hand: what the verifier's own struct points to. */
struct handle_list {
	uint8_t iss[TRUST_LIST_TEXT_MAX];
	uint8_t kid[COSE_KEY_ID_LEN]; /* whose signature it bears */
	struct cose_key key;
	uint8_t *map;
	bool behind; /* its floor: kept for deltas, but not believed */
};

/* Below this sequence a list is a rollback. */
struct handle_floor {
	uint8_t iss_hash[SHA256_LEN];
	uint32_t number;
	uint64_t sequence;
};

/* All that outlives a run. */
struct handle_state {
	int64_t time_s; /* newest signed time seen */
	bool has_trust;
	uint64_t trust_sequence;
	uint8_t trust_hash[SHA256_LEN];
	bool has_root;
	struct cose_key pinned; /* as given; its successors follow */
	struct cose_key root;
	bool has_next;
	struct cose_key next;
	size_t floor_count;
	struct handle_floor floors[HANDLE_FLOORS_MAX];
};

struct hufu {
	bool is_clone;
	bool one_key;
	bool prepared; /* keys have tables */
	uint8_t iss[TRUST_LIST_TEXT_MAX]; /* one_key: whom the text names */
	struct handle_state state;
	uint8_t *trust_file;
	struct trust_list trust;
	size_t list_count;
	struct status_list lists[HANDLE_LISTS_MAX];
	struct handle_list kept[HANDLE_LISTS_MAX];
	struct status_list used[HANDLE_LISTS_MAX]; /* those not behind */
	struct sigs_core sigs;
	struct sigs_core_key keys[TRUST_LIST_ISSUERS_MAX];
	uint8_t *generator_tables;
	uint8_t *key_tables;
	struct hufu_verifier face;
	struct hufu_verifier chip;
};

/* Points both verifiers to what is in hand and believed. */
void handle_refresh(struct hufu *h);

/* A signed time was seen: the floor never sinks. */
void handle_raise_time(struct hufu *h, int64_t signed_s);

/*
 * Builds the tables of the keys in hand, if the handle was prepared. Without
 * them all is slower and nothing is wrong, so a failure may be passed over.
 */
int handle_build_tables(struct hufu *h);

/* Drops lists whose key the trust list in hand does not believe. */
void handle_drop_lists(struct hufu *h);
void handle_free_list(struct hufu *h, size_t at);

#endif
