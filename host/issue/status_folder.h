/*
 * The folder of one list that is published, docs/published-files.md:
 * list.cwt, snapshot.cbor, today.cbor, delta/<sequence it starts from>.cbor.
 */
#ifndef HOST_STATUS_FOLDER_H
#define HOST_STATUS_FOLDER_H

#include <limits.h>

#include "crypto/core/cose_key.h"
#include "host/issue/status_row.h"
#include "host/signer/client.h"

struct status_folder {
	char path[PATH_MAX - 64];
};

/* lists/<list> and its delta folder; HUFU_ERR_SPACE, HUFU_ERR_IO ... */
HUFU_MUST_USE int status_folder_open(
        struct status_folder *f, const char *lists, uint32_t list);

/*
 * Whether what lies there is the database's: its very snapshot, under the
 * key that signs now, and no later edition. False: restored from an older
 * backup, cut short by a crash, or another key: a new snapshot is due.
 */
bool status_folder_fits(const struct status_folder *f,
        const struct status_head *head, const struct cose_key *key);

/* Whole or not at all; `base` names a closed delta. */
HUFU_MUST_USE int status_folder_write(const struct status_folder *f,
        enum signer_file file, uint64_t base, struct span content);

#endif
