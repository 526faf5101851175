/*
 * A folder laid out as docs/published-files.md says, read into a handle:
 * trust-list.cbor, and status/N/ with snapshot.cbor, closed deltas and
 * today.cbor, or list.cwt alone.
 */
#ifndef CLI_LIST_FOLDER_H
#define CLI_LIST_FOLDER_H

#include <hufu/hufu.h>

#include "crypto/core/bytes.h"

enum {
	LIST_FOLDER_MAX = 32, /* lists of one folder */
	LIST_FOLDER_DELTAS_MAX = 400, /* a year of closed ones */
	LIST_FOLDER_NAME_MAX = 64,
};

#define LIST_FOLDER_ROOT         "root.pem"
#define LIST_FOLDER_TRUST        "trust-list.cbor"
#define LIST_FOLDER_INTRODUCTION "introduction.cbor"
#define LIST_FOLDER_STATE        "state"

/* root.pem and trust-list.cbor, and before them the state, if wanted. */
HUFU_MUST_USE int list_folder_load_trust(
        const char *folder, bool with_state, struct hufu *h);

/* Which N there are, ascending, at most LIST_FOLDER_MAX. HUFU_ERR_LIMIT. */
HUFU_MUST_USE int list_folder_numbers(
        const char *folder, uint32_t *ret, size_t *ret_count);

/*
 * Of one N all that stands there, in order. As hufu_load_status();
 * HUFU_ERR_NOT_FOUND: no file.
 */
HUFU_MUST_USE int list_folder_load(
        const char *folder, uint32_t number, struct hufu *h);

/* Sequence, and of a delta its base, as a compact file says, unproven. */
HUFU_MUST_USE int list_folder_sequence(
        struct span file, uint64_t *ret_sequence, uint64_t *ret_base);

/* "status/N/FILE", "status/N/delta/BASE.cbor". */
void list_folder_name(
        uint32_t number, const char *file, char ret[LIST_FOLDER_NAME_MAX]);
void list_folder_delta_name(
        uint32_t number, uint64_t base, char ret[LIST_FOLDER_NAME_MAX]);

#endif
