/*
 * One edition of the status list on its way out, in all its files: rows →
 * bytes to be signed → log entry → checkpoint → signatures → files.
 */
#ifndef HOST_STATUS_EDITION_H
#define HOST_STATUS_EDITION_H

#include "host/issue/status_folder.h"
#include "host/issue/status_map.h"
#include "host/issue/status_publish.h"

struct status_edition {
	const struct status_publish_options *options; /* must outlive it */
	const struct status_folder *folder;
	struct status_map *map;
	bool fresh; /* a snapshot that continues none; set by the caller */
	struct status_head head; /* of the rows that it shows */
	struct status_snapshot before; /* what the closed delta starts from */
	struct status_changes changes; /* since that */
	int64_t now_s;
	bool logged; /* each try past this leaves an entry in the log */
	bool published;
	struct cose_key key;
	uint8_t *token_tbs;
	uint8_t space[SIGNER_FILES][COMPACT_LIST_SPACE];
	struct span tbs[SIGNER_FILES]; /* empty: not of this edition */
	uint8_t *body[SIGNER_FILES]; /* of the compact ones */
	size_t body_len[SIGNER_FILES];
	uint8_t binding[LOG_HASH_LEN];
};

/* The caller sets options, folder, map and fresh; all else is zero. */
void status_edition_done(struct status_edition *e);

/* The key that signs the lists now. */
HUFU_MUST_USE int status_edition_key(
        const struct status_publish_options *options, struct cose_key *ret);

/* Whether one is due even if no row has changed: a new day in China. */
bool status_edition_day_is_over(const struct status_head *head, int64_t now_s);

/*
 * Past the log entry every failure leaves each published file whole.
 * HUFU_ERR_CONFLICT: only a fresh snapshot helps (signer.h).
 */
HUFU_MUST_USE int status_edition_publish(
        struct status_edition *e, struct problem *ret_problem);

#endif
