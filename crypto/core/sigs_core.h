/*
 * Signature checks without any library, behind crypto/core/sigcheck.h: ES256,
 * SM2 with SM3, Ed25519. It verifies only, in variable time: it must never
 * see a secret.
 *
 * A key with a table (ec_table.h) is fast; another one, such as a chip's own,
 * is checked as well, and so is everything before a generator's table is
 * there. Set up first; afterwards nothing is written, so any number of threads
 * may verify at once.
 */
#ifndef CORE_SIGS_CORE_H
#define CORE_SIGS_CORE_H

#include "crypto/core/ec_table.h"
#include "crypto/core/sigcheck.h"
#include "crypto/core/trust_list.h"

/* Room for one key with a table. */
struct sigs_core_key {
	uint8_t point[SIGCHECK_POINT_LEN];
	uint8_t identity[32]; /* Z_A of an SM2 key */
	struct ec_table table;
};

struct sigs_core {
	struct sigcheck sigs;
	struct ec_table p256; /* the generators' */
	struct ec_table sm2;
	struct sigs_core_key *keys;
	size_t key_cap;
	size_t key_count;
};

/* Without tables; `keys` (may be NULL with cap 0) must outlive *s. */
void sigs_core_init(
        struct sigs_core *s, struct sigs_core_key *keys, size_t cap);

/* The back end; it stands in *s, which therefore must not move. */
const struct sigcheck *sigs_core_check(struct sigs_core *s);

/* Builds both generators' tables into 2 · ec_table_len(window) bytes. */
HUFU_MUST_USE int sigs_core_build_generators(
        struct sigs_core *s, unsigned window, void *space, size_t cap);
/* Takes one ready table; HUFU_ERR_CORRUPT if not of that generator. */
HUFU_MUST_USE int sigs_core_use_generator(
        struct sigs_core *s, const struct ec_table *table);

/*
 * Adds a key and its table; a key that is there gets this table instead.
 * HUFU_ERR_CORRUPT: the table is another point's; HUFU_ERR_FULL: no room in
 * `keys`; HUFU_ERR_MALFORMED: not on the curve.
 */
HUFU_MUST_USE int sigs_core_add_key(
        struct sigs_core *s, struct span point, const struct ec_table *table);

/*
 * Replaces all keys by those of a trust list, cards' and status lists', with
 * tables built into `space`, sigs_core_trust_len() bytes of it. On failure no
 * key has a table. HUFU_ERR_MALFORMED: a key in the list is no point.
 */
HUFU_MUST_USE int sigs_core_use_trust(struct sigs_core *s,
        const struct trust_list *trust, unsigned window, void *space,
        size_t cap);
size_t sigs_core_trust_len(const struct trust_list *trust, unsigned window);

#endif
