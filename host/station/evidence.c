#include "host/station/evidence.h"

int evidence_get(struct saga *s, uint64_t index, struct evidence *ret)
{
	struct log *log = s->services->log;
	struct writer entry;
	writer_init(&entry, ret->entry, sizeof ret->entry);
	int rc = log_wait(log, index, &ret->checkpoint, &s->problem);
	if (rc == 0)
		rc = log_prove(
		        log, index, ret->checkpoint.size, &ret->path, &entry);
	if (rc == 0)
		rc = entry.error;
	if (rc != 0)
		return saga_end(
		        s, evidence_waiting_ground(rc, GROUND_LOG_AWAY));
	ret->proof = (struct signer_proof){
	        .index = index,
	        .entry = writer_span(&entry),
	        .path = &ret->path,
	        .note = ret->checkpoint.note,
	};
	return 0;
}

enum ground evidence_waiting_ground(int rc, enum ground other)
{
	switch (rc) {
	case HUFU_ERR_LINK:
	case HUFU_ERR_TIMEOUT:
	case HUFU_ERR_BUSY:
		return GROUND_SIGNER_AWAY;
	default:
		return other;
	}
}

enum ground evidence_ground(int rc)
{
	switch (rc) {
	case HUFU_ERR_CONFLICT:
		return GROUND_SIGNED_OTHERWISE;
	default:
		return evidence_waiting_ground(rc, GROUND_SIGNER_REFUSES);
	}
}
