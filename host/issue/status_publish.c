#include "host/issue/status_publish.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/core/sha256.h"
#include "crypto/issuer/status_build.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/fault_point.h"
#include "host/base/file.h"
#include "host/issue/issue_inner.h"
#include "host/issue/status_row.h"
#include "host/log/entry.h"
#include "host/signer/client.h"

enum {
	LIFETIMES = 4, /* a list expires after so many times its ttl */
	FILE_MODE = 0644,
	PAUSE_AFTER_FAILURE_MS = 1000,
};

struct status_publish {
	struct status_publish_options options;
	char *path;
	char *uri;
	uint32_t list;
	size_t map_len;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* of all below */
	pthread_cond_t changed;
	bool stopping;
	bool wanted; /* somebody waits, or said that rows changed */
	int64_t published; /* version that the file holds, -1: none */
	uint64_t rounds; /* of publishing, ended either way */
	int last_error;
	struct problem last_problem;
	struct status_published last;
};

/* ---- one list ---- */

struct build {
	struct status_publish *publish;
	struct status_head head;
	uint8_t *map;
	uint8_t *tbs;
	size_t tbs_len;
	int64_t now_s;
	uint8_t hash[SHA256_LEN];
};

static void build_done(struct build *b)
{
	free(b->map);
	free(b->tbs);
}

static int read_map(struct store_tx *tx, void *arg)
{
	struct build *b = arg;
	const struct status_publish *p = b->publish;

	return status_row_read_map(tx, p->list, &b->head, b->map, p->map_len);
}

