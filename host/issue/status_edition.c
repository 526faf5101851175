#include "host/issue/status_edition.h"

#include <stdlib.h>

#include "crypto/issuer/status_build.h"
#include "host/base/cleanup.h"
#include "host/base/fault_point.h"
#include "host/base/file.h"
#include "host/issue/issue_inner.h"
#include "host/log/entry.h"
#include "host/signer/client.h"

enum {
	LIFETIMES = 4, /* a list expires after so many times its ttl */
	FILE_MODE = 0644,
};

void status_edition_init(
        struct status_edition *e, const struct status_publish_options *options)
{
	const struct issue_options *issue = &options->issue->options;

	*e = (struct status_edition){
	        .options = options,
	        .list = issue->status_list,
	        .map_len = (size_t)1 << (issue->status_bits - 2),
	};
}

void status_edition_done(struct status_edition *e)
{
	free(e->map);
	free(e->tbs);
}

static int read_head(struct store_tx *tx, void *arg)
{
	struct status_edition *e = arg;

	return status_row_read_head(tx, e->list, &e->head);
}

int status_edition_look(struct status_edition *e)
{
	return store_read(e->options->store, read_head, e);
}

static int read_map(struct store_tx *tx, void *arg)
{
	struct status_edition *e = arg;

	return status_row_read_map(tx, e->list, &e->head, e->map, e->map_len);
}

/* Past what a restored store may have forgotten: seconds only grow. */
static void next_sequence(struct status_edition *e)
{
	uint64_t by_time = (uint64_t)e->now_s;

	e->head.sequence++;
	if (e->head.sequence < by_time)
		e->head.sequence = by_time;
}

static int list_key(
        const struct status_publish_options *o, struct cose_key *ret)
{
	struct signer_keys keys;
	int rc = signer_public_keys(o->signer, &keys);

	for (size_t i = 0; rc == 0 && i < keys.count; i++) {
		const struct signer_key *k = &keys.key[i];
		if (k->purpose == SIGNER_LIST &&
		        (o->alg == 0 || o->alg == k->alg))
			return cose_key_from_public(k->alg == SIGCHECK_ES256
			                                    ? COSE_CURVE_P256
			                                    : COSE_CURVE_SM2,
			        span_of(k->point, sizeof(k->point)), ret);
	}
	return rc < 0 ? rc : HUFU_ERR_CONFIG;
}

static int build_tbs(struct status_edition *e)
{
	const struct status_publish_options *o = e->options;
	struct cose_key key;

	e->map = calloc(1, e->map_len);
	if (!e->map)
		return HUFU_ERR_MEMORY;
	int rc = store_read(o->store, read_map, e);
	if (rc == 0)
		rc = list_key(o, &key);
	if (rc < 0)
		return rc;
	next_sequence(e);
	const struct status_list list = {
	        .address = span_of_text(o->uri),
	        .number = e->list,
	        .sequence = e->head.sequence,
	        .issued_s = e->now_s,
	        .expires_s = e->now_s + LIFETIMES * o->ttl_s,
	        .ttl_s = o->ttl_s,
	        .map = span_of(e->map, e->map_len),
	};
	rc = status_build_tbs(&list, &key, &e->tbs, &e->tbs_len);
	if (rc == 0)
		sha256_of(span_of(e->tbs, e->tbs_len), e->hash);
	return rc;
}

static int begin_work(struct store_tx *tx, void *arg)
{
	struct status_edition *e = arg;
	const struct entry entry = {
	        .type = LOG_STATUS_LIST,
	        .at_s = e->now_s,
	        .binding = e->hash,
	        .number = (uint64_t)e->list << 32 | e->head.sequence,
	};
	int rc = status_row_begin(tx, e->list, e->head.sequence);

	if (rc == 0)
		rc = entry_append(tx, &entry, &e->head.log_index);
	return rc;
}

static int sign(struct status_edition *e, uint8_t ret[SIGNER_SIGNATURE_LEN],
        struct problem *p)
{
	const struct status_publish_options *o = e->options;
	uint8_t bytes[LOG_ENTRY_MAX];
	struct writer entry;
	struct log_checkpoint checkpoint;
	struct merkle_proof path;

	writer_init(&entry, bytes, sizeof(bytes));
	int rc = log_wait(o->log, e->head.log_index, &checkpoint, p);
	if (rc == 0)
		rc = log_prove(o->log, e->head.log_index, checkpoint.size,
		        &path, &entry);
	if (rc < 0)
		return rc;
	const struct signer_proof proof = {
	        .index = e->head.log_index,
	        .entry = writer_span(&entry),
	        .path = &path,
	        .note = checkpoint.note,
	};
	return signer_sign_list(
	        o->signer, span_of(e->tbs, e->tbs_len), &proof, ret);
}

static int finish_work(struct store_tx *tx, void *arg)
{
	struct status_edition *e = arg;

	e->head.at_s = e->now_s;
	return status_row_finish(tx, e->list, &e->head);
}

static int write_file(
        struct status_edition *e, const uint8_t signature[SIGNER_SIGNATURE_LEN])
{
	_free_ uint8_t *file = NULL;
	size_t len = 0;

	int rc = status_build_file(span_of(e->tbs, e->tbs_len),
	        span_of(signature, SIGNER_SIGNATURE_LEN), &file, &len);
	if (rc == 0)
		rc = file_write(
		        e->options->path, span_of(file, len), FILE_MODE);
	return rc;
}

int status_edition_publish(
        struct status_edition *e, struct problem *ret_problem)
{
	struct store *store = e->options->store;
	uint8_t signature[SIGNER_SIGNATURE_LEN];

	e->now_s = issue_now_s(e->options->issue);
	int rc = build_tbs(e);
	if (rc == 0)
		rc = store_write(store, begin_work, e);
	fault_point("status.logged");
	if (rc == 0)
		rc = sign(e, signature, ret_problem);
	fault_point("status.signed");
	if (rc == 0)
		rc = write_file(e, signature);
	fault_point("status.written");
	if (rc == 0)
		rc = store_write(store, finish_work, e);
	return rc;
}
