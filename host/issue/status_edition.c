#include "host/issue/status_edition.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/compact_build.h"
#include "crypto/issuer/status_build.h"
#include "host/base/clock.h"
#include "host/base/fault_point.h"
#include "host/issue/issue_inner.h"
#include "host/log/entry.h"

enum {
	LIFETIMES = 4, /* a list expires after so many times its ttl */
	DELTA_MAX = 100000, /* read, coded and fetched again every second */
};

void status_edition_done(struct status_edition *e)
{
	for (unsigned i = 0; i < SIGNER_FILES; i++)
		free(e->body[i]);
	free(e->token_tbs);
	free(e->changes.at);
}

bool status_edition_day_is_over(const struct status_head *head, int64_t now_s)
{
	return date_to_days(clock_date_of(now_s)) !=
	       date_to_days(clock_date_of(head->snapshot.at_s));
}

int status_edition_key(
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

/* ---- what is to be signed ---- */

/* Past what a restored store may have forgotten: seconds only grow. */
static void next_sequence(struct status_edition *e)
{
	uint64_t by_time = (uint64_t)e->now_s;

	e->head.sequence++;
	if (e->head.sequence < by_time)
		e->head.sequence = by_time;
}

static int build_token(struct status_edition *e)
{
	const struct status_publish_options *o = e->options;
	const struct status_list list = {
	        .address = span_of_text(o->uri),
	        .number = e->map->list,
	        .sequence = e->head.sequence,
	        .issued_s = e->now_s,
	        .expires_s = e->now_s + LIFETIMES * o->ttl_s,
	        .ttl_s = o->ttl_s,
	        .map = span_of(e->map->bits, e->map->len),
	};
	size_t len = 0;

	int rc = status_build_tbs(&list, &e->key, &e->token_tbs, &len);
	if (rc == 0)
		e->tbs[SIGNER_TOKEN_LIST] = span_of(e->token_tbs, len);
	return rc;
}

static int build_compact(
        struct status_edition *e, enum signer_file file, uint64_t base)
{
	const struct status_publish_options *o = e->options;
	struct compact_list t = {
	        .suite = cose_key_suite(&e->key),
	        .iss = span_of_text(o->issuer),
	        .number = e->map->list,
	        .entries = (uint32_t)(e->map->len * 4),
	        .base = base,
	        .sequence = e->head.sequence,
	        .issued_s = e->now_s,
	        .expires_s = e->now_s + LIFETIMES * o->ttl_s,
	};
	/* nothing has changed since this very edition */
	size_t count = base == t.sequence ? 0 : e->changes.count;
	struct writer w;

	int rc = file == SIGNER_SNAPSHOT
	                 ? compact_build_snapshot(&t,
	                           span_of(e->map->bits, e->map->len),
	                           &e->body[file])
	                 : compact_build_delta(
	                           &t, e->changes.at, count, &e->body[file]);
	if (rc < 0)
		return rc;
	e->body_len[file] = compact_list_body_len(&t);
	writer_init(&w, e->space[file], sizeof(e->space[file]));
	rc = compact_build_tbs(&t, &e->key, &w);
	if (rc == 0)
		e->tbs[file] = writer_span(&w);
	return rc;
}

static void bind_files(struct status_edition *e)
{
	uint8_t hashes[SIGNER_FILES][LOG_HASH_LEN];
	size_t count = 0;

	for (unsigned i = 0; i < SIGNER_FILES; i++)
		if (e->tbs[i].len)
			sha256_of(e->tbs[i], hashes[count++]);
	log_bind_edition(span_of(hashes, count * LOG_HASH_LEN), e->binding);
}

static bool is_long(const struct status_edition *e)
{
	size_t max = e->options->delta_max;

	return e->changes.count > (max ? max : DELTA_MAX);
}

static int build_all(struct status_edition *e)
{
	int rc = status_map_follow(
	        e->map, e->options->store, &e->head, &e->changes);
	if (rc == 0)
		rc = status_edition_key(e->options, &e->key);
	if (rc < 0)
		return rc;
	next_sequence(e);
	e->before = e->head.snapshot;
	bool first = e->fresh || e->before.sequence == 0;
	bool snapshot = first || is_long(e) ||
	                status_edition_day_is_over(&e->head, e->now_s);
	if (snapshot)
		e->head.snapshot =
		        (struct status_snapshot){.sequence = e->head.sequence,
		                .version = e->head.version,
		                .at_s = e->now_s};
	rc = build_token(e);
	if (rc == 0)
		rc = build_compact(e, SIGNER_TODAY, e->head.snapshot.sequence);
	if (rc == 0 && snapshot)
		rc = build_compact(e, SIGNER_SNAPSHOT, 0);
	if (rc == 0 && snapshot && !first)
		rc = build_compact(e, SIGNER_CLOSED, e->before.sequence);
	if (rc == 0)
		bind_files(e);
	return rc;
}

/* ---- logged and signed ---- */

static int begin_work(struct store_tx *tx, void *arg)
{
	struct status_edition *e = arg;
	const struct entry entry = {
	        .type = LOG_STATUS_LIST,
	        .at_s = e->now_s,
	        .binding = e->binding,
	        .number = (uint64_t)e->map->list << 32 | e->head.sequence,
	};
	int rc = status_row_begin(tx, e->map->list, e->head.sequence);

	if (rc == 0)
		rc = entry_append(tx, &entry, &e->head.log_index);
	return rc;
}

static int sign(struct status_edition *e,
        uint8_t ret[SIGNER_FILES][SIGNER_SIGNATURE_LEN], struct problem *p)
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
	struct signer_edition edition = {.logged = {
	                                         .index = e->head.log_index,
	                                         .entry = writer_span(&entry),
	                                         .path = &path,
	                                         .note = checkpoint.note,
	                                 }};
	memcpy(edition.tbs, e->tbs, sizeof(edition.tbs));
	return signer_sign_edition(o->signer, &edition, ret);
}

