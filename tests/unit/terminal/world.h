/*
 * A terminal that was given root key, trust list and status lists of
 * tests/vectors/verdicts over its service line.
 */
#ifndef WORLD_H
#define WORLD_H

#include "drive.h"
#include "terminal_files.h"

/* Files of every kind, for updates. One at a time. */
struct span world_trust(
        uint64_t sequence, size_t issuers, const struct signing_key *root);
struct span world_snapshot(unsigned n, uint64_t sequence);
struct span world_delta(
        unsigned n, uint64_t base, uint32_t index, enum status_value value);
/* The first good card of this case id. */
struct span world_card(const char *id);

extern struct files world_files;

/* Setup and teardown of a group of tests: world_files and a region. */
int world_open(void **state);
int world_close(void **state);

/* Fresh from the factory, then all of it; the clock is at WORLD_NOW_S. */
struct terminal *world_install(void);
/* Until some part; 0 root key, 1 trust list, 2 to 4 lists. */
struct terminal *world_install_to(unsigned part);

#endif
