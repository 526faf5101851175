#include "host/log/sequence.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "crypto/issuer/tiles_prove.h"
#include "host/base/fault_point.h"
#include "host/log/rows.h"

enum {
	ROUND_ENTRIES = 16384, /* taken under one checkpoint at most */
	IDLE_MS = 500, /* entries nobody waits for are published by then */
};

static int append_row(void *arg, uint64_t index, struct span entry)
{
	struct tiles *tiles = arg;

	return index == tiles_size(tiles) ? tiles_append(tiles, entry)
	                                  : HUFU_ERR_CORRUPT;
}

struct reading {
	struct tiles *tiles;
	uint64_t size;
};

static int read_rows(struct store_tx *tx, void *arg)
{
	const struct reading *r = arg;
	uint64_t from = tiles_size(r->tiles);

	return rows_each_entry(tx, from, r->size - from, append_row, r->tiles);
}

int sequence_read_rows(struct log *log, uint64_t size)
{
	struct reading r = {log->tiles, size};

	return store_read(log->store, read_rows, &r);
}

static int store_checkpoint(struct store_tx *tx, void *arg)
{
	return rows_put_checkpoint(tx, arg);
}

int sequence_publish(struct log *log, const struct log_checkpoint *c)
{
	struct log_checkpoint copy = *c;
	uint64_t old;
	int rc = store_write(log->store, store_checkpoint, &copy);

	fault_point("log-stored");
	if (!rc)
		rc = tile_files_write_checkpoint(log->folder, c);
	fault_point("log-published");
	if (rc)
		return rc;
	(void)pthread_mutex_lock(&log->lock);
	old = log->last.size;
	log->last = *c;
	(void)pthread_mutex_unlock(&log->lock);
	tile_files_tidy(log->folder, old, c->size);
	return 0;
}

/* The signer's word is checked as any reader of the log would. */
static int sign(struct log *log, uint64_t size,
        const uint8_t root[MERKLE_HASH_LEN], const struct merkle_proof *proof,
        struct log_checkpoint *ret)
{
	struct signer_checkpoint c;
	struct log_checkpoint read;
	int rc = signer_sign_checkpoint(log->signer, size, root, proof, &c);

	if (!rc)
		rc = tile_files_open_note(
		        span_of_text(c.note), &log->key, &read);
	if (!rc && (read.size != size ||
	                   memcmp(read.root, root, MERKLE_HASH_LEN) != 0))
		rc = HUFU_ERR_SIGNATURE;
	if (!rc)
		*ret = read;
	return rc;
}

/* After a failed request the signer may or may not have signed. */
static int ask_signed_size(struct log *log)
{
	struct signer_checkpoint c = {0};
	int rc = log->unsure ? signer_last_checkpoint(log->signer, &c) : 0;

	if (rc == HUFU_ERR_NOT_FOUND)
		rc = 0;
	else if (!rc && log->unsure)
		log->signed_size = c.size;
	if (!rc)
		log->unsure = false;
	return rc;
}

static int sign_and_publish(
        struct log *log, const struct tiles_io *io, uint64_t size)
{
	uint8_t root[MERKLE_HASH_LEN];
	struct merkle_proof proof;
	struct log_checkpoint c;
	int rc = ask_signed_size(log);

	if (!rc)
		rc = tiles_prove_consistency(
		        io, log->signed_size, size, &proof);
	if (rc)
		return rc;
	tiles_root(log->tiles, root);
	rc = sign(log, size, root, &proof, &c);
	fault_point("log-signed");
	if (rc) {
		log->unsure = true;
		return rc;
	}
	log->signed_size = size;
	return sequence_publish(log, &c);
}

int sequence_round(struct log *log)
{
	struct tile_files files = {.folder = log->folder};
	struct tiles_io io = tile_files_io(&files);
	uint64_t old = log->last.size; /* written by this thread alone */
	uint64_t size;
	int rc = sequence_read_rows(log, old + ROUND_ENTRIES);

	size = tiles_size(log->tiles);
	if (rc)
		return rc;
	if (size == old)
		return SEQUENCE_IDLE;
	files.size = size;
	rc = tiles_flush(log->tiles, &io);
	fault_point("log-tiles");
	return rc ? rc : sign_and_publish(log, &io, size);
}

static void wait_for_work(struct log *log)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until); /* cannot fail */
	until.tv_nsec += IDLE_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	(void)pthread_cond_timedwait(&log->arrived, &log->lock, &until);
}

/* After a failure the next asker or the clock tries again. */
static bool has_work(const struct log *log, uint64_t answered)
{
	return log->wanted > log->last.size &&
	       (log->asked != answered || (!log->error && !log->idle));
}

/*
 * What was committed since the last round goes out before the end, so that
 * a published log beside a backup lacks nothing. Without the signer it
 * waits for the next start.
 */
static void finish(struct log *log)
{
	int rc;

	do
		rc = sequence_round(log);
	while (rc == 0);
}

void *sequence_run(void *arg)
{
	struct log *log = arg;
	uint64_t answered = 0;
	int rc;

	(void)pthread_mutex_lock(&log->lock);
	while (!log->closing) {
		if (!has_work(log, answered))
			wait_for_work(log);
		if (log->closing)
			break;
		answered = log->asked;
		log->working = true;
		(void)pthread_mutex_unlock(&log->lock);
		rc = sequence_round(log);
		(void)pthread_mutex_lock(&log->lock);
		log->error = rc < 0 ? rc : 0;
		log->idle = rc == SEQUENCE_IDLE;
		log->working = false;
		log->rounds++;
		(void)pthread_cond_broadcast(&log->settled);
	}
	(void)pthread_mutex_unlock(&log->lock);
	finish(log);
	return NULL;
}
