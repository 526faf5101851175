/*
 * What the signer wants to see: that an entry stands in the log under a
 * checkpoint that it signed itself.
 */
#ifndef STATION_EVIDENCE_H
#define STATION_EVIDENCE_H

#include "host/log/log.h"
#include "host/signer/client.h"
#include "host/station/saga.h"

struct evidence {
	struct log_checkpoint checkpoint;
	struct merkle_proof path;
	uint8_t entry[LOG_ENTRY_MAX];
	struct signer_proof proof; /* points into the members above */
};

/* Waits for a checkpoint that covers `index`. 0 or a saga_end. */
HUFU_MUST_USE int evidence_get(
        struct saga *s, uint64_t index, struct evidence *ret);

/* Why no checkpoint or list came: the signer, or else `other`. */
enum ground evidence_waiting_ground(int rc, enum ground other);

/* What an answer of the signer means for the job: a ground. */
enum ground evidence_ground(int rc);

#endif
