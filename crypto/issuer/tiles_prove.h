/*
 * Inclusion and consistency proofs (RFC 6962 section 2.1) from stored tiles.
 */
#ifndef ISSUER_TILES_PROVE_H
#define ISSUER_TILES_PROVE_H

#include "crypto/issuer/tiles.h"

/* All: errors of io->get, HUFU_ERR_CORRUPT: a tile lacks its hashes. */

/* Leaf `index` in the tree of `size`. HUFU_ERR_ARGUMENT: index >= size. */
HUFU_MUST_USE int tiles_prove_inclusion(const struct tiles_io *io,
        uint64_t index, uint64_t size, struct merkle_proof *ret);

/* HUFU_ERR_ARGUMENT: old_size > new_size. Empty from 0 and to the same. */
HUFU_MUST_USE int tiles_prove_consistency(const struct tiles_io *io,
        uint64_t old_size, uint64_t new_size, struct merkle_proof *ret);

/* Root of the first `size` leaves. */
HUFU_MUST_USE int tiles_prove_root(
        const struct tiles_io *io, uint64_t size, uint8_t ret[MERKLE_HASH_LEN]);

/* Entry `index` as it stands in its bundle in the tree of `size`. */
HUFU_MUST_USE int tiles_prove_entry(const struct tiles_io *io, uint64_t index,
        uint64_t size, struct writer *ret);

#endif
