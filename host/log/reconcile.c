#include "host/log/reconcile.h"

#include <stdio.h>
#include <string.h>

#include "host/log/rows.h"

static int corrupt(struct problem *p, const char *zh, const char *en)
{
	int rc = problem_from_code(p, HUFU_ERR_CORRUPT);

	if (!p)
		return rc;
	(void)snprintf(p->type, sizeof(p->type), "log-corrupt");
	(void)snprintf(p->zh, sizeof(p->zh),
	        "日志不一致，停止签发：%s。请运行 hufu log verify。", zh);
	(void)snprintf(p->en, sizeof(p->en),
	        "The log contradicts itself, issuing stops: %s. Run hufu log "
	        "verify.",
	        en);
	return rc;
}

static int look_at_rows(struct store_tx *tx, void *arg)
{
	struct reconcile_view *view = arg;
	struct rows_state state;
	int rc = rows_get_state(tx, &state);

	if (rc)
		return rc;
	view->rows = state.size;
	view->behind = state.behind;
	rc = rows_last_checkpoint(tx, &view->stored);
	return rc == HUFU_ERR_NOT_FOUND ? 0 : rc;
}

static int look_at_signer(struct log *log, struct log_checkpoint *ret)
{
	struct signer_checkpoint c;
	int rc = signer_last_checkpoint(log->signer, &c);

	if (rc == HUFU_ERR_NOT_FOUND)
		return 0;
	return rc ? rc
	          : tile_files_open_note(span_of_text(c.note), &log->key, ret);
}

int reconcile_look(
        struct log *log, struct reconcile_view *ret, struct problem *p)
{
	struct reconcile_view view = {0};
	int rc = store_read(log->store, look_at_rows, &view);

	if (rc)
		return problem_from_code(p, rc);
	rc = tile_files_read_checkpoint(
	        log->folder, &log->key, &view.published);
	if (rc && rc != HUFU_ERR_NOT_FOUND)
		return corrupt(p, "已公布的检查点验证不过",
		        "the published checkpoint does not verify");
	rc = look_at_signer(log, &view.signer);
	if (rc)
		return problem_set(p, rc, "signer-checkpoint",
		        "签名服务没有给出可用的检查点（错误 %d）："
		        "请检查 hufu-signd。",
		        "The signer gave no usable checkpoint (error %d): "
		        "check "
		        "hufu-signd.",
		        rc);
	*ret = view;
	return 0;
}

static int set_behind(struct store_tx *tx, void *arg)
{
	(void)arg; /* there is one answer only */
	return rows_set_behind(tx, true);
}

static int say_behind(
        struct log *log, const struct reconcile_view *v, struct problem *p)
{
	int rc = v->behind ? 0 : store_write(log->store, set_behind, NULL);

	if (rc)
		return problem_from_code(p, rc);
	log->last = v->stored;
	log->behind = true;
	return problem_set(p, LOG_BEHIND, "log-behind",
	        "数据库比已公布的日志旧（备份恢复后的状态）：请运行 hufu "
	        "restore 补回，之前不能签发。",
	        "The database is older than the published log, as after a "
	        "backup was put back: run hufu restore; nothing is issued "
	        "until then.");
}

/* A signer that knows less than was once stored has lost its journal. */
static int check_signer(const struct reconcile_view *v, struct problem *p)
{
	const struct log_checkpoint *known = v->stored.size >= v->published.size
	                                             ? &v->stored
	                                             : &v->published;

	if (v->signer.size < known->size)
		return corrupt(p, "签名服务的日记比日志旧，可能丢失或被回滚",
		        "the signer's journal is older than the log: lost or "
		        "rolled back");
	if (v->signer.size == known->size && known->note[0] &&
	        memcmp(v->signer.root, known->root, MERKLE_HASH_LEN) != 0)
		return corrupt(p, "签名服务签过另一棵同样大小的树",
		        "the signer has signed another tree of this size");
	return 0;
}

static bool root_is(const struct tiles *tiles, const struct log_checkpoint *c)
{
	uint8_t root[MERKLE_HASH_LEN];

	tiles_root(tiles, root);
	return memcmp(root, c->root, sizeof(root)) == 0;
}

/* From the tiles of the stored checkpoint if they are whole, else anew. */
static int load_tiles(struct log *log, const struct log_checkpoint *stored)
{
	struct tile_files files = {log->folder, stored->size};
	struct tiles_io io = tile_files_io(&files);
	int rc = tiles_load(&io, stored->size, &log->tiles);

	if (!rc && root_is(log->tiles, stored))
		return 0;
	if (!rc)
		tiles_free(log->tiles);
	log->tiles = NULL;
	return tiles_new(&log->tiles);
}

static int replay_rows(struct log *log, const struct log_checkpoint *c)
{
	int rc = sequence_read_rows(log, c->size);

	if (!rc &&
	        (tiles_size(log->tiles) != c->size || !root_is(log->tiles, c)))
		rc = HUFU_ERR_PROOF;
	return rc;
}

/* Rows up to what the signer signed, then its checkpoint made public. */
static int catch_up(
        struct log *log, const struct reconcile_view *v, struct problem *p)
{
	struct tile_files files = {log->folder, v->signer.size};
	struct tiles_io io = tile_files_io(&files);
	int rc = load_tiles(log, &v->stored);

	if (!rc && tiles_size(log->tiles) < v->stored.size)
		rc = replay_rows(log, &v->stored);
	if (!rc)
		rc = replay_rows(log, &v->signer);
	if (rc == HUFU_ERR_PROOF)
		return corrupt(p, "数据库的条目算不出签过的根",
		        "the rows do not give the root that was signed");
	if (!rc)
		rc = tiles_flush(log->tiles, &io);
	log->last = v->stored;
	log->signed_size = v->signer.size;
	if (!rc)
		rc = sequence_publish(log, &v->signer);
	return rc ? problem_from_code(p, rc) : 0;
}

int reconcile_run(struct log *log, struct problem *p)
{
	struct reconcile_view v;
	int rc = reconcile_look(log, &v, p);

	if (rc)
		return rc;
	if (v.behind || v.signer.size > v.rows || v.published.size > v.rows)
		return say_behind(log, &v, p);
	rc = check_signer(&v, p);
	if (rc)
		return rc;
	if (v.stored.size > v.rows)
		return corrupt(p, "数据库缺条目", "rows are missing");
	if (!v.signer.note[0]) {
		rc = tiles_new(&log->tiles);
		return rc ? problem_from_code(p, rc) : 0;
	}
	return catch_up(log, &v, p);
}
