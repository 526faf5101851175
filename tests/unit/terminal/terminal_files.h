/*
 * Signed files for a terminal, made from tests/vectors/verdicts: the trust
 * list with another sequence, the status lists in their compact form.
 */
#ifndef TERMINAL_FILES_H
#define TERMINAL_FILES_H

#include "crypto/core/compact_list.h"
#include "tests/unit/verdicts/make_world.h"

enum {
	FILES_MAX = 1 << 16,
	FILES_LISTS = 3,
	FILES_FULL_ENTRIES = 60000000,
	FILES_SEQUENCE = 5, /* of the status lists in the vectors */
};

struct files {
	struct world world;
	struct cose_key root; /* of the vectors' trust list */
	struct trust_list trust; /* as in the vectors */
	uint32_t entries; /* of lists that deltas are for */
	struct status_list status[FILES_LISTS];
	uint8_t maps[FILES_LISTS][WORLD_LIST_ENTRIES / 4];
	uint8_t read[1 + FILES_LISTS][FILES_MAX];
};

/* All of it fails by ending the program. `folder` is the vectors'. */
void files_init(struct files *f, const char *folder);
void files_done(struct files *f);

/* f->trust as it is then, signed by `root`. */
void files_put_trust(const struct files *f, const struct signing_key *root,
        struct writer *out);
/* List n, 0 to 2, whole, with the entries of f->maps. */
void files_put_snapshot(
        const struct files *f, unsigned n, uint64_t sequence, struct writer *w);
/* List 0 of a province: FILES_FULL_ENTRIES cards, one in 100 invalid; what
 * f->maps says of the first few stays. free() *ret_file. */
void files_make_full(const struct files *f, uint64_t sequence,
        uint8_t **ret_file, size_t *ret_len);
/* What that list says of an index past those. */
enum status_value files_full_value(uint32_t index);
/* A delta that gives one entry a value. */
void files_put_delta(const struct files *f, unsigned n, uint64_t base,
        uint32_t index, enum status_value value, struct writer *out);

#endif
