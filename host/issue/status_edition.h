/*
 * One edition of the status list on its way out: rows → bytes to be signed
 * → log entry → checkpoint → signature → file.
 */
#ifndef HOST_STATUS_EDITION_H
#define HOST_STATUS_EDITION_H

#include "crypto/core/sha256.h"
#include "host/issue/status_publish.h"
#include "host/issue/status_row.h"

struct status_edition {
	const struct status_publish_options *options; /* must outlive it */
	uint32_t list;
	size_t map_len;
	struct status_head head; /* of the rows that it shows */
	int64_t now_s;
	uint8_t *map;
	uint8_t *tbs; /* NULL: nothing was published */
	size_t tbs_len;
	uint8_t hash[SHA256_LEN];
};

void status_edition_init(
        struct status_edition *e, const struct status_publish_options *options);
void status_edition_done(struct status_edition *e);

/* Reads the head alone: is there anything new? */
HUFU_MUST_USE int status_edition_look(struct status_edition *e);

/* Past the log entry every failure leaves the published file as it was. */
HUFU_MUST_USE int status_edition_publish(
        struct status_edition *e, struct problem *ret_problem);

#endif