static int finish_work(struct store_tx *tx, void *arg)
{
	struct status_edition *e = arg;

	e->head.at_s = e->now_s;
	return status_row_finish(tx, e->map->list, &e->head);
}

/* ---- out ---- */

static int write_file(struct status_edition *e, enum signer_file file,
        uint8_t signatures[SIGNER_FILES][SIGNER_SIGNATURE_LEN])
{
	struct span sig = span_of(signatures[file], SIGNER_SIGNATURE_LEN);
	uint8_t *bytes = NULL;
	size_t len = 0;

	if (!e->tbs[file].len)
		return 0; /* not of this edition */
	int rc = file == SIGNER_TOKEN_LIST
	                 ? status_build_file(e->tbs[file], sig, &bytes, &len)
	                 : compact_build_file(e->tbs[file], sig,
	                           span_of(e->body[file], e->body_len[file]),
	                           &bytes, &len);
	if (rc < 0)
		return rc;
	if (file == SIGNER_SNAPSHOT)
		sha256_of(span_of(bytes, len), e->head.snapshot.hash);
	rc = status_folder_write(
	        e->folder, file, e->before.sequence, span_of(bytes, len));
	free(bytes);
	return rc;
}

/* In an order that leaves no reader without the step to what it reads. */
static int write_files(struct status_edition *e,
        uint8_t signatures[SIGNER_FILES][SIGNER_SIGNATURE_LEN])
{
	int rc = write_file(e, SIGNER_CLOSED, signatures);

	fault_point("status.closed");
	if (rc == 0)
		rc = write_file(e, SIGNER_SNAPSHOT, signatures);
	fault_point("status.snapshot");
	if (rc == 0)
		rc = write_file(e, SIGNER_TODAY, signatures);
	fault_point("status.today");
	if (rc == 0)
		rc = write_file(e, SIGNER_TOKEN_LIST, signatures);
	fault_point("status.written");
	return rc;
}

int status_edition_publish(
        struct status_edition *e, struct problem *ret_problem)
{
	struct store *store = e->options->store;
	uint8_t signatures[SIGNER_FILES][SIGNER_SIGNATURE_LEN];

	e->now_s = issue_now_s(e->options->issue);
	int rc = build_all(e);
	if (rc == 0)
		rc = store_write(store, begin_work, e);
	e->logged = rc == 0;
	fault_point("status.logged");
	if (rc == 0)
		rc = sign(e, signatures, ret_problem);
	fault_point("status.signed");
	if (rc == 0)
		rc = write_files(e, signatures);
	if (rc == 0)
		rc = store_write(store, finish_work, e);
	e->published = rc == 0;
	return rc;
}