/* Past what a restored store may have forgotten: seconds only grow. */
static void next_sequence(struct build *b)
{
	uint64_t by_time = (uint64_t)b->now_s;

	b->head.sequence++;
	if (b->head.sequence < by_time)
		b->head.sequence = by_time;
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

static int build_tbs(struct build *b)
{
	struct status_publish *p = b->publish;
	struct cose_key key;

	b->map = calloc(1, p->map_len);
	if (!b->map)
		return HUFU_ERR_MEMORY;
	int rc = store_read(p->options.store, read_map, b);
	if (rc == 0)
		rc = list_key(&p->options, &key);
	if (rc < 0)
		return rc;
	next_sequence(b);
	const struct status_list list = {
	        .address = span_of_text(p->uri),
	        .number = p->list,
	        .sequence = b->head.sequence,
	        .issued_s = b->now_s,
	        .expires_s = b->now_s + LIFETIMES * p->options.ttl_s,
	        .ttl_s = p->options.ttl_s,
	        .map = span_of(b->map, p->map_len),
	};
	rc = status_build_tbs(&list, &key, &b->tbs, &b->tbs_len);
	if (rc == 0)
		sha256_of(span_of(b->tbs, b->tbs_len), b->hash);
	return rc;
}

static int begin_work(struct store_tx *tx, void *arg)
{
	struct build *b = arg;
	const struct entry e = {
	        .type = LOG_STATUS_LIST,
	        .at_s = b->now_s,
	        .binding = b->hash,
	        .number = (uint64_t)b->publish->list << 32 | b->head.sequence,
	};
	int rc = status_row_begin(tx, b->publish->list, b->head.sequence);

	if (rc == 0)
		rc = entry_append(tx, &e, &b->head.log_index);
	return rc;
}

static int sign(
        struct build *b, uint8_t ret[SIGNER_SIGNATURE_LEN], struct problem *p)
{
	const struct status_publish_options *o = &b->publish->options;
	uint8_t bytes[LOG_ENTRY_MAX];
	struct writer entry;
	struct log_checkpoint checkpoint;
	struct merkle_proof path;

	writer_init(&entry, bytes, sizeof(bytes));
	int rc = log_wait(o->log, b->head.log_index, &checkpoint, p);
	if (rc == 0)
		rc = log_prove(o->log, b->head.log_index, checkpoint.size,
		        &path, &entry);
	if (rc < 0)
		return rc;
	const struct signer_proof proof = {
	        .index = b->head.log_index,
	        .entry = writer_span(&entry),
	        .path = &path,
	        .note = checkpoint.note,
	};
	return signer_sign_list(
	        o->signer, span_of(b->tbs, b->tbs_len), &proof, ret);
}

static int finish_work(struct store_tx *tx, void *arg)
{
	struct build *b = arg;

	b->head.at_s = b->now_s;
	return status_row_finish(tx, b->publish->list, &b->head);
}

static int write_file(
        struct build *b, const uint8_t signature[SIGNER_SIGNATURE_LEN])
{
	_free_ uint8_t *file = NULL;
	size_t len = 0;

	int rc = status_build_file(span_of(b->tbs, b->tbs_len),
	        span_of(signature, SIGNER_SIGNATURE_LEN), &file, &len);
	if (rc == 0)
		rc = file_write(
		        b->publish->path, span_of(file, len), FILE_MODE);
	return rc;
}

static int publish_once(struct build *b, struct problem *p)
{
	struct store *store = b->publish->options.store;
	uint8_t signature[SIGNER_SIGNATURE_LEN];

	b->now_s = issue_now_s(b->publish->options.issue);
	int rc = build_tbs(b);
	if (rc == 0)
		rc = store_write(store, begin_work, b);
	fault_point("status.logged");
	if (rc == 0)
		rc = sign(b, signature, p);
	fault_point("status.signed");
	if (rc == 0)
		rc = write_file(b, signature);
	fault_point("status.written");
	if (rc == 0)
		rc = store_write(store, finish_work, b);
	return rc;
}

/* ---- the thread ---- */

static int read_head(struct store_tx *tx, void *arg)
{
	struct build *b = arg;

	return status_row_read_head(tx, b->publish->list, &b->head);
}

static bool is_due(struct status_publish *p, const struct status_head *head)
{
	int64_t now_s = issue_now_s(p->options.issue);

	pthread_mutex_lock(&p->mutex);
	bool fresh = p->published >= head->version &&
	             now_s < p->last.at_s + p->options.ttl_s / 2;
	pthread_mutex_unlock(&p->mutex);
	return !fresh;
}

/* Nothing to do is a round, too: whoever waits sees that all is out. */
static void end_round(struct status_publish *p, int rc, const struct build *b,
        const struct problem *problem)
{
	pthread_mutex_lock(&p->mutex);
	p->rounds++;
	p->last_error = rc;
	if (rc < 0) {
		p->last_problem = *problem;
		if (problem->code != rc)
			(void)problem_from_code(&p->last_problem, rc);
	} else if (b->tbs) {
		p->published = b->head.version;
		p->last = (struct status_published){
		        b->head.sequence, b->now_s, b->head.log_index};
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->mutex);
}

static int run_round(struct status_publish *p)
{
	_cleanup_(build_done) struct build b = {.publish = p};
	struct problem problem = {0};

	int rc = store_read(p->options.store, read_head, &b);
	if (rc == 0 && is_due(p, &b.head))
		rc = publish_once(&b, &problem);
	end_round(p, rc, &b, &problem);
	return rc;
}

static struct timespec in_ms(unsigned ms)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/* True: go on with a round. Changes that nobody waits for are looked for
 * every gather_ms, so that several go out together. */
static bool wait_for_work(struct status_publish *p, unsigned ms, bool eager)
{
	struct timespec until = in_ms(ms);
	int rc = 0;

	pthread_mutex_lock(&p->mutex);
	while (!p->stopping && !(eager && p->wanted) && rc == 0)
		rc = pthread_cond_timedwait(&p->changed, &p->mutex, &until);
	p->wanted = false;
	bool go_on = !p->stopping;
	pthread_mutex_unlock(&p->mutex);
	return go_on;
}

static void *run(void *arg)
{
	struct status_publish *p = arg;
	int rc = 0;

	while (wait_for_work(p,
	        rc < 0 ? PAUSE_AFTER_FAILURE_MS : p->options.gather_ms,
	        rc == 0))
		rc = run_round(p);
	return NULL;
}

/* ---- opening and closing ---- */

static int init_sync(struct status_publish *p)
{
	pthread_condattr_t attr;

	if (pthread_mutex_init(&p->mutex, NULL) != 0 ||
	        pthread_condattr_init(&attr) != 0)
		return HUFU_ERR_MEMORY;
	int rc = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (rc == 0)
		rc = pthread_cond_init(&p->changed, &attr);
	(void)pthread_condattr_destroy(&attr); /* no longer needed */
	return rc == 0 ? 0 : HUFU_ERR_MEMORY;
}

int status_publish_open(const struct status_publish_options *options,
        struct status_publish **ret, struct problem *ret_problem)
{
	struct status_publish *p = calloc(1, sizeof(*p));
	int rc = HUFU_ERR_MEMORY;

	if (!p)
		return problem_from_code(ret_problem, rc);
	p->options = *options;
	p->list = options->issue->options.status_list;
	p->map_len = (size_t)1 << (options->issue->options.status_bits - 2);
	p->published = -1;
	p->path = strdup(options->path);
	p->uri = strdup(options->uri);
	if (p->path && p->uri)
		rc = init_sync(p);
	if (rc == 0)
		rc = run_round(p);
	if (rc == 0) {
		p->started = pthread_create(&p->thread, NULL, run, p) == 0;
		rc = p->started ? 0 : HUFU_ERR_MEMORY;
	}
	if (rc < 0) {
		if (ret_problem)
			*ret_problem = p->last_problem;
		status_publish_close(p);
		return ret_problem && ret_problem->code == rc
		               ? rc
		               : problem_from_code(ret_problem, rc);
	}
	*ret = p;
	return 0;
}

void status_publish_close(struct status_publish *p)
{
	if (!p)
		return;
	if (p->started) {
		pthread_mutex_lock(&p->mutex);
		p->stopping = true;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->mutex);
		(void)pthread_join(p->thread, NULL); /* it was started */
	}
	free(p->path);
	free(p->uri);
	free(p);
}

