#include "host/log/log.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/tiles_prove.h"
#include "host/base/file.h"
#include "host/log/open.h"
#include "host/log/reconcile.h"
#include "host/log/rows.h"

static int take_vkey(
        struct log *log, const struct log_options *o, struct problem *p)
{
	struct signer_keys keys;
	const char *vkey = o->vkey;
	int rc = 0;

	if (!vkey) {
		rc = signer_public_keys(o->signer, &keys);
		vkey = keys.vkey;
	}
	if (!rc && strlen(vkey) > SIGNER_VKEY_MAX)
		rc = HUFU_ERR_LIMIT;
	if (rc)
		return problem_from_code(p, rc);
	memcpy(log->vkey, vkey, strlen(vkey) + 1);
	rc = note_decode_vkey(span_of_text(log->vkey), &log->key);
	if (!rc && !span_equal(log->key.name, span_of_text(o->origin)))
		rc = HUFU_ERR_CONFIG;
	if (!rc)
		return 0;
	return problem_set(p, rc, "log-key",
	        "日志公钥与日志名称 %s 不符：请核对配置与签名服务。",
	        "The log's key does not belong to the origin %s: compare the "
	        "configuration with the signer's.",
	        o->origin);
}

int open_prepare(
        const struct log_options *o, struct log **ret, struct problem *p)
{
	struct log *log = calloc(1, sizeof(*log));
	int rc;

	if (!log)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	log->store = o->store;
	log->signer = o->signer;
	rc = take_vkey(log, o, p);
	if (!rc && strlen(o->folder) + TILE_PATH_MAX >= sizeof(log->folder))
		rc = problem_from_code(p, HUFU_ERR_SPACE);
	if (!rc) {
		memcpy(log->folder, o->folder, strlen(o->folder) + 1);
		rc = file_make_folder(log->folder, 0755);
		if (rc)
			rc = problem_set(p, rc, "log-folder",
			        "日志文件夹 %s 不能建立。",
			        "Cannot make the log's folder %s.", o->folder);
	}
	if (rc) {
		free(log);
		return rc;
	}
	(void)pthread_mutex_init(&log->lock, NULL); /* cannot fail so */
	*ret = log;
	return 0;
}

void open_done(struct log *log)
{
	tiles_free(log->tiles);
	(void)pthread_mutex_destroy(&log->lock);
	free(log);
}

static int start(struct log *log, struct problem *p)
{
	pthread_condattr_t steady;

	(void)pthread_condattr_init(&steady); /* none of these can fail */
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&log->arrived, &steady);
	(void)pthread_cond_init(&log->settled, NULL);
	(void)pthread_condattr_destroy(&steady);
	if (pthread_create(&log->thread, NULL, sequence_run, log))
		return problem_from_code(p, HUFU_ERR_MEMORY);
	log->running = true;
	return 0;
}

int log_open(const struct log_options *o, struct log **ret, struct problem *p)
{
	struct log *log = NULL;
	int rc = open_prepare(o, &log, p);

	if (rc)
		return rc;
	rc = reconcile_run(log, p);
	if (!rc)
		rc = start(log, p);
	if (rc < 0)
		open_done(log);
	else
		*ret = log;
	return rc;
}

void log_close(struct log *log)
{
	if (!log)
		return;
	if (log->running) {
		(void)pthread_mutex_lock(&log->lock);
		log->closing = true;
		(void)pthread_cond_broadcast(&log->arrived);
		(void)pthread_mutex_unlock(&log->lock);
		(void)pthread_join(log->thread, NULL); /* it ends */
		(void)pthread_cond_destroy(&log->arrived);
		(void)pthread_cond_destroy(&log->settled);
	}
	open_done(log);
}

static int wait_error(int rc, struct problem *p)
{
	return problem_set(p, rc, "log-waits",
	        "日志检查点签不出来（错误 %d：%s），暂停签发：请检查 "
	        "hufu-signd 和磁盘。",
	        "No checkpoint can be signed (error %d: %s), issuing waits: "
	        "check hufu-signd and the disk.",
	        rc, signer_error());
}

static bool is_signer_away(int rc)
{
	return rc == HUFU_ERR_LINK || rc == HUFU_ERR_TIMEOUT;
}

int log_wait(struct log *log, uint64_t index, struct log_checkpoint *ret,
        struct problem *p)
{
	uint64_t since, before;
	int rc = 0;

	if (log->behind)
		return problem_from_code(p, HUFU_ERR_STALE);
	(void)pthread_mutex_lock(&log->lock);
	/* a round under way may have read the rows before ours */
	before = log->rounds;
	since = before + (log->working ? 1 : 0);
	if (log->wanted <= index)
		log->wanted = index + 1;
	log->asked++;
	(void)pthread_cond_signal(&log->arrived);
	while (log->last.size <= index && !rc && !log->closing) {
		(void)pthread_cond_wait(&log->settled, &log->lock);
		/* but an absent signer answers for the next one, too */
		if (log->rounds > before && is_signer_away(log->error))
			rc = log->error;
		else if (log->rounds > since)
			rc = log->error  ? log->error
			     : log->idle ? HUFU_ERR_ARGUMENT
			                 : 0;
	}
	if (!rc && log->last.size <= index)
		rc = HUFU_ERR_STATE;
	if (!rc)
		*ret = log->last;
	(void)pthread_mutex_unlock(&log->lock);
	return rc ? wait_error(rc, p) : 0;
}

int log_last(struct log *log, struct log_checkpoint *ret)
{
	int rc = HUFU_ERR_NOT_FOUND;

	(void)pthread_mutex_lock(&log->lock);
	if (log->last.note[0]) {
		*ret = log->last;
		rc = 0;
	}
	(void)pthread_mutex_unlock(&log->lock);
	return rc;
}

struct reading {
	uint64_t index;
	struct writer *ret;
};

static int read_entry(struct store_tx *tx, void *arg)
{
	const struct reading *r = arg;

	return rows_get_entry(tx, r->index, r->ret);
}

int log_prove(struct log *log, uint64_t index, uint64_t size,
        struct merkle_proof *ret_proof, struct writer *ret_entry)
{
	struct reading reading = {index, ret_entry};
	struct tile_files files = {.folder = log->folder};
	struct tiles_io io = tile_files_io(&files);
	struct merkle_proof proof;
	int rc;

	(void)pthread_mutex_lock(&log->lock);
	files.size = log->last.size;
	(void)pthread_mutex_unlock(&log->lock);
	if (size > files.size || index >= size)
		return HUFU_ERR_ARGUMENT;
	rc = tiles_prove_inclusion(&io, index, size, &proof);
	if (!rc)
		rc = store_read(log->store, read_entry, &reading);
	if (!rc)
		*ret_proof = proof;
	return rc;
}
