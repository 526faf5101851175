#include "host/log/proof.h"

#include <string.h>

#include "crypto/core/tlog_proof.h"
#include "crypto/openssl/sigs.h"
#include "host/log/sequence.h"

static void to_core(const struct log_proof *proof, struct tlog_proof *ret)
{
	*ret = (struct tlog_proof){.has_extra = proof->extra_len > 0,
	        .extra_len = proof->extra_len,
	        .index = proof->index,
	        .proof = proof->path,
	        .checkpoint = span_of_text(proof->checkpoint.note)};
	memcpy(ret->extra, proof->extra, proof->extra_len);
}

void log_proof_encode(struct writer *w, const struct log_proof *proof)
{
	struct tlog_proof core;

	if (proof->extra_len > LOG_PROOF_EXTRA_MAX) {
		writer_fail(w, HUFU_ERR_ARGUMENT);
		return;
	}
	to_core(proof, &core);
	tlog_proof_encode(w, &core);
}

int log_proof_decode(struct span text, struct log_proof *ret)
{
	struct log_proof proof = {0};
	struct tlog_proof core;
	struct checkpoint c;
	struct note note;
	int rc = tlog_proof_decode(text, &core);

	if (!rc &&
	        (core.extra_len > LOG_PROOF_EXTRA_MAX ||
	                core.checkpoint.len >= sizeof(proof.checkpoint.note)))
		rc = HUFU_ERR_LIMIT;
	if (!rc)
		rc = note_decode(core.checkpoint, &note);
	if (!rc)
		rc = checkpoint_decode(note.text, &c);
	if (rc)
		return rc;
	proof.index = core.index;
	proof.path = core.proof;
	proof.extra_len = core.extra_len;
	memcpy(proof.extra, core.extra, core.extra_len);
	proof.checkpoint.size = c.size;
	memcpy(proof.checkpoint.root, c.root, sizeof(c.root));
	memcpy(proof.checkpoint.note, core.checkpoint.data,
	        core.checkpoint.len);
	*ret = proof;
	return 0;
}

int log_proof_check(const struct log_proof *proof, struct span entry,
        const char *origin, const char *vkey)
{
	struct tlog_proof core;
	struct note_key key;
	int rc = note_decode_vkey(span_of_text(vkey), &key);

	if (!rc && !span_equal(key.name, span_of_text(origin)))
		rc = HUFU_ERR_SIGNATURE;
	if (rc)
		return rc;
	to_core(proof, &core);
	rc = tlog_proof_check(&core, entry, &key, sigs_openssl());
	return rc == HUFU_ERR_NOT_FOUND ? HUFU_ERR_SIGNATURE : rc;
}

struct salt_reading {
	uint64_t index;
	struct log_proof *proof;
};

/* A salt that was erased leaves the proof without extra. */
static int read_salt(struct store_tx *tx, void *arg)
{
	const struct salt_reading *r = arg;
	int rc = log_find_salt(tx, r->index, LOG_BINDING, r->proof->extra);

	if (!rc)
		r->proof->extra_len = LOG_SALT_LEN;
	return rc == HUFU_ERR_NOT_FOUND ? 0 : rc;
}

int log_proof_make(struct log *log, uint64_t index, struct log_proof *ret,
        struct writer *ret_entry)
{
	struct log_proof proof = {.index = index};
	struct salt_reading reading = {index, &proof};
	int rc = log_last(log, &proof.checkpoint);

	if (!rc && index >= proof.checkpoint.size)
		rc = HUFU_ERR_NOT_FOUND;
	if (!rc)
		rc = store_read(log->store, read_salt, &reading);
	if (!rc)
		rc = log_prove(log, index, proof.checkpoint.size, &proof.path,
		        ret_entry);
	if (!rc)
		*ret = proof;
	return rc;
}