void status_publish_wake(struct status_publish *p)
{
	pthread_mutex_lock(&p->mutex);
	p->wanted = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->mutex);
}

/* Waits for `version`, asking again after rounds that came too early. */
static int wait_for(struct status_publish *p, int64_t version,
        const struct timespec *until, struct problem *ret_problem)
{
	uint64_t seen = p->rounds;
	int rc = 0;

	while (p->published < version && rc == 0 && !p->stopping) {
		if (!p->wanted) { /* else waiters would wake each other */
			p->wanted = true;
			pthread_cond_broadcast(&p->changed);
		}
		rc = pthread_cond_timedwait(&p->changed, &p->mutex, until);
		if (p->rounds != seen && p->last_error < 0 &&
		        p->published < version) {
			if (ret_problem)
				*ret_problem = p->last_problem;
			return p->last_error;
		}
		seen = p->rounds;
	}
	if (p->published >= version)
		return 0;
	return problem_from_code(
	        ret_problem, p->stopping ? HUFU_ERR_LINK : HUFU_ERR_TIMEOUT);
}

int status_publish_wait(struct status_publish *p, unsigned timeout_ms,
        struct problem *ret_problem)
{
	struct build b = {.publish = p};
	struct timespec until = in_ms(timeout_ms);

	int rc = store_read(p->options.store, read_head, &b);
	if (rc < 0)
		return problem_from_code(ret_problem, rc);
	pthread_mutex_lock(&p->mutex);
	rc = wait_for(p, b.head.version, &until, ret_problem);
	pthread_mutex_unlock(&p->mutex);
	return rc;
}

int status_publish_last(struct status_publish *p, struct status_published *ret)
{
	pthread_mutex_lock(&p->mutex);
	bool any = p->published >= 0;
	if (any)
		*ret = p->last;
	pthread_mutex_unlock(&p->mutex);
	return any ? 0 : HUFU_ERR_NOT_FOUND;
}
